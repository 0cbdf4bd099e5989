// The linear layer with noisy weights on the CPU: which products, in which order. Arguments are valid (api/linear.cpp).
#pragma once

#include "context.hpp"

#include <nativenoise/linear.h>

namespace nnoise {

nnoise_status linear_forward(nnoise_context& context, const nnoise_linear& layer, std::int64_t batch, const float* x,
                             float* y, float* saved);

nnoise_status linear_backward(nnoise_context& context, const nnoise_linear& layer, std::int64_t batch, const float* x,
                              const float* y, const float* saved, const float* dy,
                              const nnoise_linear_gradients& gradients);

nnoise_status linear_sample_weights(nnoise_context& context, const nnoise_linear& layer, float* weight, float* bias);

nnoise_status kl_divergence(nnoise_context& context, std::int64_t n, const float* mean, const float* log_variance,
                            float prior_mean, float prior_std, double* kl);

nnoise_status kl_divergence_backward(nnoise_context& context, std::int64_t n, const float* mean,
                                     const float* log_variance, float prior_mean, float prior_std, float scale,
                                     float* dmean, float* dlog_variance);

} // namespace nnoise

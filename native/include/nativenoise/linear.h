/* The linear layer y = x W'^T + b' with every kind of weight noise. W' is never stored: the noisy panel is made in cache
   while the weights are packed for the product, and made again in the backward pass. float32, row-major:
   x [batch, inputs], W [outputs, inputs], b [outputs], y [batch, outputs]. */
#ifndef NATIVENOISE_LINEAR_H
#define NATIVENOISE_LINEAR_H

#include "context.h"
#include "export.h"
#include "status.h"
#include "types.h"

#include <stdint.h>

NNOISE_BEGIN

/* How the effective weight W' arises; the bias likewise. eps comes from weight_address with row = output unit and
   element = input (bias_address: row 0, element = output unit). */
typedef enum nnoise_weight_noise {
    NNOISE_WEIGHT_NOISE_NONE = 0,
    NNOISE_WEIGHT_NOISE_ABSOLUTE = 1,    /* W + std eps */
    NNOISE_WEIGHT_NOISE_RELATIVE = 2,    /* W + std |W| eps */
    NNOISE_WEIGHT_NOISE_INDEPENDENT = 3, /* W + S eps, S = weight_scale, learnable */
    NNOISE_WEIGHT_NOISE_FACTORIZED = 4,  /* W + S f(eps_out) f(eps_in), f(v) = sign(v) sqrt(|v|); bias b + S_b f(eps_out).
                                            eps_in: input_address row 0; eps_out: output_address row 0 (Fortunato 2018) */
    NNOISE_WEIGHT_NOISE_LOG_VARIANCE = 5 /* W + exp(R / 2) eps, R = weight_scale, learnable (variational) */
} nnoise_weight_noise;

/* How the noise of the weights reaches the output. */
typedef enum nnoise_estimator {
    NNOISE_ESTIMATOR_SHARED = 0, /* one sample of W' for the whole batch */
    NNOISE_ESTIMATOR_LOCAL = 1,  /* drawn at the output: y = x W^T + b + sqrt(x^2 V^T + V_b) eps, V the weights' variance,
                                    eps from output_address, row = example, element = output unit (Kingma 2015) */
    NNOISE_ESTIMATOR_FLIPOUT = 2 /* y = x W^T + ((x s) D^T) r + b', D = W' - W one sample, signs s from input_address
                                    (row = example, element = input), r from output_address (Wen 2018) */
} nnoise_estimator;

typedef struct nnoise_linear {
    uint32_t size;             /* sizeof(nnoise_linear), set by nnoise_linear_default */
    int32_t noise;             /* nnoise_weight_noise (NONE) */
    int32_t estimator;         /* nnoise_estimator (SHARED); FACTORIZED has SHARED alone: the others need independent noise */
    int32_t activation;        /* applied to y last (NONE); NONE, RELU, TANH or SIGMOID */
    int64_t inputs;
    int64_t outputs;
    const float* weight;       /* [outputs, inputs] */
    const float* bias;         /* [outputs], or null */
    const float* weight_scale; /* [outputs, inputs]: S or R, where the kind has one, else null */
    const float* bias_scale;   /* [outputs]: likewise; required with a bias, where the kind has one */
    float std;                 /* ABSOLUTE, RELATIVE; finite, >= 0 */
    uint32_t reserved;         /* 0 */
    nnoise_address weight_address;
    nnoise_address bias_address;
    nnoise_address input_address;
    nnoise_address output_address;
} nnoise_linear;

/* Where the gradients go; each may be null. */
typedef struct nnoise_linear_gradients {
    uint32_t size;               /* sizeof(nnoise_linear_gradients) */
    int32_t accumulate;          /* parameters: 0 overwrites, 1 adds */
    int32_t accumulate_input;    /* dx: 0 overwrites, 1 adds */
    uint32_t reserved;
    float* dx;                   /* [batch, inputs] */
    float* dweight;              /* [outputs, inputs]: the gradient of the clean W */
    float* dbias;                /* [outputs] */
    float* dweight_scale;        /* [outputs, inputs] */
    float* dbias_scale;          /* [outputs] */
} nnoise_linear_gradients;

/* Fills in the defaults: no noise, SHARED, no activation, all pointers null. NULL_POINTER. */
NNOISE_API nnoise_status nnoise_linear_default(nnoise_linear* layer);

/* Number of floats that forward keeps for backward: batch * outputs variances for LOCAL, else 0. NULL_POINTER,
   INVALID_SHAPE, INVALID_ARGUMENT. */
NNOISE_API nnoise_status nnoise_linear_saved_size(const nnoise_linear* layer, int64_t batch, int64_t* floats);

/* y = activation(x W'^T + b'). `saved` may be null when no backward follows. A row of y does not depend on how many
   rows the batch has. y may not overlap an input. NULL_POINTER, INVALID_SHAPE, INVALID_ARGUMENT, OVERLAP, OUT_OF_RANGE,
   NOT_SUPPORTED, OUT_OF_MEMORY, BUSY. */
NNOISE_API nnoise_status nnoise_linear_forward(nnoise_context* context, const nnoise_linear* layer, int64_t batch,
                                               const float* x, float* y, float* saved);

/* Gradients of a scalar loss from dy [batch, outputs]; x, y (may be null without an activation) and saved (LOCAL) as
   they were in forward, the layer with the same addresses. Noise is drawn again. dy is not changed. INVALID_ARGUMENT
   also: a gradient of what the layer lacks (dbias without a bias, dweight_scale without a weight_scale, ...). Other
   statuses as for forward. */
NNOISE_API nnoise_status nnoise_linear_backward(nnoise_context* context, const nnoise_linear* layer, int64_t batch,
                                                const float* x, const float* y, const float* saved, const float* dy,
                                                const nnoise_linear_gradients* gradients);

/* Writes the sample W' (and b', where bias is not null) that SHARED uses, for inspection and tests. Statuses as for
   forward. */
NNOISE_API nnoise_status nnoise_linear_sample_weights(nnoise_context* context, const nnoise_linear* layer, float* weight,
                                                      float* bias);

/* *kl = sum over i of ln(s0 / s_i) + (s_i^2 + (mean_i - m0)^2) / (2 s0^2) - 1/2 with s_i = exp(log_variance_i / 2),
   m0 = prior_mean, s0 = prior_std. INVALID_ARGUMENT: prior_std not finite or <= 0, prior_mean not finite. OVERLAP: kl
   inside an input. NULL_POINTER, INVALID_SHAPE, OUT_OF_MEMORY, BUSY. */
NNOISE_API nnoise_status nnoise_kl_divergence(nnoise_context* context, int64_t n, const float* mean,
                                              const float* log_variance, float prior_mean, float prior_std, double* kl);

/* Adds scale times the KL's gradient: dmean += scale (mean - m0) / s0^2, dlog_variance += scale (exp(lv) / s0^2 - 1) / 2.
   INVALID_ARGUMENT: as above, or scale not finite. OVERLAP: an output overlaps anything else. NULL_POINTER,
   INVALID_SHAPE, BUSY. */
NNOISE_API nnoise_status nnoise_kl_divergence_backward(nnoise_context* context, int64_t n, const float* mean,
                                                       const float* log_variance, float prior_mean, float prior_std,
                                                       float scale, float* dmean, float* dlog_variance);

NNOISE_END

#endif

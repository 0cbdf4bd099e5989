// The plain reference kernels: readable loops over core/, instruction set SCALAR. Every other set gives their bits.
#pragma once

#include "../kernels.hpp"

namespace nnoise::reference {

void words(const NoiseJob& job, std::int64_t first, std::int64_t last);
void fill_uniform(const NoiseJob& job, std::int64_t first, std::int64_t last);
void fill_normal(const NoiseJob& job, std::int64_t first, std::int64_t last);
void fill_signs(const NoiseJob& job, std::int64_t first, std::int64_t last);
void gaussian(const NoiseJob& job, std::int64_t first, std::int64_t last);
void gaussian_relative(const NoiseJob& job, std::int64_t first, std::int64_t last);
void gaussian_relative_backward(const NoiseJob& job, std::int64_t first, std::int64_t last);
void gaussian_multiplicative(const NoiseJob& job, std::int64_t first, std::int64_t last);
void uniform(const NoiseJob& job, std::int64_t first, std::int64_t last);
void salt_and_pepper(const NoiseJob& job, std::int64_t first, std::int64_t last);
void salt_and_pepper_backward(const NoiseJob& job, std::int64_t first, std::int64_t last);
void dropout(const NoiseJob& job, std::int64_t first, std::int64_t last);
void laplace(const NoiseJob& job, std::int64_t first, std::int64_t last);
void student_t(const NoiseJob& job, std::int64_t first, std::int64_t last);
void poisson(const NoiseJob& job, std::int64_t first, std::int64_t last);
void gaussian_snr(const NoiseJob& job, std::int64_t first, std::int64_t last); // rows
void pink(const NoiseJob& job, std::int64_t first, std::int64_t last);         // lines
void brown(const NoiseJob& job, std::int64_t first, std::int64_t last);        // lines

void sgd(const OptimizerJob& job, std::int64_t first, std::int64_t last);
void adamw(const OptimizerJob& job, std::int64_t first, std::int64_t last);

void fill(std::int64_t n, float* y, float value);
void axpby(std::int64_t n, float alpha, const float* x, float beta, float* y);
void multiply(std::int64_t n, const float* a, const float* b, float* y);
void add(std::int64_t n, const float* a, const float* b, float* y);
void activation_forward(std::int32_t kind, std::int64_t n, const float* x, float* y);
void activation_backward(std::int32_t kind, std::int64_t n, const float* saved, const float* dy, float* dx);

double sum(std::int64_t n, const float* x);
double sum_squares(std::int64_t n, const float* x);
double squared_error(std::int64_t n, const float* y, const float* t, float factor, float* dy);
void column_sum(std::int64_t rows, std::int64_t columns, const float* x, std::int64_t first, std::int64_t last,
                float* out, bool accumulate);
void softmax(std::int64_t rows, std::int64_t classes, const float* logits, float* probabilities);
double cross_entropy(std::int64_t rows, std::int64_t classes, const float* logits, const std::int32_t* labels,
                     float scale, float* dlogits, float* losses);

} // namespace nnoise::reference

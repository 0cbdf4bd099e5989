// What the calls of rng.h and noise.h share: the buffers' checks and the run over pieces.
#pragma once

#include "guard.hpp"

#include "../cpu/kernels.hpp"

namespace nnoise {

// Checks shape, dtype, address, pointers and overlap of one element-wise call with output y and inputs x, dy (which are
// named null where the kind has none), and makes its job.
struct NoiseBuffers {
    const char* x_name;
    const void* x;
    const char* dy_name;
    const void* dy;
    const char* y_name;
    void* y;
};
nnoise_status prepare_noise(const char* call, std::int64_t rows, std::int64_t columns, const NoiseBuffers& buffers,
                            const nnoise_address& address, std::int64_t elements_per_word, NoiseJob* job);

void run_noise(const Call& call, NoiseKind kind, std::int64_t rows, NoiseJob& job);

// y = x, bit for bit: what magnitude 0 means.
void run_copy(const Call& call, std::int64_t n, const float* x, float* y);

// low <= high, both finite, and a finite span.
nnoise_status check_range(const char* call, float low, float high);

} // namespace nnoise

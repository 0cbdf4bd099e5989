// What the calls of rng.h and noise.h share: the buffers' checks and the run over pieces.
#pragma once

#include "guard.hpp"

#include "../cpu/kernels.hpp"

namespace nnoise {

// One element-wise call: its shape and its buffers, output y and inputs x, dy (which are named null where the kind has
// none).
struct NoiseBuffers {
    const char* x_name;
    const void* x;
    const char* dy_name;
    const void* dy;
    const char* y_name;
    void* y;
};
struct NoiseShape {
    nnoise_dtype dtype;
    std::int64_t rows;
    std::int64_t columns;
};

// Checks dtype, shape, address, pointers and overlap, and makes the call's job.
nnoise_status prepare_noise(const char* call, const NoiseShape& shape, const NoiseBuffers& buffers,
                            const nnoise_address& address, std::int64_t elements_per_word, NoiseJob* job);

void run_noise(const Call& call, NoiseKind kind, std::int64_t rows, const NoiseJob& job);

// y = dy, or x where there is no dy, bit for bit: what magnitude 0 means.
void run_copy(const Call& call, std::int64_t rows, const NoiseJob& job);

// low <= high, both finite, and a finite span.
nnoise_status check_range(const char* call, float low, float high);

} // namespace nnoise

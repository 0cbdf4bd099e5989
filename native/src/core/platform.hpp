// Host and device: the same inline formulas serve the CPU reference and the CUDA kernels.
#pragma once

#include <cstdint>

#if defined(__CUDACC__)
#define NNOISE_HD __host__ __device__ inline
#else
#define NNOISE_HD inline
#endif

namespace nnoise {

// fma and sqrt are IEEE-exact operations; the builtins become one instruction where the target has it.
NNOISE_HD float fma32(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
NNOISE_HD float sqrt32(float a) { return __builtin_sqrtf(a); }

NNOISE_HD std::uint32_t bits_of(float f) {
    std::uint32_t u;
    __builtin_memcpy(&u, &f, sizeof u);
    return u;
}

NNOISE_HD float float_of(std::uint32_t u) {
    float f;
    __builtin_memcpy(&f, &u, sizeof f);
    return f;
}

} // namespace nnoise

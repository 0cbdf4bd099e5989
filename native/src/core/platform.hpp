// Host and device: the same inline formulas serve the CPU reference and the CUDA kernels.
#pragma once

#include <cstdint>

// `static`: each translation unit has its own copy, so that the linker can never keep one that was compiled for an
// instruction set the machine lacks.
#if defined(__CUDACC__)
#define NNOISE_HD __host__ __device__ static inline
#else
#define NNOISE_HD [[maybe_unused]] static inline
#endif

// Member functions that serve host and device; always inlined for the same reason.
#if defined(__CUDACC__)
#define NNOISE_MEMBER __host__ __device__ __forceinline__
#else
#define NNOISE_MEMBER [[gnu::always_inline]] inline
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

#include "linear_kernels.hpp"

namespace nnoise {

const LinearKernels& linear_kernels(nnoise_isa isa) {
#if defined(__x86_64__)
    if (isa == NNOISE_ISA_AVX512) {
        return linear_kernels_avx512();
    }
    if (isa == NNOISE_ISA_AVX2) {
        return linear_kernels_avx2();
    }
#elif defined(__aarch64__)
    if (isa == NNOISE_ISA_NEON) {
        return linear_kernels_neon();
    }
#endif
    (void)isa;
    return linear_kernels_reference();
}

} // namespace nnoise

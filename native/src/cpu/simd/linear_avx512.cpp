// The linear layer's kernels for AVX-512.
#include "linear-inl.hpp"
#include "vec_avx512.hpp"

namespace nnoise {

const LinearKernels& linear_kernels_avx512() {
    static constexpr LinearKernels table = simd::LinearTable<simd::Avx512>::table();
    return table;
}

} // namespace nnoise

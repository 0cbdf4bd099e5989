// The linear layer's kernels for AVX2.
#include "linear-inl.hpp"
#include "vec_avx2.hpp"

namespace nnoise {

const LinearKernels& linear_kernels_avx2() {
    static constexpr LinearKernels table = simd::LinearTable<simd::Avx2>::table();
    return table;
}

} // namespace nnoise

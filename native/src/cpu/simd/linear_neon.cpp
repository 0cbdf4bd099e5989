// The linear layer's kernels for NEON.
#include "linear-inl.hpp"
#include "vec_neon.hpp"

namespace nnoise {

const LinearKernels& linear_kernels_neon() {
    static constexpr LinearKernels table = simd::LinearTable<simd::Neon>::table();
    return table;
}

} // namespace nnoise

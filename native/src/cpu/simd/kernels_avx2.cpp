// The kernels of kernels.hpp for AVX2, FMA and F16C.
#include "kernel_table-inl.hpp"
#include "vec_avx2.hpp"

namespace nnoise {

extern const Kernels avx2_kernels = simd::KernelTable<simd::Avx2>::table();

} // namespace nnoise

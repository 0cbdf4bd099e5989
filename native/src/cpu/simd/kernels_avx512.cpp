// The kernels of kernels.hpp for AVX-512 F, DQ, VL, BW.
#include "kernel_table-inl.hpp"
#include "vec_avx512.hpp"

namespace nnoise {

extern const Kernels avx512_kernels = simd::KernelTable<simd::Avx512>::table();

} // namespace nnoise

// The kernels of kernels.hpp for NEON.
#include "kernel_table-inl.hpp"
#include "vec_neon.hpp"

namespace nnoise {

extern const Kernels neon_kernels = simd::KernelTable<simd::Neon>::table();

} // namespace nnoise

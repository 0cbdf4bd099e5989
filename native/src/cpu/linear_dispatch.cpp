#include "linear_kernels.hpp"

namespace nnoise {

const LinearKernels& linear_kernels(nnoise_isa) { return linear_kernels_reference(); }

} // namespace nnoise

// What the processor and the operating system offer.
#pragma once

#include <nativenoise/types.h>

namespace nnoise {

// Whether kernels of this set would run here (SCALAR always does).
bool machine_has(nnoise_isa isa);

} // namespace nnoise

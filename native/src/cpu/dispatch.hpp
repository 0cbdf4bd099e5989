// Which instruction set a call uses, and the kernels of each.
#pragma once

#include "kernels.hpp"

#include <nativenoise/status.h>
#include <nativenoise/types.h>

namespace nnoise {

// AUTO: what NNOISE_ISA says (scalar, avx2, ...), else the best that processor, system and this build have. Anything
// else must be there: NOT_SUPPORTED, INVALID_ARGUMENT for an unknown one.
nnoise_status resolve_isa(const char* call, nnoise_isa requested, nnoise_isa* isa);

// The set of calls without a context: what the first of them resolves AUTO to. Looked up once, because a search of the
// environment takes as long as a small call's checks, and because the host may be changing its environment meanwhile.
nnoise_status default_isa(const char* call, nnoise_isa* isa);

// The kernels of a set that resolve_isa gave.
const Kernels& kernels_of(nnoise_isa isa);

} // namespace nnoise

// Runs a MatrixProduct on a context: cuts it into pieces and hands them to the threads. How it is cut never changes a
// bit.
#pragma once

#include "context.hpp"
#include "linear_kernels.hpp"

namespace nnoise {

// Makes sure that every thread has the scratch that products need; false when memory is out.
[[nodiscard]] bool reserve_product_scratch(nnoise_context& context);

// Scratch must have been reserved.
void run_product(nnoise_context& context, const MatrixProduct& p);

} // namespace nnoise

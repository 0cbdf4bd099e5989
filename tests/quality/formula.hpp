// The normal's formula on words of one's choice, in each instruction set: z0[i], z1[i] from (v[i], w[i]), n a multiple
// of 64. The library's own kernels draw their words themselves; these are the same templates, fed by hand.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quality {

using FormulaKernel = void (*)(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1, std::size_t n);

void formula_avx2(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1, std::size_t n);
void formula_avx512(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1, std::size_t n);
void formula_neon(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1, std::size_t n);

} // namespace quality

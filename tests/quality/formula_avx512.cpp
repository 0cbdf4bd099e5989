#include "cpu/simd/vec_avx512.hpp"
#include "formula-inl.hpp"
#include "formula.hpp"

namespace quality {

void formula_avx512(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1, std::size_t n) {
    formula<nnoise::simd::Avx512>(v, w, z0, z1, n);
}

} // namespace quality

#include "cpu/simd/vec_avx2.hpp"
#include "formula-inl.hpp"
#include "formula.hpp"

namespace quality {

void formula_avx2(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1, std::size_t n) {
    formula<nnoise::simd::Avx2>(v, w, z0, z1, n);
}

} // namespace quality

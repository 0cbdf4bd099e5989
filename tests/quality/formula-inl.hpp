// formula.hpp's kernel over a vector layer V, which is included first.
#pragma once

#include "cpu/simd/normal-inl.hpp"

#include <cstddef>

namespace quality {

template <class V>
[[gnu::always_inline]] inline void formula(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1,
                                           std::size_t n) {
    for (std::size_t i = 0; i < n; i += V::width) {
        typename V::F a, b;
        nnoise::simd::normal_pair<V>(V::load(v + i), V::load(w + i), a, b);
        V::store(z0 + i, a);
        V::store(z1 + i, b);
    }
}

} // namespace quality

// Box-Muller over a vector layer V: the same operations as core/normal.hpp in the same order, one lane a pair of words.
#pragma once

#include "../../core/normal.hpp"
#include "philox-inl.hpp"

namespace nnoise::simd {

template <class V>
[[gnu::always_inline]] inline typename V::F minus_two_ln(typename V::I w) {
    using F = typename V::F;
    using I = typename V::I;
    // (s + 1/2) 2^-32 rounds once either way: scaling by a power of two is exact.
    const F p = V::fma(V::to_float(w), V::set1(0x1p-32f), V::set1(0x1p-33f));
    const F base = V::as_float(V::bit_and(V::template shift_right_signed<31>(w), V::as_int(V::set1(1.0f))));
    const F u = V::add(p, base);
    const I shifted = V::sub(V::as_int(u), V::set1(sqrt_half_bits));
    const F e = V::to_float(V::template shift_right_signed<23>(shifted));
    const F scale = V::as_float(V::sub(V::set1(0x3F800000u), V::bit_and(shifted, V::set1(0xFF800000u))));
    const F f = V::fma(p, scale, V::fma(base, scale, V::set1(-1.0f)));
    F g = V::set1(log_c6);
    g = V::fma(g, f, V::set1(log_c5));
    g = V::fma(g, f, V::set1(log_c4));
    g = V::fma(g, f, V::set1(log_c3));
    g = V::fma(g, f, V::set1(log_c2));
    g = V::fma(g, f, V::set1(log_c1));
    g = V::fma(g, f, V::set1(log_c0));
    g = V::fma(g, f, V::set1(-2.0f));
    return V::fma(g, f, V::mul(e, V::set1(minus_two_ln2)));
}

template <class V>
[[gnu::always_inline]] inline void polar_pair(typename V::F radius, typename V::I w1, typename V::F& z0,
                                              typename V::F& z1) {
    using F = typename V::F;
    using I = typename V::I;
    const I r = V::as_int(radius);
    const F y = V::mul(V::to_float(V::template shift_left<2>(w1)), V::set1(0x1p-31f));
    const I k = V::add(w1, V::set1(0x20000000u));
    const F z = V::mul(y, y);
    F sine = V::fma(V::set1(sin_s3), z, V::set1(sin_s2));
    sine = V::fma(sine, z, V::set1(sin_s1));
    sine = V::mul(V::fma(sine, z, V::set1(sin_s0)), y);
    F cosine = V::fma(V::set1(cos_c2), z, V::set1(cos_c1));
    cosine = V::fma(cosine, z, V::set1(cos_c0));
    cosine = V::fma(cosine, z, V::set1(1.0f));
    const I swap = V::template shift_left<1>(k); // select looks at the sign bit alone
    const F a = V::select_by_sign(swap, cosine, sine);
    const F b = V::select_by_sign(swap, sine, cosine);
    const I sign = V::set1(0x80000000u);
    z0 = V::mul(V::as_float(V::bit_xor(r, V::bit_and(V::bit_xor(k, swap), sign))), a);
    z1 = V::mul(V::as_float(V::bit_xor(r, V::bit_and(k, sign))), b);
}

template <class V>
[[gnu::always_inline]] inline void normal_pair(typename V::I w0, typename V::I w1, typename V::F& z0,
                                               typename V::F& z1) {
    polar_pair<V>(V::sqrt(minus_two_ln<V>(w0)), w1, z0, z1);
}

// Words of `groups` vectors of blocks, as philox-inl.hpp gives them, to normals in the same places.
template <class V, int groups>
[[gnu::always_inline]] inline void normals_from_words(const typename V::I* words, typename V::F* z) {
#pragma GCC unroll 16
    for (int g = 0; g < groups; ++g) {
        normal_pair<V>(words[4 * g], words[4 * g + 1], z[4 * g], z[4 * g + 1]);
        normal_pair<V>(words[4 * g + 2], words[4 * g + 3], z[4 * g + 2], z[4 * g + 3]);
    }
}

// 4 V::width * vectors consecutive elements of one row, from element 4 first_block on, in order.
template <class V, int vectors>
[[gnu::always_inline]] inline void normals_in_row(const PhiloxKeys<V>& keys, const RowBlocks<V>& row,
                                                  std::uint32_t first_block, typename V::F* out) {
    typename V::I words[4 * vectors];
    row.template words<vectors>(keys, first_block, words);
    normals_from_words<V, vectors>(words, out);
#pragma GCC unroll 16
    for (int g = 0; g < vectors; ++g) {
        V::to_natural(out + 4 * g);
    }
}

} // namespace nnoise::simd

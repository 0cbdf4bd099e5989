// Laplace and Student-t over a vector layer V: the operations of core/heavy_tails.hpp in their order.
#pragma once

#include "math-inl.hpp"
#include "noise_general-inl.hpp"

namespace nnoise::simd {

template <class V>
struct LaplaceKind : DrawWords {
    using F = typename V::F;
    using I = typename V::I;
    static constexpr int inputs = 1;
    F std;
    explicit LaplaceKind(const NoiseJob& job) : std(V::set1(job.std)) {}
    F operator()(F drawn, F x, F) const {
        const I word = V::as_int(drawn);
        const F magnitude = V::mul(V::set1(0.5f), minus_two_ln<V>(V::template shift_left<1>(word)));
        const I sign = V::bit_and(word, V::set1(0x80000000u));
        return V::fma(std, V::as_float(V::bit_or(V::as_int(magnitude), sign)), x);
    }
};

// Draws the variates themselves: from the words of the site and those of its salt.
template <class V>
struct StudentTKind : GaussianKind<V> {
    using F = typename V::F;
    using I = typename V::I;
    F degrees, inverse;
    explicit StudentTKind(const NoiseJob& job)
        : GaussianKind<V>(job), degrees(V::set1(job.student.degrees)), inverse(V::set1(job.student.inverse)) {}

    static constexpr bool one_word = false;

    template <class>
    struct Row {
        RowBlocks<V> first, second;
        explicit Row(const RowAddress& a) : first(a), second(salted(a, 1)) {}
    };

    template <class, int vectors>
    [[gnu::always_inline]] void draw(const PhiloxKeys<V>& keys, const Row<V>& row, std::uint32_t first_block,
                                     F* out) const {
        I words[4 * vectors];
        row.first.template words<vectors>(keys, first_block, words);
#pragma GCC unroll 16
        for (int i = 0; i < 4 * vectors; ++i) {
            const F grown = expm1_positive<V>(V::mul(minus_two_ln<V>(words[i]), inverse));
            out[i] = V::sqrt(V::mul(degrees, grown));
        }
        row.second.template words<vectors>(keys, first_block, words);
#pragma GCC unroll 16
        for (int i = 0; i < 4 * vectors; ++i) {
            F unused;
            polar_pair<V>(out[i], words[i], out[i], unused);
        }
#pragma GCC unroll 16
        for (int g = 0; g < vectors; ++g) {
            V::to_natural(out + 4 * g);
        }
    }
};

} // namespace nnoise::simd

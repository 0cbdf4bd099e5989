// Philox4x32-10 over a vector layer V (core/philox.hpp is the scalar definition). V::philox_states states make a vector
// of V::width blocks. Two, where the widening multiply reads the even 32-bit lanes of its operands and leaves its
// products in 64-bit lanes: each state then holds its blocks in the even lanes, and odd lanes carry garbage that
// nothing reads. One, where all lanes are multiplied: V::product takes the products apart. States are independent
// dependency chains for the processor; several vectors at once give more.
#pragma once

#include "../../core/address.hpp"

namespace nnoise::simd {

// The ten round keys in every lane, made once a call.
template <class V>
struct PhiloxKeys {
    typename V::I k0[philox_rounds];
    typename V::I k1[philox_rounds];

    explicit PhiloxKeys(std::uint64_t seed) {
        for (int r = 0; r < philox_rounds; ++r) {
            k0[r] = V::set1(key0(seed, r));
            k1[r] = V::set1(key1(seed, r));
        }
    }

    static std::uint32_t key0(std::uint64_t seed, int round) {
        return static_cast<std::uint32_t>(seed) + static_cast<std::uint32_t>(round) * philox_w0;
    }
    static std::uint32_t key1(std::uint64_t seed, int round) {
        return static_cast<std::uint32_t>(seed >> 32) + static_cast<std::uint32_t>(round) * philox_w1;
    }
};

struct Product {
    std::uint32_t high;
    std::uint32_t low;
};

static inline Product multiply(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t p = static_cast<std::uint64_t>(a) * b;
    return Product{static_cast<std::uint32_t>(p >> 32), static_cast<std::uint32_t>(p)};
}

// V::width / V::philox_states blocks.
template <class V>
struct PhiloxState {
    typename V::I x0, x1, x2, x3;
};

// Rounds first .. 9 of the states of `vectors` vectors in lockstep, then the packing of each vector's states: word j of
// vector g goes to words[4 g + j].
template <class V, int first, int vectors>
[[gnu::always_inline]] inline void philox_finish(PhiloxState<V>* s, const PhiloxKeys<V>& keys, typename V::I* words) {
    using I = typename V::I;
    constexpr int count = V::philox_states * vectors;
    const I m0 = V::set1(philox_m0);
    const I m1 = V::set1(philox_m1);
#pragma GCC unroll 16
    for (int r = first; r < philox_rounds; ++r) {
#pragma GCC unroll 16
        for (int i = 0; i < count; ++i) {
            I high0, low0, high1, low1;
            V::product(s[i].x0, m0, high0, low0);
            V::product(s[i].x2, m1, high1, low1);
            s[i].x0 = V::bit_xor(high1, s[i].x1, keys.k0[r]);
            s[i].x1 = low1;
            s[i].x2 = V::bit_xor(high0, s[i].x3, keys.k1[r]);
            s[i].x3 = low0;
        }
    }
#pragma GCC unroll 16
    for (int g = 0; g < vectors; ++g) {
        if constexpr (V::philox_states == 1) {
            words[4 * g + 0] = s[g].x0;
            words[4 * g + 1] = s[g].x1;
            words[4 * g + 2] = s[g].x2;
            words[4 * g + 3] = s[g].x3;
        } else {
            words[4 * g + 0] = V::interleave_even(s[2 * g].x0, s[2 * g + 1].x0);
            words[4 * g + 1] = V::interleave_even(s[2 * g].x1, s[2 * g + 1].x1);
            words[4 * g + 2] = V::interleave_even(s[2 * g].x2, s[2 * g + 1].x2);
            words[4 * g + 3] = V::interleave_even(s[2 * g].x3, s[2 * g + 1].x3);
        }
    }
}

// Consecutive blocks of one row; lane l of vector g is block first_block + g V::width + block_order()[l].
// Row, step and site are the same in all lanes, so most of the first three rounds is scalar work, done once a row.
template <class V>
class RowBlocks {
public:
    using I = typename V::I;

    RowBlocks(const RowAddress& a) {
        using K = PhiloxKeys<V>;
        const Product p1 = multiply(philox_m1, a.step);                               // round 0
        const Product p0 = multiply(philox_m0, p1.high ^ a.row ^ K::key0(a.seed, 0)); // round 1
        x2_0_ = V::set1(a.site ^ K::key1(a.seed, 0));
        x0_1_ = V::set1(p1.low ^ K::key0(a.seed, 1));
        x2_1_ = V::set1(p0.high ^ K::key1(a.seed, 1));
        x2_2_ = V::set1(p0.low ^ K::key1(a.seed, 2));
    }

    template <int vectors>
    [[gnu::always_inline]] void words(const PhiloxKeys<V>& keys, std::uint32_t first_block, I* out) const {
        const I m0 = V::set1(philox_m0);
        const I m1 = V::set1(philox_m1);
        constexpr int states = V::philox_states;
        PhiloxState<V> s[states * vectors];
#pragma GCC unroll 16
        for (int i = 0; i < states * vectors; ++i) {
            const std::uint32_t first = first_block + static_cast<std::uint32_t>(i / states * V::width);
            I block = V::add(V::block_order(), V::set1(first));
            if constexpr (states == 2) {
                block = i % 2 != 0 ? V::template shift_right64<32>(block) : block;
            }
            I high_a, low_a, high_b, low_b, high0, low0, high1, low1;
            V::product(block, m0, high_a, low_a);
            V::product(V::bit_xor(high_a, x2_0_), m1, high_b, low_b);
            V::product(V::bit_xor(high_b, x0_1_), m0, high0, low0);
            V::product(V::bit_xor(low_a, x2_1_), m1, high1, low1);
            s[i].x0 = V::bit_xor(high1, low_b, keys.k0[2]);
            s[i].x1 = low1;
            s[i].x2 = V::bit_xor(high0, x2_2_);
            s[i].x3 = low0;
        }
        philox_finish<V, 3, vectors>(s, keys, out);
    }

private:
    I x2_0_, x0_1_, x2_1_, x2_2_; // what round r xors into word j: x<j>_<r>
};

} // namespace nnoise::simd

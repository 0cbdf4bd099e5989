// Philox4x32-10 over a vector layer V (core/philox.hpp is the scalar definition). Blocks are held in the even 32-bit
// lanes of 64-bit lanes, where the widening multiply reads its operands and leaves its products; odd lanes carry
// garbage that nothing reads. A vector of V::width blocks is therefore two such states, which also gives the processor
// two independent dependency chains; several vectors at once give more.
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

// V::width / 2 blocks in the even lanes.
template <class V>
struct EvenBlocks {
    typename V::I x0, x1, x2, x3;
};

// Rounds first .. 9 of `count` states in lockstep, then the packing of states 2g and 2g + 1 into full vectors: word j
// of vector g goes to words[4 g + j].
template <class V, int first, int count>
[[gnu::always_inline]] inline void philox_finish(EvenBlocks<V>* s, const PhiloxKeys<V>& keys, typename V::I* words) {
    using I = typename V::I;
    const I m0 = V::set1(philox_m0);
    const I m1 = V::set1(philox_m1);
#pragma GCC unroll 16
    for (int r = first; r < philox_rounds; ++r) {
#pragma GCC unroll 16
        for (int i = 0; i < count; ++i) {
            const I p0 = V::mul_even(s[i].x0, m0);
            const I p1 = V::mul_even(s[i].x2, m1);
            s[i].x0 = V::bit_xor(V::template shift_right64<32>(p1), s[i].x1, keys.k0[r]);
            s[i].x1 = p1;
            s[i].x2 = V::bit_xor(V::template shift_right64<32>(p0), s[i].x3, keys.k1[r]);
            s[i].x3 = p0;
        }
    }
#pragma GCC unroll 16
    for (int g = 0; g < count / 2; ++g) {
        words[4 * g + 0] = V::interleave_even(s[2 * g].x0, s[2 * g + 1].x0);
        words[4 * g + 1] = V::interleave_even(s[2 * g].x1, s[2 * g + 1].x1);
        words[4 * g + 2] = V::interleave_even(s[2 * g].x2, s[2 * g + 1].x2);
        words[4 * g + 3] = V::interleave_even(s[2 * g].x3, s[2 * g + 1].x3);
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
        EvenBlocks<V> s[2 * vectors];
#pragma GCC unroll 16
        for (int i = 0; i < 2 * vectors; ++i) {
            I block = V::add(V::block_order(), V::set1(first_block + static_cast<std::uint32_t>(i / 2 * V::width)));
            if (i % 2 != 0) {
                block = V::template shift_right64<32>(block);
            }
            const I a = V::mul_even(block, m0);
            const I b = V::mul_even(V::bit_xor(V::template shift_right64<32>(a), x2_0_), m1);
            const I x0 = V::bit_xor(V::template shift_right64<32>(b), x0_1_);
            const I x2 = V::bit_xor(a, x2_1_);
            const I p0 = V::mul_even(x0, m0);
            const I p1 = V::mul_even(x2, m1);
            s[i].x0 = V::bit_xor(V::template shift_right64<32>(p1), b, keys.k0[2]);
            s[i].x1 = p1;
            s[i].x2 = V::bit_xor(V::template shift_right64<32>(p0), x2_2_);
            s[i].x3 = p0;
        }
        philox_finish<V, 3, 2 * vectors>(s, keys, out);
    }

private:
    I x2_0_, x0_1_, x2_1_, x2_2_; // what round r xors into word j: x<j>_<r>
};

} // namespace nnoise::simd

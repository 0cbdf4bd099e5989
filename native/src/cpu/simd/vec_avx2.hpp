// The vector layer for AVX2 + FMA: the few operations that the kernels in *-inl.hpp need. A second instruction set is a
// second file with a struct of the same shape. Include only from translation units compiled with -mavx2 -mfma.
#pragma once

#include <cstdint>
#include <immintrin.h>

namespace nnoise::simd {

struct Avx2 {
    using F = __m256;  // 8 floats
    using I = __m256i; // 8 words of 32 bits
    using M = __m256i; // a choice of lanes, what comparisons give: all ones or all zeros
    static constexpr int width = 8;

    static F load(const float* p) { return _mm256_loadu_ps(p); }
    static void store(float* p, F v) { _mm256_storeu_ps(p, v); }
    static void stream(float* p, F v) { _mm256_stream_ps(p, v); } // p aligned to 32 bytes
    static I load(const std::uint32_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static void store(std::uint32_t* p, I v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }

    // Masks with the first n (0..8) lanes set, for tails.
    static M tail_mask(int n) {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
    static F load_masked(const float* p, M m) { return _mm256_maskload_ps(p, m); } // 0 elsewhere
    static void store_masked(float* p, M m, F v) { _mm256_maskstore_ps(p, m, v); }

    static F set1(float v) { return _mm256_set1_ps(v); }
    static I set1(std::uint32_t v) { return _mm256_set1_epi32(static_cast<int>(v)); }
    static F zero() { return _mm256_setzero_ps(); }
    static I iota() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }

    static F add(F a, F b) { return _mm256_add_ps(a, b); }
    static F sub(F a, F b) { return _mm256_sub_ps(a, b); }
    static F mul(F a, F b) { return _mm256_mul_ps(a, b); }
    static F div(F a, F b) { return _mm256_div_ps(a, b); }
    static F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
    static F sqrt(F a) { return _mm256_sqrt_ps(a); }

    static I add(I a, I b) { return _mm256_add_epi32(a, b); }
    static I sub(I a, I b) { return _mm256_sub_epi32(a, b); }
    static I bit_xor(I a, I b) { return _mm256_xor_si256(a, b); }
    static I bit_and(I a, I b) { return _mm256_and_si256(a, b); }
    static I bit_or(I a, I b) { return _mm256_or_si256(a, b); }
    static I bit_xor(I a, I b, I c) { return bit_xor(a, bit_xor(b, c)); }
    template <int n>
    static I shift_left(I a) {
        return _mm256_slli_epi32(a, n);
    }
    template <int n>
    static I shift_right(I a) {
        return _mm256_srli_epi32(a, n);
    }
    template <int n>
    static I shift_right_signed(I a) {
        return _mm256_srai_epi32(a, n);
    }

    static F to_float(I a) { return _mm256_cvtepi32_ps(a); } // signed, round to nearest even
    static F as_float(I a) { return _mm256_castsi256_ps(a); }
    static I as_int(F a) { return _mm256_castps_si256(a); }

    // Comparisons; those of floats are false for a NaN. at_most: a <= b as unsigned numbers.
    static M equal(I a, I b) { return _mm256_cmpeq_epi32(a, b); }
    static M at_most(I a, I b) { return _mm256_cmpeq_epi32(_mm256_min_epu32(a, b), a); }
    static M less(F a, F b) { return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_LT_OQ)); }
    static M less_equal(F a, F b) { return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_LE_OQ)); }
    static M equal(F a, F b) { return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_EQ_OQ)); }
    static M is_nan(F a) { return _mm256_castps_si256(_mm256_cmp_ps(a, a, _CMP_UNORD_Q)); }
    // Lane-wise: set takes b, clear takes a. A choice may also be given by the sign bits of words.
    static F select(M m, F a, F b) { return _mm256_blendv_ps(a, b, _mm256_castsi256_ps(m)); }
    static F select_by_sign(I m, F a, F b) { return select(m, a, b); }
    static F keep(M m, F a) { return _mm256_and_ps(_mm256_castsi256_ps(m), a); }     // 0 where clear
    static F clear(M m, F a) { return _mm256_andnot_ps(_mm256_castsi256_ps(m), a); } // 0 where set
    // a < b ? a : b and a > b ? a : b; with a NaN on either side, b.
    static F min(F a, F b) { return _mm256_min_ps(a, b); }
    static F max(F a, F b) { return _mm256_max_ps(a, b); }
    static F abs(F a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
    static I to_int(F a) { return _mm256_cvtps_epi32(a); } // of integral values
    static I shift_left_by(I a, I counts) { return _mm256_sllv_epi32(a, counts); }
    static void fence() { _mm_sfence(); } // after streamed stores

    // Halves: exact widening; narrowing to nearest, ties to even.
    static F load_float16(const std::uint16_t* p) { return _mm256_cvtph_ps(load_words(p)); }
    static void store_float16(std::uint16_t* p, F v) { store_words(p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT)); }
    static F load_bfloat16(const std::uint16_t* p) {
        return as_float(shift_left<16>(_mm256_cvtepu16_epi32(load_words(p))));
    }
    static void store_bfloat16(std::uint16_t* p, F v) {
        const I u = as_int(v);
        const I rounded = add(u, add(set1(0x7FFFu), bit_and(shift_right<16>(u), set1(1u))));
        const I quiet = bit_or(u, set1(0x400000u));
        const I h = shift_right<16>(as_int(select(is_nan(v), as_float(rounded), as_float(quiet))));
        store_words(p, _mm_packus_epi32(_mm256_castsi256_si128(h), _mm256_extracti128_si256(h, 1)));
    }

    // Vectors of blocks that a noise loop makes at once: independent chains, against Philox's latency, as the registers
    // allow.
    static constexpr int noise_vectors = 2;

    // Sixteen lanes of doubles, fed by 16 / width vectors: lane l takes element l of them.
    struct Doubles {
        __m256d d[4];
    };
    static constexpr int double_vectors = 2;
    static Doubles zero_doubles() {
        const __m256d z = _mm256_setzero_pd();
        return Doubles{{z, z, z, z}};
    }
    static __m256d low_doubles(F v) { return _mm256_cvtps_pd(_mm256_castps256_ps128(v)); }
    static __m256d high_doubles(F v) { return _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1)); }
    static void add(Doubles& a, const F* v) {
        a.d[0] = _mm256_add_pd(a.d[0], low_doubles(v[0]));
        a.d[1] = _mm256_add_pd(a.d[1], high_doubles(v[0]));
        a.d[2] = _mm256_add_pd(a.d[2], low_doubles(v[1]));
        a.d[3] = _mm256_add_pd(a.d[3], high_doubles(v[1]));
    }
    // The square of a float is exact in double, so fma rounds as square, then add.
    static __m256d add_square(__m256d a, __m256d v) { return _mm256_fmadd_pd(v, v, a); }
    static void add_squares(Doubles& a, const F* v) {
        a.d[0] = add_square(a.d[0], low_doubles(v[0]));
        a.d[1] = add_square(a.d[1], high_doubles(v[0]));
        a.d[2] = add_square(a.d[2], low_doubles(v[1]));
        a.d[3] = add_square(a.d[3], high_doubles(v[1]));
    }
    static void store(double* p, const Doubles& a) {
        for (int i = 0; i < 4; ++i) {
            _mm256_storeu_pd(p + 4 * i, a.d[i]);
        }
    }

    // 64-bit products of the even 32-bit lanes (0, 2, 4, 6); the odd lanes are ignored.
    static I mul_even(I a, I b) { return _mm256_mul_epu32(a, b); }
    template <int n>
    static I shift_right64(I a) {
        return _mm256_srli_epi64(a, n);
    }
    template <int n>
    static I shift_left64(I a) {
        return _mm256_slli_epi64(a, n);
    }
    // Philox (philox-inl.hpp): the states that make one vector of blocks, and a product's words as a state keeps them.
    static constexpr int philox_states = 2;
    static void product(I a, I b, I& high, I& low) {
        low = mul_even(a, b);
        high = shift_right64<32>(low);
    }
    // Even lanes of a; odd lanes: the even lanes of b.
    static I interleave_even(I a, I b) { return _mm256_blend_epi32(a, _mm256_slli_epi64(b, 32), 0xAA); }

    // Four vectors whose lane l belongs to block block_order()[l], vector j holding each block's element j, become four
    // vectors of consecutive elements: 8 shuffles for 32 elements.
    static I block_order() { return _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7); }
    static void to_natural(F v[4]) {
        const __m256d low01 = _mm256_castps_pd(_mm256_unpacklo_ps(v[0], v[1]));
        const __m256d high01 = _mm256_castps_pd(_mm256_unpackhi_ps(v[0], v[1]));
        const __m256d low23 = _mm256_castps_pd(_mm256_unpacklo_ps(v[2], v[3]));
        const __m256d high23 = _mm256_castps_pd(_mm256_unpackhi_ps(v[2], v[3]));
        v[0] = _mm256_castpd_ps(_mm256_unpacklo_pd(low01, low23));
        v[1] = _mm256_castpd_ps(_mm256_unpackhi_pd(low01, low23));
        v[2] = _mm256_castpd_ps(_mm256_unpacklo_pd(high01, high23));
        v[3] = _mm256_castpd_ps(_mm256_unpackhi_pd(high01, high23));
    }

    // Lane l holds bit l of `word` in the sign's place.
    static I sign_bits(std::uint32_t word) {
        const __m256i place = _mm256_setr_epi32(31, 30, 29, 28, 27, 26, 25, 24);
        return _mm256_and_si256(_mm256_sllv_epi32(set1(word), place), set1(0x80000000u));
    }

    // Matrix products: the micro-tile is gemm_rows rows by gemm_vectors vectors; 12 sums, 2 right and 2 left values
    // fill the 16 registers.
    static constexpr int gemm_rows = 6;
    static constexpr int gemm_vectors = 2;
    // n consecutive left values, each for all lanes: every one is a broadcast from memory.
    template <int n>
    struct LeftValues {
        const float* p;
        LeftValues() = default;
        explicit LeftValues(const float* values) : p(values) {}
        F operator[](int i) const { return set1(p[i]); }
    };
    // Vectors of columns that a product of `rows` rows works on at a time: sums enough to hide the latency of fma.
    static constexpr int thin_vectors(int rows) { return rows == 1 ? 4 : 1; }

    // The 8 x 8 matrix whose rows are v[0] .. v[7], transposed. Half of the shuffles are blends, which have more ports.
    static void transpose(F v[8]) {
        const __m256 a = _mm256_permute2f128_ps(v[0], v[4], 0x20), e = _mm256_permute2f128_ps(v[0], v[4], 0x31);
        const __m256 b = _mm256_permute2f128_ps(v[1], v[5], 0x20), f = _mm256_permute2f128_ps(v[1], v[5], 0x31);
        const __m256 c = _mm256_permute2f128_ps(v[2], v[6], 0x20), g = _mm256_permute2f128_ps(v[2], v[6], 0x31);
        const __m256 d = _mm256_permute2f128_ps(v[3], v[7], 0x20), h = _mm256_permute2f128_ps(v[3], v[7], 0x31);
        transpose_4x4(a, b, c, d, v);
        transpose_4x4(e, f, g, h, v + 4);
    }

    // The same of the rows at p, p + stride, ...; inserting a half from memory needs no shuffle.
    static void load_transposed(const float* p, std::int64_t stride, F v[8]) {
        F low[4], high[4];
        for (int r = 0; r < 4; ++r) {
            const float* row = p + r * stride;
            low[r] = halves(row, row + 4 * stride);
            high[r] = halves(row + 4, row + 4 * stride + 4);
        }
        transpose_4x4(low[0], low[1], low[2], low[3], v);
        transpose_4x4(high[0], high[1], high[2], high[3], v + 4);
    }

private:
    static __m128i load_words(const std::uint16_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }
    static void store_words(std::uint16_t* p, __m128i v) { _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v); }

    static F halves(const float* low, const float* high) {
        return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low)), _mm_loadu_ps(high), 1);
    }

    // 4 x 4 in both halves.
    static void transpose_4x4(F a, F b, F c, F d, F out[4]) {
        const __m256 low0 = _mm256_unpacklo_ps(a, b), high0 = _mm256_unpackhi_ps(a, b);
        const __m256 low1 = _mm256_unpacklo_ps(c, d), high1 = _mm256_unpackhi_ps(c, d);
        const __m256 low = _mm256_shuffle_ps(low0, low1, 0x4E), high = _mm256_shuffle_ps(high0, high1, 0x4E);
        out[0] = _mm256_blend_ps(low0, low, 0xCC);
        out[1] = _mm256_blend_ps(low, low1, 0xCC);
        out[2] = _mm256_blend_ps(high0, high, 0xCC);
        out[3] = _mm256_blend_ps(high, high1, 0xCC);
    }
};

} // namespace nnoise::simd

// The vector layer for AVX-512 F, DQ, VL, BW (vec_avx2.hpp says what each operation means). Include only from
// translation units compiled for these sets.
#pragma once

#include <cstdint>
#include <immintrin.h>

namespace nnoise::simd {

struct Avx512 {
    using F = __m512;  // 16 floats
    using I = __m512i; // 16 words of 32 bits
    using M = __mmask16;
    static constexpr int width = 16;

    static F load(const float* p) { return _mm512_loadu_ps(p); }
    static void store(float* p, F v) { _mm512_storeu_ps(p, v); }
    static void stream(float* p, F v) { _mm512_stream_ps(p, v); } // p aligned to 64 bytes
    static I load(const std::uint32_t* p) { return _mm512_loadu_si512(p); }
    static void store(std::uint32_t* p, I v) { _mm512_storeu_si512(p, v); }
    static void fence() { _mm_sfence(); }

    static I iota() { return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }
    static M tail_mask(int n) { return n <= 0 ? M{0} : static_cast<M>(0xFFFFu >> (16 - (n < 16 ? n : 16))); }
    static F load_masked(const float* p, M m) { return _mm512_maskz_loadu_ps(m, p); }
    static void store_masked(float* p, M m, F v) { _mm512_mask_storeu_ps(p, m, v); }

    static F set1(float v) { return _mm512_set1_ps(v); }
    static I set1(std::uint32_t v) { return _mm512_set1_epi32(static_cast<int>(v)); }
    static F zero() { return _mm512_setzero_ps(); }

    static F add(F a, F b) { return _mm512_add_ps(a, b); }
    static F sub(F a, F b) { return _mm512_sub_ps(a, b); }
    static F mul(F a, F b) { return _mm512_mul_ps(a, b); }
    static F div(F a, F b) { return _mm512_div_ps(a, b); }
    static F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
    static F sqrt(F a) { return _mm512_maskz_sqrt_ps(0xFFFF, a); }
    static F min(F a, F b) { return _mm512_maskz_min_ps(0xFFFF, a, b); }
    static F max(F a, F b) { return _mm512_maskz_max_ps(0xFFFF, a, b); }
    static F abs(F a) { return as_float(bit_and(as_int(a), set1(0x7FFFFFFFu))); }

    static I add(I a, I b) { return _mm512_add_epi32(a, b); }
    static I sub(I a, I b) { return _mm512_sub_epi32(a, b); }
    static I bit_xor(I a, I b) { return _mm512_xor_si512(a, b); }
    static I bit_xor(I a, I b, I c) { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
    static I bit_and(I a, I b) { return _mm512_and_si512(a, b); }
    static I bit_or(I a, I b) { return _mm512_or_si512(a, b); }
    template <int n>
    static I shift_left(I a) {
        return _mm512_maskz_slli_epi32(0xFFFF, a, n);
    }
    template <int n>
    static I shift_right(I a) {
        return _mm512_maskz_srli_epi32(0xFFFF, a, n);
    }
    template <int n>
    static I shift_right_signed(I a) {
        return _mm512_maskz_srai_epi32(0xFFFF, a, n);
    }

    static F to_float(I a) { return _mm512_maskz_cvtepi32_ps(0xFFFF, a); }
    static I to_int(F a) { return _mm512_maskz_cvtps_epi32(0xFFFF, a); }
    static F as_float(I a) { return _mm512_castsi512_ps(a); }
    static I as_int(F a) { return _mm512_castps_si512(a); }

    static M equal(I a, I b) { return _mm512_cmpeq_epi32_mask(a, b); }
    static M at_most(I a, I b) { return _mm512_cmple_epu32_mask(a, b); }
    static M less(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
    static M less_equal(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
    static M equal(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
    static M is_nan(F a) { return _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q); }
    static F select(M m, F a, F b) { return _mm512_mask_blend_ps(m, a, b); }
    static F select_by_sign(I m, F a, F b) { return select(_mm512_movepi32_mask(m), a, b); }
    static F keep(M m, F a) { return _mm512_maskz_mov_ps(m, a); }
    static F clear(M m, F a) { return _mm512_maskz_mov_ps(static_cast<M>(~m), a); }

    static I shift_left_by(I a, I counts) { return _mm512_maskz_sllv_epi32(0xFFFF, a, counts); }

    static F load_float16(const std::uint16_t* p) { return _mm512_maskz_cvtph_ps(0xFFFF, load_words(p)); }
    static void store_float16(std::uint16_t* p, F v) {
        store_words(p, _mm512_maskz_cvtps_ph(0xFFFF, v, _MM_FROUND_TO_NEAREST_INT));
    }
    static F load_bfloat16(const std::uint16_t* p) {
        return as_float(shift_left<16>(_mm512_maskz_cvtepu16_epi32(0xFFFF, load_words(p))));
    }
    static void store_bfloat16(std::uint16_t* p, F v) {
        const I u = as_int(v);
        const I rounded = add(u, add(set1(0x7FFFu), bit_and(shift_right<16>(u), set1(1u))));
        const I quiet = bit_or(u, set1(0x400000u));
        const I h = shift_right<16>(as_int(select(is_nan(v), as_float(rounded), as_float(quiet))));
        store_words(p, _mm512_maskz_cvtepi32_epi16(0xFFFF, h));
    }

    static constexpr int noise_vectors = 3;

    // Sixteen lanes of doubles, fed by one vector.
    struct Doubles {
        __m512d d[2];
    };
    static constexpr int double_vectors = 1;
    static Doubles zero_doubles() { return Doubles{{_mm512_setzero_pd(), _mm512_setzero_pd()}}; }
    static __m512d low_doubles(F v) { return _mm512_maskz_cvtps_pd(0xFF, _mm512_castps512_ps256(v)); }
    static __m512d high_doubles(F v) { return _mm512_maskz_cvtps_pd(0xFF, _mm512_maskz_extractf32x8_ps(0xFF, v, 1)); }
    static void add(Doubles& a, const F* v) {
        a.d[0] = _mm512_add_pd(a.d[0], low_doubles(v[0]));
        a.d[1] = _mm512_add_pd(a.d[1], high_doubles(v[0]));
    }
    static void add_squares(Doubles& a, const F* v) {
        const __m512d low = low_doubles(v[0]), high = high_doubles(v[0]);
        a.d[0] = _mm512_fmadd_pd(low, low, a.d[0]);
        a.d[1] = _mm512_fmadd_pd(high, high, a.d[1]);
    }
    static void store(double* p, const Doubles& a) {
        _mm512_storeu_pd(p, a.d[0]);
        _mm512_storeu_pd(p + 8, a.d[1]);
    }

    static I mul_even(I a, I b) { return _mm512_maskz_mul_epu32(0xFF, a, b); }
    template <int n>
    static I shift_right64(I a) {
        return _mm512_maskz_srli_epi64(0xFF, a, n);
    }
    static constexpr int philox_states = 2;
    static void product(I a, I b, I& high, I& low) {
        low = mul_even(a, b);
        high = shift_right64<32>(low);
    }
    // Even lanes of a; odd lanes: the even lanes of b.
    static I interleave_even(I a, I b) { return _mm512_mask_shuffle_epi32(a, 0xAAAA, b, _MM_PERM_CCAA); }

    static I block_order() { return _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15); }
    static void to_natural(F v[4]) { transpose_4x4(v[0], v[1], v[2], v[3], v); }

    static I sign_bits(std::uint32_t word) {
        const I place = _mm512_setr_epi32(31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16);
        return bit_and(_mm512_maskz_sllv_epi32(0xFFFF, set1(word), place), set1(0x80000000u));
    }

    // 28 sums and 2 right values; the left value is broadcast by the fma itself.
    static constexpr int gemm_rows = 14;
    static constexpr int gemm_vectors = 2;
    template <int n>
    struct LeftValues {
        const float* p;
        LeftValues() = default;
        explicit LeftValues(const float* values) : p(values) {}
        F operator[](int i) const { return set1(p[i]); }
    };
    static constexpr int thin_vectors(int rows) { return rows == 1 ? 4 : 1; }

    static void transpose(F v[16]) {
        alignas(64) float memory[16 * 16];
        for (int r = 0; r < 16; ++r) {
            _mm512_store_ps(memory + 16 * r, v[r]);
        }
        load_transposed(memory, 16, v);
    }

    static void load_transposed(const float* p, std::int64_t stride, F v[16]) {
#pragma GCC unroll 4
        for (int q = 0; q < 4; ++q) {
            const float* at = p + 4 * q;
            transpose_4x4(quarters(at, stride), quarters(at + stride, stride), quarters(at + 2 * stride, stride),
                          quarters(at + 3 * stride, stride), v + 4 * q);
        }
    }

private:
    static __m256i load_words(const std::uint16_t* p) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    }
    static void store_words(std::uint16_t* p, __m256i v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }

    // Four elements of each of the rows 0, 4, 8, 12.
    static F quarters(const float* p, std::int64_t stride) {
        F v = _mm512_zextps128_ps512(_mm_loadu_ps(p));
        v = _mm512_maskz_insertf32x4(0xFFFF, v, _mm_loadu_ps(p + 4 * stride), 1);
        v = _mm512_maskz_insertf32x4(0xFFFF, v, _mm_loadu_ps(p + 8 * stride), 2);
        return _mm512_maskz_insertf32x4(0xFFFF, v, _mm_loadu_ps(p + 12 * stride), 3);
    }

    // 4 x 4 in all quarters.
    static void transpose_4x4(F a, F b, F c, F d, F out[4]) {
        const __m512d low01 = _mm512_castps_pd(_mm512_maskz_unpacklo_ps(0xFFFF, a, b));
        const __m512d high01 = _mm512_castps_pd(_mm512_maskz_unpackhi_ps(0xFFFF, a, b));
        const __m512d low23 = _mm512_castps_pd(_mm512_maskz_unpacklo_ps(0xFFFF, c, d));
        const __m512d high23 = _mm512_castps_pd(_mm512_maskz_unpackhi_ps(0xFFFF, c, d));
        out[0] = _mm512_castpd_ps(_mm512_maskz_unpacklo_pd(0xFF, low01, low23));
        out[1] = _mm512_castpd_ps(_mm512_maskz_unpackhi_pd(0xFF, low01, low23));
        out[2] = _mm512_castpd_ps(_mm512_maskz_unpacklo_pd(0xFF, high01, high23));
        out[3] = _mm512_castpd_ps(_mm512_maskz_unpackhi_pd(0xFF, high01, high23));
    }
};

} // namespace nnoise::simd

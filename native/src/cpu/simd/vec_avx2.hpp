// The vector layer for AVX2 + FMA: the few operations that the kernels in *-inl.hpp need. A second instruction set is a
// second file with a struct of the same shape. Include only from translation units compiled with -mavx2 -mfma.
#pragma once

#include <cstdint>
#include <immintrin.h>

namespace nnoise::simd {

struct Avx2 {
    using F = __m256;  // 8 floats
    using I = __m256i; // 8 words of 32 bits
    static constexpr int width = 8;

    static F load(const float* p) { return _mm256_loadu_ps(p); }
    static void store(float* p, F v) { _mm256_storeu_ps(p, v); }
    static void stream(float* p, F v) { _mm256_stream_ps(p, v); } // p aligned to 32 bytes
    static I load(const std::uint32_t* p) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)); }
    static void store(std::uint32_t* p, I v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }

    // Masks with the first n (0..8) lanes set, for tails.
    static I tail_mask(int n) {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
    static F load_masked(const float* p, I m) { return _mm256_maskload_ps(p, m); } // 0 elsewhere
    static void store_masked(float* p, I m, F v) { _mm256_maskstore_ps(p, m, v); }

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
    static I and_not(I a, I b) { return _mm256_andnot_si256(a, b); } // ~a & b
    template <int n> static I shift_left(I a) { return _mm256_slli_epi32(a, n); }
    template <int n> static I shift_right(I a) { return _mm256_srli_epi32(a, n); }
    template <int n> static I shift_right_signed(I a) { return _mm256_srai_epi32(a, n); }

    static F to_float(I a) { return _mm256_cvtepi32_ps(a); } // signed, round to nearest even
    static F as_float(I a) { return _mm256_castsi256_ps(a); }
    static I as_int(F a) { return _mm256_castps_si256(a); }

    // Lane-wise choice by the sign bit of m: set takes b, clear takes a.
    static F select(I m, F a, F b) { return _mm256_blendv_ps(a, b, _mm256_castsi256_ps(m)); }
    // All ones where a > b, as signed numbers; equal; ordered floats a < b.
    static I greater(I a, I b) { return _mm256_cmpgt_epi32(a, b); }
    static I equal(I a, I b) { return _mm256_cmpeq_epi32(a, b); }
    static I less(F a, F b) { return _mm256_castps_si256(_mm256_cmp_ps(a, b, _CMP_LT_OQ)); }

    // 64-bit products of the even 32-bit lanes (0, 2, 4, 6); the odd lanes are ignored.
    static I mul_even(I a, I b) { return _mm256_mul_epu32(a, b); }
    template <int n> static I shift_right64(I a) { return _mm256_srli_epi64(a, n); }
    template <int n> static I shift_left64(I a) { return _mm256_slli_epi64(a, n); }
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
};

} // namespace nnoise::simd

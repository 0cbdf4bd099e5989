// The vector layer for Advanced SIMD (NEON) of AArch64, where it is part of the baseline (vec_avx2.hpp says what each
// operation means). One register a vector: 32 registers of 4 lanes hold as much as AVX2's 16 of 8, and narrow rows and
// tails waste less.
#pragma once

#include <arm_neon.h>
#include <cstdint>

#if defined(__AARCH64EB__)
#error "The NEON layer numbers lanes as little-endian systems do"
#endif

namespace nnoise::simd {

struct Neon {
    using F = float32x4_t;
    using I = uint32x4_t;
    using M = uint32x4_t; // all ones or all zeros in each lane
    static constexpr int width = 4;

    static F load(const float* p) { return vld1q_f32(p); }
    static void store(float* p, F v) { vst1q_f32(p, v); }
    // The cores see runs of full lines themselves and stop reading them first: an ordinary store.
    static void stream(float* p, F v) { vst1q_f32(p, v); }
    static void fence() {}
    static I load(const std::uint32_t* p) { return vld1q_u32(p); }
    static void store(std::uint32_t* p, I v) { vst1q_u32(p, v); }

    static I iota() { return I{0, 1, 2, 3}; }
    static M tail_mask(int n) { return vcgtq_s32(vdupq_n_s32(n), signed_of(iota())); }
    // There are no masked loads and stores: the first lanes are moved in their halves.
    static F load_masked(const float* p, M m) {
        const std::uint64_t lanes = prefix(m);
        if (lanes == all_lanes) {
            return vld1q_f32(p);
        }
        if ((lanes & lane_1) != 0) {
            const F two = vcombine_f32(vld1_f32(p), vdup_n_f32(0.0f));
            return (lanes & lane_2) != 0 ? vld1q_lane_f32(p + 2, two, 2) : two;
        }
        return (lanes & lane_0) != 0 ? vld1q_lane_f32(p, zero(), 0) : zero();
    }
    static void store_masked(float* p, M m, F v) {
        const std::uint64_t lanes = prefix(m);
        if (lanes == all_lanes) {
            vst1q_f32(p, v);
        } else if ((lanes & lane_1) != 0) {
            vst1_f32(p, vget_low_f32(v));
            if ((lanes & lane_2) != 0) {
                vst1q_lane_f32(p + 2, v, 2);
            }
        } else if ((lanes & lane_0) != 0) {
            vst1q_lane_f32(p, v, 0);
        }
    }

    static F set1(float v) { return vdupq_n_f32(v); }
    static I set1(std::uint32_t v) { return vdupq_n_u32(v); }
    static F zero() { return vdupq_n_f32(0.0f); }

    static F add(F a, F b) { return vaddq_f32(a, b); }
    static F sub(F a, F b) { return vsubq_f32(a, b); }
    static F mul(F a, F b) { return vmulq_f32(a, b); }
    static F div(F a, F b) { return vdivq_f32(a, b); }
    static F fma(F a, F b, F c) { return vfmaq_f32(c, a, b); }
    static F sqrt(F a) { return vsqrtq_f32(a); }
    // FMIN and FMAX give a NaN where either side is one; these give b.
    static F min(F a, F b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
    static F max(F a, F b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
    static F abs(F a) { return vabsq_f32(a); }

    static I add(I a, I b) { return vaddq_u32(a, b); }
    static I sub(I a, I b) { return vsubq_u32(a, b); }
    static I bit_xor(I a, I b) { return veorq_u32(a, b); }
    static I bit_and(I a, I b) { return vandq_u32(a, b); }
    static I bit_or(I a, I b) { return vorrq_u32(a, b); }
    static I bit_xor(I a, I b, I c) { return veorq_u32(a, veorq_u32(b, c)); }
    template <int n>
    static I shift_left(I a) {
        return vshlq_n_u32(a, n);
    }
    template <int n>
    static I shift_right(I a) {
        return vshrq_n_u32(a, n);
    }
    template <int n>
    static I shift_right_signed(I a) {
        return vreinterpretq_u32_s32(vshrq_n_s32(signed_of(a), n));
    }
    static I shift_left_by(I a, I counts) { return vshlq_u32(a, signed_of(counts)); }

    static F to_float(I a) { return vcvtq_f32_s32(signed_of(a)); }
    static I to_int(F a) { return vreinterpretq_u32_s32(vcvtnq_s32_f32(a)); }
    static F as_float(I a) { return vreinterpretq_f32_u32(a); }
    static I as_int(F a) { return vreinterpretq_u32_f32(a); }

    static M equal(I a, I b) { return vceqq_u32(a, b); }
    static M at_most(I a, I b) { return vcleq_u32(a, b); }
    static M less(F a, F b) { return vcltq_f32(a, b); }
    static M less_equal(F a, F b) { return vcleq_f32(a, b); }
    static M equal(F a, F b) { return vceqq_f32(a, b); }
    static M is_nan(F a) { return vmvnq_u32(vceqq_f32(a, a)); }
    static F select(M m, F a, F b) { return vbslq_f32(m, b, a); }
    static F select_by_sign(I m, F a, F b) { return select(vcltzq_s32(signed_of(m)), a, b); }
    static F keep(M m, F a) { return as_float(vandq_u32(as_int(a), m)); }
    static F clear(M m, F a) { return as_float(vbicq_u32(as_int(a), m)); }

    // (FCVTN and FCVTL convert as FPCR says; FloatMode leaves all of its bits 0: IEEE's half format, NaNs keep theirs.)
    static F load_float16(const std::uint16_t* p) { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p))); }
    static void store_float16(std::uint16_t* p, F v) { vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(v))); }
    static F load_bfloat16(const std::uint16_t* p) { return as_float(vshll_n_u16(vld1_u16(p), 16)); }
    static void store_bfloat16(std::uint16_t* p, F v) {
        const I u = as_int(v);
        const I rounded = add(u, add(set1(0x7FFFu), bit_and(shift_right<16>(u), set1(1u))));
        const I quiet = bit_or(u, set1(0x400000u));
        vst1_u16(p, vshrn_n_u32(vbslq_u32(is_nan(v), quiet, rounded), 16));
    }

    static constexpr int noise_vectors = 2;

    struct Doubles {
        float64x2_t d[8];
    };
    static constexpr int double_vectors = 4;
    static Doubles zero_doubles() {
        Doubles a;
        for (float64x2_t& d : a.d) {
            d = vdupq_n_f64(0.0);
        }
        return a;
    }
    static void add(Doubles& a, const F* v) {
        for (int k = 0; k < double_vectors; ++k) {
            a.d[2 * k] = vaddq_f64(a.d[2 * k], low_doubles(v[k]));
            a.d[2 * k + 1] = vaddq_f64(a.d[2 * k + 1], vcvt_high_f64_f32(v[k]));
        }
    }
    static void add_squares(Doubles& a, const F* v) {
        for (int k = 0; k < double_vectors; ++k) {
            const float64x2_t low = low_doubles(v[k]), high = vcvt_high_f64_f32(v[k]);
            a.d[2 * k] = vfmaq_f64(a.d[2 * k], low, low);
            a.d[2 * k + 1] = vfmaq_f64(a.d[2 * k + 1], high, high);
        }
    }
    static void store(double* p, const Doubles& a) {
        for (int i = 0; i < 8; ++i) {
            vst1q_f64(p + 2 * i, a.d[i]);
        }
    }

    // Widening products of all four lanes, taken apart into their words.
    static constexpr int philox_states = 1;
    static void product(I a, I b, I& high, I& low) {
        const I first = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(a), vget_low_u32(b)));
        const I second = vreinterpretq_u32_u64(vmull_high_u32(a, b));
        high = vuzp2q_u32(first, second);
        low = vuzp1q_u32(first, second);
    }

    static I block_order() { return iota(); }
    static void to_natural(F v[4]) { transpose(v); }

    static I sign_bits(std::uint32_t word) {
        return vandq_u32(vshlq_u32(set1(word), int32x4_t{31, 30, 29, 28}), set1(0x80000000u));
    }

    // 24 sums, 3 right values, and the 8 left values in 2 more of the 32 registers.
    static constexpr int gemm_rows = 8;
    static constexpr int gemm_vectors = 3;
    // Whole vectors, up to 3 values beyond the n: fma takes a factor from a lane.
    template <int n>
    struct LeftValues {
        F v[(n + 3) / 4];
        LeftValues() = default;
        explicit LeftValues(const float* values) {
#pragma GCC unroll 4
            for (int i = 0; i < (n + 3) / 4; ++i) {
                v[i] = vld1q_f32(values + 4 * i);
            }
        }
        F operator[](int i) const { return vdupq_n_f32(v[i / 4][i % 4]); }
    };
    static constexpr int thin_vectors(int rows) { return rows <= 2 ? 4 : 2; }

    static void transpose(F v[4]) {
        const float64x2_t even01 = as_doubles(vtrn1q_f32(v[0], v[1])), odd01 = as_doubles(vtrn2q_f32(v[0], v[1]));
        const float64x2_t even23 = as_doubles(vtrn1q_f32(v[2], v[3])), odd23 = as_doubles(vtrn2q_f32(v[2], v[3]));
        v[0] = vreinterpretq_f32_f64(vtrn1q_f64(even01, even23));
        v[1] = vreinterpretq_f32_f64(vtrn1q_f64(odd01, odd23));
        v[2] = vreinterpretq_f32_f64(vtrn2q_f64(even01, even23));
        v[3] = vreinterpretq_f32_f64(vtrn2q_f64(odd01, odd23));
    }

    static void load_transposed(const float* p, std::int64_t stride, F v[4]) {
        for (int r = 0; r < 4; ++r) {
            v[r] = vld1q_f32(p + r * stride);
        }
        transpose(v);
    }

private:
    static int32x4_t signed_of(I a) { return vreinterpretq_s32_u32(a); }
    static float64x2_t low_doubles(F v) { return vcvt_f64_f32(vget_low_f32(v)); }
    static float64x2_t as_doubles(F v) { return vreinterpretq_f64_f32(v); }

    // A mask whose set lanes come first, as 16 bits a lane in one scalar.
    static constexpr std::uint64_t lane_0 = 1, lane_1 = 1ull << 16, lane_2 = 1ull << 32, all_lanes = ~0ull;
    static std::uint64_t prefix(M m) { return vget_lane_u64(vreinterpret_u64_u16(vmovn_u32(m)), 0); }
};

} // namespace nnoise::simd

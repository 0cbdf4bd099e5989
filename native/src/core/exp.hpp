// exp with IEEE-exact operations only: contract section 9. The variational layers' noise depends on it, bit for bit,
// and so do Student-t (expm1), Poisson and Gaussian noise by signal-to-noise ratio (exp in double).
#pragma once

#include "platform.hpp"

namespace nnoise {

// exp(f) = 1 + f (1 + f (c2 + ... + f c6)) on [-ln2/2, ln2/2]: relative error 3.6e-9 before rounding; the result is
// within 1 ulp for normal results.
inline constexpr float exp_c2 = 0x1.fffffcp-2f;
inline constexpr float exp_c3 = 0x1.555492p-3f;
inline constexpr float exp_c4 = 0x1.5558f2p-5f;
inline constexpr float exp_c5 = 0x1.123a20p-7f;
inline constexpr float exp_c6 = 0x1.6a23d2p-10f;
inline constexpr float exp_log2e = 0x1.715476p+0f;
inline constexpr float exp_ln2_high = 0x1.62e400p-1f; // 15 bits: n * high is exact
inline constexpr float exp_ln2_low = 0x1.7f7d1cp-20f;
inline constexpr float exp_largest = 88.72283f;    // above: infinity
inline constexpr float exp_smallest = -103.97208f; // below: 0
inline constexpr float round_magic = 0x1.8p23f;    // (v + magic) - magic rounds v to the nearest integer, |v| < 2^22

// x = n ln2 + f with n whole and |f| <= ln2 / 2, and slope = 1 + f (c2 + ... + f c6): exp(x) = 2^n (1 + f slope).
struct ExpParts {
    float n, f, slope;
};

NNOISE_HD ExpParts exp_parts(float x) {
    const float n = (x * exp_log2e + round_magic) - round_magic;
    float f = fma32(n, -exp_ln2_high, x);
    f = fma32(n, -exp_ln2_low, f);
    float p = exp_c6;
    p = fma32(p, f, exp_c5);
    p = fma32(p, f, exp_c4);
    p = fma32(p, f, exp_c3);
    p = fma32(p, f, exp_c2);
    p = fma32(p, f, 1.0f);
    return ExpParts{n, f, p};
}

NNOISE_HD float exp32(float x) {
    if (!(x <= exp_largest)) {
        return x != x ? x : __builtin_inff();
    }
    if (x < exp_smallest) {
        return 0.0f;
    }
    const ExpParts e = exp_parts(x);
    const float p = fma32(e.slope, e.f, 1.0f);
    // Two exact powers of two, so that the result is rounded at most once, where it is subnormal.
    const std::int32_t whole = static_cast<std::int32_t>(e.n);
    const std::int32_t half = whole >> 1;
    const float a = float_of(static_cast<std::uint32_t>(half + 127) << 23);
    const float b = float_of(static_cast<std::uint32_t>(whole - half + 127) << 23);
    return p * a * b;
}

// exp(a) - 1 for a in [0, 64], with relative precision down to a = 0 (1.5e-7 at most; tests/native assert it): the
// polynomial gives exp(f) - 1 = f (1 + f (c2 + ...)), and 2^n (q + 1) - 1 = 2^n q + (2^n - 1) is rounded once at the
// end.
NNOISE_HD float expm1_positive(float a) {
    const ExpParts e = exp_parts(a);
    const float q = e.slope * e.f;
    const float scale = float_of(static_cast<std::uint32_t>(static_cast<std::int32_t>(e.n) + 127) << 23);
    return fma32(scale, q, scale - 1.0f);
}

NNOISE_HD std::uint64_t bits_of_double(double v) {
    std::uint64_t u;
    __builtin_memcpy(&u, &v, sizeof u);
    return u;
}

NNOISE_HD double double_of(std::uint64_t u) {
    double v;
    __builtin_memcpy(&v, &u, sizeof v);
    return v;
}

// exp(x): Taylor to degree 11 on [-ln2/2, ln2/2], relative error below 1e-14 on [-700, 709]. Smaller arguments count as
// -700; from exp64_infinite on the exponent overflows and the result is infinite. NaN gives NaN.
inline constexpr double exp64_infinite = 710.0;

NNOISE_HD double exp64(double x) {
    const double magic = 0x1.8p52; // (v + magic) - magic rounds to the nearest integer
    double t = x < -700.0 ? -700.0 : x;
    t = t > exp64_infinite ? exp64_infinite : t;
    const double shifted = t * 0x1.71547652b82fep+0 + magic;
    const double n = shifted - magic;
    // ln2 in two parts, the first short enough that n times it is exact.
    const double r = (t - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
    double p = 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    // The low bits of `shifted` are n + 2^51; shifted into the exponent field with the bias only n remains.
    const double scale = double_of((bits_of_double(shifted) + 1023u) << 52);
    return p * scale;
}

} // namespace nnoise

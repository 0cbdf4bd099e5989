// exp with IEEE-exact operations only: contract section 9. The variational layers' noise depends on it, bit for bit.
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

NNOISE_HD float exp32(float x) {
    if (!(x <= exp_largest)) {
        return x != x ? x : __builtin_inff();
    }
    if (x < exp_smallest) {
        return 0.0f;
    }
    const float n = (x * exp_log2e + round_magic) - round_magic;
    float f = fma32(n, -exp_ln2_high, x);
    f = fma32(n, -exp_ln2_low, f);
    float p = exp_c6;
    p = fma32(p, f, exp_c5);
    p = fma32(p, f, exp_c4);
    p = fma32(p, f, exp_c3);
    p = fma32(p, f, exp_c2);
    p = fma32(p, f, 1.0f);
    p = fma32(p, f, 1.0f);
    // Two exact powers of two, so that the result is rounded at most once, where it is subnormal.
    const std::int32_t whole = static_cast<std::int32_t>(n);
    const std::int32_t half = whole >> 1;
    const float a = float_of(static_cast<std::uint32_t>(half + 127) << 23);
    const float b = float_of(static_cast<std::uint32_t>(whole - half + 127) << 23);
    return p * a * b;
}

} // namespace nnoise

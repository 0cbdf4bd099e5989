// tanh, sigmoid, GELU and ln by own polynomials over IEEE-exact operations: the same bits on every instruction set.
// Largest errors against double, as tests/native/ops_tests.cpp asserts them: exp 1 ulp, tanh and sigmoid 2.5 ulp, GELU
// 2e-6 relative.
#pragma once

#include "exp.hpp"

#include <nativenoise/types.h>

namespace nnoise {

NNOISE_HD float abs32(float x) { return float_of(bits_of(x) & 0x7FFFFFFFu); }
NNOISE_HD float with_sign_of(float magnitude, float sign) {
    return float_of(bits_of(magnitude) | (bits_of(sign) & 0x80000000u));
}

// sigmoid(x) = 1 / (1 + exp(-x)), written with exp(-|x|), which cannot overflow: relative precision on both sides.
NNOISE_HD float sigmoid32(float x) {
    const float e = exp32(-abs32(x));
    return (x < 0.0f ? e : 1.0f) / (1.0f + e);
}

// With a = |x|, below 5/8: a + a z (t0 + t1 z + ... + t4 z^4), z = a^2, relative error 4.2e-9 before rounding. Above:
// (1 - e) / (1 + e) with e = exp(-2 a) <= 0.29, so that the subtraction loses next to nothing. x gives the sign.
inline constexpr float tanh_t0 = -0x1.555534p-2f;
inline constexpr float tanh_t1 = 0x1.110768p-3f;
inline constexpr float tanh_t2 = -0x1.b84448p-5f;
inline constexpr float tanh_t3 = 0x1.5256d8p-6f;
inline constexpr float tanh_t4 = -0x1.76ac1cp-8f;
inline constexpr float tanh_switch = 0.625f;

NNOISE_HD float tanh32(float x) {
    const float a = abs32(x);
    const float z = x * x;
    float p = tanh_t4;
    p = fma32(p, z, tanh_t3);
    p = fma32(p, z, tanh_t2);
    p = fma32(p, z, tanh_t1);
    p = fma32(p, z, tanh_t0);
    const float near = fma32(p * z, a, a);
    const float e = exp32(-2.0f * a);
    const float far = (1.0f - e) / (1.0f + e);
    return with_sign_of(a < tanh_switch ? near : far, x);
}

// GELU, tanh form: 0.5 x (1 + tanh(u)) = x sigmoid(2 u), u = sqrt(2/pi) (x + 0.044715 x^3). The second form has no
// cancellation for negative x.
inline constexpr float gelu_linear = 0x1.988454p+0f; // 2 sqrt(2/pi)
inline constexpr float gelu_cubic = 0x1.2444f2p-4f;  // 2 sqrt(2/pi) 0.044715
inline constexpr float gelu_slope = 0x1.b6676cp-3f;  // 3 times that
inline constexpr float gelu_limit = 16.0f;           // beyond, sigmoid(2 u) is exactly 0 or 1

NNOISE_HD float gelu32(float x) { return x * sigmoid32(fma32(x * x, gelu_cubic, gelu_linear) * x); }

// d/dx x s(v(x)) = s + x s (1 - s) v', v = 2 u. Clamping x to where s still changes keeps x^2 finite.
NNOISE_HD float gelu_gradient32(float x) {
    float c = x < -gelu_limit ? -gelu_limit : x;
    c = c > gelu_limit ? gelu_limit : c;
    const float square = c * c;
    const float s = sigmoid32(fma32(square, gelu_cubic, gelu_linear) * c);
    const float slope = fma32(square, gelu_slope, gelu_linear) * c;
    return fma32(s * (1.0f - s), slope, s);
}

// y = activation(x).
NNOISE_HD float activation(std::int32_t kind, float x) {
    switch (kind) {
    case NNOISE_ACTIVATION_RELU:
        return 0.0f > x ? 0.0f : x; // NaN stays
    case NNOISE_ACTIVATION_TANH:
        return tanh32(x);
    case NNOISE_ACTIVATION_SIGMOID:
        return sigmoid32(x);
    case NNOISE_ACTIVATION_GELU:
        return gelu32(x);
    default:
        return x;
    }
}

// dx = dy activation'(x); saved is the forward's output for RELU, TANH and SIGMOID, its input for GELU.
NNOISE_HD float activation_gradient(std::int32_t kind, float saved, float dy) {
    switch (kind) {
    case NNOISE_ACTIVATION_RELU:
        return saved <= 0.0f ? 0.0f : dy;
    case NNOISE_ACTIVATION_TANH:
        return dy * fma32(-saved, saved, 1.0f);
    case NNOISE_ACTIVATION_SIGMOID:
        return dy * (saved * (1.0f - saved));
    case NNOISE_ACTIVATION_GELU:
        return dy * gelu_gradient32(saved);
    default:
        return dy;
    }
}

// ln(x) for finite x > 0, in double: x = 2^e m with m in [sqrt(1/2), sqrt(2)), s = (m - 1) / (m + 1), and
// ln(m) = 2 (s + s^3/3 + s^5/5 + ... + s^23/23); the next term is below 2^-60. Used once a row, so it may divide.
NNOISE_HD double ln64(double x) {
    std::uint64_t bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    const std::uint64_t shifted = bits - 0x3FE6A09E667F3BCDu; // bits of sqrt(1/2)
    const std::int64_t e = static_cast<std::int64_t>(shifted) >> 52;
    bits -= static_cast<std::uint64_t>(e) << 52;
    double m;
    __builtin_memcpy(&m, &bits, sizeof m);
    const double s = (m - 1.0) / (m + 1.0);
    const double z = s * s;
    double p = 1.0 / 23.0;
    for (int n = 21; n >= 1; n -= 2) {
        p = p * z + 1.0 / n;
    }
    return static_cast<double>(e) * 0x1.62e42fefa39efp-1 + 2.0 * s * p;
}

// One row's -ln softmax(x)[label], from the sum of exp(x - max) and x[label] - max. A sum that is no finite positive
// number (a NaN or +infinity among the logits) gives NaN.
NNOISE_HD double cross_entropy_loss(float sum, float at_label) {
    if (!(sum >= 1.0f && sum <= 3.0e38f)) {
        return static_cast<double>(__builtin_nanf(""));
    }
    return ln64(static_cast<double>(sum)) - static_cast<double>(at_label);
}

} // namespace nnoise

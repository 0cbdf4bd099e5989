// Two words to two standard normals: Box-Muller with own polynomials, contract section 5.
// Only integer operations, int-to-float conversion, add, multiply, fma and sqrt, in a fixed order: every instruction
// set and every device gives the same bits. No intermediate is subnormal, so flush-to-zero could not change them.
#pragma once

#include "platform.hpp"

namespace nnoise {

// -2 ln(1 + f) = f (-2 + f (l0 + f (l1 + ... + f l6))), minimax in relative error on [sqrt(1/2) - 1, sqrt(2) - 1]:
// 3.7e-7, which is at most 1.5e-7 in the radius.
inline constexpr float log_c0 = 0x1.00006cp+0f;
inline constexpr float log_c1 = -0x1.5558f4p-1f;
inline constexpr float log_c2 = 0x1.ff6928p-2f;
inline constexpr float log_c3 = -0x1.97b168p-2f;
inline constexpr float log_c4 = 0x1.61242ap-2f;
inline constexpr float log_c5 = -0x1.4b6068p-2f;
inline constexpr float log_c6 = 0x1.9cf952p-3f;
inline constexpr float minus_two_ln2 = -0x1.62e430p+0f;

// sin(pi/4 y) = y (s0 + s1 z + s2 z^2 + s3 z^3) and cos(pi/4 y) = 1 + z (c0 + c1 z + c2 z^2), z = y^2, on [-1, 1]:
// absolute errors 3.0e-8 and 4.7e-8 with these rounded coefficients.
inline constexpr float sin_s0 = 0x1.921fb4p-1f;
inline constexpr float sin_s1 = -0x1.4abba8p-4f;
inline constexpr float sin_s2 = 0x1.465a3ep-9f;
inline constexpr float sin_s3 = -0x1.2cf5dcp-15f;
inline constexpr float cos_c0 = -0x1.3bd3a2p-2f;
inline constexpr float cos_c1 = 0x1.03b162p-6f;
inline constexpr float cos_c2 = -0x1.4ea9eap-12f;

inline constexpr std::uint32_t sqrt_half_bits = 0x3F3504F3u; // bits of the float nearest to sqrt(1/2)

struct NormalPair {
    float z0;
    float z1;
};

// -2 ln u for u = (w + 1/2) 2^-32 in (0, 1). As a signed number s, w >= 2^31 is w - 2^32: then (s + 1/2) 2^-32 is u
// itself below one half and u - 1 above, so that neither end of (0, 1) loses precision. Never 0, at most 45.75.
NNOISE_HD float minus_two_ln(std::uint32_t w) {
    const float p = (static_cast<float>(static_cast<std::int32_t>(w)) + 0.5f) * 0x1p-32f;
    const float base = (w >> 31) != 0 ? 1.0f : 0.0f;
    const float u = p + base;
    // u = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)). u may be rounded; it only chooses e. f is exact.
    const std::uint32_t shifted = bits_of(u) - sqrt_half_bits;
    const float e = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
    const float scale = float_of(0x3F800000u - (shifted & 0xFF800000u)); // 2^-e
    const float f = fma32(p, scale, fma32(base, scale, -1.0f));
    float g = log_c6;
    g = fma32(g, f, log_c5);
    g = fma32(g, f, log_c4);
    g = fma32(g, f, log_c3);
    g = fma32(g, f, log_c2);
    g = fma32(g, f, log_c1);
    g = fma32(g, f, log_c0);
    g = fma32(g, f, -2.0f);
    return fma32(g, f, e * minus_two_ln2);
}

// Largest value 6.764.
NNOISE_HD float normal_radius(std::uint32_t w) { return sqrt32(minus_two_ln(w)); }

// z0 = r cos(2 pi w1 2^-32), z1 = r sin(2 pi w1 2^-32). The turn is cut into a quadrant k and a rest of at most an
// eighth turn: 4 w1 mod 2^32, read as signed, is 2^31 y with the rest y pi/4.
NNOISE_HD NormalPair polar_pair(float r, std::uint32_t w1) {
    const float y = static_cast<float>(static_cast<std::int32_t>(w1 << 2)) * 0x1p-31f;
    const std::uint32_t k = w1 + 0x20000000u; // bits 31 and 30: the quadrant
    const float z = y * y;
    const float sine = fma32(fma32(fma32(sin_s3, z, sin_s2), z, sin_s1), z, sin_s0) * y;
    const float cosine = fma32(fma32(fma32(cos_c2, z, cos_c1), z, cos_c0), z, 1.0f);
    const bool swap = (k & 0x40000000u) != 0;
    const float a = swap ? sine : cosine;
    const float b = swap ? cosine : sine;
    const std::uint32_t sign_a = (k ^ (k << 1)) & 0x80000000u;
    const std::uint32_t sign_b = k & 0x80000000u;
    return NormalPair{float_of(bits_of(r) ^ sign_a) * a, float_of(bits_of(r) ^ sign_b) * b};
}

NNOISE_HD NormalPair normal_pair(std::uint32_t w0, std::uint32_t w1) { return polar_pair(normal_radius(w0), w1); }

// f(v) = sign(v) sqrt(|v|) of factorised noise (Fortunato et al. 2018, below equation 11).
NNOISE_HD float signed_sqrt(float v) {
    return float_of(bits_of(sqrt32(float_of(bits_of(v) & 0x7FFFFFFFu))) | (bits_of(v) & 0x80000000u));
}

} // namespace nnoise

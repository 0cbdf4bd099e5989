// Pink and brown noise: a white normal an element, filtered along a line (the last axis): contract section 6.
#pragma once

#include "noise_ops.hpp"

namespace nnoise {

// First-order recurrences with one drive, summed: with n_t the normals of the line's elements,
//   u_i = fma(pole_i, u_i, n_t);  value = fma(direct, n_t, gain_1 u_1 + ... + gain_K u_K).
// Before the first element the states have the distribution that they keep for ever: u = L m, with m the normals of the
// line's number (as an element) at salts 1 .. K and L the Cholesky factor of 1 / (1 - pole_i pole_j). So every element
// has variance 1, the first like the last.
template <int n>
struct ColorFilter {
    static constexpr int states = n;
    float direct;
    float pole[n];
    float gain[n];
    float start[n][n]; // lower triangle
};

// The walk's pull towards 0 is 2^-10 a step: spectrum 1/f^2 above a corner at 1/6434 of the sampling rate.
inline constexpr ColorFilter<1> brown_filter = {0.0f, {0x1.ff8p-1f}, {0x1.69f346p-5f}, {{0x1.6a208ap+4f}}};

// Poles a factor of 4 apart and one below 0, gains fitted to 1/f: within 0.08 dB from 2^-16 to 1/2 of the sampling
// rate.
inline constexpr ColorFilter<9> pink_filter = {
    0x1.e9955ap-4f,
    {-0x1p-1f, 0x1p-1f, 0x1.cp-1f, 0x1.fp-1f, 0x1.fcp-1f, 0x1.ffp-1f, 0x1.ffcp-1f, 0x1.fffp-1f, 0x1.fffcp-1f},
    {-0x1.036e88p-5f, 0x1.bd641p-3f, 0x1.502c7p-4f, 0x1.6639dap-5f, 0x1.1aa3d6p-6f, 0x1.722e14p-7f, 0x1.10d4cap-8f,
     0x1.cbcc46p-9f, 0x1.8f10e8p-10f},
    {{0x1.279a74p+0f},
     {0x1.62b958p-1f, 0x1.d8f72p-1f},
     {0x1.3474a6p-1f, 0x1.79005ap+0f, 0x1.513344p+0f},
     {0x1.2ab708p-1f, 0x1.a97148p+0f, 0x1.6de446p+1f, 0x1.1da8b2p+1f},
     {0x1.28600ap-1f, 0x1.b6d1acp+0f, 0x1.c9e82ep+1f, 0x1.621fep+2f, 0x1.0c37a4p+2f},
     {0x1.27cbcp-1f, 0x1.ba409cp+0f, 0x1.e5e0fcp+1f, 0x1.ce1e56p+2f, 0x1.5d31p+3f, 0x1.0688e8p+3f},
     {0x1.27a6c6p-1f, 0x1.bb1ddp+0f, 0x1.ed3fe2p+1f, 0x1.eff2f2p+2f, 0x1.ce6beep+3f, 0x1.5b762ap+4f, 0x1.04c15ep+4f},
     {0x1.279d88p-1f, 0x1.bb5536p+0f, 0x1.ef1dfap+1f, 0x1.f8f016p+2f, 0x1.f239f8p+3f, 0x1.ce52d6p+4f, 0x1.5ae754p+5f,
      0x1.0437aap+5f},
     {0x1.279b3ap-1f, 0x1.bb631p+0f, 0x1.ef95e8p+1f, 0x1.fb3864p+2f, 0x1.fbc3a8p+3f, 0x1.f2bf12p+4f, 0x1.ce41a8p+5f,
      0x1.5abb8ap+6f, 0x1.040f32p+6f}}};

template <int n>
class ColorState {
public:
    // Line `line` of the row's noise.
    NNOISE_MEMBER ColorState(const ColorFilter<n>& filter, const RowAddress& row, std::uint64_t line) : f_(filter) {
        float m[n];
        for (int j = 0; j < n; ++j) {
            m[j] = normal_at(salted(row, static_cast<std::uint32_t>(j + 1)), line);
        }
        for (int i = 0; i < n; ++i) {
            u_[i] = f_.start[i][0] * m[0];
            for (int j = 1; j <= i; ++j) {
                u_[i] = fma32(f_.start[i][j], m[j], u_[i]);
            }
        }
    }

    // The next element's value from its normal.
    NNOISE_MEMBER float next(float normal) {
        float value = 0.0f;
        for (int i = 0; i < n; ++i) {
            u_[i] = fma32(f_.pole[i], u_[i], normal);
            value = i == 0 ? f_.gain[0] * u_[0] : fma32(f_.gain[i], u_[i], value);
        }
        return fma32(f_.direct, normal, value);
    }

private:
    const ColorFilter<n>& f_;
    float u_[n];
};

} // namespace nnoise

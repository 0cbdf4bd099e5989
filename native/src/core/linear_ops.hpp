// The scalar formulas of the noisy linear layer: contract section 8 and the gradients that follow from it.
#pragma once

#include "exp.hpp"
#include "math.hpp"
#include "normal.hpp"
#include "platform.hpp"

namespace nnoise {

// What disturbs a weight (values of nnoise_weight_noise).
enum class WeightNoise : int {
    none = 0,
    absolute = 1,
    relative = 2,
    independent = 3,
    factorized = 4,
    log_variance = 5
};

// -1, 0 or 1; NaN for NaN.
NNOISE_HD float sign_of(float v) { return v > 0.0f ? 1.0f : v < 0.0f ? -1.0f : v * 0.0f; }

// The deviation that multiplies the unit noise: W' = fma(deviation, eps, W). `scale` is S or R; for factorised noise
// eps is the rounded product f_out f_in.
NNOISE_HD float weight_deviation(WeightNoise noise, float w, float scale, float std) {
    switch (noise) {
    case WeightNoise::absolute:
        return std;
    case WeightNoise::relative:
        return std * abs32(w);
    case WeightNoise::independent:
    case WeightNoise::factorized:
        return scale;
    case WeightNoise::log_variance:
        return exp32(scale * 0.5f);
    case WeightNoise::none:
        break;
    }
    return 0.0f;
}

// The variance of W' (not of factorised noise, whose elements are not independent).
NNOISE_HD float weight_variance(WeightNoise noise, float w, float scale, float std) {
    switch (noise) {
    case WeightNoise::absolute:
        return std * std;
    case WeightNoise::relative:
        return (std * std) * (w * w);
    case WeightNoise::independent:
        return scale * scale;
    case WeightNoise::log_variance:
        return exp32(scale);
    case WeightNoise::factorized:
    case WeightNoise::none:
        break;
    }
    return 0.0f;
}

// What a raw sum over the batch is multiplied by to become a part of a parameter's gradient.
enum class GradientFactor : int {
    one,               // d/dW of everything that does not depend on W
    relative_sample,   // 1 + sign(W) std eps: d/dW of W + std |W| eps
    relative_delta,    // sign(W) std eps: d/dW of std |W| eps
    relative_variance, // 2 std^2 W: d/dW of std^2 W^2
    unit_noise,        // eps: d/dS of W + S eps; eps = f_out f_in for factorised noise
    half_deviation,    // exp(R / 2) eps / 2: d/dR of W + exp(R / 2) eps
    twice_scale,       // 2 S: d/dS of S^2
    exp_log_variance,  // exp(R): d/dR of exp(R)
};

NNOISE_HD bool factor_has_noise(GradientFactor f) {
    return f == GradientFactor::relative_sample || f == GradientFactor::relative_delta ||
           f == GradientFactor::unit_noise || f == GradientFactor::half_deviation;
}

NNOISE_HD float gradient_factor(GradientFactor factor, float w, float scale, float std, float eps) {
    switch (factor) {
    case GradientFactor::one:
        break;
    case GradientFactor::relative_sample:
        return fma32(sign_of(w) * std, eps, 1.0f);
    case GradientFactor::relative_delta:
        return (sign_of(w) * std) * eps;
    case GradientFactor::relative_variance:
        return (2.0f * (std * std)) * w;
    case GradientFactor::unit_noise:
        return eps;
    case GradientFactor::half_deviation:
        return (0.5f * exp32(scale * 0.5f)) * eps;
    case GradientFactor::twice_scale:
        return 2.0f * scale;
    case GradientFactor::exp_log_variance:
        return exp32(scale);
    }
    return 1.0f;
}

// dv = dz eps / (2 sqrt(v)), 0 where v is 0: the gradient of z = m + sqrt(v) eps with respect to v.
NNOISE_HD float variance_gradient(float dz, float eps, float v) {
    return v == 0.0f ? 0.0f : (dz * eps) / (2.0f * sqrt32(v));
}

} // namespace nnoise

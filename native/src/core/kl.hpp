// Kullback-Leibler divergence of N(mean, exp(log_variance)) from N(m0, s0^2), in double. Built of add, multiply and
// integer operations alone (no fma, no libm), so that a compiler may vectorise it for any instruction set without a
// change of bits.
#pragma once

#include "math.hpp"

namespace nnoise {

struct KlPrior {
    double mean;             // m0
    double inverse_variance; // 1 / s0^2
    double offset;           // ln(s0) - 1/2
};

// Sums: chunks of kl_chunk elements; inside a chunk lane l adds elements l, l + 8, ... in one chain, then join_lanes;
// the chunks' sums go into a PairwiseSum.
inline constexpr std::int64_t kl_chunk = 8192;
inline constexpr int kl_lanes = 8;

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

NNOISE_HD KlPrior kl_prior(float mean, float std) {
    const double s = static_cast<double>(std);
    return KlPrior{static_cast<double>(mean), 1.0 / (s * s), ln64(s) - 0.5};
}

// ln(s0 / s) + (s^2 + (mean - m0)^2) / (2 s0^2) - 1/2 with s^2 = exp(log_variance). Where s^2 is infinite so is the
// term: its logarithm, kept finite there, cannot cancel it.
NNOISE_HD double kl_term(const KlPrior& prior, float mean, float log_variance) {
    const double r = static_cast<double>(log_variance);
    const double d = static_cast<double>(mean) - prior.mean;
    const double logarithm = r > exp64_infinite ? exp64_infinite : r;
    return (prior.offset - 0.5 * logarithm) + (0.5 * prior.inverse_variance) * (exp64(r) + d * d);
}

// The term's derivatives times `scale`, added to what is there and rounded once.
NNOISE_HD float kl_mean_gradient(const KlPrior& prior, double scale, float mean, float gradient) {
    const double d = (static_cast<double>(mean) - prior.mean) * prior.inverse_variance;
    return static_cast<float>(static_cast<double>(gradient) + scale * d);
}

NNOISE_HD float kl_log_variance_gradient(const KlPrior& prior, double scale, float log_variance, float gradient) {
    const double d = exp64(static_cast<double>(log_variance)) * prior.inverse_variance - 1.0;
    return static_cast<float>(static_cast<double>(gradient) + (0.5 * scale) * d);
}

} // namespace nnoise

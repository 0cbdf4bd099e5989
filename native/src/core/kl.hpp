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

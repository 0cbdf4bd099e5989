// Poisson counts: contract section 6. Probabilities are made in double from IEEE-exact operations, so that their error
// is far below what a word of 32 bits can tell.
#pragma once

#include "address.hpp"
#include "exp.hpp"
#include "math.hpp"

namespace nnoise {

inline constexpr float poisson_largest_rate = 0x1p23f; // counts stay below 2^24: a float holds each exactly
inline constexpr double poisson_switch = 10.0;         // below: inversion; from here on: rejection
inline constexpr int poisson_inversion_steps = 64;     // reached by no word: P(count >= 64 | 10) is below 2^-100
inline constexpr int poisson_attempts = 64;            // an attempt fails with less than 0.26: reached once in 2^124

NNOISE_HD bool poisson_takes(float x, float rate) { return (x >= 0.0f && rate <= poisson_largest_rate) || x != x; }

// (w + 1/2) 2^-32 in (0, 1), exact.
NNOISE_HD double unit64(std::uint32_t w) { return (static_cast<double>(w) + 0.5) * 0x1p-32; }

// Inversion: the first k whose P(count <= k) reaches u. u has 2^32 equally likely values, so that every probability is
// right to 2^-32, and counts rarer than 2^-33 do not come.
NNOISE_HD double poisson_by_inversion(double rate, std::uint32_t word) {
    const double u = unit64(word);
    double p = exp64(-rate);
    double sum = p;
    int k = 0;
    while (u > sum && k < poisson_inversion_steps) {
        ++k;
        p = p * rate * (1.0 / k);
        sum = sum + p;
    }
    return k;
}

// Transformed rejection with squeeze: PTRS of Hoermann 1993, "The transformed rejection method for generating Poisson
// random variables". rate >= 10.
struct PoissonHat {
    double rate;
    double a;
    double b;
    double v_r;

    NNOISE_MEMBER static PoissonHat of(double rate) {
        const double b = 0.931 + 2.53 * __builtin_sqrt(rate);
        return PoissonHat{rate, -0.059 + 0.02483 * b, b, 0.9277 - 3.6224 / (b - 2.0)};
    }
};

struct PoissonProposal {
    double k;
    double us; // distance of U from the ends of its interval
    double v;
};

NNOISE_HD PoissonProposal poisson_proposal(const PoissonHat& h, std::uint32_t u_word, std::uint32_t v_word) {
    const double u = unit64(u_word) - 0.5;
    const double us = 0.5 - (u < 0.0 ? -u : u); // never 0: u is an odd multiple of 2^-33
    const double k = __builtin_floor((2.0 * h.a / us + h.b) * u + h.rate + 0.43);
    return PoissonProposal{k, us, unit64(v_word)};
}

NNOISE_HD bool poisson_squeezed(const PoissonHat& h, const PoissonProposal& p) { return p.us >= 0.07 && p.v <= h.v_r; }

// ln k! : the logarithm of the product, exact so far, below 10; from there on Stirling's series, whose next term is
// below 1e-12.
NNOISE_HD double ln_factorial(double k) {
    if (k < 10.0) {
        double product = 1.0;
        for (double i = 2.0; i <= k; i += 1.0) {
            product *= i;
        }
        return ln64(product);
    }
    const double r = 1.0 / k;
    const double z = r * r;
    double series = -1.0 / 1680.0;
    series = series * z + 1.0 / 1260.0;
    series = series * z - 1.0 / 360.0;
    series = series * z + 1.0 / 12.0;
    return (k + 0.5) * ln64(k) - k + 0x1.d67f1c864beb5p-1 + series * r; // ln(2 pi) / 2
}

// Whether a proposal that the squeeze left open is taken.
NNOISE_HD bool poisson_accepted(const PoissonHat& h, const PoissonProposal& p) {
    if (p.k < 0.0 || (p.us < 0.013 && p.v > p.us)) {
        return false;
    }
    const double inverse_alpha = 1.1239 + 1.1328 / (h.b - 3.4);
    const double left = ln64(p.v * inverse_alpha / (h.a / (p.us * p.us) + h.b));
    return left <= p.k * ln64(h.rate) - h.rate - ln_factorial(p.k);
}

// Attempts from `first` on; attempt j takes its words at salts 2j and 2j + 1. After the last: the most likely count.
NNOISE_HD double poisson_by_rejection(const PoissonHat& h, const RowAddress& row, std::uint64_t element, int first) {
    for (int j = first; j < poisson_attempts; ++j) {
        const std::uint32_t salt = 2u * static_cast<std::uint32_t>(j);
        const PoissonProposal p =
            poisson_proposal(h, word_at(salted(row, salt), element), word_at(salted(row, salt + 1), element));
        if (poisson_squeezed(h, p) || poisson_accepted(h, p)) {
            return p.k;
        }
    }
    return __builtin_floor(h.rate);
}

// Poisson(peak x) / peak for a rate that poisson_takes; NaN for NaN.
NNOISE_HD float poisson(float x, const RowAddress& row, std::uint64_t element, float peak) {
    const double rate = static_cast<double>(peak * x);
    if (rate != rate) {
        return x;
    }
    const double count = rate < poisson_switch ? poisson_by_inversion(rate, word_at(row, element))
                                               : poisson_by_rejection(PoissonHat::of(rate), row, element, 0);
    return static_cast<float>(count) / peak;
}

} // namespace nnoise

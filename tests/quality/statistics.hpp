// Probabilities of test statistics under the hypothesis. Every p is P(statistic at least as large as observed): uniform
// on [0, 1] when the hypothesis holds, so that values near either end are news.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace quality {

// P(Z < z), P(Z >= z) of a standard normal.
double normal_below(double z);
double normal_upper(double z);

// The z with P(Z < z) = p.
double normal_quantile(double p);

// Chi-square with `freedom` degrees of freedom: Q(freedom / 2, x / 2) of the incomplete gamma function.
double chi_square_upper(double x, double freedom);

// A count that is Poisson (rare events) or, from 10^4 expected on, normal with the binomial's variance n p (1 - p).
// Discrete, so half of the observed value's own probability counts: uniform on average.
double count_upper(double observed, double n, double probability);

// Kolmogorov's D of n draws, by its limit with Stephens' correction for finite n.
double kolmogorov_upper(double d, double n);

// Anderson-Darling's A^2, by its limit (Marsaglia & Marsaglia 2004, error below 2e-6).
double anderson_darling_upper(double a2);

// D and A^2 of values that should be uniform on (0, 1); sorts them.
struct Goodness {
    double d;
    double a2;
};
Goodness goodness(std::span<double> uniform);

// Pearson's sum over classes with these probabilities, and its p. Neighbouring classes with fewer than 10 expected are
// joined.
struct ChiSquare {
    double x;
    double freedom;
    double p;
};
ChiSquare chi_square(std::span<const std::uint64_t> counts, std::span<const double> probabilities, double n);

// Pearson's test of independence of a k x k table: expected counts from the table's own margins, (k - 1)^2 degrees of
// freedom. (With margins known in advance, pairs that overlap would count their margins' luck twice.)
ChiSquare independence(std::span<const std::uint64_t> table, std::size_t k);

} // namespace quality

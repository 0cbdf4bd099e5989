#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace quality {

double normal_below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
double normal_upper(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

double normal_quantile(double p) {
    double low = -40, high = 40;
    while (high - low > 1e-13) {
        const double middle = 0.5 * (low + high);
        (normal_below(middle) < p ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

namespace {

// Q(a, x): the series of P below a + 1, Legendre's continued fraction (by Lentz) above.
long double gamma_q(long double a, long double x) {
    if (x <= 0) {
        return 1;
    }
    const long double scale = std::exp(a * std::log(x) - x - std::lgamma(a));
    if (x < a + 1) {
        long double term = 1 / a, sum = term;
        for (long double k = a + 1; term > sum * 1e-19L; k += 1) {
            term *= x / k;
            sum += term;
        }
        return 1 - sum * scale;
    }
    long double b = x + 1 - a, c = 1e300L, d = 1 / b, h = d;
    for (long double i = 1; i < 1e8L; i += 1) {
        const long double an = -i * (i - a);
        b += 2;
        d = an * d + b;
        d = 1 / (std::fabs(d) < 1e-300L ? 1e-300L : d);
        c = b + an / c;
        c = std::fabs(c) < 1e-300L ? 1e-300L : c;
        h *= d * c;
        if (std::fabs(d * c - 1) < 1e-18L) {
            break;
        }
    }
    return scale * h;
}

} // namespace

double chi_square_upper(double x, double freedom) {
    return static_cast<double>(gamma_q(freedom / 2, static_cast<long double>(x) / 2));
}

double count_upper(double observed, double n, double probability) {
    const double mean = n * probability;
    if (mean > 1e4) {
        return normal_upper((observed - mean) / std::sqrt(mean * (1 - probability)));
    }
    // P(N >= k) = P(k, mean), the lower incomplete gamma function.
    const long double at_least = observed > 0 ? 1 - gamma_q(observed, mean) : 1.0L;
    const long double above = 1 - gamma_q(observed + 1, mean);
    return static_cast<double>((at_least + above) / 2);
}

double kolmogorov_upper(double d, double n) {
    const double root = std::sqrt(n), t = d * (root + 0.12 + 0.11 / root);
    double sum = 0;
    if (t < 1) { // the other form of the same theta function, which converges fast here
        for (int k = 1; k < 40; k += 2) {
            sum += std::exp(-k * k * std::numbers::pi * std::numbers::pi / (8 * t * t));
        }
        return t > 0 ? 1 - std::sqrt(2 * std::numbers::pi) / t * sum : 1.0;
    }
    for (int k = 1; k < 40; ++k) {
        sum += (k % 2 != 0 ? 2 : -2) * std::exp(-2.0 * k * k * t * t);
    }
    return sum;
}

double anderson_darling_upper(double z) {
    if (z <= 0) {
        return 1;
    }
    if (z < 2) {
        const double polynomial =
            2.00012 + (0.247105 - (0.0649821 - (0.0347962 - (0.011672 - 0.00168691 * z) * z) * z) * z) * z;
        return 1 - std::exp(-1.2337141 / z) / std::sqrt(z) * polynomial;
    }
    const double polynomial = 1.0776 - (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z;
    return -std::expm1(-std::exp(polynomial));
}

Goodness goodness(std::span<double> u) {
    std::sort(u.begin(), u.end());
    const double n = static_cast<double>(u.size());
    Goodness g{0, -n};
    for (std::size_t i = 0; i < u.size(); ++i) {
        const double rank = static_cast<double>(i);
        g.d = std::max({g.d, (rank + 1) / n - u[i], u[i] - rank / n});
        g.a2 -= (2 * rank + 1) / n * (std::log(u[i]) + std::log1p(-u[u.size() - 1 - i]));
    }
    return g;
}

ChiSquare chi_square(std::span<const std::uint64_t> counts, std::span<const double> probabilities, double n) {
    double x = 0, classes = 0, count = 0, expected = 0, rest = n;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        count += static_cast<double>(counts[i]);
        expected += n * probabilities[i];
        rest -= n * probabilities[i];
        if (expected >= 10 && (rest >= 10 || i + 1 == counts.size())) {
            x += (count - expected) * (count - expected) / expected;
            classes += 1;
            count = expected = 0;
        }
    }
    if (expected > 0) {
        x += (count - expected) * (count - expected) / expected;
        classes += 1;
    }
    return {x, classes - 1, chi_square_upper(x, classes - 1)};
}

ChiSquare independence(std::span<const std::uint64_t> table, std::size_t k) {
    std::vector<double> row(k), column(k);
    double n = 0;
    for (std::size_t i = 0; i < k * k; ++i) {
        row[i / k] += static_cast<double>(table[i]);
        column[i % k] += static_cast<double>(table[i]);
        n += static_cast<double>(table[i]);
    }
    double x = 0;
    for (std::size_t i = 0; i < k * k; ++i) {
        const double expected = row[i / k] * column[i % k] / n;
        x += (static_cast<double>(table[i]) - expected) * (static_cast<double>(table[i]) - expected) / expected;
    }
    const double freedom = static_cast<double>((k - 1) * (k - 1));
    return {x, freedom, chi_square_upper(x, freedom)};
}

} // namespace quality

// The new kinds' formulas against double precision, and their draws against the distributions: fixed seeds, bounds from
// the number of draws.
#include "support.hpp"

#include "core/colored.hpp"
#include "core/heavy_tails.hpp"
#include "core/poisson.hpp"

#include <cmath>
#include <complex>
#include <functional>

namespace {

constexpr double pi = 3.14159265358979323846;

// Both ends of the words, both sides of their middle, and an even sample.
std::vector<std::uint32_t> words() {
    std::vector<std::uint32_t> w;
    for (std::uint32_t i = 0; i < 4096; ++i) {
        w.insert(w.end(), {i, ~i, 0x80000000u + i, 0x7FFFFFFFu - i, 0x40000000u + i, 0xC0000000u - i});
    }
    for (std::uint32_t i = 0; i < 1000000; ++i) {
        w.push_back(i * 0x9E3779B1u);
    }
    return w;
}

nnoise_noise descriptor(nnoise_noise_kind kind) {
    nnoise_noise noise;
    EXPECT_EQ(nnoise_noise_default(kind, &noise), NNOISE_STATUS_OK);
    noise.std = 1.0f;
    return noise;
}

// n = rows * columns draws on top of `value`.
std::vector<float> draws(const nnoise_noise& noise, std::int64_t rows, std::int64_t columns, float value = 0.0f) {
    std::vector<float> y(static_cast<std::size_t>(rows * columns), value);
    const nnoise_address address = test::address(20240607u, 0x5EEDu, 1, 0, 0, 1);
    EXPECT_EQ(nnoise_noise_forward(nullptr, NNOISE_DTYPE_FLOAT32, rows, columns, y.data(), y.data(), address, &noise),
              NNOISE_STATUS_OK)
        << nnoise_last_error();
    return y;
}

// sqrt(n) times the largest distance of the draws' distribution from F. Above 2.2 with probability 1.3e-4.
double kolmogorov(std::vector<float> v, const std::function<double(double)>& F) {
    std::sort(v.begin(), v.end());
    const double n = static_cast<double>(v.size());
    double worst = 0;
    for (std::size_t i = 0; i < v.size(); ++i) {
        const double f = F(static_cast<double>(v[i]));
        worst = std::max({worst, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
    }
    return worst * std::sqrt(n);
}

struct Moments {
    double mean;
    double variance; // about 0
};

Moments moments(const std::vector<float>& v) {
    double sum = 0, squares = 0;
    for (const float f : v) {
        sum += static_cast<double>(f);
        squares += static_cast<double>(f) * static_cast<double>(f);
    }
    const double n = static_cast<double>(v.size());
    return {sum / n, squares / n};
}

TEST(Laplace, VariatesAreWithinTheStatedErrors) {
    double near = 0, far = 0, relative = 0, most = 0, least = 1;
    for (const std::uint32_t w : words()) {
        const double exact = -std::log((static_cast<double>(w & 0x7FFFFFFFu) + 0.25) * 0x1p-31);
        const double value = static_cast<double>(nnoise::laplace_variate(w));
        EXPECT_EQ(std::signbit(value), (w >> 31) != 0);
        const double error = std::abs(std::abs(value) - exact);
        (exact < 4 ? near : far) = std::max(exact < 4 ? near : far, error);
        relative = std::max(relative, error / exact);
        most = std::max(most, std::abs(value));
        least = std::min(least, std::abs(value));
    }
    RecordProperty("near", std::to_string(near * 1e7));
    RecordProperty("far", std::to_string(far * 1e7));
    RecordProperty("relative", std::to_string(relative * 1e7));
    EXPECT_LT(near, 2.5e-7);
    EXPECT_LT(far, 2e-6);
    EXPECT_LT(relative, 3.5e-7);
    EXPECT_EQ(least, 0x1.8p-32);
    EXPECT_LT(most, 22.88);
    EXPECT_GT(most, 22.87);
}

TEST(Laplace, DrawsHaveItsDistribution) {
    constexpr std::int64_t n = 1 << 20;
    const std::vector<float> v = draws(descriptor(NNOISE_NOISE_LAPLACE), 16, n / 16);
    const Moments m = moments(v); // E L^4 = 24
    EXPECT_LT(std::abs(m.mean), 5 * std::sqrt(2.0 / n));
    EXPECT_LT(std::abs(m.variance - 2), 5 * std::sqrt(20.0 / n));
    EXPECT_LT(kolmogorov(v, [](double x) { return x < 0 ? 0.5 * std::exp(x) : 1 - 0.5 * std::exp(-x); }), 2.2);
}

// A & S 26.7.3 and 26.7.4, whole nu.
double student_cdf(double t, int nu) {
    const double angle = std::atan(t / std::sqrt(static_cast<double>(nu)));
    const double c = std::cos(angle);
    double term = nu % 2 == 0 ? 1 : c;
    double sum = nu == 1 ? 0 : term;
    for (int k = nu % 2 == 0 ? 2 : 3; k <= nu - 2; k += 2) {
        term *= c * c * (k - 1) / k;
        sum += term;
    }
    const double a = nu % 2 == 0 ? std::sin(angle) * sum : 2 / pi * (angle + std::sin(angle) * sum);
    return 0.5 * (1 + a);
}

TEST(StudentT, ExpMinusOneIsRelativelyPrecise) {
    double worst = 0;
    for (int i = 0; i < 400000; ++i) {
        const float a = std::exp(static_cast<float>(i) * 6e-5f - 20.0f); // 2e-9 to 55
        const double exact = std::expm1(static_cast<double>(a));
        worst = std::max(worst, std::abs(static_cast<double>(nnoise::expm1_positive(a)) - exact) / exact);
    }
    RecordProperty("worst", std::to_string(worst * 1e7));
    EXPECT_LT(worst, 1.5e-7);
    EXPECT_EQ(nnoise::expm1_positive(0.0f), 0.0f);
    EXPECT_EQ(nnoise::expm1_positive(0x1p-60f), 0x1p-60f);
}

TEST(StudentT, RadiusIsWithinTheStatedErrors) {
    for (const float nu : {1.0f, 1.5f, 3.0f, 5.0f, 30.0f, 1e6f, 3e38f}) {
        const nnoise::StudentT t = nnoise::student_t_of(nu);
        const double degrees = std::min(static_cast<double>(nu), 0x1p30);
        double worst = 0;
        for (const std::uint32_t w : words()) {
            const double r2 = -2 * std::log((static_cast<double>(w) + 0.5) * 0x1p-32);
            const double exact = std::sqrt(degrees * std::expm1(r2 / degrees));
            const double radius = static_cast<double>(nnoise::student_t_variate(t, w, 0)); // angle 0
            worst = std::max(worst, std::abs(radius - exact) / exact);
        }
        RecordProperty("nu" + std::to_string(static_cast<int>(std::min(nu, 1e9f))), std::to_string(worst * 1e7));
        EXPECT_LT(worst, nu < 3 ? 2e-6 : (nu < 5 ? 1e-6 : 6e-7)) << nu;
    }
}

TEST(StudentT, DrawsHaveItsDistribution) {
    constexpr std::int64_t n = 1 << 20;
    for (const int nu : {1, 3, 5, 30, 1000000}) {
        nnoise_noise noise = descriptor(NNOISE_NOISE_STUDENT_T);
        noise.degrees = static_cast<float>(nu);
        const std::vector<float> v = draws(noise, 16, n / 16);
        const auto cdf = [nu](double t) {
            // At 10^6 degrees the distribution is the normal one within 1e-6.
            return nu > 1000 ? 0.5 * std::erfc(-t / std::sqrt(2.0)) : student_cdf(t, nu);
        };
        EXPECT_LT(kolmogorov(v, cdf), 2.2) << nu;
        if (nu >= 5) {
            const double variance = nu / (nu - 2.0);
            const double fourth = 3 * variance * variance * (nu - 2.0) / (nu - 4.0);
            const Moments m = moments(v);
            EXPECT_LT(std::abs(m.mean), 5 * std::sqrt(variance / n)) << nu;
            EXPECT_LT(std::abs(m.variance - variance), 5 * std::sqrt((fourth - variance * variance) / n)) << nu;
        }
    }
}

double poisson_probability(double k, double rate) { return std::exp(k * std::log(rate) - rate - std::lgamma(k + 1)); }

// The words whose count is at most k number P(count <= k) 2^32, to one.
TEST(Poisson, InversionIsExactToOneWord) {
    for (const double rate : {0.001, 0.1, 1.0, 5.0, 9.999}) {
        long double cumulative = 0, p = std::exp(-static_cast<long double>(rate));
        for (int k = 0; k < 40; ++k) {
            cumulative += p;
            p *= static_cast<long double>(rate) / (k + 1);
            std::uint64_t low = 0, high = std::uint64_t{1} << 32; // the first word that gives more than k
            while (low < high) {
                const std::uint64_t middle = (low + high) / 2;
                const bool more = nnoise::poisson_by_inversion(rate, static_cast<std::uint32_t>(middle)) > k;
                (more ? high : low) = more ? middle : middle + 1;
            }
            EXPECT_LE(std::abs(static_cast<long double>(low) - cumulative * 0x1p32L), 0.51L) << rate << ", " << k;
        }
    }
}

TEST(Poisson, LogarithmOfFactorialsIsPrecise) {
    for (double k = 0; k < 1e7; k = k < 300 ? k + 1 : std::floor(k * 1.1)) {
        const double exact = std::lgamma(k + 1);
        EXPECT_NEAR(nnoise::ln_factorial(k), exact, 1e-12 + 1e-14 * exact) << k;
    }
}

TEST(Poisson, AttemptsSeldomFail) {
    double worst = 0;
    for (const double rate : {10.0, 12.0, 20.0, 50.0, 1000.0, 1e6, 8e6}) {
        const nnoise::PoissonHat hat = nnoise::PoissonHat::of(rate);
        int failures = 0;
        constexpr int n = 200000;
        for (std::uint32_t i = 0; i < n; ++i) {
            const auto p = nnoise::poisson_proposal(hat, nnoise::mix32(2 * i + 1), nnoise::mix32(2 * i + 2));
            failures += nnoise::poisson_squeezed(hat, p) || nnoise::poisson_accepted(hat, p) ? 0 : 1;
        }
        worst = std::max(worst, static_cast<double>(failures) / n);
    }
    RecordProperty("worst", std::to_string(worst));
    EXPECT_LT(worst, 0.26);
}

TEST(Poisson, CountsHaveItsDistribution) {
    constexpr std::int64_t n = 1 << 20;
    for (const float rate : {0.1f, 1.0f, 5.0f, 9.9f, 10.1f, 50.0f, 1000.0f}) {
        nnoise_noise noise = descriptor(NNOISE_NOISE_POISSON);
        noise.peak = 1.0f;
        const std::vector<float> v = draws(noise, 16, n / 16, rate);
        std::vector<double> counts(2000);
        for (const float f : v) {
            ASSERT_EQ(f, std::floor(f));
            ASSERT_LT(f, 2000);
            counts[static_cast<std::size_t>(f)] += 1;
        }
        // Cells of at least 20 expected counts; what is left of the tail joins the last.
        double chi2 = 0, expected = 0, seen = 0, probability = 0;
        int cells = 0;
        for (std::size_t k = 0; k < counts.size(); ++k) {
            const double p = poisson_probability(static_cast<double>(k), static_cast<double>(rate));
            expected += p * n;
            probability += p;
            seen += counts[k];
            if (expected >= 20 && (1 - probability) * n >= 20) {
                chi2 += (seen - expected) * (seen - expected) / expected;
                ++cells;
                expected = seen = 0;
            }
        }
        expected += (1 - probability) * n;
        chi2 += (seen - expected) * (seen - expected) / expected;
        // Of `cells` degrees of freedom: mean `cells`, variance 2 `cells`.
        EXPECT_GE(cells, 2) << rate;
        EXPECT_LT(chi2, cells + 5 * std::sqrt(2.0 * cells)) << rate;
    }
}

TEST(Poisson, MomentsOfTheLargestRatesAndTheScaleArePeaks) {
    constexpr std::int64_t n = 1 << 18;
    for (const float peak : {255.0f, 1e6f, 0x1p23f}) {
        nnoise_noise noise = descriptor(NNOISE_NOISE_POISSON);
        noise.peak = peak;
        std::vector<float> v = draws(noise, 1, n, 1.0f);
        for (float& f : v) {
            f = (f - 1.0f) * std::sqrt(peak); // mean 0, variance 1, fourth moment 3 + 1 / peak
        }
        const Moments m = moments(v);
        EXPECT_LT(std::abs(m.mean), 5 / std::sqrt(static_cast<double>(n))) << peak;
        EXPECT_LT(std::abs(m.variance - 1), 5 * std::sqrt(2.01 / n)) << peak;
    }
}

TEST(SignalToNoise, RowsHaveTheRatio) {
    constexpr std::int64_t rows = 4, columns = 1 << 16;
    for (const float snr : {-6.0f, 0.0f, 10.0f, 40.0f}) {
        nnoise_noise noise = descriptor(NNOISE_NOISE_GAUSSIAN_SNR);
        noise.snr_db = snr;
        std::vector<float> x(rows * columns), y(x.size());
        for (std::int64_t i = 0; i < rows * columns; ++i) {
            x[static_cast<std::size_t>(i)] =
                static_cast<float>(i / columns + 1) * std::sin(0.01f * static_cast<float>(i % columns));
        }
        ASSERT_EQ(nnoise_noise_forward(nullptr, NNOISE_DTYPE_FLOAT32, rows, columns, x.data(), y.data(),
                                       test::address(), &noise),
                  NNOISE_STATUS_OK);
        for (std::int64_t r = 0; r < rows; ++r) {
            double signal = 0, error = 0;
            for (std::int64_t i = r * columns; i < (r + 1) * columns; ++i) {
                const double s = static_cast<double>(x[static_cast<std::size_t>(i)]);
                const double d = static_cast<double>(y[static_cast<std::size_t>(i)]) - s;
                signal += s * s;
                error += d * d;
            }
            // The noise power's relative standard deviation is sqrt(2 / columns).
            EXPECT_NEAR(10 * std::log10(signal / error), static_cast<double>(snr),
                        5 * 10 / std::log(10) * std::sqrt(2.0 / columns));
        }
    }
}

// What the filters promise, from their constants.
template <int n>
double power(const nnoise::ColorFilter<n>& f, double frequency) {
    std::complex<double> sum = static_cast<double>(f.direct);
    for (int i = 0; i < n; ++i) {
        sum += static_cast<double>(f.gain[i]) /
               (1.0 - static_cast<double>(f.pole[i]) * std::polar(1.0, -2 * pi * frequency));
    }
    return std::norm(sum);
}

// E P_t P_(t + lag): the direct term is a pole at 0.
template <int n>
double covariance(const nnoise::ColorFilter<n>& f, int lag) {
    double pole[n + 1] = {}, gain[n + 1], sum = 0;
    gain[n] = static_cast<double>(f.direct);
    for (int i = 0; i < n; ++i) {
        pole[i] = static_cast<double>(f.pole[i]);
        gain[i] = static_cast<double>(f.gain[i]);
    }
    for (int i = 0; i <= n; ++i) {
        for (int j = 0; j <= n; ++j) {
            sum += gain[i] * gain[j] * std::pow(pole[i], lag) / (1 - pole[i] * pole[j]);
        }
    }
    return sum;
}

TEST(Colored, PinkIsOneOverFWithinTheRipple) {
    double most = 0, least = 1e9;
    for (double f = 0x1p-16; f <= 0.5; f *= 1.003) {
        most = std::max(most, power(nnoise::pink_filter, f) * f);
        least = std::min(least, power(nnoise::pink_filter, f) * f);
    }
    EXPECT_LT(5 * std::log10(most / least), 0.08); // half of the range, in decibels
    EXPECT_NEAR(covariance(nnoise::pink_filter, 0), 1, 1e-6);
    EXPECT_NEAR(covariance(nnoise::brown_filter, 0), 1, 1e-6);
    EXPECT_NEAR(10 * std::log10(power(nnoise::brown_filter, 0.01) / power(nnoise::brown_filter, 0.02)), 6.02, 0.03);
}

template <int n>
void expect_stationary(nnoise_noise_kind kind, const nnoise::ColorFilter<n>& filter) {
    constexpr std::int64_t lines = 1 << 16, length = 40;
    const std::vector<float> v = draws(descriptor(kind), lines, length);
    for (const std::int64_t t : {0, 1, 5, 39}) {
        for (const std::int64_t lag : {0, 1, 7, 39}) {
            if (t + lag >= length) {
                continue;
            }
            double sum = 0;
            for (std::int64_t l = 0; l < lines; ++l) {
                sum += static_cast<double>(v[static_cast<std::size_t>(l * length + t)]) *
                       static_cast<double>(v[static_cast<std::size_t>(l * length + t + lag)]);
            }
            // Normals of correlation c: the product's variance is 1 + c^2.
            const double c = covariance(filter, static_cast<int>(lag));
            EXPECT_NEAR(sum / lines, c, 5 * std::sqrt((1 + c * c) / lines)) << kind << ", " << t << " + " << lag;
        }
    }
}

TEST(Colored, LinesAreStationaryFromTheirFirstElement) {
    expect_stationary(NNOISE_NOISE_PINK, nnoise::pink_filter);
    expect_stationary(NNOISE_NOISE_BROWN, nnoise::brown_filter);
}

// Averaged periodograms of drawn lines, eight frequencies around each of seven octaves: the level is the filter's, and
// a straight line through the octaves has the slope.
template <int n>
double measured_slope(nnoise_noise_kind kind, const nnoise::ColorFilter<n>& filter) {
    constexpr std::int64_t lines = 256, length = 2048;
    constexpr int octaves = 7, around = 8;
    std::vector<float> v = draws(descriptor(kind), lines, length);
    double window_power = 0;
    for (std::int64_t i = 0; i < lines * length; ++i) {
        const double t = (static_cast<double>(i % length) + 0.5) / length;
        const double window = std::sin(pi * t) * std::sin(pi * t); // Hann: its leakage falls faster than 1/f^2
        window_power += window * window / lines;
        v[static_cast<std::size_t>(i)] *= static_cast<float>(window);
    }
    double sum_xy = 0, sum_xx = 0;
    for (int o = 0; o < octaves; ++o) {
        double decibels = 0, relative = 0;
        for (int a = 0; a < around; ++a) {
            const double f = std::exp2(o - 8) * (1 + 0.1 * (a - 3.5));
            const std::complex<double> turn = std::polar(1.0, -2 * pi * f);
            double sum = 0;
            for (std::int64_t l = 0; l < lines; ++l) {
                std::complex<double> at = 1, transform = 0;
                for (std::int64_t t = 0; t < length; ++t) {
                    transform += at * static_cast<double>(v[static_cast<std::size_t>(l * length + t)]);
                    at *= turn;
                }
                sum += std::norm(transform);
            }
            const double measured = sum / lines / window_power;
            relative += measured / power(filter, f) / around;
            decibels += 10 * std::log10(measured) / around;
        }
        // The frequencies of an octave are nearly independent; 256 lines each.
        EXPECT_NEAR(relative, 1, 5 / std::sqrt(lines * around / 2.0)) << kind << ", octave " << o;
        const double x = o - (octaves - 1) / 2.0;
        sum_xy += x * decibels;
        sum_xx += x * x;
    }
    return sum_xy / sum_xx;
}

TEST(Colored, DrawnLinesHaveTheSlope) {
    // A point's standard deviation is 10 / ln 10 / sqrt(1024) = 0.14 dB, the slope's 0.14 / sqrt(28) = 0.026 dB.
    EXPECT_NEAR(measured_slope(NNOISE_NOISE_PINK, nnoise::pink_filter), -3.01, 0.13 + 0.03);
    // Brown: with the sampled walk's own bend, sin(pi f)^2 for (pi f)^2, up to a quarter of the rate.
    EXPECT_NEAR(measured_slope(NNOISE_NOISE_BROWN, nnoise::brown_filter), -6.02, 0.13 + 0.2);
}

} // namespace

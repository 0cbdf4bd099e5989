// The Kullback-Leibler divergence against its closed form in long double, its gradients, and its bits.
#include "linear_helpers.hpp"

#include <core/kl.hpp>

using namespace linear_tests;

namespace {

long double exact_kl(const Floats& mean, const Floats& log_variance, long double m0, long double s0) {
    long double sum = 0.0L;
    for (std::size_t i = 0; i < mean.size(); ++i) {
        const long double r = static_cast<long double>(log_variance[i]);
        const long double d = static_cast<long double>(mean[i]) - m0;
        sum += std::log(s0) - r / 2 + (std::exp(r) + d * d) / (2 * s0 * s0) - 0.5L;
    }
    return sum;
}

double kl(nnoise_context* context, const Floats& mean, const Floats& log_variance, float m0, float s0) {
    double value = -1.0;
    EXPECT_EQ(nnoise_kl_divergence(context, static_cast<std::int64_t>(mean.size()), mean.data(), log_variance.data(),
                                   m0, s0, &value),
              NNOISE_STATUS_OK)
        << nnoise_last_error();
    return value;
}

TEST(KlDivergence, TheTextbookCase) {
    // N(0.1, 0.05^2) against N(0, 1): -ln 0.05 + (0.0025 + 0.01) / 2 - 1/2.
    const Floats mean{0.1f};
    const Floats log_variance{std::log(0.0025f)};
    EXPECT_NEAR(kl(Context(), mean, log_variance, 0.0f, 1.0f), 2.501982, 1e-6);
}

TEST(KlDivergence, IsZeroAgainstItself) {
    const Floats mean(1000, 0.5f);
    EXPECT_EQ(kl(Context(), mean, Floats(1000, 0.0f), 0.5f, 1.0f), 0.0);
    EXPECT_EQ(kl(Context(), {}, {}, 0.0f, 1.0f), 0.0);
}

TEST(KlDivergence, IsTheClosedFormForAllSizesSetsAndThreads) {
    for (const std::int64_t n : {1, 7, 8, 9, 100, 8191, 8192, 8193, 50000}) {
        const Floats mean = data(1, n);
        Floats log_variance = data(2, n, 3.0f);
        for (float& v : log_variance) {
            v -= 4.0f;
        }
        for (const auto& [m0, s0] : {std::pair{0.0f, 1.0f}, std::pair{-0.3f, 0.1f}, std::pair{2.0f, 30.0f}}) {
            const double value = kl(Context(NNOISE_ISA_SCALAR), mean, log_variance, m0, s0);
            const double exact = static_cast<double>(
                exact_kl(mean, log_variance, static_cast<long double>(m0), static_cast<long double>(s0)));
            EXPECT_NEAR(value, exact, 1e-12 * std::abs(exact) + 1e-13 * static_cast<double>(n));
            for (const std::int32_t isa : vector_sets()) {
                for (int threads = 1; threads <= 5; ++threads) {
                    const double other = kl(Context(isa, threads), mean, log_variance, m0, s0);
                    EXPECT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(other)) << n;
                }
            }
        }
    }
}

TEST(KlDivergence, ItsExponentialIsAccurateOverItsWholeRange) {
    for (double x = -700.0; x <= 700.0; x += 0.37) {
        const long double exact = std::exp(static_cast<long double>(x));
        const long double error = std::abs(static_cast<long double>(nnoise::exp64(x)) - exact) / exact;
        ASSERT_LT(error, 1e-14L) << x;
    }
    EXPECT_EQ(nnoise::exp64(0.0), 1.0);
    EXPECT_LT(nnoise::exp64(709.0), static_cast<double>(INFINITY));
    EXPECT_EQ(nnoise::exp64(710.0), static_cast<double>(INFINITY));
    EXPECT_EQ(nnoise::exp64(1e300), static_cast<double>(INFINITY));
    EXPECT_GT(nnoise::exp64(-1e300), 0.0);
    EXPECT_TRUE(std::isnan(nnoise::exp64(std::nan(""))));
}

TEST(KlDivergence, NaNAndInfinityPassThrough) {
    const Context context;
    EXPECT_TRUE(std::isnan(kl(context, {0.0f, NAN}, {0.0f, 0.0f}, 0.0f, 1.0f)));
    EXPECT_TRUE(std::isnan(kl(context, {0.0f, 0.0f}, {0.0f, NAN}, 0.0f, 1.0f)));
    EXPECT_EQ(kl(context, {INFINITY, 0.0f}, {0.0f, 0.0f}, 0.0f, 1.0f), INFINITY);
    EXPECT_EQ(kl(context, {0.0f, 0.0f}, {-INFINITY, 0.0f}, 0.0f, 1.0f), INFINITY);
    for (const std::int32_t isa : {NNOISE_ISA_SCALAR, NNOISE_ISA_AUTO}) {
        EXPECT_EQ(kl(Context(isa), {0.0f, 0.0f}, {INFINITY, 0.0f}, 0.0f, 1.0f), INFINITY);
        EXPECT_EQ(kl(Context(isa), {0.0f, 0.0f}, {1e30f, 0.0f}, 0.0f, 1.0f), INFINITY);
    }
}

TEST(KlDivergence, GradientsAreTheClosedFormAndAreAdded) {
    for (const std::int64_t n : {1, 9, 1000, 20000}) {
        const Floats mean = data(1, n);
        const Floats log_variance = data(2, n, 2.0f);
        const float m0 = 0.25f, s0 = 0.5f, scale = 0.75f;
        Floats dmean(mean.size(), 3.0f), dlog(mean.size(), -2.0f);
        ASSERT_EQ(nnoise_kl_divergence_backward(Context(NNOISE_ISA_SCALAR), n, mean.data(), log_variance.data(), m0, s0,
                                                scale, dmean.data(), dlog.data()),
                  NNOISE_STATUS_OK);
        for (std::size_t i = 0; i < mean.size(); ++i) {
            const double dm = 3.0 + 0.75 * (static_cast<double>(mean[i]) - 0.25) / 0.25;
            const double dl = -2.0 + 0.75 * (std::exp(static_cast<double>(log_variance[i])) / 0.25 - 1.0) / 2.0;
            ASSERT_EQ(dmean[i], static_cast<float>(dm)) << i;
            ASSERT_NEAR(static_cast<double>(dlog[i]), dl, 0x1p-24 * std::abs(dl) * 1.001) << i;
        }
        for (const std::int32_t isa : vector_sets()) {
            for (int threads = 1; threads <= 5; ++threads) {
                Floats a(mean.size(), 3.0f), b(mean.size(), -2.0f);
                ASSERT_EQ(nnoise_kl_divergence_backward(Context(isa, threads), n, mean.data(), log_variance.data(), m0,
                                                        s0, scale, a.data(), b.data()),
                          NNOISE_STATUS_OK);
                EXPECT_EQ(difference(dmean, a), "");
                EXPECT_EQ(difference(dlog, b), "");
            }
        }
    }
}

TEST(KlDivergence, RefusesBadArgumentsAndWritesNothing) {
    const Context context;
    const Floats v(4, 0.0f);
    double value = 7.0;
    const auto call = [&](nnoise_context* c, std::int64_t n, const float* m, const float* r, float m0, float s0,
                          double* to) { return nnoise_kl_divergence(c, n, m, r, m0, s0, to); };
    EXPECT_EQ(call(nullptr, 4, v.data(), v.data(), 0, 1, &value), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(call(context, -1, v.data(), v.data(), 0, 1, &value), NNOISE_STATUS_INVALID_SHAPE);
    EXPECT_EQ(call(context, 4, nullptr, v.data(), 0, 1, &value), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(call(context, 4, v.data(), nullptr, 0, 1, &value), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(call(context, 4, v.data(), v.data(), 0, 1, nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(call(context, 4, v.data(), v.data(), NAN, 1, &value), NNOISE_STATUS_INVALID_ARGUMENT);
    for (const float s0 : {0.0f, -1.0f, INFINITY, NAN}) {
        EXPECT_EQ(call(context, 4, v.data(), v.data(), 0, s0, &value), NNOISE_STATUS_INVALID_ARGUMENT);
    }
    EXPECT_EQ(call(context, 4, v.data(), v.data(), 0, -1, &value), NNOISE_STATUS_INVALID_ARGUMENT);
    EXPECT_STREQ(nnoise_last_error(), "nnoise_kl_divergence: prior_std is -1; expected a finite number > 0");
    EXPECT_EQ(value, 7.0);
    Floats both(4, 5.0f);
    EXPECT_EQ(call(context, 4, both.data(), v.data(), 0, 1, reinterpret_cast<double*>(both.data())),
              NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(call(context, 4, v.data(), both.data(), 0, 1, reinterpret_cast<double*>(both.data())),
              NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(difference(both, Floats(4, 5.0f)), "");

    Floats g(8, 5.0f);
    const auto back = [&](float scale, float* dm, float* dl) {
        return nnoise_kl_divergence_backward(context, 4, v.data(), v.data(), 0, 1, scale, dm, dl);
    };
    EXPECT_EQ(back(NAN, g.data(), g.data() + 4), NNOISE_STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(back(1, nullptr, g.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(back(1, g.data(), nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(back(1, g.data(), g.data() + 3), NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(difference(g, Floats(8, 5.0f)), "");
}

} // namespace

// Values of activations, losses, reductions and optimiser steps against double precision, and every backward against
// finite differences.
#include "support.hpp"

#include "core/math.hpp"
#include "core/optimizer_ops.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace {

constexpr nnoise_dtype f32 = NNOISE_DTYPE_FLOAT32;

double ulp(double exact) {
    const float f = std::fabs(static_cast<float>(exact));
    const float above = std::nextafter(f, INFINITY);
    return static_cast<double>(above) - static_cast<double>(f);
}

// Largest error in units of the last place of f over a million arguments in [low, high].
double worst_ulps(float (*f)(float), double (*exact)(double), float low, float high) {
    double worst = 0;
    constexpr int steps = 1000000;
    for (int i = 0; i <= steps; ++i) {
        const float x = low + (high - low) * (static_cast<float>(i) / static_cast<float>(steps));
        const double e = exact(static_cast<double>(x));
        worst = std::max(worst, std::fabs(static_cast<double>(f(x)) - e) / ulp(e));
    }
    return worst;
}

TEST(Math, ExpIsWithinOneUlp) {
    EXPECT_LT(worst_ulps(nnoise::exp32, std::exp, -87.0f, 88.7f), 1.0);
    EXPECT_EQ(nnoise::exp32(0.0f), 1.0f);
    EXPECT_EQ(nnoise::exp32(INFINITY), INFINITY);
    EXPECT_EQ(nnoise::exp32(89.0f), INFINITY);
    EXPECT_EQ(nnoise::exp32(-INFINITY), 0.0f);
    EXPECT_EQ(nnoise::exp32(-104.0f), 0.0f);
    EXPECT_GT(nnoise::exp32(-103.9f), 0.0f); // subnormal
    EXPECT_TRUE(std::isnan(nnoise::exp32(NAN)));
}

double exact_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double exact_gelu(double x) {
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
}

TEST(Math, TanhAndSigmoidAreWithinTwoAndAHalfUlps) {
    EXPECT_LT(worst_ulps(nnoise::tanh32, std::tanh, -12.0f, 12.0f), 2.5);
    EXPECT_LT(worst_ulps(nnoise::tanh32, std::tanh, -0.7f, 0.7f), 2.5);
    EXPECT_LT(worst_ulps(nnoise::sigmoid32, exact_sigmoid, -80.0f, 80.0f), 2.5);
    EXPECT_EQ(nnoise::tanh32(INFINITY), 1.0f);
    EXPECT_EQ(nnoise::tanh32(-INFINITY), -1.0f);
    EXPECT_TRUE(std::signbit(nnoise::tanh32(-0.0f)));
    EXPECT_EQ(nnoise::tanh32(1e-40f), 1e-40f);
    EXPECT_EQ(nnoise::sigmoid32(INFINITY), 1.0f);
    EXPECT_EQ(nnoise::sigmoid32(-INFINITY), 0.0f);
    EXPECT_EQ(nnoise::sigmoid32(0.0f), 0.5f);
    EXPECT_TRUE(std::isnan(nnoise::tanh32(NAN)) && std::isnan(nnoise::sigmoid32(NAN)));
}

// The argument of the sigmoid is rounded and as large as 2 u = 20, so relative errors reach some 20 times half an ulp.
TEST(Math, GeluIsCloseToItsFormula) {
    double worst = 0;
    for (int i = -60000; i <= 60000; ++i) {
        const float x = static_cast<float>(i) * 1e-4f;
        const double exact = exact_gelu(static_cast<double>(x));
        worst = std::max(worst,
                         std::fabs(static_cast<double>(nnoise::gelu32(x)) - exact) / std::max(1e-7, std::fabs(exact)));
    }
    EXPECT_LT(worst, 2e-6);
    EXPECT_EQ(nnoise::gelu32(0.0f), 0.0f);
    EXPECT_EQ(nnoise::gelu32(100.0f), 100.0f);
    EXPECT_EQ(nnoise::gelu_gradient32(1e20f), 1.0f);
    EXPECT_EQ(nnoise::gelu_gradient32(-1e20f), 0.0f);
}

TEST(Math, LogarithmIsExactToDoublePrecision) {
    for (const double x : {1.0, 1.5, 0.7, 2.0, 3.14159, 1e10, 1e-10, 123456789.0, 3.4e38}) {
        EXPECT_NEAR(nnoise::ln64(x), std::log(x), 4e-16 * std::max(1.0, std::fabs(std::log(x)))) << x;
    }
}

// Central differences of `loss` in each of a few inputs against the analytic gradient.
void check_gradient(std::vector<float> x, const std::vector<float>& gradient,
                    const std::function<double(const std::vector<float>&)>& loss, float h, double tolerance) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float saved = x[i];
        x[i] = saved + h;
        const double above = loss(x);
        const float right = x[i];
        x[i] = saved - h;
        const double below = loss(x);
        const double width = static_cast<double>(right) - static_cast<double>(x[i]);
        x[i] = saved;
        EXPECT_NEAR((above - below) / width, static_cast<double>(gradient[i]), tolerance) << "element " << i;
    }
}

double weighted(const std::vector<float>& y, const std::vector<float>& weights) {
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        sum += static_cast<double>(y[i]) * static_cast<double>(weights[i]);
    }
    return sum;
}

TEST(Gradients, OfActivationsEqualFiniteDifferences) {
    for (const nnoise_activation kind : {NNOISE_ACTIVATION_NONE, NNOISE_ACTIVATION_RELU, NNOISE_ACTIVATION_TANH,
                                         NNOISE_ACTIVATION_SIGMOID, NNOISE_ACTIVATION_GELU}) {
        const std::vector<float> x = test::values(60, 1, false, 3.0f), dy = test::values(60, 2);
        std::vector<float> y(60), dx(60);
        ASSERT_EQ(nnoise_activation_forward(nullptr, kind, 60, x.data(), y.data()), NNOISE_STATUS_OK);
        const float* saved = kind == NNOISE_ACTIVATION_GELU ? x.data() : y.data();
        ASSERT_EQ(nnoise_activation_backward(nullptr, kind, 60, saved, dy.data(), dx.data()), NNOISE_STATUS_OK);
        const auto loss = [&](const std::vector<float>& v) {
            std::vector<float> out(60);
            nnoise_activation_forward(nullptr, kind, 60, v.data(), out.data());
            return weighted(out, dy);
        };
        SCOPED_TRACE(kind);
        check_gradient(x, dx, loss, 2e-3f, 1.5e-3);
    }
}

TEST(Gradients, OfNoiseEqualFiniteDifferences) {
    using Forward = std::function<nnoise_status(const float*, float*)>;
    using Backward = std::function<nnoise_status(const float*, const float*, float*)>;
    const nnoise_address a = test::address();
    const struct {
        const char* name;
        Forward forward;
        Backward backward;
    } kinds[] = {
        {"relative",
         [&](const float* x, float* y) { return nnoise_gaussian_relative(nullptr, f32, 3, 17, x, y, a, 0.4f); },
         [&](const float* x, const float* dy, float* dx) {
             return nnoise_gaussian_relative_backward(nullptr, f32, 3, 17, x, dy, dx, a, 0.4f);
         }},
        {"multiplicative",
         [&](const float* x, float* y) { return nnoise_gaussian_multiplicative(nullptr, f32, 3, 17, x, y, a, 0.4f); },
         [&](const float*, const float* dy, float* dx) {
             return nnoise_gaussian_multiplicative(nullptr, f32, 3, 17, dy, dx, a, 0.4f);
         }},
        {"salt_and_pepper",
         [&](const float* x, float* y) { return nnoise_salt_and_pepper(nullptr, f32, 3, 17, x, y, a, 0.5f, 1, 0); },
         [&](const float*, const float* dy, float* dx) {
             return nnoise_salt_and_pepper_backward(nullptr, f32, 3, 17, dy, dx, a, 0.5f);
         }},
        {"dropout", [&](const float* x, float* y) { return nnoise_dropout(nullptr, f32, 3, 17, x, y, a, 0.5f); },
         [&](const float*, const float* dy, float* dx) {
             return nnoise_dropout(nullptr, f32, 3, 17, dy, dx, a, 0.5f);
         }},
    };
    for (const auto& kind : kinds) {
        SCOPED_TRACE(kind.name);
        const std::vector<float> x = test::values(51, 1), dy = test::values(51, 2);
        std::vector<float> dx(51);
        ASSERT_EQ(kind.backward(x.data(), dy.data(), dx.data()), NNOISE_STATUS_OK);
        const auto loss = [&](const std::vector<float>& v) {
            std::vector<float> y(51);
            EXPECT_EQ(kind.forward(v.data(), y.data()), NNOISE_STATUS_OK);
            return weighted(y, dy);
        };
        check_gradient(x, dx, loss, 1e-3f, 1e-3);
    }
}

TEST(Gradients, OfRelativeNoiseAtZeroIsDy) {
    const float x[] = {0.0f, -0.0f}, dy[] = {1.5f, -2.0f};
    float dx[2];
    ASSERT_EQ(nnoise_gaussian_relative_backward(nullptr, f32, 1, 2, x, dy, dx, test::address(), 0.5f),
              NNOISE_STATUS_OK);
    EXPECT_EQ(dx[0], 1.5f);
    EXPECT_EQ(dx[1], -2.0f);
}

TEST(Losses, CrossEntropyEqualsItsFormulaAndItsGradientDifferences) {
    constexpr std::int64_t rows = 9, classes = 7;
    const std::vector<float> logits = test::values(rows * classes, 3, false, 4.0f);
    std::vector<std::int32_t> labels(rows);
    double exact = 0;
    for (std::size_t r = 0; r < rows; ++r) {
        labels[r] = static_cast<std::int32_t>(r % classes);
        double sum = 0;
        for (std::size_t c = 0; c < classes; ++c) {
            sum += std::exp(static_cast<double>(logits[r * classes + c]));
        }
        exact += std::log(sum) - static_cast<double>(logits[r * classes + r % classes]);
    }
    const auto loss_of = [&](const std::vector<float>& v) {
        double loss = 0;
        EXPECT_EQ(
            nnoise_softmax_cross_entropy(nullptr, rows, classes, v.data(), labels.data(), 1, nullptr, nullptr, &loss),
            NNOISE_STATUS_OK);
        return loss;
    };
    EXPECT_NEAR(loss_of(logits), exact / rows, 1e-6);
    std::vector<float> gradient(rows * classes), losses(rows);
    double loss = 0;
    ASSERT_EQ(nnoise_softmax_cross_entropy(nullptr, rows, classes, logits.data(), labels.data(), 1.0f / rows,
                                           gradient.data(), losses.data(), &loss),
              NNOISE_STATUS_OK);
    check_gradient(logits, gradient, loss_of, 1e-2f, 2e-5);
    double total = 0;
    for (const float f : losses) {
        total += static_cast<double>(f);
    }
    EXPECT_NEAR(total / rows, loss, 1e-6);
}

TEST(Losses, CrossEntropyKeepsItsDigitsForHugeLogits) {
    const float logits[] = {1e4f, 0.0f, -1e4f, -2e38f, 3.0f, 2e38f};
    const std::int32_t labels[] = {1, 2};
    float losses[2], p[6];
    double loss = 0;
    ASSERT_EQ(nnoise_softmax_cross_entropy(nullptr, 2, 3, logits, labels, 1, nullptr, losses, &loss), NNOISE_STATUS_OK);
    EXPECT_EQ(losses[0], 1e4f);
    EXPECT_EQ(losses[1], 0.0f);
    ASSERT_EQ(nnoise_softmax(nullptr, 2, 3, logits, p), NNOISE_STATUS_OK);
    EXPECT_EQ(p[0], 1.0f);
    EXPECT_EQ(p[1], 0.0f);
    EXPECT_EQ(p[5], 1.0f);
    const float bad[] = {1.0f, NAN, 2.0f};
    ASSERT_EQ(nnoise_softmax_cross_entropy(nullptr, 1, 3, bad, labels, 1, nullptr, losses, &loss), NNOISE_STATUS_OK);
    EXPECT_TRUE(std::isnan(loss));
}

TEST(Losses, SoftmaxRowsSumToOne) {
    for (const std::int64_t classes : {1, 2, 10, 1000}) {
        const std::vector<float> x = test::values(4 * classes, 9, false, 5.0f);
        std::vector<float> p(x.size());
        ASSERT_EQ(nnoise_softmax(nullptr, 4, classes, x.data(), p.data()), NNOISE_STATUS_OK);
        for (std::int64_t r = 0; r < 4; ++r) {
            double sum = 0;
            for (std::int64_t c = 0; c < classes; ++c) {
                sum += static_cast<double>(p[static_cast<std::size_t>(r * classes + c)]);
            }
            EXPECT_NEAR(sum, 1, 1e-5);
        }
    }
}

TEST(Losses, MeanSquaredErrorEqualsItsFormula) {
    const std::vector<float> y = test::values(5000, 1), t = test::values(5000, 2);
    double exact = 0, loss = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double d = static_cast<double>(y[i] - t[i]);
        exact += d * d / 5000;
    }
    std::vector<float> dy(5000);
    ASSERT_EQ(nnoise_mean_squared_error(nullptr, 5000, y.data(), t.data(), 1.0f / 5000, dy.data(), &loss),
              NNOISE_STATUS_OK);
    EXPECT_NEAR(loss, exact, 1e-12);
    EXPECT_FLOAT_EQ(dy[17], 2 * (y[17] - t[17]) / 5000);
}

TEST(Reductions, AreExactWhereDoubleIs) {
    constexpr std::int64_t n = 1000003; // integers: every partial sum is exact in double
    std::vector<float> x(n);
    double sum = 0, squares = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        x[static_cast<std::size_t>(i)] = static_cast<float>(i % 1009 - 500);
        sum += static_cast<double>(i % 1009 - 500);
        squares += static_cast<double>((i % 1009 - 500) * (i % 1009 - 500));
    }
    double got = 0;
    ASSERT_EQ(nnoise_sum(nullptr, n, x.data(), &got), NNOISE_STATUS_OK);
    EXPECT_EQ(got, sum);
    ASSERT_EQ(nnoise_sum_squares(nullptr, n, x.data(), &got), NNOISE_STATUS_OK);
    EXPECT_EQ(got, squares);
}

TEST(Reductions, ColumnSumsAddToWhatIsThere) {
    constexpr std::int64_t rows = 200, columns = 21;
    const std::vector<float> x = test::values(rows * columns, 1);
    std::vector<float> out(columns, 100.0f), fresh(columns, 100.0f);
    ASSERT_EQ(nnoise_column_sum(nullptr, rows, columns, x.data(), fresh.data(), 0), NNOISE_STATUS_OK);
    ASSERT_EQ(nnoise_column_sum(nullptr, rows, columns, x.data(), out.data(), 1), NNOISE_STATUS_OK);
    for (std::size_t c = 0; c < columns; ++c) {
        double exact = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            exact += static_cast<double>(x[r * columns + c]);
        }
        EXPECT_NEAR(static_cast<double>(fresh[c]), exact, 1e-4);
        EXPECT_NEAR(static_cast<double>(out[c]), 100 + exact, 1e-4);
    }
}

TEST(Reductions, ArgmaxTakesTheFirstLargestAndNaNsFirst) {
    const float x[] = {1, 3, 3, 2, /**/ -5, -5, -5, -5, /**/ 1, NAN, 7, NAN, /**/ -INFINITY, 2, INFINITY, 0};
    std::int32_t index[4];
    ASSERT_EQ(nnoise_argmax(nullptr, 4, 4, x, index), NNOISE_STATUS_OK);
    EXPECT_EQ(index[0], 1);
    EXPECT_EQ(index[1], 0);
    EXPECT_EQ(index[2], 1);
    EXPECT_EQ(index[3], 2);
}

TEST(Arithmetic, BetaZeroDoesNotReadTheOutput) {
    const float x[] = {1, 2, 3};
    float y[] = {NAN, INFINITY, 5};
    ASSERT_EQ(nnoise_axpby(nullptr, 3, 2.0f, x, 0.0f, y), NNOISE_STATUS_OK);
    EXPECT_EQ(y[0], 2.0f);
    EXPECT_EQ(y[1], 4.0f);
    EXPECT_EQ(y[2], 6.0f);
    ASSERT_EQ(nnoise_axpby(nullptr, 3, 2.0f, x, -1.0f, y), NNOISE_STATUS_OK);
    EXPECT_EQ(y[2], 0.0f);
}

TEST(Arithmetic, AxpbyInPlace) {
    std::vector<nnoise_isa> sets = test::fast_sets();
    sets.push_back(NNOISE_ISA_SCALAR);
    for (const nnoise_isa isa : sets) {
        const test::Context context(2, isa);
        for (const std::int64_t n : {1, 7, 8, 33, 200000}) {
            std::vector<float> y = test::values(n, 1), expected = y;
            for (float& f : expected) {
                f = std::fma(1.7f, f, -0.3f * f);
            }
            ASSERT_EQ(nnoise_axpby(context, n, 1.7f, y.data(), -0.3f, y.data()), NNOISE_STATUS_OK);
            EXPECT_TRUE(test::same_bits(expected.data(), y.data(), n)) << "set " << isa;
        }
    }
}

TEST(Noise, MagnitudeZeroCopiesBits) {
    const float x[] = {-0.0f, 0.0f, 1e-45f, INFINITY, -3.5f};
    const nnoise_address a = test::address();
    float y[5];
    const std::function<nnoise_status()> calls[] = {
        [&] { return nnoise_gaussian(nullptr, f32, 1, 5, x, y, a, 0.0f); },
        [&] { return nnoise_gaussian_relative(nullptr, f32, 1, 5, x, y, a, 0.0f); },
        [&] { return nnoise_gaussian_multiplicative(nullptr, f32, 1, 5, x, y, a, 0.0f); },
        [&] { return nnoise_gaussian_relative_backward(nullptr, f32, 1, 5, y, x, y, a, 0.0f); },
        [&] { return nnoise_uniform(nullptr, f32, 1, 5, x, y, a, 0.0f, 0.0f); },
        [&] { return nnoise_salt_and_pepper(nullptr, f32, 1, 5, x, y, a, 0.0f, 1, 0); },
        [&] { return nnoise_salt_and_pepper_backward(nullptr, f32, 1, 5, x, y, a, 0.0f); },
        [&] { return nnoise_dropout(nullptr, f32, 1, 5, x, y, a, 0.0f); },
    };
    for (const auto& call : calls) {
        std::fill(y, y + 5, 77.0f);
        ASSERT_EQ(call(), NNOISE_STATUS_OK) << nnoise_last_error();
        EXPECT_EQ(std::memcmp(x, y, sizeof x), 0);
    }
}

TEST(Noise, NaNPassesThrough) {
    std::vector<float> x(40, NAN), y(40);
    const nnoise_address a = test::address();
    ASSERT_EQ(nnoise_gaussian(nullptr, f32, 1, 40, x.data(), y.data(), a, 0.1f), NNOISE_STATUS_OK);
    EXPECT_TRUE(std::all_of(y.begin(), y.end(), [](float f) { return std::isnan(f); }));
    ASSERT_EQ(nnoise_uniform(nullptr, f32, 1, 40, x.data(), y.data(), a, -1, 1), NNOISE_STATUS_OK);
    EXPECT_TRUE(std::all_of(y.begin(), y.end(), [](float f) { return std::isnan(f); }));
    const std::vector<float> dy(40, 1.0f);
    ASSERT_EQ(nnoise_gaussian_relative_backward(nullptr, f32, 1, 40, x.data(), dy.data(), y.data(), a, 0.1f),
              NNOISE_STATUS_OK);
    EXPECT_TRUE(std::all_of(y.begin(), y.end(), [](float f) { return std::isnan(f); }));
}

TEST(Noise, FrequenciesAreTheProbabilities) {
    constexpr std::int64_t n = 1000000;
    std::vector<float> x(n, 0.5f), y(n);
    const double deviation = 5 * std::sqrt(n * 0.1 * 0.9);
    ASSERT_EQ(nnoise_salt_and_pepper(nullptr, f32, 1, n, x.data(), y.data(), test::address(), 0.2f, 1, 0),
              NNOISE_STATUS_OK);
    EXPECT_NEAR(static_cast<double>(std::count(y.begin(), y.end(), 1.0f)), n * 0.1, deviation);
    EXPECT_NEAR(static_cast<double>(std::count(y.begin(), y.end(), 0.0f)), n * 0.1, deviation);
    ASSERT_EQ(nnoise_dropout(nullptr, f32, 1, n, x.data(), y.data(), test::address(), 0.1f), NNOISE_STATUS_OK);
    EXPECT_NEAR(static_cast<double>(std::count(y.begin(), y.end(), 0.0f)), n * 0.1, deviation);
    EXPECT_FLOAT_EQ(*std::max_element(y.begin(), y.end()), 0.5f / 0.9f);
    ASSERT_EQ(nnoise_dropout(nullptr, f32, 1, n, x.data(), y.data(), test::address(), 1.0f), NNOISE_STATUS_OK);
    EXPECT_EQ(std::count(y.begin(), y.end(), 0.0f), n);
}

// Twenty steps of the textbook formulas in double, on the same gradients.
struct Textbook {
    std::vector<double> p, m, v;
};

TEST(Optimizers, AdamFollowsTheTextbook) {
    for (const int decoupled : {0, 1}) {
        nnoise_optimizer_options o;
        nnoise_optimizer_options_default(&o);
        o.learning_rate = 0.05f;
        o.weight_decay = 0.1f;
        o.decoupled = decoupled;
        std::vector<float> p = test::values(50, 1), m(50), v(50);
        Textbook t{std::vector<double>(p.begin(), p.end()), std::vector<double>(50), std::vector<double>(50)};
        for (std::uint64_t step = 1; step <= 20; ++step) {
            o.step = step;
            const std::vector<float> g = test::values(50, static_cast<std::uint32_t>(step + 100));
            ASSERT_EQ(nnoise_adamw_step(nullptr, &o, 50, p.data(), g.data(), m.data(), v.data()), NNOISE_STATUS_OK);
            for (std::size_t i = 0; i < 50; ++i) {
                double d = static_cast<double>(g[i]);
                if (decoupled != 0) {
                    t.p[i] *= 1 - 0.05 * 0.1;
                } else {
                    d += 0.1 * t.p[i];
                }
                t.m[i] += 0.1 * (d - t.m[i]);
                t.v[i] = 0.999 * t.v[i] + 0.001 * d * d;
                const double n = static_cast<double>(step);
                t.p[i] -= 0.05 / (1 - std::pow(0.9, n)) * t.m[i] /
                          (std::sqrt(t.v[i]) / std::sqrt(1 - std::pow(0.999, n)) + 1e-8);
            }
        }
        for (std::size_t i = 0; i < 50; ++i) {
            EXPECT_NEAR(static_cast<double>(p[i]), t.p[i], 5e-5) << "decoupled " << decoupled << ", element " << i;
        }
    }
}

TEST(Optimizers, SgdFollowsTheTextbook) {
    for (const int nesterov : {0, 1}) {
        nnoise_optimizer_options o;
        nnoise_optimizer_options_default(&o);
        o.learning_rate = 0.05f;
        o.weight_decay = 0.1f;
        o.momentum = 0.8f;
        o.nesterov = nesterov;
        o.gradient_scale = 0.5f;
        o.clip_value = 0.75f;
        std::vector<float> p = test::values(50, 1), v(50);
        Textbook t{std::vector<double>(p.begin(), p.end()), {}, std::vector<double>(50)};
        for (std::uint32_t step = 1; step <= 20; ++step) {
            const std::vector<float> g = test::values(50, step + 100);
            ASSERT_EQ(nnoise_sgd_step(nullptr, &o, 50, p.data(), g.data(), v.data()), NNOISE_STATUS_OK);
            for (std::size_t i = 0; i < 50; ++i) {
                double d = std::clamp(0.5 * static_cast<double>(g[i]), -0.75, 0.75) + 0.1 * t.p[i];
                t.v[i] = 0.8 * t.v[i] + d;
                d = nesterov != 0 ? d + 0.8 * t.v[i] : t.v[i];
                t.p[i] -= 0.05 * d;
            }
        }
        for (std::size_t i = 0; i < 50; ++i) {
            EXPECT_NEAR(static_cast<double>(p[i]), t.p[i], 2e-6) << "nesterov " << nesterov << ", element " << i;
        }
    }
}

// The fused step equals noise added by hand to the clipped gradient, bit for bit.
TEST(Optimizers, FusedNoiseIsTheContractsNoiseAfterClipping) {
    constexpr std::int64_t n = 3001;
    nnoise_optimizer_options o;
    nnoise_optimizer_options_default(&o);
    o.noise_std = 0.3f;
    o.clip_value = 0.5f;
    o.noise_address = test::address(5, 6, 7, 0, 0, 1);
    const std::vector<float> g = test::values(n, 3);
    std::vector<float> fused = test::values(n, 4), by_hand = fused, noisy(n);
    std::transform(g.begin(), g.end(), noisy.begin(), [](float f) { return std::clamp(f, -0.5f, 0.5f); });
    ASSERT_EQ(nnoise_gaussian(nullptr, f32, 1, n, noisy.data(), noisy.data(), o.noise_address, 0.3f), NNOISE_STATUS_OK);
    ASSERT_EQ(nnoise_sgd_step(nullptr, &o, n, fused.data(), g.data(), nullptr), NNOISE_STATUS_OK);
    nnoise_optimizer_options plain;
    nnoise_optimizer_options_default(&plain);
    ASSERT_EQ(nnoise_sgd_step(nullptr, &plain, n, by_hand.data(), noisy.data(), nullptr), NNOISE_STATUS_OK);
    EXPECT_TRUE(test::same_bits(by_hand.data(), fused.data(), n));
}

TEST(Optimizers, PowerIsBySquaring) {
    EXPECT_EQ(nnoise::power(0.5, 10), 0x1p-10);
    EXPECT_EQ(nnoise::power(0.9, 0), 1.0);
    EXPECT_NEAR(nnoise::power(0.999, 100000), std::pow(0.999, 100000), 1e-50);
}

TEST(Optimizers, DefaultsAreDocumented) {
    nnoise_optimizer_options o;
    ASSERT_EQ(nnoise_optimizer_options_default(&o), NNOISE_STATUS_OK);
    EXPECT_EQ(o.size, sizeof o);
    EXPECT_EQ(o.step, 1u);
    EXPECT_EQ(o.learning_rate, 0.001f);
    EXPECT_EQ(o.beta1, 0.9f);
    EXPECT_EQ(o.beta2, 0.999f);
    EXPECT_EQ(o.epsilon, 1e-8f);
    EXPECT_EQ(o.gradient_scale, 1.0f);
    EXPECT_TRUE(std::isinf(o.clip_value));
    EXPECT_EQ(o.noise_std, 0.0f);
}

} // namespace

// Distribution of the noisy layer's outputs against closed forms. Bounds: a mean of n draws of variance v errs by at
// most 5 sqrt(v / n), a variance by 5 v sqrt(2 / n) (5.7e-7 a comparison for normal draws; seeds are fixed).
#include "linear_helpers.hpp"

using namespace linear_tests;

namespace {

struct Moments {
    std::vector<double> sum, squares;
    double n = 0;

    explicit Moments(std::size_t outputs) : sum(outputs), squares(outputs) {}
    void add(const float* y) {
        for (std::size_t o = 0; o < sum.size(); ++o) {
            const double v = static_cast<double>(y[o]);
            sum[o] += v;
            squares[o] += v * v;
        }
        n += 1.0;
    }
    double mean(std::size_t o) const { return sum[o] / n; }
    double variance(std::size_t o) const { return squares[o] / n - mean(o) * mean(o); }
};

// Mean and variance of output o for one example, by the closed form of each kind.
struct ClosedForm {
    double mean, variance;
};

ClosedForm closed_form(const Problem& p, std::size_t o) {
    const auto variance = [&](float w, float s) {
        const double std = static_cast<double>(p.layer.std);
        switch (p.form.noise) {
        case NNOISE_WEIGHT_NOISE_ABSOLUTE:
            return std * std;
        case NNOISE_WEIGHT_NOISE_RELATIVE:
            return std * std * static_cast<double>(w) * static_cast<double>(w);
        case NNOISE_WEIGHT_NOISE_LOG_VARIANCE:
            return std::exp(static_cast<double>(s));
        default:
            return static_cast<double>(s) * static_cast<double>(s);
        }
    };
    ClosedForm c{static_cast<double>(p.bias[o]), variance(p.bias[o], p.bias_scale[o])};
    for (std::size_t i = 0; i < static_cast<std::size_t>(p.inputs); ++i) {
        const std::size_t e = o * static_cast<std::size_t>(p.inputs) + i;
        const double x = static_cast<double>(p.x[i]);
        c.mean += x * static_cast<double>(p.weight[e]);
        c.variance += x * x * variance(p.weight[e], p.weight_scale[e]);
    }
    return c;
}

void expect_moments(const Problem& p, const Moments& m) {
    for (std::size_t o = 0; o < m.sum.size(); ++o) {
        const ClosedForm c = closed_form(p, o);
        EXPECT_NEAR(m.mean(o), c.mean, 5.0 * std::sqrt(c.variance / m.n)) << p.form.name() << " output " << o;
        EXPECT_NEAR(m.variance(o), c.variance, 5.0 * c.variance * std::sqrt(2.0 / m.n))
            << p.form.name() << " output " << o;
    }
}

const std::int32_t independent_kinds[] = {NNOISE_WEIGHT_NOISE_ABSOLUTE, NNOISE_WEIGHT_NOISE_RELATIVE,
                                          NNOISE_WEIGHT_NOISE_INDEPENDENT, NNOISE_WEIGHT_NOISE_LOG_VARIANCE};

// One draw a step: the same example under many samples of the weights.
TEST(LinearMoments, SharedAndFlipoutFollowTheClosedFormOverSteps) {
    const Context context;
    for (const std::int32_t noise : independent_kinds) {
        for (const std::int32_t estimator : {NNOISE_ESTIMATOR_SHARED, NNOISE_ESTIMATOR_FLIPOUT}) {
            Problem p({noise, estimator, NNOISE_ACTIVATION_NONE, true}, 1, 12, 5);
            Moments moments(5);
            for (std::uint32_t step = 0; step < 20000; ++step) {
                for (nnoise_address* a : {&p.layer.weight_address, &p.layer.bias_address, &p.layer.input_address,
                                          &p.layer.output_address}) {
                    a->step = step;
                }
                Floats y(5);
                ASSERT_EQ(nnoise_linear_forward(context, &p.layer, 1, p.x.data(), y.data(), nullptr), NNOISE_STATUS_OK);
                moments.add(y.data());
            }
            expect_moments(p, moments);
        }
    }
}

// LOCAL draws for every row of a batch: the same example many times.
TEST(LinearMoments, LocalFollowsTheClosedFormOverRows) {
    const Context context;
    for (const std::int32_t noise : independent_kinds) {
        const std::int64_t rows = 50000;
        Problem p({noise, NNOISE_ESTIMATOR_LOCAL, NNOISE_ACTIVATION_NONE, true}, 1, 12, 5);
        Floats x;
        for (std::int64_t r = 0; r < rows; ++r) {
            x.insert(x.end(), p.x.begin(), p.x.end());
        }
        Floats y(static_cast<std::size_t>(rows * 5));
        ASSERT_EQ(nnoise_linear_forward(context, &p.layer, rows, x.data(), y.data(), nullptr), NNOISE_STATUS_OK);
        Moments moments(5);
        for (std::int64_t r = 0; r < rows; ++r) {
            moments.add(y.data() + r * 5);
        }
        expect_moments(p, moments);
    }
}

// Factorised noise: E f(eps)^2 = E |eps| = sqrt(2/pi), so that a weight's variance is S^2 2/pi; the outputs' variance
// is checked with one input, where factors shared between weights do not meet.
TEST(LinearMoments, FactorizedWeightsHaveTheirVariance) {
    const Context context;
    Problem p({NNOISE_WEIGHT_NOISE_FACTORIZED, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_NONE, true}, 1, 1, 1);
    const double n = 100000;
    double sum = 0.0;
    double squares = 0.0;
    for (std::uint32_t step = 0; step < 100000; ++step) {
        p.layer.input_address.step = step;
        p.layer.output_address.step = step;
        float w = 0.0f;
        ASSERT_EQ(nnoise_linear_sample_weights(context, &p.layer, &w, nullptr), NNOISE_STATUS_OK);
        const double d = static_cast<double>(w) - static_cast<double>(p.weight[0]);
        sum += d;
        squares += d * d;
    }
    const double s2 = static_cast<double>(p.weight_scale[0]) * static_cast<double>(p.weight_scale[0]);
    const double expected = s2 * 2.0 / std::acos(-1.0);
    // d^2 = S^2 |eps1 eps2| has the variance S^4 (1 - (2/pi)^2).
    const double spread = s2 * std::sqrt(1.0 - 4.0 / (std::acos(-1.0) * std::acos(-1.0)));
    EXPECT_NEAR(sum / n, 0.0, 5.0 * std::sqrt(expected / n));
    EXPECT_NEAR(squares / n, expected, 5.0 * spread / std::sqrt(n));
}

// What the estimators are for: examples of one batch share their noise in SHARED and do not in the others.
TEST(LinearMoments, ExamplesAreCorrelatedOnlyWhereTheSampleIsShared) {
    const Context context;
    for (const std::int32_t estimator : {NNOISE_ESTIMATOR_SHARED, NNOISE_ESTIMATOR_LOCAL, NNOISE_ESTIMATOR_FLIPOUT}) {
        Problem p({NNOISE_WEIGHT_NOISE_INDEPENDENT, estimator, NNOISE_ACTIVATION_NONE, false}, 2, 40, 1);
        std::copy(p.x.begin(), p.x.begin() + 40, p.x.begin() + 40);
        const double n = 20000;
        double product = 0.0;
        double square = 0.0;
        const Problem clean({NNOISE_WEIGHT_NOISE_NONE, 0, 0, false}, 2, 40, 1);
        const double mean = static_cast<double>(forward(context, clean).y[0]);
        for (std::uint32_t step = 0; step < 20000; ++step) {
            for (nnoise_address* a : {&p.layer.weight_address, &p.layer.input_address, &p.layer.output_address}) {
                a->step = step;
            }
            float y[2];
            ASSERT_EQ(nnoise_linear_forward(context, &p.layer, 2, p.x.data(), y, nullptr), NNOISE_STATUS_OK);
            product += (static_cast<double>(y[0]) - mean) * (static_cast<double>(y[1]) - mean);
            square += (static_cast<double>(y[0]) - mean) * (static_cast<double>(y[0]) - mean);
        }
        const double correlation = product / square;
        if (estimator == NNOISE_ESTIMATOR_SHARED) {
            EXPECT_NEAR(correlation, 1.0, 1e-3);
        } else {
            EXPECT_NEAR(correlation, 0.0, 5.0 / std::sqrt(n));
        }
    }
}

} // namespace

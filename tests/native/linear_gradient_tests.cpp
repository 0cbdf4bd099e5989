// The linear layer's values against formulas in double, and its gradients against finite differences.
#include "linear_helpers.hpp"

#include <functional>

using namespace linear_tests;

namespace {

double activate(std::int32_t kind, double z) {
    switch (kind) {
    case NNOISE_ACTIVATION_RELU:
        return z > 0.0 ? z : 0.0;
    case NNOISE_ACTIVATION_TANH:
        return std::tanh(z);
    case NNOISE_ACTIVATION_SIGMOID:
        return 1.0 / (1.0 + std::exp(-z));
    default:
        return z;
    }
}

// The noise a problem draws, through calls that have tests of their own.
struct Draws {
    Floats sample, bias_sample, input_signs, output_signs, output_normals;

    Draws(nnoise_context* context, const Problem& p)
        : sample(p.weight.size()), bias_sample(p.bias.size()), input_signs(p.x.size()), output_signs(p.dy.size()),
          output_normals(p.dy.size()) {
        EXPECT_EQ(nnoise_linear_sample_weights(context, &p.layer, sample.data(), bias_sample.data()), NNOISE_STATUS_OK);
        EXPECT_EQ(nnoise_fill_signs(context, NNOISE_DTYPE_FLOAT32, p.batch, p.inputs, input_signs.data(),
                                    p.layer.input_address),
                  NNOISE_STATUS_OK);
        EXPECT_EQ(nnoise_fill_signs(context, NNOISE_DTYPE_FLOAT32, p.batch, p.outputs, output_signs.data(),
                                    p.layer.output_address),
                  NNOISE_STATUS_OK);
        EXPECT_EQ(nnoise_fill_normal(context, NNOISE_DTYPE_FLOAT32, p.batch, p.outputs, output_normals.data(),
                                     p.layer.output_address, 0.0f, 1.0f),
                  NNOISE_STATUS_OK);
    }
};

double variance_of(const Problem& p, double w, double scale) {
    const double std = static_cast<double>(p.layer.std);
    switch (p.form.noise) {
    case NNOISE_WEIGHT_NOISE_ABSOLUTE:
        return std * std;
    case NNOISE_WEIGHT_NOISE_RELATIVE:
        return std * std * w * w;
    case NNOISE_WEIGHT_NOISE_INDEPENDENT:
        return scale * scale;
    case NNOISE_WEIGHT_NOISE_LOG_VARIANCE:
        return std::exp(scale);
    default:
        return 0.0;
    }
}

// y from the header's formulas, in double.
std::vector<double> expected_outputs(const Problem& p, const Draws& d) {
    std::vector<double> y;
    const auto at = [](const Floats& v, std::int64_t i) { return static_cast<double>(v[static_cast<std::size_t>(i)]); };
    for (std::int64_t r = 0; r < p.batch; ++r) {
        for (std::int64_t o = 0; o < p.outputs; ++o) {
            double z = 0.0;
            double v = variance_of(p, at(p.bias, o), at(p.bias_scale, o));
            for (std::int64_t i = 0; i < p.inputs; ++i) {
                const std::int64_t e = o * p.inputs + i;
                const double x = at(p.x, r * p.inputs + i);
                const double w = at(p.weight, e);
                const double sample = at(d.sample, e);
                v += x * x * variance_of(p, w, at(p.weight_scale, e));
                switch (p.form.estimator) {
                case NNOISE_ESTIMATOR_SHARED:
                    z += x * sample;
                    break;
                case NNOISE_ESTIMATOR_LOCAL:
                    z += x * w;
                    break;
                default:
                    z += x * w +
                         x * at(d.input_signs, r * p.inputs + i) * (sample - w) * at(d.output_signs, r * p.outputs + o);
                }
            }
            if (p.form.estimator == NNOISE_ESTIMATOR_LOCAL) {
                z += at(p.bias, o) + std::sqrt(v) * at(d.output_normals, r * p.outputs + o);
            } else {
                z += at(d.bias_sample, o);
            }
            y.push_back(activate(p.form.activation, z));
        }
    }
    return y;
}

class LinearFormulas : public testing::TestWithParam<Form> {};

TEST_P(LinearFormulas, OutputsAreTheHeadersFormulas) {
    const Problem p(GetParam(), 11, 60, 23);
    const Context context;
    const Forward f = forward(context, p);
    const std::vector<double> expected = expected_outputs(p, Draws(context, p));
    for (std::size_t i = 0; i < expected.size(); ++i) {
        // Sums of 60 terms of size about 1: 64 roundings of 2^-24 on magnitudes below 50.
        ASSERT_NEAR(static_cast<double>(f.y[i]), expected[i], 64 * 0x1p-24 * 50) << i;
    }
}

// d loss / d parameter by central differences, loss = sum of y dy in double.
TEST_P(LinearFormulas, GradientsAreTheLossesFiniteDifferences) {
    Problem p(GetParam(), 4, 9, 6);
    const Context context;
    const Gradients g = backward(context, p, forward(context, p));
    const auto loss = [&] {
        const Forward f = forward(context, p);
        double sum = 0.0;
        for (std::size_t i = 0; i < f.y.size(); ++i) {
            sum += static_cast<double>(f.y[i]) * static_cast<double>(p.dy[i]);
        }
        return sum;
    };
    const struct {
        const char* name;
        Floats* parameter;
        const Floats* gradient;
    } parts[] = {{"x", &p.x, &g.dx},
                 {"weight", &p.weight, &g.dweight},
                 {"bias", &p.bias, &g.dbias},
                 {"weight_scale", &p.weight_scale, &g.dweight_scale},
                 {"bias_scale", &p.bias_scale, &g.dbias_scale}};
    for (const auto& part : parts) {
        for (std::size_t i = 0; i < part.gradient->size(); ++i) {
            float& v = (*part.parameter)[i];
            const float original = v;
            const float h = 0x1p-7f;
            v = original + h;
            const double above = loss();
            v = original - h;
            const double below = loss();
            v = original;
            const double expected = (above - below) / (2.0 * static_cast<double>(h));
            const double actual = static_cast<double>((*part.gradient)[i]);
            // Truncation h^2/6 times third derivatives of size up to 20; rounding 1e-6 / h.
            ASSERT_NEAR(actual, expected, 2e-3 + 2e-3 * std::abs(expected)) << part.name << " " << i;
        }
    }
}

std::vector<Form> formula_forms() {
    std::vector<Form> forms = all_forms();
    for (const Form& f : all_forms(NNOISE_ACTIVATION_TANH)) {
        forms.push_back(f);
    }
    for (const Form& f : all_forms(NNOISE_ACTIVATION_SIGMOID)) {
        forms.push_back(f);
    }
    return forms;
}

INSTANTIATE_TEST_SUITE_P(Forms, LinearFormulas, testing::ValuesIn(formula_forms()),
                         [](const auto& form) { return form.param.name(); });

// An activation's backward is the plain layer's with dy multiplied by its derivative beforehand, exactly.
TEST(LinearGradients, ActivationsOnlyChangeDy) {
    const Context context;
    for (const std::int32_t activation : {NNOISE_ACTIVATION_RELU, NNOISE_ACTIVATION_TANH, NNOISE_ACTIVATION_SIGMOID}) {
        for (const Form& form : all_forms(activation)) {
            const Problem p(form, 7, 20, 33);
            const Forward f = forward(context, p);
            Problem linear(p);
            linear.layer.activation = NNOISE_ACTIVATION_NONE;
            ASSERT_EQ(nnoise_activation_backward(context, static_cast<nnoise_activation>(activation),
                                                 static_cast<std::int64_t>(f.y.size()), f.y.data(), p.dy.data(),
                                                 linear.dy.data()),
                      NNOISE_STATUS_OK);
            ASSERT_EQ(difference(backward(context, p, f), backward(context, linear, f)), "") << form.name();
        }
    }
}

TEST(LinearGradients, EachOutputMayBeAbsentWithoutChangingTheOthers) {
    const Context context;
    for (const Form& form : all_forms()) {
        const Problem p(form, 7, 20, 33);
        const Forward f = forward(context, p);
        const Gradients all = backward(context, p, f);
        for (int alone = 0; alone < 5; ++alone) {
            Gradients g;
            nnoise_linear_gradients out{};
            out.size = sizeof out;
            const struct {
                float** pointer;
                Floats* memory;
                const Floats* expected;
            } slots[] = {{&out.dx, &g.dx, &all.dx},
                         {&out.dweight, &g.dweight, &all.dweight},
                         {&out.dbias, &g.dbias, &all.dbias},
                         {&out.dweight_scale, &g.dweight_scale, &all.dweight_scale},
                         {&out.dbias_scale, &g.dbias_scale, &all.dbias_scale}};
            if (slots[alone].expected->empty()) {
                continue;
            }
            slots[alone].memory->assign(slots[alone].expected->size(), 9.0f);
            *slots[alone].pointer = slots[alone].memory->data();
            ASSERT_EQ(nnoise_linear_backward(context, &p.layer, p.batch, p.x.data(), f.y.data(), f.saved.data(),
                                             p.dy.data(), &out),
                      NNOISE_STATUS_OK);
            ASSERT_EQ(difference(*slots[alone].memory, *slots[alone].expected), "") << form.name() << " " << alone;
        }
    }
}

TEST(LinearGradients, AVarianceOfZeroGivesNoGradient) {
    Problem p({NNOISE_WEIGHT_NOISE_INDEPENDENT, NNOISE_ESTIMATOR_LOCAL, NNOISE_ACTIVATION_NONE, true}, 3, 5, 4);
    p.weight_scale.assign(p.weight_scale.size(), 0.0f);
    p.bias_scale.assign(p.bias_scale.size(), 0.0f);
    for (const std::int32_t isa : {NNOISE_ISA_SCALAR, NNOISE_ISA_AUTO}) {
        const Context context(isa);
        const Gradients g = backward(context, p, forward(context, p));
        EXPECT_EQ(difference(g.dweight_scale, Floats(20, 0.0f)), "");
        EXPECT_EQ(difference(g.dbias_scale, Floats(4, 0.0f)), "");
        for (const float v : g.dx) {
            EXPECT_TRUE(std::isfinite(v));
        }
    }
}

} // namespace

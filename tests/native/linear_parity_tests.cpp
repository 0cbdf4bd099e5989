// The linear layer: every instruction set, thread count and batch split against the plain reference, bit for bit; the
// shared sample against the weights it claims to use.
#include "linear_helpers.hpp"

using namespace linear_tests;

namespace {

struct Size {
    std::int64_t batch, inputs, outputs;
};

const Size sizes[] = {{0, 5, 7},  {3, 0, 4},    {4, 6, 0},    {1, 1, 1},     {1, 19, 33},  {2, 40, 8},
                      {5, 13, 9}, {6, 260, 17}, {7, 31, 257}, {13, 129, 21}, {20, 70, 66}, {98, 37, 40}};

void expect_parity(const Problem& p, const std::string& what) {
    const Context reference(NNOISE_ISA_SCALAR);
    const Forward expected = forward(reference, p);
    const Gradients assigned = backward(reference, p, expected);
    const Gradients added = backward(reference, p, expected, true);
    for (const std::int32_t isa : vector_sets()) {
        for (int threads = 1; threads <= 5; ++threads) {
            const Context context(isa, threads);
            const std::string where = what + " isa " + std::to_string(isa) + " threads " + std::to_string(threads);
            const Forward f = forward(context, p);
            ASSERT_EQ(difference(expected.y, f.y), "") << where;
            ASSERT_EQ(difference(expected.saved, f.saved), "") << where;
            ASSERT_EQ(difference(expected.y, forward(context, p, false).y), "") << where << ", nothing saved";
            ASSERT_EQ(difference(assigned, backward(context, p, f)), "") << where;
            ASSERT_EQ(difference(added, backward(context, p, f, true)), "") << where << ", accumulated";
        }
    }
}

class LinearParity : public testing::TestWithParam<Form> {};

TEST_P(LinearParity, EveryInstructionSetAndThreadCountGivesTheReferencesBits) {
    for (const Size& s : sizes) {
        expect_parity(Problem(GetParam(), s.batch, s.inputs, s.outputs),
                      GetParam().name() + " " + std::to_string(s.batch) + "x" + std::to_string(s.inputs) + "x" +
                          std::to_string(s.outputs));
    }
}

TEST_P(LinearParity, ARowDoesNotDependOnTheBatch) {
    Problem whole(GetParam(), 23, 45, 34);
    const Context context(NNOISE_ISA_AUTO, 2);
    const Forward expected = forward(context, whole);
    const Gradients expected_gradients = backward(context, whole, expected);
    for (const std::int64_t rows : {1, 2, 5, 8, 13}) {
        Forward pieces;
        Floats dx;
        for (std::int64_t r = 0; r < whole.batch; r += rows) {
            Problem piece(GetParam(), std::min(rows, whole.batch - r), whole.inputs, whole.outputs);
            piece.x.assign(whole.x.begin() + r * whole.inputs, whole.x.begin() + (r + piece.batch) * whole.inputs);
            piece.dy.assign(whole.dy.begin() + r * whole.outputs, whole.dy.begin() + (r + piece.batch) * whole.outputs);
            if (GetParam().estimator != NNOISE_ESTIMATOR_SHARED) {
                piece.layer.input_address.first_row += static_cast<std::uint32_t>(r);
                piece.layer.output_address.first_row += static_cast<std::uint32_t>(r);
            }
            const Forward f = forward(context, piece);
            const Gradients g = backward(context, piece, f);
            pieces.y.insert(pieces.y.end(), f.y.begin(), f.y.end());
            pieces.saved.insert(pieces.saved.end(), f.saved.begin(), f.saved.end());
            dx.insert(dx.end(), g.dx.begin(), g.dx.end());
        }
        ASSERT_EQ(difference(expected.y, pieces.y), "") << rows << " rows at a time";
        ASSERT_EQ(difference(expected.saved, pieces.saved), "") << rows << " rows at a time";
        ASSERT_EQ(difference(expected_gradients.dx, dx), "") << rows << " rows at a time";
    }
}

std::vector<Form> parity_forms() {
    std::vector<Form> forms = all_forms();
    for (const Form& f : all_forms(NNOISE_ACTIVATION_TANH, false)) {
        forms.push_back(f);
    }
    forms.push_back({NNOISE_WEIGHT_NOISE_ABSOLUTE, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_RELU, true});
    forms.push_back({NNOISE_WEIGHT_NOISE_LOG_VARIANCE, NNOISE_ESTIMATOR_LOCAL, NNOISE_ACTIVATION_RELU, true});
    forms.push_back({NNOISE_WEIGHT_NOISE_RELATIVE, NNOISE_ESTIMATOR_FLIPOUT, NNOISE_ACTIVATION_SIGMOID, true});
    return forms;
}

INSTANTIATE_TEST_SUITE_P(Forms, LinearParity, testing::ValuesIn(parity_forms()),
                         [](const auto& form) { return form.param.name(); });

// More than one block of rows and more than one chunk of the batch (256 and 1024).
TEST(Linear, LongBatchesGiveTheReferencesBits) {
    for (const Form& form : all_forms(NNOISE_ACTIVATION_TANH)) {
        const Problem p(form, 1300, 9, 18);
        const Context reference(NNOISE_ISA_SCALAR);
        const Forward expected = forward(reference, p);
        const Gradients expected_gradients = backward(reference, p, expected, true);
        for (const std::int32_t isa : vector_sets()) {
            const Context context(isa, 3);
            ASSERT_EQ(difference(expected.y, forward(context, p, false).y), "") << form.name();
            ASSERT_EQ(difference(expected_gradients, backward(context, p, expected, true)), "") << form.name();
        }
    }
}

// Nothing came in, so x, y and dy were never allocated: the parameters' gradients are zeros, or what they were.
TEST(Linear, AnEmptyBatchNeedsNoBuffers) {
    std::vector<Form> forms = all_forms();
    for (const Form& f : all_forms(NNOISE_ACTIVATION_TANH)) {
        forms.push_back(f);
    }
    for (const Form& form : forms) {
        for (const int threads : {1, 3}) {
            const Context context(NNOISE_ISA_AUTO, threads);
            const Problem p(form, 0, 20, 300);
            EXPECT_EQ(nnoise_linear_forward(context, &p.layer, 0, nullptr, nullptr, nullptr), NNOISE_STATUS_OK);
            nnoise_linear_gradients g{};
            g.size = sizeof g;
            for (const std::int32_t accumulate : {1, 0}) {
                Floats dweight(6000, 3.0f), dbias(300, 3.0f);
                g.accumulate = accumulate;
                g.dweight = dweight.data();
                g.dbias = dbias.data();
                EXPECT_EQ(nnoise_linear_backward(context, &p.layer, 0, nullptr, nullptr, nullptr, nullptr, &g),
                          NNOISE_STATUS_OK);
                const float left = accumulate != 0 ? 3.0f : 0.0f;
                EXPECT_EQ(difference(dweight, Floats(6000, left)), "") << form.name();
                EXPECT_EQ(difference(dbias, Floats(300, left)), "") << form.name();
            }
        }
    }
}

TEST(Linear, StridedAddressesGiveTheReferencesBits) {
    for (const Form& form : all_forms()) {
        Problem p(form, 9, 21, 35);
        for (nnoise_address* a :
             {&p.layer.weight_address, &p.layer.bias_address, &p.layer.input_address, &p.layer.output_address}) {
            a->step_stride = 2;
            a->row_stride = 3;
        }
        const Context reference(NNOISE_ISA_SCALAR);
        const Forward expected = forward(reference, p);
        const Gradients expected_gradients = backward(reference, p, expected);
        for (const std::int32_t isa : vector_sets()) {
            const Context context(isa, 2);
            ASSERT_EQ(difference(expected.y, forward(context, p).y), "") << form.name();
            ASSERT_EQ(difference(expected_gradients, backward(context, p, expected)), "") << form.name();
        }
    }
}

TEST(Linear, NaNAndInfinityInParametersGiveTheReferencesBits) {
    for (const Form& form : all_forms()) {
        Problem p(form, 7, 21, 35);
        p.weight[3] = NAN;
        p.weight[25] = INFINITY;
        p.weight[46] = 0.0f;
        p.weight[47] = -0.0f;
        p.weight_scale[50] = 200.0f;  // exp overflows
        p.weight_scale[51] = -300.0f; // and underflows
        p.weight_scale[70] = NAN;
        p.x[0] = 0.0f;
        const Context reference(NNOISE_ISA_SCALAR);
        const Forward expected = forward(reference, p);
        const Gradients expected_gradients = backward(reference, p, expected);
        for (const std::int32_t isa : vector_sets()) {
            const Context context(isa);
            ASSERT_EQ(difference(expected.y, forward(context, p).y), "") << form.name();
            ASSERT_EQ(difference(expected_gradients, backward(context, p, expected)), "") << form.name();
        }
    }
}

TEST(Linear, SharedNoiseIsExactlyAPlainLayerWithTheSampledWeights) {
    for (std::int32_t noise = NNOISE_WEIGHT_NOISE_ABSOLUTE; noise <= NNOISE_WEIGHT_NOISE_LOG_VARIANCE; ++noise) {
        const Problem p({noise, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_TANH, true}, 9, 300, 37);
        Problem plain({NNOISE_WEIGHT_NOISE_NONE, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_TANH, true}, 9, 300, 37);
        const Context context;
        ASSERT_EQ(nnoise_linear_sample_weights(context, &p.layer, plain.weight.data(), plain.bias.data()),
                  NNOISE_STATUS_OK);
        const Forward f = forward(context, p);
        EXPECT_EQ(difference(f.y, forward(context, plain).y), "");
        EXPECT_EQ(difference(backward(context, p, f).dx, backward(context, plain, f).dx), "");
        EXPECT_NE(difference(p.weight, plain.weight), "");
    }
}

// Contract section 8, element by element.
TEST(Linear, SampledWeightsFollowTheContract) {
    for (std::int32_t noise = NNOISE_WEIGHT_NOISE_ABSOLUTE; noise <= NNOISE_WEIGHT_NOISE_LOG_VARIANCE; ++noise) {
        const Problem p({noise, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_NONE, true}, 1, 67, 35);
        const auto normal = [](const nnoise_address& a, std::int64_t row, std::int64_t element) {
            return nnoise::normal_at({a.seed, a.site, a.step, a.first_row + static_cast<std::uint32_t>(row)},
                                     static_cast<std::uint64_t>(element));
        };
        const auto perturbed = [&](float w, float scale, float eps) {
            switch (noise) {
            case NNOISE_WEIGHT_NOISE_ABSOLUTE:
                return std::fma(p.layer.std, eps, w);
            case NNOISE_WEIGHT_NOISE_RELATIVE:
                return std::fma(p.layer.std * std::abs(w), eps, w);
            case NNOISE_WEIGHT_NOISE_LOG_VARIANCE:
                return std::fma(nnoise::exp32(scale / 2), eps, w);
            default:
                return std::fma(scale, eps, w);
            }
        };
        const bool factorized = noise == NNOISE_WEIGHT_NOISE_FACTORIZED;
        Floats weight, bias;
        for (std::int64_t o = 0; o < p.outputs; ++o) {
            const std::size_t at = static_cast<std::size_t>(o);
            const float f_out = nnoise::signed_sqrt(normal(p.layer.output_address, 0, o));
            for (std::int64_t i = 0; i < p.inputs; ++i) {
                const std::size_t e = static_cast<std::size_t>(o * p.inputs + i);
                const float f_in = nnoise::signed_sqrt(normal(p.layer.input_address, 0, i));
                weight.push_back(perturbed(p.weight[e], p.weight_scale[e],
                                           factorized ? f_out * f_in : normal(p.layer.weight_address, o, i)));
            }
            bias.push_back(
                perturbed(p.bias[at], p.bias_scale[at], factorized ? f_out : normal(p.layer.bias_address, 0, o)));
        }
        for (const std::int32_t isa : {NNOISE_ISA_SCALAR, NNOISE_ISA_AUTO}) {
            Floats w(weight.size()), b(bias.size());
            ASSERT_EQ(nnoise_linear_sample_weights(Context(isa, 2), &p.layer, w.data(), b.data()), NNOISE_STATUS_OK);
            EXPECT_EQ(difference(weight, w), "") << "noise " << noise;
            EXPECT_EQ(difference(bias, b), "") << "noise " << noise;
        }
    }
}

TEST(Linear, NoStdIsExactlyThePlainLayer) {
    const Context context;
    for (const std::int32_t noise : {NNOISE_WEIGHT_NOISE_ABSOLUTE, NNOISE_WEIGHT_NOISE_RELATIVE}) {
        for (const std::int32_t estimator :
             {NNOISE_ESTIMATOR_SHARED, NNOISE_ESTIMATOR_LOCAL, NNOISE_ESTIMATOR_FLIPOUT}) {
            Problem p({noise, estimator, NNOISE_ACTIVATION_RELU, true}, 9, 30, 37);
            p.layer.std = 0.0f;
            p.weight[0] = -0.0f;
            const Problem plain = [&] {
                Problem q(p);
                q.layer.noise = NNOISE_WEIGHT_NOISE_NONE;
                return q;
            }();
            const Forward f = forward(context, p);
            EXPECT_EQ(difference(f.y, forward(context, plain).y), "");
            EXPECT_EQ(difference(f.saved, Floats(f.saved.size(), 0.0f)), "");
            EXPECT_EQ(difference(backward(context, p, f), backward(context, plain, f)), "");
        }
    }
}

TEST(Linear, ScratchDoesNotGrowWithTheWeights) {
    for (const Form& form : all_forms()) {
        const auto scratch = [&](std::int64_t outputs) {
            const Context context(NNOISE_ISA_AUTO, 2);
            const Problem p(form, 8, 200, outputs);
            backward(context, p, forward(context, p));
            return context.scratch_bytes();
        };
        // Vectors of outputs and blocks of batch x outputs may; 200 x 600 further weights (480 KB) may not.
        EXPECT_LT(scratch(900) - scratch(300), 8 * 8 * 600 * 4) << form.name();
    }
}

// What the noise of a layer adds to the memory of forward and backward: nothing where one sample of the weights serves
// the batch; the two factor vectors; and for estimators with a second product, blocks of at most 1024 rows.
TEST(Linear, NoiseTakesNoMemory) {
    constexpr std::int64_t sizes[][3] = {{4, 64, 48}, {4, 200, 600}, {40, 200, 600}, {1100, 16, 24}};
    for (const auto& [batch, inputs, outputs] : sizes) {
        const auto scratch = [&, batch = batch, inputs = inputs, outputs = outputs](const Form& form) {
            const Context context(NNOISE_ISA_AUTO, 2);
            const Problem p(form, batch, inputs, outputs);
            backward(context, p, forward(context, p));
            return context.scratch_bytes();
        };
        const std::int64_t plain = scratch({NNOISE_WEIGHT_NOISE_NONE, NNOISE_ESTIMATOR_SHARED, 0, true});
        for (const Form& form : all_forms()) {
            const std::int64_t extra = scratch(form) - plain;
            const std::int64_t block = std::min<std::int64_t>(batch, 1024);
            std::int64_t most = 0;
            if (form.noise == NNOISE_WEIGHT_NOISE_FACTORIZED) {
                most = 4 * (inputs + outputs) + 2 * 64; // cache lines that they begin
            } else if (form.noise != NNOISE_WEIGHT_NOISE_NONE && form.estimator != NNOISE_ESTIMATOR_SHARED) {
                most = 4 * (block * (inputs + outputs) + outputs) + 3 * 64;
            }
            EXPECT_LE(extra, most) << form.name() << ' ' << batch << 'x' << inputs << 'x' << outputs;
            if (most == 0) {
                EXPECT_EQ(extra, 0) << form.name() << ' ' << batch << 'x' << inputs << 'x' << outputs;
            }
        }
    }
}

} // namespace

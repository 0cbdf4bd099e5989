// Every documented refusal of the linear layer: the status, the text, and that nothing was written.
#include "linear_helpers.hpp"

#include <functional>
#include <limits>

using namespace linear_tests;

namespace {

struct Refusal {
    const char* name;
    Form form;
    nnoise_status status;
    const char* words; // that the text must hold
    std::function<void(nnoise_linear&)> spoil;
};

const Form absolute{NNOISE_WEIGHT_NOISE_ABSOLUTE, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_NONE, true};
const Form independent{NNOISE_WEIGHT_NOISE_INDEPENDENT, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_NONE, true};
const Form factorized{NNOISE_WEIGHT_NOISE_FACTORIZED, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_NONE, true};
const Form local{NNOISE_WEIGHT_NOISE_ABSOLUTE, NNOISE_ESTIMATOR_LOCAL, NNOISE_ACTIVATION_NONE, true};
const Form flipout{NNOISE_WEIGHT_NOISE_ABSOLUTE, NNOISE_ESTIMATOR_FLIPOUT, NNOISE_ACTIVATION_NONE, true};
constexpr std::uint32_t last = std::numeric_limits<std::uint32_t>::max();

const Refusal refusals[] = {
    {"size", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.size is 8", [](nnoise_linear& l) { l.size = 8; }},
    {"noise", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.noise is 6", [](nnoise_linear& l) { l.noise = 6; }},
    {"estimator", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.estimator is -1",
     [](nnoise_linear& l) { l.estimator = -1; }},
    {"gelu", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.activation is 4",
     [](nnoise_linear& l) { l.activation = NNOISE_ACTIVATION_GELU; }},
    {"reserved", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.reserved is 1",
     [](nnoise_linear& l) { l.reserved = 1; }},
    {"local factorised", factorized, NNOISE_STATUS_INVALID_ARGUMENT, "layer.estimator is LOCAL",
     [](nnoise_linear& l) { l.estimator = NNOISE_ESTIMATOR_LOCAL; }},
    {"flipout factorised", factorized, NNOISE_STATUS_INVALID_ARGUMENT, "layer.estimator is FLIPOUT",
     [](nnoise_linear& l) { l.estimator = NNOISE_ESTIMATOR_FLIPOUT; }},
    {"negative std", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.std is -0.1",
     [](nnoise_linear& l) { l.std = -0.1f; }},
    {"infinite std", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.std", [](nnoise_linear& l) { l.std = INFINITY; }},
    {"NaN std", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.std", [](nnoise_linear& l) { l.std = NAN; }},
    {"inputs", absolute, NNOISE_STATUS_INVALID_SHAPE, "layer.inputs is -1", [](nnoise_linear& l) { l.inputs = -1; }},
    {"outputs", absolute, NNOISE_STATUS_INVALID_SHAPE, "layer.outputs is -2", [](nnoise_linear& l) { l.outputs = -2; }},
    {"overflow", absolute, NNOISE_STATUS_INVALID_SHAPE, "overflow",
     [](nnoise_linear& l) { l.inputs = l.outputs = std::int64_t{1} << 58; }},
    {"no weight", absolute, NNOISE_STATUS_NULL_POINTER, "layer.weight is null",
     [](nnoise_linear& l) { l.weight = nullptr; }},
    {"no scale", independent, NNOISE_STATUS_NULL_POINTER, "layer.weight_scale is null",
     [](nnoise_linear& l) { l.weight_scale = nullptr; }},
    {"no bias scale", independent, NNOISE_STATUS_NULL_POINTER, "layer.bias_scale is null",
     [](nnoise_linear& l) { l.bias_scale = nullptr; }},
    {"weight rows", absolute, NNOISE_STATUS_OUT_OF_RANGE, "layer.weight_address",
     [](nnoise_linear& l) { l.weight_address.first_row = last - 2; }},
    {"weight steps", absolute, NNOISE_STATUS_OUT_OF_RANGE, "layer.weight_address",
     [](nnoise_linear& l) {
         l.weight_address.step = last;
         l.weight_address.step_stride = 1;
     }},
    {"address reserved", absolute, NNOISE_STATUS_INVALID_ARGUMENT, "layer.bias_address.reserved",
     [](nnoise_linear& l) { l.bias_address.reserved = 4; }},
    {"local rows", local, NNOISE_STATUS_OUT_OF_RANGE, "layer.output_address",
     [](nnoise_linear& l) { l.output_address.first_row = last - 1; }},
    {"flipout input rows", flipout, NNOISE_STATUS_OUT_OF_RANGE, "layer.input_address",
     [](nnoise_linear& l) { l.input_address.first_row = last - 1; }},
    {"flipout output rows", flipout, NNOISE_STATUS_OUT_OF_RANGE, "layer.output_address",
     [](nnoise_linear& l) { l.output_address.row_stride = last; }},
};

void expect_refused(nnoise_status status, const Refusal& r, const char* call) {
    EXPECT_EQ(status, r.status) << r.name << " " << call;
    const std::string text = nnoise_last_error();
    EXPECT_NE(text.find(r.words), std::string::npos) << r.name << ": " << text;
    EXPECT_EQ(text.rfind(call, 0), 0u) << text;
}

TEST(LinearStatus, RefusesBadLayersAndWritesNothing) {
    const Context context;
    for (const Refusal& r : refusals) {
        Problem p(r.form, 3, 5, 4);
        r.spoil(p.layer);
        Floats y(12, 7.0f), saved(12, 7.0f), w(20, 7.0f), dx(15, 7.0f);
        expect_refused(nnoise_linear_forward(context, &p.layer, 3, p.x.data(), y.data(), saved.data()), r,
                       "nnoise_linear_forward");
        nnoise_linear_gradients g{};
        g.size = sizeof g;
        g.dx = dx.data();
        g.dweight = w.data();
        expect_refused(
            nnoise_linear_backward(context, &p.layer, 3, p.x.data(), p.dy.data(), p.dy.data(), p.dy.data(), &g), r,
            "nnoise_linear_backward");
        EXPECT_EQ(difference(y, Floats(12, 7.0f)) + difference(saved, Floats(12, 7.0f)), "") << r.name;
        EXPECT_EQ(difference(w, Floats(20, 7.0f)) + difference(dx, Floats(15, 7.0f)), "") << r.name;
    }
}

// Sizes that each have an address, whose scratch together has none.
TEST(LinearStatus, ScratchWithoutAnAddressIsOutOfMemory) {
    const Context context;
    Problem p(local, 0, 0, 4);
    p.layer.outputs = std::numeric_limits<std::int64_t>::max() / 8;
    EXPECT_EQ(nnoise_linear_forward(context, &p.layer, 0, nullptr, nullptr, nullptr), NNOISE_STATUS_OUT_OF_MEMORY);
    EXPECT_STREQ(nnoise_last_error(), "nnoise_linear_forward: no memory for scratch");
    p.layer.outputs = 4;
    EXPECT_EQ(nnoise_linear_forward(context, &p.layer, 0, nullptr, nullptr, nullptr), NNOISE_STATUS_OK);
}

TEST(LinearStatus, AcceptsTheLastAddresses) {
    Problem p(absolute, 3, 5, 4);
    p.layer.weight_address.first_row = last - 3;
    Floats y(12);
    EXPECT_EQ(nnoise_linear_forward(Context(), &p.layer, 3, p.x.data(), y.data(), nullptr), NNOISE_STATUS_OK);
}

TEST(LinearStatus, RefusesMissingAndOverlappingBuffers) {
    const Context context;
    const Problem p(local, 3, 4, 4);
    Floats memory(64, 7.0f);
    float* y = memory.data();
    const auto run = [&](nnoise_context* c, const nnoise_linear* l, std::int64_t batch, const float* x, float* to,
                         float* saved) { return nnoise_linear_forward(c, l, batch, x, to, saved); };
    EXPECT_EQ(run(nullptr, &p.layer, 3, p.x.data(), y, nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(run(context, nullptr, 3, p.x.data(), y, nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(run(context, &p.layer, 3, nullptr, y, nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(run(context, &p.layer, 3, p.x.data(), nullptr, nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(run(context, &p.layer, -1, p.x.data(), y, nullptr), NNOISE_STATUS_INVALID_SHAPE);
    EXPECT_EQ(run(context, &p.layer, 3, y, y, nullptr), NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(run(context, &p.layer, 3, p.x.data(), y, y + 4), NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(run(context, &p.layer, 3, p.x.data(), const_cast<float*>(p.weight.data()), nullptr),
              NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(difference(memory, Floats(64, 7.0f)), "");
    EXPECT_EQ(run(context, &p.layer, 0, nullptr, nullptr, nullptr), NNOISE_STATUS_OK);

    nnoise_linear_gradients g{};
    g.size = sizeof g;
    g.dx = y;
    const auto back = [&](const float* saved, const float* dy) {
        return nnoise_linear_backward(context, &p.layer, 3, p.x.data(), nullptr, saved, dy, &g);
    };
    EXPECT_EQ(back(nullptr, p.dy.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(back(p.dy.data(), nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(back(y + 2, p.dy.data()), NNOISE_STATUS_OVERLAP);
    g.dweight = y + 8;
    EXPECT_EQ(back(p.dy.data(), p.dy.data()), NNOISE_STATUS_OVERLAP);
    g.dweight = nullptr;
    g.dweight_scale = y + 32;
    EXPECT_EQ(back(p.dy.data(), p.dy.data()), NNOISE_STATUS_INVALID_ARGUMENT);
    EXPECT_NE(std::string(nnoise_last_error()).find("gradients.dweight_scale"), std::string::npos);
    g.dweight_scale = nullptr;
    g.size = 3;
    EXPECT_EQ(back(p.dy.data(), p.dy.data()), NNOISE_STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(difference(memory, Floats(64, 7.0f)), "");
}

TEST(LinearStatus, BackwardNeedsTheOutputOfAnActivation) {
    const Problem p({NNOISE_WEIGHT_NOISE_NONE, NNOISE_ESTIMATOR_SHARED, NNOISE_ACTIVATION_RELU, true}, 3, 4, 4);
    nnoise_linear_gradients g{};
    g.size = sizeof g;
    EXPECT_EQ(nnoise_linear_backward(Context(), &p.layer, 3, p.x.data(), nullptr, nullptr, p.dy.data(), &g),
              NNOISE_STATUS_NULL_POINTER);
    EXPECT_STREQ(nnoise_last_error(), "nnoise_linear_backward: y is null");
}

TEST(LinearStatus, DefaultsAndSavedSize) {
    EXPECT_EQ(nnoise_linear_default(nullptr), NNOISE_STATUS_NULL_POINTER);
    nnoise_linear l;
    ASSERT_EQ(nnoise_linear_default(&l), NNOISE_STATUS_OK);
    EXPECT_EQ(l.size, sizeof l);
    EXPECT_EQ(l.noise, NNOISE_WEIGHT_NOISE_NONE);
    EXPECT_EQ(l.estimator, NNOISE_ESTIMATOR_SHARED);
    EXPECT_EQ(l.activation, NNOISE_ACTIVATION_NONE);
    EXPECT_EQ(l.weight, nullptr);
    EXPECT_EQ(l.weight_address.row_stride, 1u);
    l.outputs = 7;
    std::int64_t floats = -1;
    EXPECT_EQ(nnoise_linear_saved_size(&l, 5, &floats), NNOISE_STATUS_OK);
    EXPECT_EQ(floats, 0);
    l.estimator = NNOISE_ESTIMATOR_LOCAL;
    EXPECT_EQ(nnoise_linear_saved_size(&l, 5, &floats), NNOISE_STATUS_OK);
    EXPECT_EQ(floats, 35);
    EXPECT_EQ(nnoise_linear_saved_size(&l, -5, &floats), NNOISE_STATUS_INVALID_SHAPE);
    EXPECT_EQ(nnoise_linear_saved_size(&l, 5, nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(nnoise_linear_saved_size(nullptr, 5, &floats), NNOISE_STATUS_NULL_POINTER);
}

TEST(LinearStatus, SampleWeightsRefusals) {
    const Context context;
    Problem p(absolute, 1, 5, 4);
    Floats w(20, 7.0f), b(4, 7.0f);
    EXPECT_EQ(nnoise_linear_sample_weights(nullptr, &p.layer, w.data(), b.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(nnoise_linear_sample_weights(context, nullptr, w.data(), b.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(nnoise_linear_sample_weights(context, &p.layer, nullptr, b.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(nnoise_linear_sample_weights(context, &p.layer, w.data(), w.data() + 19), NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(nnoise_linear_sample_weights(context, &p.layer, p.weight.data(), nullptr), NNOISE_STATUS_OVERLAP);
    p.layer.bias = nullptr;
    EXPECT_EQ(nnoise_linear_sample_weights(context, &p.layer, w.data(), b.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(difference(w, Floats(20, 7.0f)) + difference(b, Floats(4, 7.0f)), "");
}

} // namespace

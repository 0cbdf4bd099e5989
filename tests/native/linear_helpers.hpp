// What the tests of matrix products and of the linear layer share: contexts, deterministic data, comparison by bits.
#pragma once

#include <core/exp.hpp>
#include <core/noise_ops.hpp>
#include <nativenoise/nativenoise.h>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace linear_tests {

using Floats = std::vector<float>;

class Context {
public:
    explicit Context(std::int32_t isa = NNOISE_ISA_AUTO, int threads = 1) {
        nnoise_context_options options;
        nnoise_context_options_default(&options);
        options.isa = isa;
        options.threads = threads;
        status_ = nnoise_context_create(&options, &handle_);
    }
    ~Context() { nnoise_context_destroy(handle_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    operator nnoise_context*() const { return handle_; }
    nnoise_status status() const { return status_; }
    std::int64_t scratch_bytes() const {
        nnoise_context_info info{};
        info.size = sizeof info;
        EXPECT_EQ(nnoise_context_describe(handle_, &info), NNOISE_STATUS_OK);
        return info.scratch_bytes;
    }

private:
    nnoise_context* handle_ = nullptr;
    nnoise_status status_;
};

// The sets to hold against the reference: those that this machine and build have.
inline std::vector<std::int32_t> vector_sets() {
    std::vector<std::int32_t> sets;
    for (const std::int32_t isa : {NNOISE_ISA_AVX2, NNOISE_ISA_AVX512, NNOISE_ISA_NEON}) {
        if (Context(isa).status() == NNOISE_STATUS_OK) {
            sets.push_back(isa);
        }
    }
    return sets;
}

// n normals times `deviation`, a function of `site` alone.
inline Floats data(std::uint32_t site, std::int64_t n, float deviation = 1.0f) {
    const nnoise::RowAddress row{0x5EED, site, 0, 0};
    Floats values(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) {
        values[static_cast<std::size_t>(i)] = deviation * nnoise::normal_at(row, static_cast<std::uint64_t>(i));
    }
    return values;
}

// The first place where bits differ (any NaN equals any NaN), or an empty text.
inline std::string difference(const Floats& a, const Floats& b) {
    if (a.size() != b.size()) {
        return "sizes " + std::to_string(a.size()) + " and " + std::to_string(b.size());
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        const bool same = std::bit_cast<std::uint32_t>(a[i]) == std::bit_cast<std::uint32_t>(b[i]);
        if (!same && !(std::isnan(a[i]) && std::isnan(b[i]))) {
            return "element " + std::to_string(i) + ": " + std::to_string(a[i]) + " and " + std::to_string(b[i]);
        }
    }
    return "";
}

inline nnoise_address address(std::uint32_t site) {
    nnoise_address a{};
    a.seed = 0x0123456789ABCDEFull;
    a.site = site;
    a.step = 3;
    a.first_row = 11;
    a.row_stride = 1;
    return a;
}

struct Form {
    std::int32_t noise;
    std::int32_t estimator;
    std::int32_t activation;
    bool bias;

    bool has_scale() const { return noise >= NNOISE_WEIGHT_NOISE_INDEPENDENT; }
    std::string name() const {
        const char* noises[] = {"None", "Absolute", "Relative", "Independent", "Factorized", "LogVariance"};
        const char* estimators[] = {"Shared", "Local", "Flipout"};
        const char* activations[] = {"", "Relu", "Tanh", "Sigmoid"};
        return std::string(noises[noise]) + estimators[estimator] + activations[activation] + (bias ? "" : "NoBias");
    }
};

// Every kind with every estimator that is defined for it.
inline std::vector<Form> all_forms(std::int32_t activation = NNOISE_ACTIVATION_NONE, bool bias = true) {
    std::vector<Form> forms;
    for (std::int32_t noise = 0; noise <= NNOISE_WEIGHT_NOISE_LOG_VARIANCE; ++noise) {
        for (std::int32_t estimator = 0; estimator <= NNOISE_ESTIMATOR_FLIPOUT; ++estimator) {
            if (noise != NNOISE_WEIGHT_NOISE_FACTORIZED || estimator == NNOISE_ESTIMATOR_SHARED) {
                forms.push_back({noise, estimator, activation, bias});
            }
        }
    }
    return forms;
}

// A layer with its parameters and a batch.
struct Problem {
    Form form;
    std::int64_t batch, inputs, outputs;
    Floats weight, bias, weight_scale, bias_scale, x, dy;
    nnoise_linear layer{};

    Problem(const Form& f, std::int64_t batch_, std::int64_t inputs_, std::int64_t outputs_)
        : form(f), batch(batch_), inputs(inputs_), outputs(outputs_), weight(data(1, inputs * outputs, 0.5f)),
          bias(data(2, outputs, 0.5f)), weight_scale(data(3, inputs * outputs, 0.3f)),
          bias_scale(data(4, outputs, 0.3f)), x(data(5, batch * inputs)), dy(data(6, batch * outputs)) {
        if (form.noise == NNOISE_WEIGHT_NOISE_LOG_VARIANCE) { // deviations around exp(-1)
            for (float& v : weight_scale) {
                v -= 2.0f;
            }
            for (float& v : bias_scale) {
                v -= 2.0f;
            }
        }
        point();
    }
    Problem(const Problem& other)
        : form(other.form), batch(other.batch), inputs(other.inputs), outputs(other.outputs), weight(other.weight),
          bias(other.bias), weight_scale(other.weight_scale), bias_scale(other.bias_scale), x(other.x), dy(other.dy) {
        point();
    }
    Problem& operator=(const Problem&) = delete;

    // Aims the layer at the vectors as they are now.
    void point() {
        EXPECT_EQ(nnoise_linear_default(&layer), NNOISE_STATUS_OK);
        layer.noise = form.noise;
        layer.estimator = form.estimator;
        layer.activation = form.activation;
        layer.inputs = inputs;
        layer.outputs = outputs;
        layer.weight = weight.data();
        layer.bias = form.bias ? bias.data() : nullptr;
        if (form.has_scale()) {
            layer.weight_scale = weight_scale.data();
            layer.bias_scale = form.bias ? bias_scale.data() : nullptr;
        }
        layer.std = 0.2f;
        layer.weight_address = address(101);
        layer.bias_address = address(102);
        layer.input_address = address(103);
        layer.output_address = address(104);
    }

    std::size_t saved_size() const {
        std::int64_t floats = -1;
        EXPECT_EQ(nnoise_linear_saved_size(&layer, batch, &floats), NNOISE_STATUS_OK);
        return static_cast<std::size_t>(floats);
    }
};

struct Forward {
    Floats y, saved;
};

inline Forward forward(nnoise_context* context, const Problem& p, bool keep = true) {
    Forward f{Floats(static_cast<std::size_t>(p.batch * p.outputs), -77.0f), Floats(p.saved_size(), -77.0f)};
    EXPECT_EQ(nnoise_linear_forward(context, &p.layer, p.batch, p.x.data(), f.y.data(),
                                    keep && !f.saved.empty() ? f.saved.data() : nullptr),
              NNOISE_STATUS_OK)
        << nnoise_last_error();
    return f;
}

struct Gradients {
    Floats dx, dweight, dbias, dweight_scale, dbias_scale;
};

// Gradients; with `accumulate` they are added to `start` everywhere.
inline Gradients backward(nnoise_context* context, const Problem& p, const Forward& f, bool accumulate = false,
                          float start = 0.25f) {
    const auto make = [&](bool exists, std::int64_t n) {
        return Floats(exists ? static_cast<std::size_t>(n) : 0, start);
    };
    Gradients g{make(true, p.batch * p.inputs), make(true, p.inputs * p.outputs), make(p.form.bias, p.outputs),
                make(p.form.has_scale(), p.inputs * p.outputs), make(p.form.has_scale() && p.form.bias, p.outputs)};
    nnoise_linear_gradients out{};
    out.size = sizeof out;
    out.accumulate = accumulate ? 1 : 0;
    out.accumulate_input = accumulate ? 1 : 0;
    out.dx = g.dx.data();
    out.dweight = g.dweight.data();
    out.dbias = g.dbias.empty() ? nullptr : g.dbias.data();
    out.dweight_scale = g.dweight_scale.empty() ? nullptr : g.dweight_scale.data();
    out.dbias_scale = g.dbias_scale.empty() ? nullptr : g.dbias_scale.data();
    EXPECT_EQ(
        nnoise_linear_backward(context, &p.layer, p.batch, p.x.data(), f.y.data(), f.saved.data(), p.dy.data(), &out),
        NNOISE_STATUS_OK)
        << nnoise_last_error();
    return g;
}

inline std::string difference(const Gradients& a, const Gradients& b) {
    const struct {
        const char* name;
        const Floats& a;
        const Floats& b;
    } parts[] = {{"dx", a.dx, b.dx},
                 {"dweight", a.dweight, b.dweight},
                 {"dbias", a.dbias, b.dbias},
                 {"dweight_scale", a.dweight_scale, b.dweight_scale},
                 {"dbias_scale", a.dbias_scale, b.dbias_scale}};
    for (const auto& part : parts) {
        const std::string text = difference(part.a, part.b);
        if (!text.empty()) {
            return std::string(part.name) + " " + text;
        }
    }
    return "";
}

} // namespace linear_tests

#include "fingerprint_lines.hpp"

#include "support.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace fingerprint {

namespace {

// The tensors of one computation, each at the setting's offset.
class Arena {
public:
    explicit Arena(int offset) : offset_(offset) {}
    float* zeros(std::int64_t n) {
        buffers_.push_back(std::make_unique<test::Buffer>(n, offset_));
        std::fill_n(buffers_.back()->data(), n, 0.0f);
        return buffers_.back()->data();
    }
    float* data(std::uint32_t stream, std::int64_t n) {
        float* values = zeros(n);
        for (std::int64_t i = 0; i < n; ++i) {
            values[i] = single(stream, static_cast<std::uint32_t>(i));
        }
        return values;
    }

private:
    int offset_;
    std::vector<std::unique_ptr<test::Buffer>> buffers_;
};

void append(Bytes& out, const float* values, std::int64_t n) {
    const auto* p = reinterpret_cast<const unsigned char*>(values);
    out.insert(out.end(), p, p + static_cast<std::size_t>(n) * sizeof(float));
}

void append(Bytes& out, double value) {
    const float rounded = static_cast<float>(value);
    append(out, &rounded, 1);
}

// The first status that is not OK.
nnoise_status first_failure(std::initializer_list<nnoise_status> statuses) {
    for (const nnoise_status status : statuses) {
        if (status != NNOISE_STATUS_OK) {
            return status;
        }
    }
    return NNOISE_STATUS_OK;
}

using Computation = std::function<nnoise_status(nnoise_context*, Arena&, Bytes&)>;

Line line(const std::string& name, const Computation& computation) {
    return {name, "float32", false, [computation](nnoise_context* context, const Setting& setting, Bytes& out) {
                Arena arena(setting.offset);
                return computation(context, arena, out);
            }};
}

// --- activations, losses, sums, products
// ------------------------------------------------------------------------------

Line activation(const char* name, nnoise_activation kind) {
    return line(name, [kind](nnoise_context* c, Arena& arena, Bytes& out) {
        const float* x = arena.data(stream_x, block);
        const float* dy = arena.data(stream_gradient, block);
        float* y = arena.zeros(block);
        float* dx = arena.zeros(block);
        const nnoise_status forward = nnoise_activation_forward(c, kind, block, x, y);
        const float* saved = kind == NNOISE_ACTIVATION_GELU ? x : y;
        const nnoise_status backward = nnoise_activation_backward(c, kind, block, saved, dy, dx);
        append(out, y, block);
        append(out, dx, block);
        return first_failure({forward, backward});
    });
}

Line matmul(const char* name, int transpose_a, int transpose_b) {
    return line(name, [=](nnoise_context* c, Arena& arena, Bytes& out) {
        constexpr std::int64_t m = 129, n = 131, k = 600;
        const float* a = arena.data(stream_x, m * k);
        const float* b = arena.data(stream_gradient, k * n);
        float* product = arena.zeros(m * n);
        const nnoise_status status = nnoise_matmul(c, transpose_a, transpose_b, m, n, k, a, b, product, 0);
        append(out, product, m * n);
        return status;
    });
}

constexpr std::int64_t classes = 16;

nnoise_status softmax(nnoise_context* c, Arena& arena, Bytes& out) {
    float* y = arena.zeros(block);
    const nnoise_status status = nnoise_softmax(c, block / classes, classes, arena.data(stream_x, block), y);
    append(out, y, block);
    return status;
}

nnoise_status cross_entropy(nnoise_context* c, Arena& arena, Bytes& out) {
    constexpr std::int64_t count = block / classes;
    std::vector<std::int32_t> labels(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        labels[i] = static_cast<std::int32_t>(word(stream_label, i) % classes);
    }
    const float* x = arena.data(stream_x, block);
    float* dx = arena.zeros(block);
    double loss = 0;
    const nnoise_status status = nnoise_softmax_cross_entropy(c, count, classes, x, labels.data(),
                                                              1.0f / static_cast<float>(count), dx, nullptr, &loss);
    append(out, loss);
    append(out, dx, block);
    return status;
}

nnoise_status squared_error(nnoise_context* c, Arena& arena, Bytes& out) {
    const float* y = arena.data(stream_x, block);
    const float* target = arena.data(stream_gradient, block);
    float* dy = arena.zeros(block);
    double loss = 0;
    const nnoise_status status =
        nnoise_mean_squared_error(c, block, y, target, 1.0f / static_cast<float>(block), dy, &loss);
    append(out, loss);
    append(out, dy, block);
    return status;
}

nnoise_status divergence(nnoise_context* c, Arena& arena, Bytes& out) {
    const float* mean = arena.data(stream_x, block);
    const float* log_variance = arena.data(stream_weight_scale, block);
    float* dmean = arena.zeros(block);
    float* dlog_variance = arena.zeros(block);
    double kl = 0;
    const nnoise_status forward = nnoise_kl_divergence(c, block, mean, log_variance, 0.25f, 0.5f, &kl);
    const nnoise_status backward =
        nnoise_kl_divergence_backward(c, block, mean, log_variance, 0.25f, 0.5f, 1.0f, dmean, dlog_variance);
    append(out, kl);
    append(out, dmean, block);
    append(out, dlog_variance, block);
    return first_failure({forward, backward});
}

nnoise_status sum(nnoise_context* c, Arena& arena, Bytes& out) {
    double result = 0;
    const nnoise_status status = nnoise_sum(c, block, arena.data(stream_x, block), &result);
    append(out, result);
    return status;
}

nnoise_status multiply(nnoise_context* c, Arena& arena, Bytes& out) {
    float* y = arena.zeros(block);
    const nnoise_status status =
        nnoise_multiply(c, block, arena.data(stream_x, block), arena.data(stream_gradient, block), y);
    append(out, y, block);
    return status;
}

nnoise_status add_row(nnoise_context* c, Arena& arena, Bytes& out) {
    constexpr std::int64_t side = 1 << 10;
    const float* row = arena.data(stream_bias, side);
    float* y = arena.zeros(block);
    float* drow = arena.zeros(side);
    const nnoise_status forward = nnoise_add_row(c, side, side, arena.data(stream_x, block), row, y);
    const nnoise_status backward = nnoise_column_sum(c, side, side, arena.data(stream_gradient, block), drow, 0);
    append(out, y, block);
    append(out, drow, side);
    return first_failure({forward, backward});
}

// --- linear layers
// ----------------------------------------------------------------------------------------------------

struct Size {
    std::int64_t batch;
    std::int64_t inputs;
    std::int64_t outputs;
};

// 2^20 draws: of weights, or, where noise is drawn for each example, of outputs.
constexpr Size by_weight{4, 1024, 1024};
constexpr Size by_example{1024, 16, 1024};

Line layer(const char* name, const Size& size, nnoise_weight_noise noise,
           nnoise_estimator estimator = NNOISE_ESTIMATOR_SHARED) {
    return line(name, [=](nnoise_context* c, Arena& arena, Bytes& out) {
        const std::int64_t weights = size.inputs * size.outputs;
        const bool has_scale = noise >= NNOISE_WEIGHT_NOISE_INDEPENDENT;
        nnoise_linear linear;
        nnoise_linear_default(&linear);
        linear.noise = noise;
        linear.estimator = estimator;
        linear.inputs = size.inputs;
        linear.outputs = size.outputs;
        linear.weight = arena.data(stream_weight, weights);
        linear.bias = arena.data(stream_bias, size.outputs);
        linear.weight_scale = has_scale ? arena.data(stream_weight_scale, weights) : nullptr;
        linear.bias_scale = has_scale ? arena.data(stream_bias_scale, size.outputs) : nullptr;
        linear.std = 0.1f;
        linear.weight_address = address("fingerprint:weight", 0);
        linear.bias_address = address("fingerprint:bias", 0);
        linear.input_address = address("fingerprint:in", 0);
        linear.output_address = address("fingerprint:out", 0);

        const float* x = arena.data(stream_x, size.batch * size.inputs);
        const float* dy = arena.data(stream_gradient, size.batch * size.outputs);
        float* y = arena.zeros(size.batch * size.outputs);
        std::int64_t saved_floats = 0;
        const nnoise_status sized = nnoise_linear_saved_size(&linear, size.batch, &saved_floats);
        float* saved = arena.zeros(saved_floats);
        const nnoise_status forward = nnoise_linear_forward(c, &linear, size.batch, x, y, saved);

        nnoise_linear_gradients gradients{};
        gradients.size = sizeof gradients;
        gradients.dx = arena.zeros(size.batch * size.inputs);
        gradients.dweight = arena.zeros(weights);
        gradients.dbias = arena.zeros(size.outputs);
        gradients.dweight_scale = has_scale ? arena.zeros(weights) : nullptr;
        gradients.dbias_scale = has_scale ? arena.zeros(size.outputs) : nullptr;
        const nnoise_status backward = nnoise_linear_backward(c, &linear, size.batch, x, y, saved, dy, &gradients);

        append(out, y, size.batch * size.outputs);
        append(out, gradients.dx, size.batch * size.inputs);
        append(out, gradients.dweight, weights);
        append(out, gradients.dbias, size.outputs);
        if (has_scale) {
            append(out, gradients.dweight_scale, weights);
            append(out, gradients.dbias_scale, size.outputs);
        }
        return first_failure({sized, forward, backward});
    });
}

// --- optimisers
// -------------------------------------------------------------------------------------------------------

nnoise_optimizer_options first_step(float weight_decay) {
    nnoise_optimizer_options options;
    nnoise_optimizer_options_default(&options);
    options.learning_rate = 0.01f;
    options.weight_decay = weight_decay;
    options.clip_value = 1.5f;
    options.noise_std = static_cast<float>(std::sqrt(0.01));
    options.noise_address = address("fingerprint.weight:gradient", 0);
    return options;
}

nnoise_status sgd(nnoise_context* c, Arena& arena, Bytes& out) {
    nnoise_optimizer_options options = first_step(0.001f);
    options.momentum = 0.9f;
    options.nesterov = 1;
    float* parameter = arena.data(stream_weight, block);
    const nnoise_status status =
        nnoise_sgd_step(c, &options, block, parameter, arena.data(stream_x, block), arena.zeros(block));
    append(out, parameter, block);
    return status;
}

Line adam(const char* name, bool decoupled) {
    return line(name, [decoupled](nnoise_context* c, Arena& arena, Bytes& out) {
        nnoise_optimizer_options options = first_step(0.001f);
        options.decoupled = decoupled ? 1 : 0;
        float* parameter = arena.data(stream_weight, block);
        const nnoise_status status = nnoise_adamw_step(c, &options, block, parameter, arena.data(stream_x, block),
                                                       arena.zeros(block), arena.zeros(block));
        append(out, parameter, block);
        return status;
    });
}

} // namespace

std::vector<Line> operation_lines() {
    return {
        layer("linear", by_weight, NNOISE_WEIGHT_NOISE_NONE),
        layer("linear_absolute", by_weight, NNOISE_WEIGHT_NOISE_ABSOLUTE),
        layer("linear_relative", by_weight, NNOISE_WEIGHT_NOISE_RELATIVE),
        layer("linear_independent", by_weight, NNOISE_WEIGHT_NOISE_INDEPENDENT),
        layer("linear_factorized", by_weight, NNOISE_WEIGHT_NOISE_FACTORIZED),
        layer("linear_log_variance", by_weight, NNOISE_WEIGHT_NOISE_LOG_VARIANCE),
        layer("linear_absolute_local", by_example, NNOISE_WEIGHT_NOISE_ABSOLUTE, NNOISE_ESTIMATOR_LOCAL),
        layer("linear_relative_local", by_example, NNOISE_WEIGHT_NOISE_RELATIVE, NNOISE_ESTIMATOR_LOCAL),
        layer("linear_log_variance_local", by_example, NNOISE_WEIGHT_NOISE_LOG_VARIANCE, NNOISE_ESTIMATOR_LOCAL),
        layer("linear_log_variance_flipout", by_example, NNOISE_WEIGHT_NOISE_LOG_VARIANCE, NNOISE_ESTIMATOR_FLIPOUT),
        activation("relu", NNOISE_ACTIVATION_RELU),
        activation("tanh", NNOISE_ACTIVATION_TANH),
        activation("sigmoid", NNOISE_ACTIVATION_SIGMOID),
        activation("gelu", NNOISE_ACTIVATION_GELU),
        line("softmax", softmax),
        line("softmax_cross_entropy", cross_entropy),
        line("mean_squared_error", squared_error),
        line("kl_divergence", divergence),
        line("sum", sum),
        line("multiply", multiply),
        line("add_row", add_row),
        matmul("matmul", 0, 0),
        matmul("matmul_transposed_a", 1, 0),
        matmul("matmul_transposed_b", 0, 1),
        matmul("matmul_transposed_both", 1, 1),
        line("sgd", sgd),
        adam("adam", false),
        adam("adamw", true),
    };
}

} // namespace fingerprint

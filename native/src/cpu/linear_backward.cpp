#include "linear.hpp"
#include "linear_plan.hpp"

namespace nnoise {
namespace {

// Which of a kind's gradients a raw sum feeds, and by what factor.
struct Factors {
    bool weight; // dW gets a part by `weight_factor`
    GradientFactor weight_factor;
    bool scale; // dS or dR likewise
    GradientFactor scale_factor;
};

// Of the sum of dz x where W' itself took part.
Factors sample_factors(WeightNoise kind) {
    switch (kind) {
    case WeightNoise::none:
    case WeightNoise::absolute:
        return {true, GradientFactor::one, false, GradientFactor::one};
    case WeightNoise::relative:
        return {true, GradientFactor::relative_sample, false, GradientFactor::one};
    case WeightNoise::independent:
    case WeightNoise::factorized:
        return {true, GradientFactor::one, true, GradientFactor::unit_noise};
    case WeightNoise::log_variance:
        return {true, GradientFactor::one, true, GradientFactor::half_deviation};
    }
    return {};
}

// Of the sum of (dz r) (x s), the part that went through D = W' - W.
Factors delta_factors(WeightNoise kind) {
    Factors f = sample_factors(kind);
    f.weight = kind == WeightNoise::relative;
    f.weight_factor = GradientFactor::relative_delta;
    return f;
}

// Of the sum of dv x^2, the part that went through the variances.
Factors variance_factors(WeightNoise kind) {
    switch (kind) {
    case WeightNoise::relative:
        return {true, GradientFactor::relative_variance, false, GradientFactor::one};
    case WeightNoise::independent:
        return {false, GradientFactor::one, true, GradientFactor::twice_scale};
    case WeightNoise::log_variance:
        return {false, GradientFactor::one, true, GradientFactor::exp_log_variance};
    case WeightNoise::none:
    case WeightNoise::absolute:
    case WeightNoise::factorized:
        break;
    }
    return {false, GradientFactor::one, false, GradientFactor::one};
}

struct Backward {
    nnoise_context& context;
    const LinearKernels& table;
    const nnoise_linear& layer;
    const nnoise_linear_gradients& gradients;
    LinearPlan plan;
    float* dz_memory = nullptr;       // dy activation'(y), where there is an activation
    float* other_dz_memory = nullptr; // dv (LOCAL) or dz r (FLIPOUT)
    float* input_memory = nullptr;    // their products with V or D
    float* factor_memory = nullptr;   // factors of a bias gradient

    // The block of rows at work.
    std::int64_t rows = 0;
    bool assign = false; // parameters: this block comes first and nothing is added to
    const float* x = nullptr;
    const float* dz = nullptr;
    const float* other_dz = nullptr;
    float* dx = nullptr;
    NoiseRows input_rows = {};
    NoiseRows output_rows = {};

    Backward(nnoise_context& c, const nnoise_linear& l, const nnoise_linear_gradients& g)
        : context(c), table(linear_kernels(c.isa)), layer(l), gradients(g), plan(l) {}

    void take(std::int64_t batch, CallScratch& scratch) {
        const std::int64_t block = rows_of_block(batch);
        plan.take_factors(layer, scratch);
        factor_memory = scratch.take(layer.outputs);
        if (layer.activation != NNOISE_ACTIVATION_NONE) {
            dz_memory = scratch.take(block * layer.outputs);
        }
        if (plan.local() || plan.flipout()) {
            other_dz_memory = scratch.take(block * layer.outputs);
        }
        const bool by_product = plan.flipout() || (plan.local() && plan.kind != WeightNoise::absolute);
        if (by_product && gradients.dx != nullptr) {
            input_memory = scratch.take(block * layer.inputs);
        }
    }

    // f(i) for every row of the block, each of about `size` elements.
    template <class F>
    void each_row(std::int64_t size, const F& f) {
        parallel_ranges(context.threads, rows, items_of_grain(row_grain, size),
                        [&](std::int64_t first, std::int64_t last) {
                            for (std::int64_t i = first; i < last; ++i) {
                                f(i);
                            }
                        });
    }

    // dz, and what LOCAL and FLIPOUT need beside it.
    void output_gradients(const float* y, const float* saved, const float* dy) {
        const std::int64_t n = layer.outputs;
        dz = layer.activation != NNOISE_ACTIVATION_NONE ? dz_memory : dy;
        other_dz = other_dz_memory;
        if (dz == dy && other_dz == nullptr) {
            return;
        }
        each_row(n, [&](std::int64_t i) {
            if (dz != dy) {
                table.activation_gradient(layer.activation, n, y + i * n, dy + i * n, dz_memory + i * n);
            }
            if (plan.local()) {
                table.variance_gradient(output_rows.at(i), n, dz + i * n, saved + i * n, other_dz_memory + i * n);
            } else if (plan.flipout()) {
                table.add_signed(output_rows.at(i), n, dz + i * n, false, other_dz_memory + i * n);
            }
        });
    }

    // c [rows, inputs] = left [rows, outputs] times the weights, as sample, plain, delta or variance.
    void input_product(const float* left, Content content, bool accumulate, float* c) {
        MatrixProduct p;
        p.m = rows;
        p.n = layer.inputs;
        p.k = layer.outputs;
        p.left = plain_matrix(left, layer.outputs);
        p.right = plan.weight_as(content);
        p.c = c;
        p.c_stride = layer.inputs;
        p.accumulate = accumulate;
        run_product(context, p);
    }

    void input_gradient() {
        const bool accumulate = gradients.accumulate_input != 0;
        const std::int64_t n = layer.inputs;
        if (plan.flipout()) {
            input_product(other_dz, Content::delta, false, input_memory);
            each_row(n, [&](std::int64_t i) {
                table.add_signed(input_rows.at(i), n, input_memory + i * n, accumulate, dx + i * n);
            });
            input_product(dz, Content::plain, true, dx);
        } else if (plan.local() && plan.kind == WeightNoise::absolute) {
            const float std_squared = layer.std * layer.std;
            each_row(n, [&](std::int64_t i) {
                float t;
                table.row_sums(other_dz + i * layer.outputs, 1, layer.outputs, false, &t);
                t = std_squared * t;
                table.square_gradient(n, x + i * n, &t, true, accumulate, dx + i * n);
            });
            input_product(dz, Content::plain, true, dx);
        } else if (plan.local()) {
            input_product(other_dz, Content::variance, false, input_memory);
            each_row(n, [&](std::int64_t i) {
                table.square_gradient(n, x + i * n, input_memory + i * n, false, accumulate, dx + i * n);
            });
            input_product(dz, Content::plain, true, dx);
        } else {
            input_product(dz, plan.kind == WeightNoise::none ? Content::plain : Content::sample, accumulate, dx);
        }
    }

    // The weights' gradients get left^T right, times the factors.
    void weight_product(const float* left, const Matrix& right, const Factors& factors, bool assign_weight,
                        bool assign_scale) {
        const bool weight = factors.weight && gradients.dweight != nullptr;
        const bool scale = factors.scale && gradients.dweight_scale != nullptr;
        if (!weight && !scale) {
            return;
        }
        MatrixProduct p;
        p.m = layer.outputs;
        p.n = layer.inputs;
        p.k = rows;
        p.left = plain_matrix(left, layer.outputs);
        p.left_transposed = true;
        p.right = right;
        p.c_stride = layer.inputs;
        p.parameter = plan.weight;
        p.accumulate = !(weight ? assign_weight : assign_scale);
        if (weight && factors.weight_factor == GradientFactor::one && !scale) {
            p.c = gradients.dweight;
        } else {
            p.targets[0] = {weight ? gradients.dweight : nullptr, factors.weight_factor};
            p.targets[1] = {scale ? gradients.dweight_scale : nullptr, factors.scale_factor};
        }
        run_product(context, p);
    }

    // target gets the column sums of `values`, times the factor.
    void bias_sum(const float* values, GradientFactor factor, bool assign_target, float* target) {
        const std::int64_t n = layer.outputs;
        const float* f = nullptr;
        if (factor != GradientFactor::one) {
            table.factors(plan.bias, factor, 0, 0, n, factor_memory);
            f = factor_memory;
        }
        if (rows == 0) {
            values = target; // which no column of no rows reads: with no rows there may be no gradients either
        }
        const std::int64_t grain = items_of_grain(4 * row_grain, rows, 16) * 16;
        parallel_ranges(context.threads, n, grain, [&](std::int64_t first, std::int64_t last) {
            table.column_sums(values + first, n, rows, last - first, f != nullptr ? f + first : nullptr, assign_target,
                              target + first);
        });
    }

    void bias_sums(const float* values, const Factors& factors, bool assign_bias, bool assign_scale) {
        if (factors.weight && gradients.dbias != nullptr) {
            bias_sum(values, factors.weight_factor, assign_bias, gradients.dbias);
        }
        if (factors.scale && gradients.dbias_scale != nullptr) {
            bias_sum(values, factors.scale_factor, assign_scale, gradients.dbias_scale);
        }
    }

    void parameter_gradients() {
        const Matrix inputs = plain_matrix(x, layer.inputs);
        const Factors clean = sample_factors(WeightNoise::none);
        if (plan.local()) {
            const Factors through_variance = variance_factors(plan.kind);
            weight_product(dz, inputs, clean, assign, assign);
            weight_product(other_dz, square_matrix(x, layer.inputs), through_variance, false, assign);
            bias_sums(dz, clean, assign, assign);
            bias_sums(other_dz, through_variance, false, assign);
        } else if (plan.flipout()) {
            weight_product(dz, inputs, clean, assign, assign);
            weight_product(other_dz, signed_matrix(x, layer.inputs, input_rows), delta_factors(plan.kind), false,
                           assign);
            bias_sums(dz, sample_factors(plan.kind), assign, assign);
        } else {
            weight_product(dz, inputs, sample_factors(plan.kind), assign, assign);
            bias_sums(dz, sample_factors(plan.kind), assign, assign);
        }
    }
};

} // namespace

nnoise_status linear_backward(nnoise_context& context, const nnoise_linear& layer, std::int64_t batch, const float* x,
                              const float* y, const float* saved, const float* dy,
                              const nnoise_linear_gradients& gradients) {
    Backward backward(context, layer, gradients);
    CallScratch scratch;
    backward.take(batch, scratch);
    if (!reserve_call(context, scratch.used(), scratch)) {
        return NNOISE_STATUS_OUT_OF_MEMORY;
    }
    backward.take(batch, scratch);
    backward.plan.fill_factors(backward.table, layer);
    std::int64_t r = 0;
    do { // at least once: with no rows the parameters' gradients are zeros
        backward.rows = rows_of_block(batch - r);
        backward.assign = r == 0 && gradients.accumulate == 0;
        backward.x = x + r * layer.inputs;
        backward.dx = gradients.dx != nullptr ? gradients.dx + r * layer.inputs : nullptr;
        backward.input_rows = rows_from(noise_rows(layer.input_address), r);
        backward.output_rows = rows_from(noise_rows(layer.output_address), r);
        const std::int64_t at = r * layer.outputs;
        backward.output_gradients(y != nullptr ? y + at : nullptr, saved != nullptr ? saved + at : nullptr, dy + at);
        if (backward.dx != nullptr) {
            backward.input_gradient();
        }
        backward.parameter_gradients();
        r += backward.rows;
    } while (r < batch);
    return NNOISE_STATUS_OK;
}

} // namespace nnoise

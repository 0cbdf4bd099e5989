#include "linear.hpp"
#include "linear_plan.hpp"

namespace nnoise {
namespace {

struct Forward {
    nnoise_context& context;
    const LinearKernels& table;
    const nnoise_linear& layer;
    LinearPlan plan;
    float* bias = nullptr;          // b', or b for LOCAL
    float* bias_variance = nullptr; // V_b
    float* variances = nullptr;     // of a block, where the caller keeps none

    Forward(nnoise_context& c, const nnoise_linear& l) : context(c), table(linear_kernels(c.isa)), layer(l), plan(l) {}

    void take(std::int64_t batch, bool keep_variances, CallScratch& scratch) {
        plan.take_factors(layer, scratch);
        if (layer.bias != nullptr) {
            bias = scratch.take(layer.outputs);
            bias_variance = plan.local() ? scratch.take(layer.outputs) : nullptr;
        }
        if (plan.local() && keep_variances) {
            variances = scratch.take(rows_of_block(batch) * layer.outputs);
        }
    }

    void prepare() {
        plan.fill_factors(table, layer);
        if (layer.bias == nullptr) {
            return;
        }
        const bool clean = plan.local() || plan.kind == WeightNoise::none;
        table.read(plan.bias_as(clean ? Content::plain : Content::sample), 0, 0, layer.outputs, bias);
        if (bias_variance != nullptr) {
            table.read(plan.bias_as(Content::variance), 0, 0, layer.outputs, bias_variance);
        }
    }

    MatrixProduct product(std::int64_t rows, const Matrix& left, Content weight, float* c) const {
        MatrixProduct p;
        p.m = rows;
        p.n = layer.outputs;
        p.k = layer.inputs;
        p.left = left;
        p.right = plan.weight_as(weight);
        p.right_transposed = true;
        p.c = c;
        p.c_stride = layer.outputs;
        p.epilogue.activation = layer.activation;
        return p;
    }

    // y = activation(x W^T + b) with W' in place of W where the sample is shared.
    void shared(std::int64_t batch, const float* x, float* y) {
        const Content weight = plan.kind == WeightNoise::none ? Content::plain : Content::sample;
        MatrixProduct p = product(batch, plain_matrix(x, layer.inputs), weight, y);
        p.epilogue.finish = Finish::activation;
        p.epilogue.vector = bias;
        run_product(context, p);
    }

    // y = ((x s) D^T) r, then x W^T chunk by chunk on top, then b' and the activation.
    void flipout(std::int64_t batch, const float* x, float* y) {
        MatrixProduct p =
            product(batch, signed_matrix(x, layer.inputs, noise_rows(layer.input_address)), Content::delta, y);
        p.epilogue.finish = Finish::apply_signs;
        p.epilogue.noise = noise_rows(layer.output_address);
        run_product(context, p);
        MatrixProduct clean = product(batch, plain_matrix(x, layer.inputs), Content::plain, y);
        clean.accumulate = true;
        clean.epilogue.finish = Finish::activation;
        clean.epilogue.vector = bias;
        run_product(context, clean);
    }

    // With one variance for all weights v = std^2 (|x|^2 + 1), the 1 for the bias: row sums instead of a product.
    void absolute_variances(std::int64_t rows, const float* x, float* v) {
        const float std_squared = layer.std * layer.std;
        const std::int64_t grain = items_of_grain(row_grain, layer.inputs + layer.outputs);
        parallel_ranges(context.threads, rows, grain, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t i = first; i < last; ++i) {
                float sum;
                table.row_sums(x + i * layer.inputs, 1, layer.inputs, true, &sum);
                const float value = std_squared * (layer.bias != nullptr ? sum + 1.0f : sum);
                for (std::int64_t j = 0; j < layer.outputs; ++j) {
                    v[i * layer.outputs + j] = value;
                }
            }
        });
    }

    void local(std::int64_t first_row, std::int64_t rows, const float* x, float* y, float* v) {
        if (plan.kind == WeightNoise::absolute) {
            absolute_variances(rows, x, v);
        } else {
            MatrixProduct p = product(rows, square_matrix(x, layer.inputs), Content::variance, v);
            p.epilogue.finish = Finish::add_vector;
            p.epilogue.vector = bias_variance;
            run_product(context, p);
        }
        MatrixProduct mean = product(rows, plain_matrix(x, layer.inputs), Content::plain, y);
        mean.epilogue.finish = Finish::noisy_activation;
        mean.epilogue.vector = bias;
        mean.epilogue.variance = v;
        mean.epilogue.variance_stride = layer.outputs;
        mean.epilogue.noise = rows_from(noise_rows(layer.output_address), first_row);
        run_product(context, mean);
    }
};

} // namespace

nnoise_status linear_forward(nnoise_context& context, const nnoise_linear& layer, std::int64_t batch, const float* x,
                             float* y, float* saved) {
    Forward forward(context, layer);
    CallScratch scratch;
    forward.take(batch, saved == nullptr, scratch);
    if (!reserve_call(context, scratch.used(), scratch)) {
        return NNOISE_STATUS_OUT_OF_MEMORY;
    }
    forward.take(batch, saved == nullptr, scratch);
    forward.prepare();
    if (forward.plan.flipout()) {
        forward.flipout(batch, x, y);
        return NNOISE_STATUS_OK;
    }
    if (!forward.plan.local()) {
        forward.shared(batch, x, y);
        if (saved != nullptr && layer.estimator == NNOISE_ESTIMATOR_LOCAL) {
            for (std::int64_t i = 0; i < batch * layer.outputs; ++i) {
                saved[i] = 0.0f; // no noise, no variance
            }
        }
        return NNOISE_STATUS_OK;
    }
    if (saved != nullptr) {
        forward.local(0, batch, x, y, saved);
        return NNOISE_STATUS_OK;
    }
    for (std::int64_t r = 0; r < batch; r += block_rows) {
        const std::int64_t rows = rows_of_block(batch - r);
        forward.local(r, rows, x + r * layer.inputs, y + r * layer.outputs, forward.variances);
    }
    return NNOISE_STATUS_OK;
}

nnoise_status linear_sample_weights(nnoise_context& context, const nnoise_linear& layer, float* weight, float* bias) {
    const LinearKernels& table = linear_kernels(context.isa);
    LinearPlan plan(layer);
    CallScratch scratch;
    plan.take_factors(layer, scratch);
    if (!reserve_call(context, scratch.used(), scratch)) {
        return NNOISE_STATUS_OUT_OF_MEMORY;
    }
    plan.take_factors(layer, scratch);
    plan.fill_factors(table, layer);
    const Content content = plan.kind == WeightNoise::none ? Content::plain : Content::sample;
    const Matrix weights = plan.weight_as(content);
    parallel_ranges(context.threads, layer.outputs, items_of_grain(row_grain, layer.inputs),
                    [&](std::int64_t first, std::int64_t last) {
                        for (std::int64_t o = first; o < last; ++o) {
                            table.read(weights, o, 0, layer.inputs, weight + o * layer.inputs);
                        }
                    });
    if (bias != nullptr) {
        table.read(plan.bias_as(content), 0, 0, layer.outputs, bias);
    }
    return NNOISE_STATUS_OK;
}

} // namespace nnoise

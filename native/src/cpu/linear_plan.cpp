#include "linear_plan.hpp"

namespace nnoise {
namespace {

constexpr float one = 1.0f;

WeightNoise kind_in_force(const nnoise_linear& layer) {
    const WeightNoise kind = static_cast<WeightNoise>(layer.noise);
    const bool has_std = kind == WeightNoise::absolute || kind == WeightNoise::relative;
    return has_std && layer.std == 0.0f ? WeightNoise::none : kind;
}

} // namespace

LinearPlan::LinearPlan(const nnoise_linear& layer)
    : kind(kind_in_force(layer)),
      estimator(kind == WeightNoise::none ? static_cast<int>(NNOISE_ESTIMATOR_SHARED) : layer.estimator) {
    weight.data = layer.weight;
    weight.stride = layer.inputs;
    weight.kind = kind;
    weight.std = layer.std;
    weight.scale = layer.weight_scale;
    weight.noise = noise_rows(layer.weight_address);
    bias.data = layer.bias;
    bias.stride = layer.outputs;
    bias.kind = kind;
    bias.std = layer.std;
    bias.scale = layer.bias_scale;
    bias.noise = noise_rows(layer.bias_address);
}

void LinearPlan::take_factors(const nnoise_linear& layer, CallScratch& scratch) {
    if (kind == WeightNoise::factorized) {
        factor_in = scratch.take(layer.inputs);
        factor_out = scratch.take(layer.outputs);
        weight.factor_row = factor_out;
        weight.factor_element = factor_in;
        bias.factor_row = &one;
        bias.factor_element = factor_out;
    }
}

void LinearPlan::fill_factors(const LinearKernels& table, const nnoise_linear& layer) {
    if (kind != WeightNoise::factorized) {
        return;
    }
    table.normals(noise_rows(layer.input_address).first, 0, layer.inputs, factor_in);
    table.normals(noise_rows(layer.output_address).first, 0, layer.outputs, factor_out);
    for (std::int64_t i = 0; i < layer.inputs; ++i) {
        factor_in[i] = signed_sqrt(factor_in[i]);
    }
    for (std::int64_t o = 0; o < layer.outputs; ++o) {
        factor_out[o] = signed_sqrt(factor_out[o]);
    }
}

} // namespace nnoise

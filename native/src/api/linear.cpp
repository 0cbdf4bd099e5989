// The linear layer and the Kullback-Leibler divergence: checks, then cpu/linear_*.cpp.
#include "../cpu/linear.hpp"

#include "guard.hpp"

using namespace nnoise;

namespace {

constexpr int64_t item = static_cast<int64_t>(sizeof(float));

struct Sizes {
    int64_t x, y, weight, outputs;
};

// A buffer of the call, for the checks that compare each with each.
struct Buffer {
    const char* name;
    const void* data;
    int64_t count;
    bool written;
};

bool kind_has_scale(const nnoise_linear& layer) {
    return layer.noise == NNOISE_WEIGHT_NOISE_INDEPENDENT || layer.noise == NNOISE_WEIGHT_NOISE_FACTORIZED ||
           layer.noise == NNOISE_WEIGHT_NOISE_LOG_VARIANCE;
}

bool kind_has_std(const nnoise_linear& layer) {
    return layer.noise == NNOISE_WEIGHT_NOISE_ABSOLUTE || layer.noise == NNOISE_WEIGHT_NOISE_RELATIVE;
}

nnoise_status check_choice(const char* call, const char* name, int32_t value, int32_t last, const char* expected) {
    if (value < 0 || value > last) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: %s is %d; expected %s", call, name, static_cast<int>(value),
                    expected);
    }
    return NNOISE_STATUS_OK;
}

// Everything about the layer but its pointers and addresses.
nnoise_status check_form(const char* call, const nnoise_linear* layer, int64_t batch, Sizes* sizes) {
    NNOISE_TRY(check_pointer(call, "layer", layer));
    NNOISE_TRY(check_struct_size(call, "layer.size", layer->size, sizeof(nnoise_linear)));
    NNOISE_TRY(check_choice(call, "layer.noise", layer->noise, NNOISE_WEIGHT_NOISE_LOG_VARIANCE,
                            "one of nnoise_weight_noise, 0 to 5"));
    NNOISE_TRY(check_choice(call, "layer.estimator", layer->estimator, NNOISE_ESTIMATOR_FLIPOUT,
                            "one of nnoise_estimator, 0 to 2"));
    NNOISE_TRY(check_choice(call, "layer.activation", layer->activation, NNOISE_ACTIVATION_SIGMOID,
                            "NONE, RELU, TANH or SIGMOID, 0 to 3"));
    if (layer->reserved != 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: layer.reserved is %u; expected 0", call, layer->reserved);
    }
    if (layer->estimator != NNOISE_ESTIMATOR_SHARED && layer->noise == NNOISE_WEIGHT_NOISE_FACTORIZED) {
        return fail(
            NNOISE_STATUS_INVALID_ARGUMENT,
            "%s: layer.estimator is %s and layer.noise FACTORIZED, whose elements are not independent; expected "
            "SHARED",
            call, layer->estimator == NNOISE_ESTIMATOR_LOCAL ? "LOCAL" : "FLIPOUT");
    }
    if (kind_has_std(*layer)) {
        NNOISE_TRY(check_not_negative(call, "layer.std", layer->std));
    }
    NNOISE_TRY(check_matrix(call, "batch", batch, "layer.inputs", layer->inputs, item, &sizes->x));
    NNOISE_TRY(check_matrix(call, "batch", batch, "layer.outputs", layer->outputs, item, &sizes->y));
    NNOISE_TRY(
        check_matrix(call, "layer.outputs", layer->outputs, "layer.inputs", layer->inputs, item, &sizes->weight));
    sizes->outputs = layer->outputs;
    return NNOISE_STATUS_OK;
}

// The parameters that the kind needs, and the addresses that the estimator draws from.
nnoise_status check_parameters(const char* call, const nnoise_linear& layer, const Sizes& sizes, int64_t batch,
                               int32_t estimator) {
    if (sizes.weight > 0) {
        NNOISE_TRY(check_pointer(call, "layer.weight", layer.weight));
    }
    const bool noisy = layer.noise != NNOISE_WEIGHT_NOISE_NONE;
    if (kind_has_scale(layer)) {
        if (sizes.weight > 0) {
            NNOISE_TRY(check_pointer(call, "layer.weight_scale", layer.weight_scale));
        }
        if (layer.bias != nullptr) {
            NNOISE_TRY(check_pointer(call, "layer.bias_scale", layer.bias_scale));
        }
    }
    if (!noisy) {
        return NNOISE_STATUS_OK;
    }
    if (layer.noise == NNOISE_WEIGHT_NOISE_FACTORIZED) {
        NNOISE_TRY(check_address(call, "layer.input_address", layer.input_address, 1, layer.inputs));
        NNOISE_TRY(check_address(call, "layer.output_address", layer.output_address, 1, layer.outputs));
    } else if (estimator != NNOISE_ESTIMATOR_LOCAL) {
        NNOISE_TRY(check_address(call, "layer.weight_address", layer.weight_address, layer.outputs, layer.inputs));
        if (layer.bias != nullptr) {
            NNOISE_TRY(check_address(call, "layer.bias_address", layer.bias_address, 1, layer.outputs));
        }
    }
    if (estimator == NNOISE_ESTIMATOR_LOCAL) {
        NNOISE_TRY(check_address(call, "layer.output_address", layer.output_address, batch, layer.outputs));
    }
    if (estimator == NNOISE_ESTIMATOR_FLIPOUT) {
        NNOISE_TRY(check_address(call, "layer.input_address", layer.input_address, batch, layer.inputs, 32));
        NNOISE_TRY(check_address(call, "layer.output_address", layer.output_address, batch, layer.outputs, 32));
    }
    return NNOISE_STATUS_OK;
}

// What is written may not touch anything else.
template <int n>
nnoise_status check_buffers(const char* call, const Buffer (&buffers)[n]) {
    for (int i = 0; i < n; ++i) {
        for (int j = 0; j < n; ++j) {
            if (buffers[i].written && (j < i || !buffers[j].written)) {
                NNOISE_TRY(check_overlap(call, buffers[i].name, buffers[i].data, buffers[i].count * item,
                                         buffers[j].name, buffers[j].data, buffers[j].count * item,
                                         Aliasing::separate));
            }
        }
    }
    return NNOISE_STATUS_OK;
}

nnoise_status outcome(const char* call, nnoise_status status) {
    return status == NNOISE_STATUS_OUT_OF_MEMORY ? fail(status, "%s: no memory for scratch", call) : status;
}

nnoise_status check_prior(const char* call, float prior_mean, float prior_std) {
    NNOISE_TRY(check_finite(call, "prior_mean", prior_mean));
    if (!(prior_std > 0.0f) || prior_std > 3.402823466e38f) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: prior_std is %s; expected a finite number > 0", call,
                    NumberText(prior_std).c_str());
    }
    return NNOISE_STATUS_OK;
}

} // namespace

extern "C" {

nnoise_status nnoise_linear_default(nnoise_linear* layer) {
    NNOISE_TRY(check_pointer("nnoise_linear_default", "layer", layer));
    *layer = nnoise_linear{};
    layer->size = sizeof(nnoise_linear);
    nnoise_address* addresses[] = {&layer->weight_address, &layer->bias_address, &layer->input_address,
                                   &layer->output_address};
    for (nnoise_address* a : addresses) {
        a->row_stride = 1;
    }
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_linear_saved_size(const nnoise_linear* layer, int64_t batch, int64_t* floats) {
    const char* call = "nnoise_linear_saved_size";
    Sizes sizes = {};
    NNOISE_TRY(check_form(call, layer, batch, &sizes));
    NNOISE_TRY(check_pointer(call, "floats", floats));
    *floats = layer->estimator == NNOISE_ESTIMATOR_LOCAL ? sizes.y : 0;
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_linear_forward(nnoise_context* context, const nnoise_linear* layer, int64_t batch, const float* x,
                                    float* y, float* saved) {
    const Call call(context, "nnoise_linear_forward");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_pointer(call.name(), "context", context));
    Sizes sizes = {};
    NNOISE_TRY(check_form(call.name(), layer, batch, &sizes));
    NNOISE_TRY(check_parameters(call.name(), *layer, sizes, batch, layer->estimator));
    if (sizes.x > 0) {
        NNOISE_TRY(check_pointer(call.name(), "x", x));
    }
    if (sizes.y > 0) {
        NNOISE_TRY(check_pointer(call.name(), "y", y));
    }
    const bool keeps = layer->estimator == NNOISE_ESTIMATOR_LOCAL;
    const Buffer buffers[] = {
        {"y", y, sizes.y, true},
        {"saved", saved, keeps ? sizes.y : 0, true},
        {"x", x, sizes.x, false},
        {"layer.weight", layer->weight, sizes.weight, false},
        {"layer.bias", layer->bias, sizes.outputs, false},
        {"layer.weight_scale", layer->weight_scale, sizes.weight, false},
        {"layer.bias_scale", layer->bias_scale, sizes.outputs, false},
    };
    NNOISE_TRY(check_buffers(call.name(), buffers));
    return outcome(call.name(), linear_forward(*context, *layer, batch, x, y, keeps ? saved : nullptr));
}

nnoise_status nnoise_linear_backward(nnoise_context* context, const nnoise_linear* layer, int64_t batch, const float* x,
                                     const float* y, const float* saved, const float* dy,
                                     const nnoise_linear_gradients* gradients) {
    const Call call(context, "nnoise_linear_backward");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_pointer(call.name(), "context", context));
    Sizes sizes = {};
    NNOISE_TRY(check_form(call.name(), layer, batch, &sizes));
    NNOISE_TRY(check_parameters(call.name(), *layer, sizes, batch, layer->estimator));
    NNOISE_TRY(check_pointer(call.name(), "gradients", gradients));
    NNOISE_TRY(check_struct_size(call.name(), "gradients.size", gradients->size, sizeof(nnoise_linear_gradients)));
    if (gradients->reserved != 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: gradients.reserved is %u; expected 0", call.name(),
                    gradients->reserved);
    }
    const bool keeps = layer->estimator == NNOISE_ESTIMATOR_LOCAL && layer->noise != NNOISE_WEIGHT_NOISE_NONE;
    if (sizes.x > 0) {
        NNOISE_TRY(check_pointer(call.name(), "x", x));
    }
    if (sizes.y > 0) {
        NNOISE_TRY(check_pointer(call.name(), "dy", dy));
        if (layer->activation != NNOISE_ACTIVATION_NONE) {
            NNOISE_TRY(check_pointer(call.name(), "y", y));
        }
        if (keeps) {
            NNOISE_TRY(check_pointer(call.name(), "saved", saved));
        }
    }
    // A gradient that this layer does not have is a mistake, not a silence.
    const struct {
        const char* name;
        const float* data;
        bool exists;
        const char* expected;
    } optional[] = {
        {"dbias", gradients->dbias, layer->bias != nullptr, "null, as layer.bias is null"},
        {"dweight_scale", gradients->dweight_scale, kind_has_scale(*layer), "null, as layer.noise has no weight_scale"},
        {"dbias_scale", gradients->dbias_scale, kind_has_scale(*layer) && layer->bias != nullptr,
         "null, as layer.noise has no bias_scale or layer.bias is null"},
    };
    for (const auto& o : optional) {
        if (o.data != nullptr && !o.exists) {
            return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: gradients.%s is not null; expected %s", call.name(),
                        o.name, o.expected);
        }
    }
    const Buffer buffers[] = {
        {"gradients.dx", gradients->dx, sizes.x, true},
        {"gradients.dweight", gradients->dweight, sizes.weight, true},
        {"gradients.dbias", gradients->dbias, sizes.outputs, true},
        {"gradients.dweight_scale", gradients->dweight_scale, sizes.weight, true},
        {"gradients.dbias_scale", gradients->dbias_scale, sizes.outputs, true},
        {"x", x, sizes.x, false},
        {"y", layer->activation != NNOISE_ACTIVATION_NONE ? y : nullptr, sizes.y, false},
        {"saved", keeps ? saved : nullptr, sizes.y, false},
        {"dy", dy, sizes.y, false},
        {"layer.weight", layer->weight, sizes.weight, false},
        {"layer.bias", layer->bias, sizes.outputs, false},
        {"layer.weight_scale", layer->weight_scale, sizes.weight, false},
        {"layer.bias_scale", layer->bias_scale, sizes.outputs, false},
    };
    NNOISE_TRY(check_buffers(call.name(), buffers));
    return outcome(call.name(), linear_backward(*context, *layer, batch, x, y, saved, dy, *gradients));
}

nnoise_status nnoise_linear_sample_weights(nnoise_context* context, const nnoise_linear* layer, float* weight,
                                           float* bias) {
    const Call call(context, "nnoise_linear_sample_weights");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_pointer(call.name(), "context", context));
    Sizes sizes = {};
    NNOISE_TRY(check_form(call.name(), layer, 0, &sizes));
    NNOISE_TRY(check_parameters(call.name(), *layer, sizes, 0, NNOISE_ESTIMATOR_SHARED));
    if (sizes.weight > 0) {
        NNOISE_TRY(check_pointer(call.name(), "weight", weight));
    }
    if (bias != nullptr) {
        NNOISE_TRY(check_pointer(call.name(), "layer.bias", layer->bias));
    }
    const Buffer buffers[] = {
        {"weight", weight, sizes.weight, true},
        {"bias", bias, sizes.outputs, true},
        {"layer.weight", layer->weight, sizes.weight, false},
        {"layer.bias", layer->bias, sizes.outputs, false},
        {"layer.weight_scale", layer->weight_scale, sizes.weight, false},
        {"layer.bias_scale", layer->bias_scale, sizes.outputs, false},
    };
    NNOISE_TRY(check_buffers(call.name(), buffers));
    return outcome(call.name(), linear_sample_weights(*context, *layer, weight, bias));
}

nnoise_status nnoise_kl_divergence(nnoise_context* context, int64_t n, const float* mean, const float* log_variance,
                                   float prior_mean, float prior_std, double* kl) {
    const Call call(context, "nnoise_kl_divergence");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_pointer(call.name(), "context", context));
    NNOISE_TRY(check_size(call.name(), "n", n));
    NNOISE_TRY(check_prior(call.name(), prior_mean, prior_std));
    if (n > 0) {
        NNOISE_TRY(check_pointer(call.name(), "mean", mean));
        NNOISE_TRY(check_pointer(call.name(), "log_variance", log_variance));
    }
    NNOISE_TRY(check_pointer(call.name(), "kl", kl));
    const int64_t kl_bytes = static_cast<int64_t>(sizeof(double));
    NNOISE_TRY(check_overlap(call.name(), "mean", mean, n * item, "kl", kl, kl_bytes, Aliasing::separate));
    NNOISE_TRY(
        check_overlap(call.name(), "log_variance", log_variance, n * item, "kl", kl, kl_bytes, Aliasing::separate));
    return outcome(call.name(), kl_divergence(*context, n, mean, log_variance, prior_mean, prior_std, kl));
}

nnoise_status nnoise_kl_divergence_backward(nnoise_context* context, int64_t n, const float* mean,
                                            const float* log_variance, float prior_mean, float prior_std, float scale,
                                            float* dmean, float* dlog_variance) {
    const Call call(context, "nnoise_kl_divergence_backward");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_pointer(call.name(), "context", context));
    NNOISE_TRY(check_size(call.name(), "n", n));
    NNOISE_TRY(check_prior(call.name(), prior_mean, prior_std));
    NNOISE_TRY(check_finite(call.name(), "scale", scale));
    if (n == 0) {
        return NNOISE_STATUS_OK;
    }
    NNOISE_TRY(check_pointer(call.name(), "mean", mean));
    NNOISE_TRY(check_pointer(call.name(), "log_variance", log_variance));
    NNOISE_TRY(check_pointer(call.name(), "dmean", dmean));
    NNOISE_TRY(check_pointer(call.name(), "dlog_variance", dlog_variance));
    const Buffer buffers[] = {
        {"dmean", dmean, n, true},
        {"dlog_variance", dlog_variance, n, true},
        {"mean", mean, n, false},
        {"log_variance", log_variance, n, false},
    };
    NNOISE_TRY(check_buffers(call.name(), buffers));
    return kl_divergence_backward(*context, n, mean, log_variance, prior_mean, prior_std, scale, dmean, dlog_variance);
}

} // extern "C"

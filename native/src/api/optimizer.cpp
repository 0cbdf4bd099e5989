// Optimiser steps.
#include "guard.hpp"

#include "../cpu/dispatch.hpp"
#include "../cpu/parallel.hpp"

using namespace nnoise;

namespace {

constexpr std::int64_t grain_pieces = 16; // of piece_elements

nnoise_status check_unit(const char* call, const char* name, float value, bool closed) {
    if (!(value >= 0.0f && (closed ? value <= 1.0f : value < 1.0f))) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.%s is %s; expected a number in [0, 1%s", call, name,
                    NumberText(value).c_str(), closed ? "]" : ")");
    }
    return NNOISE_STATUS_OK;
}

nnoise_status check_options(const char* call, const nnoise_optimizer_options* options, std::int64_t n) {
    NNOISE_TRY(check_pointer(call, "options", options));
    const nnoise_optimizer_options& o = *options;
    NNOISE_TRY(check_struct_size(call, "options.size", o.size, sizeof o));
    if (o.reserved != 0 || o.reserved2 != 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.reserved is %u and reserved2 %u; expected 0", call,
                    o.reserved, o.reserved2);
    }
    NNOISE_TRY(check_not_negative(call, "options.learning_rate", o.learning_rate));
    NNOISE_TRY(check_not_negative(call, "options.weight_decay", o.weight_decay));
    NNOISE_TRY(check_finite(call, "options.gradient_scale", o.gradient_scale));
    if (!(o.clip_value > 0.0f)) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.clip_value is %s; expected a number > 0, or infinity",
                    call, NumberText(o.clip_value).c_str());
    }
    NNOISE_TRY(check_not_negative(call, "options.noise_std", o.noise_std));
    NNOISE_TRY(check_size(call, "n", n));
    return check_address(call, "options.noise_address", o.noise_address, 1, n);
}

// A buffer of n floats that the step writes (state) or only reads.
struct Buffer {
    const char* name;
    const void* data;
    bool written;
};

nnoise_status check_buffers(const char* call, std::int64_t n, const Buffer* buffers, int count) {
    if (n == 0) {
        return NNOISE_STATUS_OK;
    }
    const std::int64_t bytes = n * static_cast<std::int64_t>(sizeof(float));
    for (int i = 0; i < count; ++i) {
        NNOISE_TRY(check_pointer(call, buffers[i].name, buffers[i].data));
        for (int j = 0; j < i; ++j) {
            const Aliasing aliasing =
                buffers[i].written && buffers[j].written ? Aliasing::separate : Aliasing::in_place_allowed;
            NNOISE_TRY(check_overlap(call, buffers[j].name, buffers[j].data, bytes, buffers[i].name, buffers[i].data,
                                     bytes, aliasing));
        }
    }
    return NNOISE_STATUS_OK;
}

void run_step(const Call& call, OptimizerKernel kernel, std::int64_t n, const OptimizerJob& job) {
    parallel_ranges(call.threads(), (n + piece_elements - 1) / piece_elements, grain_pieces,
                    [&](std::int64_t first, std::int64_t last) {
                        const std::int64_t end = last * piece_elements;
                        kernel(job, first * piece_elements, end < n ? end : n);
                    });
}

} // namespace

extern "C" {

nnoise_status nnoise_optimizer_options_default(nnoise_optimizer_options* options) {
    NNOISE_TRY(check_pointer("nnoise_optimizer_options_default", "options", options));
    *options = nnoise_optimizer_options{};
    options->size = sizeof *options;
    options->step = 1;
    options->learning_rate = 0.001f;
    options->beta1 = 0.9f;
    options->beta2 = 0.999f;
    options->epsilon = 1e-8f;
    options->gradient_scale = 1.0f;
    options->clip_value = __builtin_inff();
    options->noise_address.row_stride = 1;
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_sgd_step(nnoise_context* context, const nnoise_optimizer_options* options, int64_t n,
                              float* parameter, const float* gradient, float* velocity) {
    const Call call(context, "nnoise_sgd_step");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_options(call.name(), options, n));
    NNOISE_TRY(check_unit(call.name(), "momentum", options->momentum, true));
    const Buffer buffers[] = {
        {"gradient", gradient, false}, {"parameter", parameter, true}, {"velocity", velocity, true}};
    const bool has_velocity = velocity != nullptr;
    if (!has_velocity && n > 0 && options->momentum != 0.0f) {
        return fail(NNOISE_STATUS_NULL_POINTER,
                    "%s: velocity is null; it may be only when options.momentum is 0, not %s", call.name(),
                    NumberText(options->momentum).c_str());
    }
    NNOISE_TRY(check_buffers(call.name(), n, buffers, has_velocity ? 3 : 2));
    run_step(
        call, kernels_of(call.isa()).sgd, n,
        OptimizerJob{optimizer_constants(*options), options->noise_address, parameter, gradient, velocity, nullptr});
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_adamw_step(nnoise_context* context, const nnoise_optimizer_options* options, int64_t n,
                                float* parameter, const float* gradient, float* first_moment, float* second_moment) {
    const Call call(context, "nnoise_adamw_step");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_options(call.name(), options, n));
    NNOISE_TRY(check_unit(call.name(), "beta1", options->beta1, false));
    NNOISE_TRY(check_unit(call.name(), "beta2", options->beta2, false));
    NNOISE_TRY(check_not_negative(call.name(), "options.epsilon", options->epsilon));
    if (options->step == 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.step is 0; expected at least 1", call.name());
    }
    const Buffer buffers[] = {{"gradient", gradient, false},
                              {"parameter", parameter, true},
                              {"first_moment", first_moment, true},
                              {"second_moment", second_moment, true}};
    NNOISE_TRY(check_buffers(call.name(), n, buffers, 4));
    run_step(call, kernels_of(call.isa()).adamw, n,
             OptimizerJob{optimizer_constants(*options), options->noise_address, parameter, gradient, first_moment,
                          second_moment});
    return NNOISE_STATUS_OK;
}

} // extern "C"

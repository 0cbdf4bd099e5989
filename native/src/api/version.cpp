// Versions, and the table of every public struct that binding tests compare with.
#include "guard.hpp"

#include <cstddef>

namespace {

#define NNOISE_STRUCT(type)                                                                                            \
    { #type, nullptr, 0, static_cast < std::int64_t>(sizeof(type)) }
#define NNOISE_FIELD(type, field)                                                                                      \
    {                                                                                                                  \
#type, #field, static_cast < std::int64_t>(offsetof(type, field)),                                             \
            static_cast < std::int64_t>(sizeof(type::field))                                                           \
    }

constexpr nnoise_layout table[] = {
    NNOISE_STRUCT(nnoise_address),
    NNOISE_FIELD(nnoise_address, seed),
    NNOISE_FIELD(nnoise_address, site),
    NNOISE_FIELD(nnoise_address, step),
    NNOISE_FIELD(nnoise_address, step_stride),
    NNOISE_FIELD(nnoise_address, first_row),
    NNOISE_FIELD(nnoise_address, row_stride),
    NNOISE_FIELD(nnoise_address, reserved),

    NNOISE_STRUCT(nnoise_noise),
    NNOISE_FIELD(nnoise_noise, size),
    NNOISE_FIELD(nnoise_noise, kind),
    NNOISE_FIELD(nnoise_noise, std),
    NNOISE_FIELD(nnoise_noise, low),
    NNOISE_FIELD(nnoise_noise, high),
    NNOISE_FIELD(nnoise_noise, probability),
    NNOISE_FIELD(nnoise_noise, salt),
    NNOISE_FIELD(nnoise_noise, pepper),
    NNOISE_FIELD(nnoise_noise, degrees),
    NNOISE_FIELD(nnoise_noise, peak),
    NNOISE_FIELD(nnoise_noise, snr_db),
    NNOISE_FIELD(nnoise_noise, apply_probability),
    NNOISE_FIELD(nnoise_noise, apply_site),
    NNOISE_FIELD(nnoise_noise, shared_axes),
    NNOISE_FIELD(nnoise_noise, axes),
    NNOISE_FIELD(nnoise_noise, reserved),
    NNOISE_FIELD(nnoise_noise, axis_length),

    NNOISE_STRUCT(nnoise_layout),
    NNOISE_FIELD(nnoise_layout, struct_name),
    NNOISE_FIELD(nnoise_layout, field_name),
    NNOISE_FIELD(nnoise_layout, offset),
    NNOISE_FIELD(nnoise_layout, size),

    NNOISE_STRUCT(nnoise_context_options),
    NNOISE_FIELD(nnoise_context_options, size),
    NNOISE_FIELD(nnoise_context_options, device),
    NNOISE_FIELD(nnoise_context_options, device_index),
    NNOISE_FIELD(nnoise_context_options, threads),
    NNOISE_FIELD(nnoise_context_options, isa),
    NNOISE_FIELD(nnoise_context_options, reserved),
    NNOISE_FIELD(nnoise_context_options, stream),

    NNOISE_STRUCT(nnoise_context_info),
    NNOISE_FIELD(nnoise_context_info, size),
    NNOISE_FIELD(nnoise_context_info, device),
    NNOISE_FIELD(nnoise_context_info, device_index),
    NNOISE_FIELD(nnoise_context_info, threads),
    NNOISE_FIELD(nnoise_context_info, isa),
    NNOISE_FIELD(nnoise_context_info, reserved),
    NNOISE_FIELD(nnoise_context_info, scratch_bytes),

    NNOISE_STRUCT(nnoise_memory_counters),
    NNOISE_FIELD(nnoise_memory_counters, size),
    NNOISE_FIELD(nnoise_memory_counters, reserved),
    NNOISE_FIELD(nnoise_memory_counters, allocations),
    NNOISE_FIELD(nnoise_memory_counters, frees),
    NNOISE_FIELD(nnoise_memory_counters, bytes),
    NNOISE_FIELD(nnoise_memory_counters, peak_bytes),

    NNOISE_STRUCT(nnoise_linear),
    NNOISE_FIELD(nnoise_linear, size),
    NNOISE_FIELD(nnoise_linear, noise),
    NNOISE_FIELD(nnoise_linear, estimator),
    NNOISE_FIELD(nnoise_linear, activation),
    NNOISE_FIELD(nnoise_linear, inputs),
    NNOISE_FIELD(nnoise_linear, outputs),
    NNOISE_FIELD(nnoise_linear, weight),
    NNOISE_FIELD(nnoise_linear, bias),
    NNOISE_FIELD(nnoise_linear, weight_scale),
    NNOISE_FIELD(nnoise_linear, bias_scale),
    NNOISE_FIELD(nnoise_linear, std),
    NNOISE_FIELD(nnoise_linear, reserved),
    NNOISE_FIELD(nnoise_linear, weight_address),
    NNOISE_FIELD(nnoise_linear, bias_address),
    NNOISE_FIELD(nnoise_linear, input_address),
    NNOISE_FIELD(nnoise_linear, output_address),

    NNOISE_STRUCT(nnoise_linear_gradients),
    NNOISE_FIELD(nnoise_linear_gradients, size),
    NNOISE_FIELD(nnoise_linear_gradients, accumulate),
    NNOISE_FIELD(nnoise_linear_gradients, accumulate_input),
    NNOISE_FIELD(nnoise_linear_gradients, reserved),
    NNOISE_FIELD(nnoise_linear_gradients, dx),
    NNOISE_FIELD(nnoise_linear_gradients, dweight),
    NNOISE_FIELD(nnoise_linear_gradients, dbias),
    NNOISE_FIELD(nnoise_linear_gradients, dweight_scale),
    NNOISE_FIELD(nnoise_linear_gradients, dbias_scale),

    NNOISE_STRUCT(nnoise_optimizer_options),
    NNOISE_FIELD(nnoise_optimizer_options, size),
    NNOISE_FIELD(nnoise_optimizer_options, decoupled),
    NNOISE_FIELD(nnoise_optimizer_options, nesterov),
    NNOISE_FIELD(nnoise_optimizer_options, reserved),
    NNOISE_FIELD(nnoise_optimizer_options, step),
    NNOISE_FIELD(nnoise_optimizer_options, learning_rate),
    NNOISE_FIELD(nnoise_optimizer_options, weight_decay),
    NNOISE_FIELD(nnoise_optimizer_options, momentum),
    NNOISE_FIELD(nnoise_optimizer_options, beta1),
    NNOISE_FIELD(nnoise_optimizer_options, beta2),
    NNOISE_FIELD(nnoise_optimizer_options, epsilon),
    NNOISE_FIELD(nnoise_optimizer_options, gradient_scale),
    NNOISE_FIELD(nnoise_optimizer_options, clip_value),
    NNOISE_FIELD(nnoise_optimizer_options, noise_std),
    NNOISE_FIELD(nnoise_optimizer_options, reserved2),
    NNOISE_FIELD(nnoise_optimizer_options, noise_address),
};

constexpr std::int32_t table_lines = static_cast<std::int32_t>(sizeof table / sizeof table[0]);

} // namespace

extern "C" {

uint32_t nnoise_abi_version(void) { return NNOISE_ABI_VERSION; }

uint32_t nnoise_contract_version(void) { return NNOISE_CONTRACT_VERSION; }

const char* nnoise_version(void) { return NNOISE_VERSION_TEXT; }

int32_t nnoise_layout_count(void) { return table_lines; }

nnoise_status nnoise_layout_entry(int32_t index, nnoise_layout* layout) {
    constexpr const char* call = "nnoise_layout_entry";
    NNOISE_TRY(nnoise::check_pointer(call, "layout", layout));
    if (index < 0 || index >= table_lines) {
        return nnoise::fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: index is %d; expected 0 to %d", call, index,
                            table_lines - 1);
    }
    *layout = table[index];
    return NNOISE_STATUS_OK;
}

} // extern "C"

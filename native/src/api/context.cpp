// Contexts and memory.
#include "guard.hpp"

#include "../cpu/dispatch.hpp"
#include "../cpu/memory.hpp"
#include "../cpu/parallel.hpp"

using namespace nnoise;

namespace {

constexpr int most_threads = 256;

constexpr nnoise_context_options default_options = {
    .size = sizeof(nnoise_context_options),
    .device = NNOISE_DEVICE_CPU,
    .device_index = 0,
    .threads = 0,
    .isa = NNOISE_ISA_AUTO,
    .reserved = 0,
    .stream = nullptr,
};

nnoise_status check_options(const char* call, const nnoise_context_options& o) {
    NNOISE_TRY(check_struct_size(call, "options.size", o.size, sizeof o));
    if (o.reserved != 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.reserved is %d; expected 0", call, o.reserved);
    }
    switch (o.device) {
    case NNOISE_DEVICE_CPU:
        break;
    case NNOISE_DEVICE_CUDA:
        return fail(NNOISE_STATUS_NOT_SUPPORTED, "%s: options.device is CUDA, which is not in this build", call);
    default:
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.device is %d; expected CPU (0) or CUDA (1)", call,
                    o.device);
    }
    if (o.device_index != 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.device_index is %d; the CPU has index 0", call,
                    o.device_index);
    }
    if (o.stream != nullptr) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.stream is not null; the CPU has no streams", call);
    }
    if (o.threads < 0 || o.threads > most_threads) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: options.threads is %d; expected 0 to %d", call, o.threads,
                    most_threads);
    }
    return NNOISE_STATUS_OK;
}

} // namespace

extern "C" {

nnoise_status nnoise_context_options_default(nnoise_context_options* options) {
    NNOISE_TRY(check_pointer("nnoise_context_options_default", "options", options));
    *options = default_options;
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_context_create(const nnoise_context_options* options, nnoise_context** context) {
    constexpr const char* call = "nnoise_context_create";
    NNOISE_TRY(check_pointer(call, "context", context));
    const nnoise_context_options& o = options == nullptr ? default_options : *options;
    NNOISE_TRY(check_options(call, o));
    nnoise_isa isa = NNOISE_ISA_SCALAR;
    NNOISE_TRY(resolve_isa(call, static_cast<nnoise_isa>(o.isa), &isa));
    int threads = o.threads != 0 ? o.threads : processor_count();
    threads = threads > most_threads ? most_threads : threads;

    const std::int64_t slots = threads + 1;
    const std::int64_t bytes = static_cast<std::int64_t>(sizeof(nnoise_context)) +
                               slots * static_cast<std::int64_t>(sizeof(nnoise_context::Scratch));
    void* memory = memory_allocate(bytes);
    if (memory == nullptr) {
        return fail(NNOISE_STATUS_OUT_OF_MEMORY, "%s: no memory for a context of %d threads", call, threads);
    }
    nnoise_context* created = static_cast<nnoise_context*>(memory);
    created->in_use.store(false, std::memory_order_relaxed);
    created->threads = threads;
    created->isa = isa;
    created->scratch_bytes.store(0, std::memory_order_relaxed);
    created->scratch = reinterpret_cast<nnoise_context::Scratch*>(created + 1);
    for (std::int64_t i = 0; i < slots; ++i) {
        created->scratch[i] = nnoise_context::Scratch{nullptr, 0};
    }
    *context = created;
    return NNOISE_STATUS_OK;
}

void nnoise_context_destroy(nnoise_context* context) {
    if (context == nullptr) {
        return;
    }
    for (int i = 0; i <= context->threads; ++i) {
        memory_free(context->scratch[i].memory);
    }
    memory_free(context);
}

nnoise_status nnoise_context_describe(const nnoise_context* context, nnoise_context_info* info) {
    constexpr const char* call = "nnoise_context_describe";
    NNOISE_TRY(check_pointer(call, "info", info));
    NNOISE_TRY(check_struct_size(call, "info.size", info->size, sizeof *info));
    nnoise_isa isa = NNOISE_ISA_SCALAR;
    if (context == nullptr) {
        NNOISE_TRY(default_isa(call, &isa));
    } else {
        isa = context->isa;
    }
    info->device = NNOISE_DEVICE_CPU;
    info->device_index = 0;
    info->threads = context == nullptr ? 1 : context->threads;
    info->isa = isa;
    info->reserved = 0;
    info->scratch_bytes = context == nullptr ? 0 : context->scratch_bytes.load(std::memory_order_relaxed);
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_memory_allocate(int64_t bytes, void** memory) {
    constexpr const char* call = "nnoise_memory_allocate";
    NNOISE_TRY(check_pointer(call, "memory", memory));
    if (bytes < 0) {
        return fail(NNOISE_STATUS_INVALID_SHAPE, "%s: bytes is %lld; expected at least 0", call,
                    static_cast<long long>(bytes));
    }
    void* allocated = memory_allocate(bytes);
    if (allocated == nullptr && bytes > 0) {
        return fail(NNOISE_STATUS_OUT_OF_MEMORY, "%s: no memory for %lld bytes", call, static_cast<long long>(bytes));
    }
    *memory = allocated;
    return NNOISE_STATUS_OK;
}

void nnoise_memory_free(void* memory) { memory_free(memory); }

nnoise_status nnoise_memory_counters_read(nnoise_memory_counters* counters) {
    constexpr const char* call = "nnoise_memory_counters_read";
    NNOISE_TRY(check_pointer(call, "counters", counters));
    NNOISE_TRY(check_struct_size(call, "counters.size", counters->size, sizeof *counters));
    const MemoryCounters now = memory_counters();
    counters->reserved = 0;
    counters->allocations = now.allocations;
    counters->frees = now.frees;
    counters->bytes = now.bytes;
    counters->peak_bytes = now.peak_bytes;
    return NNOISE_STATUS_OK;
}

} // extern "C"

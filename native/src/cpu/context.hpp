// A context: what the C ABI's handle points to, and what a call without one uses.
#pragma once

#include <nativenoise/context.h>

#include <atomic>
#include <cstdint>

struct nnoise_context {
    // Memory that only grows, one piece for each worker and one for the call itself.
    struct Scratch {
        void* memory;
        std::int64_t bytes;
    };

    std::atomic<bool> in_use;
    int threads;
    nnoise_isa isa; // the set in use, never AUTO
    std::atomic<std::int64_t> scratch_bytes;
    Scratch* scratch; // threads + 1 of them
};

namespace nnoise {

// At least `bytes` bytes, 64-byte aligned, contents undefined; null when memory is out (what was there is gone then).
// Slots 0 .. threads - 1 belong to the workers, slot `threads` to the call. Only the calling thread may ask, before it
// starts the workers.
float* context_scratch(nnoise_context& context, int slot, std::int64_t bytes);

} // namespace nnoise

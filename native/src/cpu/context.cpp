#include "context.hpp"

#include "memory.hpp"

namespace nnoise {

float* context_scratch(nnoise_context& context, int slot, std::int64_t bytes) {
    nnoise_context::Scratch& s = context.scratch[slot];
    if (s.bytes < bytes) {
        memory_free(s.memory);
        context.scratch_bytes.fetch_sub(s.bytes, std::memory_order_relaxed);
        s.bytes = 0;
        s.memory = memory_allocate(bytes);
        if (s.memory == nullptr) {
            return nullptr;
        }
        s.bytes = bytes;
        context.scratch_bytes.fetch_add(bytes, std::memory_order_relaxed);
    }
    return static_cast<float*>(s.memory);
}

} // namespace nnoise

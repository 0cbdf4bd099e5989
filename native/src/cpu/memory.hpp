// All of the library's memory: 64-byte aligned and counted.
#pragma once

#include <cstdint>

namespace nnoise {

struct MemoryCounters {
    std::uint64_t allocations;
    std::uint64_t frees;
    std::uint64_t bytes;
    std::uint64_t peak_bytes;
};

// Null when bytes is 0 or memory is out.
void* memory_allocate(std::int64_t bytes);
void memory_free(void* memory);
MemoryCounters memory_counters();

} // namespace nnoise

#include "memory.hpp"

#include <atomic>
#include <stdlib.h>

namespace nnoise {
namespace {

constexpr std::int64_t alignment = 64;

// In front of each block, one alignment unit: its size, for the counters.
struct Header {
    std::int64_t bytes;
};

std::atomic<std::uint64_t> allocations;
std::atomic<std::uint64_t> frees;
std::atomic<std::uint64_t> held;
std::atomic<std::uint64_t> peak;

} // namespace

void* memory_allocate(std::int64_t bytes) {
    if (bytes <= 0 || bytes > INT64_MAX - 2 * alignment) {
        return nullptr;
    }
    void* block = nullptr;
    if (posix_memalign(&block, alignment, static_cast<std::size_t>(bytes + alignment)) != 0) {
        return nullptr;
    }
    static_cast<Header*>(block)->bytes = bytes;
    allocations.fetch_add(1, std::memory_order_relaxed);
    const std::uint64_t size = static_cast<std::uint64_t>(bytes);
    const std::uint64_t now = held.fetch_add(size, std::memory_order_relaxed) + size;
    std::uint64_t most = peak.load(std::memory_order_relaxed);
    while (most < now && !peak.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
    return static_cast<char*>(block) + alignment;
}

void memory_free(void* memory) {
    if (memory == nullptr) {
        return;
    }
    void* block = static_cast<char*>(memory) - alignment;
    held.fetch_sub(static_cast<std::uint64_t>(static_cast<Header*>(block)->bytes), std::memory_order_relaxed);
    frees.fetch_add(1, std::memory_order_relaxed);
    free(block);
}

MemoryCounters memory_counters() {
    return MemoryCounters{allocations.load(std::memory_order_relaxed), frees.load(std::memory_order_relaxed),
                          held.load(std::memory_order_relaxed), peak.load(std::memory_order_relaxed)};
}

} // namespace nnoise

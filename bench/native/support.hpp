// What the benchmarks share: contexts, addresses, and how a case reports what an element costs.
#pragma once

#include <benchmark/benchmark.h>
#include <nativenoise/nativenoise.h>

#include <cstdint>

namespace bench {

// The sizes of element-wise cases: two buffers of 8,192 floats stay in the caches of one core, 16 Mi floats do not fit
// into any.
inline constexpr std::int64_t in_cache = 8192;
inline constexpr std::int64_t in_memory = std::int64_t{1} << 24;

inline nnoise_address address(std::uint32_t site) {
    nnoise_address a = {};
    a.seed = 1;
    a.site = site;
    a.row_stride = 1;
    return a;
}

class Context {
public:
    explicit Context(int threads) {
        nnoise_context_options options;
        nnoise_context_options_default(&options);
        options.threads = threads;
        nnoise_context_create(&options, &context_);
    }
    ~Context() { nnoise_context_destroy(context_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    operator nnoise_context*() const { return context_; }

private:
    nnoise_context* context_ = nullptr;
};

inline void check(benchmark::State& state, nnoise_status status) {
    if (status != NNOISE_STATUS_OK) {
        state.SkipWithError(nnoise_last_error());
    }
}

// `per_element` is a time; threads of Google Benchmark add their elements up.
inline void report(benchmark::State& state, std::int64_t elements, int buffers) {
    using benchmark::Counter;
    const auto count = static_cast<std::int64_t>(state.iterations()) * elements;
    state.counters["per_element"] = Counter(static_cast<double>(count), Counter::kIsRate | Counter::kInvert);
    state.SetBytesProcessed(count * buffers * static_cast<std::int64_t>(sizeof(float)));
}

} // namespace bench

// The element-wise kernels: 16 elements (what a call costs), in the cache, and in memory; with one thread and with two.
// bench_rivals.cpp has what they stand beside.
#include "support.hpp"

#include <string>
#include <vector>

namespace {

constexpr std::int64_t a_call = 16;

struct Case {
    const char* name;
    int buffers; // read and written
    nnoise_status (*run)(nnoise_context* context, std::int64_t n, const float* x, float* y);
};

constexpr nnoise_dtype f32 = NNOISE_DTYPE_FLOAT32;

constexpr Case cases[] = {
    {"fill_uniform", 1,
     [](nnoise_context* c, std::int64_t n, const float*, float* y) {
         return nnoise_fill_uniform(c, f32, 1, n, y, bench::address(1), 0.0f, 1.0f);
     }},
    {"fill_normal", 1,
     [](nnoise_context* c, std::int64_t n, const float*, float* y) {
         return nnoise_fill_normal(c, f32, 1, n, y, bench::address(2), 0.0f, 1.0f);
     }},
    {"gaussian", 2,
     [](nnoise_context* c, std::int64_t n, const float* x, float* y) {
         return nnoise_gaussian(c, f32, 1, n, x, y, bench::address(3), 0.1f);
     }},
    {"uniform", 2,
     [](nnoise_context* c, std::int64_t n, const float* x, float* y) {
         return nnoise_uniform(c, f32, 1, n, x, y, bench::address(4), -0.1f, 0.1f);
     }},
    {"salt_and_pepper", 2,
     [](nnoise_context* c, std::int64_t n, const float* x, float* y) {
         return nnoise_salt_and_pepper(c, f32, 1, n, x, y, bench::address(5), 0.05f, 1.0f, 0.0f);
     }},
    {"dropout", 2,
     [](nnoise_context* c, std::int64_t n, const float* x, float* y) {
         return nnoise_dropout(c, f32, 1, n, x, y, bench::address(6), 0.5f);
     }},
};

// One thread is the caller's own: such a call needs no context.
void noise(benchmark::State& state, const Case& c) {
    const std::int64_t n = state.range(0);
    const int threads = static_cast<int>(state.range(1));
    const bench::Context context(threads);
    std::vector<float> x(static_cast<std::size_t>(n), 1.0f);
    std::vector<float> y(x.size());
    nnoise_context* const given = threads == 1 ? nullptr : static_cast<nnoise_context*>(context);
    for (auto _ : state) {
        bench::check(state, c.run(given, n, x.data(), y.data()));
        benchmark::ClobberMemory();
    }
    bench::report(state, n, c.buffers);
}

[[maybe_unused]] const bool registered = [] {
    for (const Case& c : cases) {
        benchmark::RegisterBenchmark(c.name, [&c](benchmark::State& state) { noise(state, c); })
            ->ArgNames({"n", "threads"})
            ->Args({a_call, 1})
            ->ArgsProduct({{bench::in_cache, bench::in_memory}, {1, 2}})
            ->UseRealTime();
    }
    return true;
}();

} // namespace

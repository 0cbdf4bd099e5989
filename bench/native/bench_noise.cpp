// Normals and additive Gaussian noise, beside a copy of the same memory and the standard library's generator: what a
// noise kernel costs above moving the data.
#include <benchmark/benchmark.h>
#include <nativenoise/nativenoise.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

namespace {

// 16 Ki elements stay in the first two cache levels, 16 Mi do not fit into any.
constexpr std::int64_t in_cache = 1 << 14;
constexpr std::int64_t in_memory = 1 << 24;

nnoise_address address() {
    nnoise_address a = {};
    a.seed = 1;
    a.site = 2;
    a.row_stride = 1;
    return a;
}

void count(benchmark::State& state, int buffers) {
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetBytesProcessed(state.iterations() * state.range(0) * buffers * static_cast<std::int64_t>(sizeof(float)));
}

void check(benchmark::State& state, nnoise_status status) {
    if (status != NNOISE_STATUS_OK) {
        state.SkipWithError(nnoise_last_error());
    }
}

void fill_normal(benchmark::State& state) {
    std::vector<float> out(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        check(state,
              nnoise_fill_normal(nullptr, NNOISE_DTYPE_FLOAT32, 1, state.range(0), out.data(), address(), 0.0f, 1.0f));
        benchmark::ClobberMemory();
    }
    count(state, 1);
}
BENCHMARK(fill_normal)->Arg(in_cache)->Arg(in_memory);

void gaussian(benchmark::State& state) {
    std::vector<float> x(static_cast<std::size_t>(state.range(0)), 1.0f);
    std::vector<float> y(x.size());
    for (auto _ : state) {
        check(state,
              nnoise_gaussian(nullptr, NNOISE_DTYPE_FLOAT32, 1, state.range(0), x.data(), y.data(), address(), 0.1f));
        benchmark::ClobberMemory();
    }
    count(state, 2);
}
BENCHMARK(gaussian)->Arg(in_cache)->Arg(in_memory);

void copy(benchmark::State& state) {
    std::vector<float> x(static_cast<std::size_t>(state.range(0)), 1.0f);
    std::vector<float> y(x.size());
    for (auto _ : state) {
        std::memcpy(y.data(), x.data(), x.size() * sizeof(float));
        benchmark::ClobberMemory();
    }
    count(state, 2);
}
BENCHMARK(copy)->Arg(in_cache)->Arg(in_memory);

void standard_library_normal(benchmark::State& state) {
    std::vector<float> out(static_cast<std::size_t>(state.range(0)));
    std::mt19937 engine(1);
    std::normal_distribution<float> normal;
    for (auto _ : state) {
        for (float& value : out) {
            value = normal(engine);
        }
        benchmark::ClobberMemory();
    }
    count(state, 1);
}
BENCHMARK(standard_library_normal)->Arg(in_cache);

} // namespace

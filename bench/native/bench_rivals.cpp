// What the kernels of bench_noise.cpp stand beside: a copy of the same memory, the standard library's normals, and
// Random123's. Each of Google Benchmark's threads has its share of the elements and an engine of its own, and never
// waits for another: the best that a program around these generators could do. CMakeLists.txt compiles this file,
// alone, for the machine at hand.
#include "support.hpp"

#if NNOISE_BENCH_RANDOM123
#include <Random123/boxmuller.hpp>
#include <Random123/philox.h>
#endif

#include <cstring>
#include <random>
#include <vector>

namespace {

void in_cache_and_memory(benchmark::internal::Benchmark* b) {
    b->ArgName("n")->Arg(bench::in_cache)->Arg(bench::in_memory)->ThreadRange(1, 2)->UseRealTime();
}

std::int64_t share(const benchmark::State& state) { return state.range(0) / state.threads(); }

void copy(benchmark::State& state) {
    std::vector<float> x(static_cast<std::size_t>(share(state)), 1.0f);
    std::vector<float> y(x.size());
    for (auto _ : state) {
        std::memcpy(y.data(), x.data(), x.size() * sizeof(float));
        benchmark::ClobberMemory();
    }
    bench::report(state, share(state), 2);
}
BENCHMARK(copy)->Apply(in_cache_and_memory);

template <class Engine>
void standard_normal(benchmark::State& state) {
    std::vector<float> y(static_cast<std::size_t>(share(state)));
    Engine engine(static_cast<typename Engine::result_type>(state.thread_index() + 1));
    std::normal_distribution<float> normal;
    for (auto _ : state) {
        for (float& value : y) {
            value = normal(engine);
        }
        benchmark::ClobberMemory();
    }
    bench::report(state, share(state), 1);
}
BENCHMARK_TEMPLATE(standard_normal, std::mt19937)->Apply(in_cache_and_memory);
BENCHMARK_TEMPLATE(standard_normal, std::mt19937_64)->Apply(in_cache_and_memory);
BENCHMARK_TEMPLATE(standard_normal, std::minstd_rand)->Apply(in_cache_and_memory);

// The generator and the transform that the contract builds on, as their authors ship them: Philox4x32-10 and Box-Muller
// with the C library's logf and sincosf.
void random123_normal(benchmark::State& state) {
#if NNOISE_BENCH_RANDOM123
    std::vector<float> y(static_cast<std::size_t>(share(state)));
    r123::Philox4x32 philox;
    const r123::Philox4x32::key_type key = {{1, static_cast<std::uint32_t>(state.thread_index())}};
    r123::Philox4x32::ctr_type counter = {{}};
    for (auto _ : state) {
        for (std::size_t i = 0; i < y.size(); i += 4) {
            ++counter[0]; // never the same normals twice: a processor learns the branches of a short sequence by heart
            const r123::Philox4x32::ctr_type words = philox(counter, key);
            const r123::float2 first = r123::boxmuller(words[0], words[1]);
            const r123::float2 second = r123::boxmuller(words[2], words[3]);
            y[i] = first.x;
            y[i + 1] = first.y;
            y[i + 2] = second.x;
            y[i + 3] = second.y;
        }
        benchmark::ClobberMemory();
    }
    bench::report(state, share(state), 1);
#else
    state.SkipWithError("built without Random123: CMake found no Random123/boxmuller.hpp (Debian: librandom123-dev)");
#endif
}
BENCHMARK(random123_normal)->Apply(in_cache_and_memory);

} // namespace

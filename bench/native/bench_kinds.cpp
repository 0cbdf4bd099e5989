// Every noise kind in every storage type, over 64 rows of 4096 elements, which stay in the second cache: nanoseconds an
// element are the time over 262144. Poisson noise by its rate, as its cost depends on it.
#include <benchmark/benchmark.h>
#include <nativenoise/nativenoise.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace {

constexpr std::int64_t rows = 64, columns = 4096;

void run(benchmark::State& state, const nnoise_noise& noise, nnoise_dtype type) {
    const std::size_t n = static_cast<std::size_t>(rows * columns);
    std::vector<float> x(n, 1.0f), y(n); // halves use the first half of these
    if (type != NNOISE_DTYPE_FLOAT32) {
        std::uint16_t* h = reinterpret_cast<std::uint16_t*>(x.data());
        std::fill(h, h + n, type == NNOISE_DTYPE_BFLOAT16 ? std::uint16_t{0x3F80u} : std::uint16_t{0x3C00u}); // 1
    }
    nnoise_address address = {};
    address.seed = 1;
    address.site = 2;
    address.row_stride = 1;
    for (auto _ : state) {
        if (nnoise_noise_forward(nullptr, type, rows, columns, x.data(), y.data(), address, &noise) !=
            NNOISE_STATUS_OK) {
            state.SkipWithError(nnoise_last_error());
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * rows * columns);
}

const char* name_of(nnoise_dtype type) {
    return type == NNOISE_DTYPE_FLOAT32 ? "float32" : type == NNOISE_DTYPE_FLOAT16 ? "float16" : "bfloat16";
}

void add(const std::string& name, const nnoise_noise& noise) {
    for (const nnoise_dtype type : {NNOISE_DTYPE_FLOAT32, NNOISE_DTYPE_BFLOAT16, NNOISE_DTYPE_FLOAT16}) {
        benchmark::RegisterBenchmark((name + "/" + name_of(type)).c_str(),
                                     [=](benchmark::State& state) { run(state, noise, type); });
    }
}

const bool registered = [] {
    constexpr const char* names[] = {"gaussian",
                                     "gaussian_relative",
                                     "gaussian_multiplicative",
                                     "uniform",
                                     "salt_and_pepper",
                                     "dropout",
                                     "laplace",
                                     "student_t",
                                     "poisson",
                                     "snr",
                                     "pink",
                                     "brown"};
    for (int kind = NNOISE_NOISE_GAUSSIAN; kind <= NNOISE_NOISE_BROWN; ++kind) {
        nnoise_noise noise;
        nnoise_noise_default(kind, &noise);
        if (kind == NNOISE_NOISE_POISSON) {
            for (const float rate : {0.5f, 5.0f, 20.0f, 255.0f}) {
                noise.peak = rate;
                add(std::string("poisson_rate_") + std::to_string(rate).substr(0, 3), noise);
            }
        } else {
            add(names[kind], noise);
        }
    }
    return true;
}();

} // namespace

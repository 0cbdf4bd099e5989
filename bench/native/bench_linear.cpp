// Matrix products beside OpenBLAS, and the noisy linear layer beside the plain one. Arguments: batch, inputs, outputs,
// threads. OpenBLAS uses the kernels it takes for the processor's best, which the lines above the results name;
// OPENBLAS_CORETYPE=Haswell (Zen, SkylakeX, ...) in the environment makes it use others.
#include "support.hpp"

#if NNOISE_BENCH_OPENBLAS
#include <cblas.h>
extern "C" void openblas_set_num_threads(int threads);
#endif

#include <cstdint>
#include <vector>

namespace {

using Floats = std::vector<float>;

Floats data(std::int64_t n, std::uint32_t site) {
    Floats values(static_cast<std::size_t>(n));
    nnoise_fill_normal(nullptr, NNOISE_DTYPE_FLOAT32, 1, n, values.data(), bench::address(site), 0.0f, 0.1f);
    return values;
}

struct Layer {
    std::int64_t batch, inputs, outputs;
    int threads;
    bench::Context context;
    Floats x, weight, bias, scale, bias_scale, y, saved, dy, dx, dweight, dbias, dscale, dbias_scale;
    nnoise_linear linear = {};

    explicit Layer(const benchmark::State& state)
        : batch(state.range(0)), inputs(state.range(1)), outputs(state.range(2)),
          threads(static_cast<int>(state.range(3))), context(threads), x(data(batch * inputs, 1)),
          weight(data(inputs * outputs, 2)), bias(data(outputs, 3)), scale(weight.size(), -5.0f),
          bias_scale(bias.size(), -5.0f), y(data(batch * outputs, 4)), saved(y.size()), dy(data(batch * outputs, 5)),
          dx(x.size()), dweight(weight.size()), dbias(bias.size()), dscale(weight.size()), dbias_scale(bias.size()) {
        nnoise_linear_default(&linear);
        linear.inputs = inputs;
        linear.outputs = outputs;
        linear.weight = weight.data();
        linear.bias = bias.data();
        linear.weight_scale = scale.data();
        linear.bias_scale = bias_scale.data();
        linear.std = 0.1f;
    }
};

void finish(benchmark::State& state, nnoise_status status, double products) {
    bench::check(state, status);
    const double flop = 2.0 * products * static_cast<double>(state.range(0)) * static_cast<double>(state.range(1)) *
                        static_cast<double>(state.range(2));
    state.counters["flop"] = benchmark::Counter(flop, benchmark::Counter::kIsIterationInvariantRate);
}

void shapes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"batch", "inputs", "outputs", "threads"});
    for (const int threads : {1, 2}) {
        b->Args({1024, 1024, 1024, threads})
            ->Args({512, 1024, 1024, threads})
            ->Args({128, 1024, 1024, threads})
            ->Args({64, 784, 256, threads})
            ->Args({1, 784, 256, threads});
    }
    b->UseRealTime()->Unit(benchmark::kMicrosecond);
}

// The three products of a layer: y = x W^T, dx = dy W, dW = dy^T x.
enum class Pass {
    output,
    input_gradient,
    weight_gradient
};

template <Pass pass>
void product(benchmark::State& state) {
    Layer l(state);
    nnoise_status status = NNOISE_STATUS_OK;
    for (auto _ : state) {
        if constexpr (pass == Pass::output) {
            status = nnoise_matmul(l.context, 0, 1, l.batch, l.outputs, l.inputs, l.x.data(), l.weight.data(),
                                   l.y.data(), 0);
        } else if constexpr (pass == Pass::input_gradient) {
            status = nnoise_matmul(l.context, 0, 0, l.batch, l.inputs, l.outputs, l.dy.data(), l.weight.data(),
                                   l.dx.data(), 0);
        } else {
            status = nnoise_matmul(l.context, 1, 0, l.outputs, l.inputs, l.batch, l.dy.data(), l.x.data(),
                                   l.dweight.data(), 0);
        }
        benchmark::ClobberMemory();
    }
    finish(state, status, 1);
}
BENCHMARK_TEMPLATE(product, Pass::output)->Apply(shapes);
BENCHMARK_TEMPLATE(product, Pass::input_gradient)->Apply(shapes);
BENCHMARK_TEMPLATE(product, Pass::weight_gradient)->Apply(shapes);

template <Pass pass>
void openblas(benchmark::State& state) {
#if NNOISE_BENCH_OPENBLAS
    Layer l(state);
    openblas_set_num_threads(l.threads);
    const int batch = static_cast<int>(l.batch);
    const int inputs = static_cast<int>(l.inputs);
    const int outputs = static_cast<int>(l.outputs);
    for (auto _ : state) {
        if constexpr (pass == Pass::output) {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, batch, outputs, inputs, 1.0f, l.x.data(), inputs,
                        l.weight.data(), inputs, 0.0f, l.y.data(), outputs);
        } else if constexpr (pass == Pass::input_gradient) {
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, batch, inputs, outputs, 1.0f, l.dy.data(), outputs,
                        l.weight.data(), inputs, 0.0f, l.dx.data(), inputs);
        } else {
            cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, outputs, inputs, batch, 1.0f, l.dy.data(), outputs,
                        l.x.data(), inputs, 0.0f, l.dweight.data(), inputs);
        }
        benchmark::ClobberMemory();
    }
    finish(state, NNOISE_STATUS_OK, 1);
#else
    state.SkipWithError("built without OpenBLAS: CMake found no cblas.h or libopenblas (Debian: libopenblas-dev)");
#endif
}
BENCHMARK_TEMPLATE(openblas, Pass::output)->Apply(shapes);
BENCHMARK_TEMPLATE(openblas, Pass::input_gradient)->Apply(shapes);
BENCHMARK_TEMPLATE(openblas, Pass::weight_gradient)->Apply(shapes);

template <nnoise_weight_noise noise, nnoise_estimator estimator, bool with_backward>
void linear(benchmark::State& state) {
    Layer l(state);
    l.linear.noise = noise;
    l.linear.estimator = estimator;
    nnoise_linear_gradients g = {};
    g.size = sizeof g;
    g.dx = l.dx.data();
    g.dweight = l.dweight.data();
    g.dbias = l.dbias.data();
    if constexpr (noise >= NNOISE_WEIGHT_NOISE_INDEPENDENT) {
        g.dweight_scale = l.dscale.data();
        g.dbias_scale = l.dbias_scale.data();
    }
    nnoise_status status = NNOISE_STATUS_OK;
    for (auto _ : state) {
        status = nnoise_linear_forward(l.context, &l.linear, l.batch, l.x.data(), l.y.data(), l.saved.data());
        if (with_backward && status == NNOISE_STATUS_OK) {
            status = nnoise_linear_backward(l.context, &l.linear, l.batch, l.x.data(), l.y.data(), l.saved.data(),
                                            l.dy.data(), &g);
        }
        benchmark::ClobberMemory();
    }
    finish(state, status, with_backward ? 3 : 1);
}
#define NNOISE_LINEAR(noise, estimator)                                                                                \
    BENCHMARK_TEMPLATE(linear, NNOISE_WEIGHT_NOISE_##noise, NNOISE_ESTIMATOR_##estimator, false)->Apply(shapes);       \
    BENCHMARK_TEMPLATE(linear, NNOISE_WEIGHT_NOISE_##noise, NNOISE_ESTIMATOR_##estimator, true)->Apply(shapes)
NNOISE_LINEAR(NONE, SHARED);
NNOISE_LINEAR(ABSOLUTE, SHARED);
NNOISE_LINEAR(ABSOLUTE, LOCAL);
NNOISE_LINEAR(FACTORIZED, SHARED);
NNOISE_LINEAR(LOG_VARIANCE, SHARED);
NNOISE_LINEAR(LOG_VARIANCE, LOCAL);
NNOISE_LINEAR(LOG_VARIANCE, FLIPOUT);

} // namespace

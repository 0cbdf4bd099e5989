// Element-wise arithmetic, activations, reductions and losses.
#include "guard.hpp"

#include "../core/chunks.hpp"
#include "../cpu/dispatch.hpp"
#include "../cpu/parallel.hpp"

using namespace nnoise;

namespace {

constexpr std::int64_t float_bytes = sizeof(float);
constexpr std::int64_t double_bytes = sizeof(double);
constexpr std::int64_t light_grain = 65536; // elements of plain arithmetic that repay waking a thread
constexpr std::int64_t heavy_grain = 8192;  // elements of exp and the like
constexpr std::int64_t wave_chunks = 256;   // partial sums held at once
constexpr std::int64_t subtree_chunks = 16; // chunks one task joins: a power of two, see PairwiseSum
constexpr std::int64_t column_tile = 64;    // columns one task sums

struct Input {
    const char* name;
    const void* data;
};

// n floats go from every input to the output; null inputs' names end the list.
nnoise_status check_elements(const char* call, std::int64_t n, Input a, Input b, const char* y_name, const void* y) {
    if (n == 0) {
        return NNOISE_STATUS_OK;
    }
    for (const Input& input : {a, b}) {
        if (input.name != nullptr) {
            NNOISE_TRY(check_pointer(call, input.name, input.data));
            NNOISE_TRY(check_overlap(call, input.name, input.data, n * float_bytes, y_name, y, n * float_bytes));
        }
    }
    return check_pointer(call, y_name, y);
}

template <class F>
void run_elements(const Call& call, std::int64_t n, std::int64_t grain, const F& f) {
    constexpr std::int64_t unit = 64; // ranges start on a cache line when the buffer does
    parallel_ranges(call.threads(), (n + unit - 1) / unit, grain / unit, [&](std::int64_t first, std::int64_t last) {
        const std::int64_t begin = first * unit;
        const std::int64_t end = last * unit < n ? last * unit : n;
        f(begin, end - begin);
    });
}

// The pairwise sum of `chunk_sum(chunk)` over all chunks, shared between threads by subtrees.
template <class F>
double sum_chunks(const Call& call, std::int64_t chunks, std::int64_t grain_chunks, const F& chunk_sum) {
    PairwiseSum total;
    double partial[wave_chunks];
    const std::int64_t subtrees = (chunks + subtree_chunks - 1) / subtree_chunks;
    for (std::int64_t wave = 0; wave < subtrees; wave += wave_chunks) {
        const std::int64_t count = subtrees - wave < wave_chunks ? subtrees - wave : wave_chunks;
        const std::int64_t grain = (grain_chunks + subtree_chunks - 1) / subtree_chunks;
        parallel_ranges(call.threads(), count, grain, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t s = first; s < last; ++s) {
                const std::int64_t begin = (wave + s) * subtree_chunks;
                const std::int64_t end = begin + subtree_chunks < chunks ? begin + subtree_chunks : chunks;
                PairwiseSum subtree;
                for (std::int64_t chunk = begin; chunk < end; ++chunk) {
                    subtree.add(chunk_sum(chunk));
                }
                partial[s] = subtree.total();
            }
        });
        for (std::int64_t s = 0; s < count; ++s) {
            total.add(partial[s]);
        }
    }
    return total.total();
}

// Sums over n elements in chunks of sum_chunk: f(first element, elements).
template <class F>
double sum_elements(const Call& call, std::int64_t n, const F& f) {
    return sum_chunks(call, (n + sum_chunk - 1) / sum_chunk, light_grain / sum_chunk, [&](std::int64_t chunk) {
        const std::int64_t begin = chunk * sum_chunk;
        return f(begin, n - begin < sum_chunk ? n - begin : sum_chunk);
    });
}

using SumKernel = double (*)(std::int64_t n, const float* x);

nnoise_status run_sum(nnoise_context* context, const char* name, SumKernel Kernels::*kernel, std::int64_t n,
                      const float* x, double* result) {
    const Call call(context, name);
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_size(name, "n", n));
    NNOISE_TRY(check_pointer(name, "result", result));
    if (n > 0) {
        NNOISE_TRY(check_pointer(name, "x", x));
        NNOISE_TRY(check_overlap(name, "x", x, n * float_bytes, "result", result, double_bytes, Aliasing::separate));
    }
    const SumKernel sum = kernels_of(call.isa()).*kernel;
    *result = sum_elements(call, n, [&](std::int64_t begin, std::int64_t count) { return sum(count, x + begin); });
    return NNOISE_STATUS_OK;
}

nnoise_status check_activation(const char* call, nnoise_activation activation) {
    const int kind = static_cast<int>(activation);
    if (kind < NNOISE_ACTIVATION_NONE || kind > NNOISE_ACTIVATION_GELU) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: activation is %d; expected an nnoise_activation (0 to 4)",
                    call, kind);
    }
    return NNOISE_STATUS_OK;
}

std::int64_t activation_grain(nnoise_activation activation) {
    return activation == NNOISE_ACTIVATION_NONE || activation == NNOISE_ACTIVATION_RELU ? light_grain : heavy_grain;
}

nnoise_status check_labels(const char* call, std::int64_t rows, std::int64_t classes, const std::int32_t* labels) {
    for (std::int64_t r = 0; r < rows; ++r) {
        if (labels[r] < 0 || labels[r] >= classes) {
            return fail(NNOISE_STATUS_INVALID_LABEL, "%s: labels[%lld] is %d; expected 0 to %lld", call,
                        static_cast<long long>(r), labels[r], static_cast<long long>(classes - 1));
        }
    }
    return NNOISE_STATUS_OK;
}

} // namespace

extern "C" {

nnoise_status nnoise_fill(nnoise_context* context, int64_t n, float* y, float value) {
    const Call call(context, "nnoise_fill");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_size(call.name(), "n", n));
    NNOISE_TRY(check_elements(call.name(), n, {nullptr, nullptr}, {nullptr, nullptr}, "y", y));
    const Kernels& k = kernels_of(call.isa());
    run_elements(call, n, light_grain, [&](std::int64_t i, std::int64_t count) { k.fill(count, y + i, value); });
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_axpby(nnoise_context* context, int64_t n, float alpha, const float* x, float beta, float* y) {
    const Call call(context, "nnoise_axpby");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_size(call.name(), "n", n));
    NNOISE_TRY(check_elements(call.name(), n, {"x", x}, {nullptr, nullptr}, "y", y));
    const Kernels& k = kernels_of(call.isa());
    run_elements(call, n, light_grain,
                 [&](std::int64_t i, std::int64_t count) { k.axpby(count, alpha, x + i, beta, y + i); });
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_multiply(nnoise_context* context, int64_t n, const float* a, const float* b, float* y) {
    const Call call(context, "nnoise_multiply");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_size(call.name(), "n", n));
    NNOISE_TRY(check_elements(call.name(), n, {"a", a}, {"b", b}, "y", y));
    const Kernels& k = kernels_of(call.isa());
    run_elements(call, n, light_grain,
                 [&](std::int64_t i, std::int64_t count) { k.multiply(count, a + i, b + i, y + i); });
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_add_row(nnoise_context* context, int64_t rows, int64_t columns, const float* x, const float* row,
                             float* y) {
    const Call call(context, "nnoise_add_row");
    NNOISE_TRY(call.status());
    std::int64_t n = 0;
    NNOISE_TRY(check_matrix(call.name(), "rows", rows, "columns", columns, float_bytes, &n));
    NNOISE_TRY(check_elements(call.name(), n, {"x", x}, {nullptr, nullptr}, "y", y));
    if (n > 0) {
        NNOISE_TRY(check_pointer(call.name(), "row", row));
        NNOISE_TRY(
            check_overlap(call.name(), "row", row, columns * float_bytes, "y", y, n * float_bytes, Aliasing::separate));
    }
    const Kernels& k = kernels_of(call.isa());
    if (n > 0) {
        parallel_ranges(call.threads(), rows, items_of_grain(light_grain, columns),
                        [&](std::int64_t first, std::int64_t last) {
                            for (std::int64_t r = first; r < last; ++r) {
                                k.add(columns, x + r * columns, row, y + r * columns);
                            }
                        });
    }
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_column_sum(nnoise_context* context, int64_t rows, int64_t columns, const float* x, float* out,
                                int32_t accumulate) {
    const Call call(context, "nnoise_column_sum");
    NNOISE_TRY(call.status());
    std::int64_t n = 0;
    NNOISE_TRY(check_matrix(call.name(), "rows", rows, "columns", columns, float_bytes, &n));
    if (columns > 0) {
        NNOISE_TRY(check_pointer(call.name(), "out", out));
    }
    if (n > 0) {
        NNOISE_TRY(check_pointer(call.name(), "x", x));
        NNOISE_TRY(
            check_overlap(call.name(), "x", x, n * float_bytes, "out", out, columns * float_bytes, Aliasing::separate));
    }
    if (rows == 0) {
        x = out; // nothing of it is read, but the kernel forms addresses, and x may be null
    }
    const Kernels& k = kernels_of(call.isa());
    const std::int64_t tiles = (columns + column_tile - 1) / column_tile;
    parallel_ranges(call.threads(), tiles, items_of_grain(light_grain, rows, column_tile),
                    [&](std::int64_t first, std::int64_t last) {
                        const std::int64_t end = last * column_tile;
                        k.column_sum(rows, columns, x, first * column_tile, end < columns ? end : columns, out,
                                     accumulate != 0);
                    });
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_sum(nnoise_context* context, int64_t n, const float* x, double* result) {
    return run_sum(context, "nnoise_sum", &Kernels::sum, n, x, result);
}

nnoise_status nnoise_sum_squares(nnoise_context* context, int64_t n, const float* x, double* result) {
    return run_sum(context, "nnoise_sum_squares", &Kernels::sum_squares, n, x, result);
}

nnoise_status nnoise_argmax(nnoise_context* context, int64_t rows, int64_t columns, const float* x, int32_t* index) {
    const Call call(context, "nnoise_argmax");
    NNOISE_TRY(call.status());
    std::int64_t n = 0;
    NNOISE_TRY(check_matrix(call.name(), "rows", rows, "columns", columns, float_bytes, &n));
    if (rows > 0) {
        if (columns < 1 || columns > INT32_MAX) {
            return fail(NNOISE_STATUS_INVALID_SHAPE, "%s: columns is %lld; expected 1 to 2147483647", call.name(),
                        static_cast<long long>(columns));
        }
        NNOISE_TRY(check_pointer(call.name(), "x", x));
        NNOISE_TRY(check_pointer(call.name(), "index", index));
        NNOISE_TRY(check_overlap(call.name(), "x", x, n * float_bytes, "index", index, rows * 4, Aliasing::separate));
    }
    parallel_ranges(call.threads(), rows, items_of_grain(light_grain, columns),
                    [&](std::int64_t first, std::int64_t last) {
                        argmax_rows(last - first, columns, x + first * columns, index + first);
                    });
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_activation_forward(nnoise_context* context, nnoise_activation activation, int64_t n,
                                        const float* x, float* y) {
    const Call call(context, "nnoise_activation_forward");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_activation(call.name(), activation));
    NNOISE_TRY(check_size(call.name(), "n", n));
    NNOISE_TRY(check_elements(call.name(), n, {"x", x}, {nullptr, nullptr}, "y", y));
    const Kernels& k = kernels_of(call.isa());
    run_elements(call, n, activation_grain(activation), [&](std::int64_t i, std::int64_t count) {
        k.activation_forward(static_cast<std::int32_t>(activation), count, x + i, y + i);
    });
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_activation_backward(nnoise_context* context, nnoise_activation activation, int64_t n,
                                         const float* saved, const float* dy, float* dx) {
    const Call call(context, "nnoise_activation_backward");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_activation(call.name(), activation));
    NNOISE_TRY(check_size(call.name(), "n", n));
    NNOISE_TRY(check_elements(call.name(), n, {"saved", saved}, {"dy", dy}, "dx", dx));
    const Kernels& k = kernels_of(call.isa());
    run_elements(call, n, activation_grain(activation), [&](std::int64_t i, std::int64_t count) {
        k.activation_backward(static_cast<std::int32_t>(activation), count, saved + i, dy + i, dx + i);
    });
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_softmax(nnoise_context* context, int64_t rows, int64_t classes, const float* logits,
                             float* probabilities) {
    const Call call(context, "nnoise_softmax");
    NNOISE_TRY(call.status());
    std::int64_t n = 0;
    NNOISE_TRY(check_matrix(call.name(), "rows", rows, "classes", classes, float_bytes, &n));
    NNOISE_TRY(check_elements(call.name(), n, {"logits", logits}, {nullptr, nullptr}, "probabilities", probabilities));
    const Kernels& k = kernels_of(call.isa());
    if (n > 0) {
        parallel_ranges(call.threads(), rows, items_of_grain(heavy_grain, classes),
                        [&](std::int64_t first, std::int64_t last) {
                            k.softmax(last - first, classes, logits + first * classes, probabilities + first * classes);
                        });
    }
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_softmax_cross_entropy(nnoise_context* context, int64_t rows, int64_t classes, const float* logits,
                                           const int32_t* labels, float scale, float* dlogits, float* losses,
                                           double* loss) {
    const Call call(context, "nnoise_softmax_cross_entropy");
    NNOISE_TRY(call.status());
    std::int64_t n = 0;
    NNOISE_TRY(check_matrix(call.name(), "rows", rows, "classes", classes, float_bytes, &n));
    NNOISE_TRY(check_finite(call.name(), "scale", scale));
    NNOISE_TRY(check_pointer(call.name(), "loss", loss));
    if (rows > 0) {
        NNOISE_TRY(check_pointer(call.name(), "labels", labels));
        NNOISE_TRY(check_labels(call.name(), rows, classes, labels)); // no class at all: every label is wrong
        NNOISE_TRY(check_pointer(call.name(), "logits", logits));
        const std::int64_t bytes = n * float_bytes;
        const std::int64_t row_bytes = rows * 4;
        NNOISE_TRY(check_overlap(call.name(), "logits", logits, bytes, "dlogits", dlogits, bytes));
        const struct {
            Input a;
            std::int64_t bytes_a;
            Input b;
            std::int64_t bytes_b;
        } pairs[] = {
            {{"labels", labels}, row_bytes, {"dlogits", dlogits}, bytes},
            {{"labels", labels}, row_bytes, {"losses", losses}, row_bytes},
            {{"logits", logits}, bytes, {"losses", losses}, row_bytes},
            {{"dlogits", dlogits}, bytes, {"losses", losses}, row_bytes},
            {{"logits", logits}, bytes, {"loss", loss}, double_bytes},
            {{"labels", labels}, row_bytes, {"loss", loss}, double_bytes},
            {{"dlogits", dlogits}, bytes, {"loss", loss}, double_bytes},
            {{"losses", losses}, row_bytes, {"loss", loss}, double_bytes},
        };
        for (const auto& p : pairs) {
            NNOISE_TRY(check_overlap(call.name(), p.a.name, p.a.data, p.bytes_a, p.b.name, p.b.data, p.bytes_b,
                                     Aliasing::separate));
        }
    }
    const Kernels& k = kernels_of(call.isa());
    const double sum = sum_chunks(call, (rows + row_chunk - 1) / row_chunk,
                                  items_of_grain(heavy_grain, classes, row_chunk), [&](std::int64_t chunk) {
                                      const std::int64_t r = chunk * row_chunk;
                                      return k.cross_entropy(rows - r < row_chunk ? rows - r : row_chunk, classes,
                                                             logits + r * classes, labels + r, scale,
                                                             dlogits == nullptr ? nullptr : dlogits + r * classes,
                                                             losses == nullptr ? nullptr : losses + r);
                                  });
    *loss = rows > 0 ? sum / static_cast<double>(rows) : 0.0;
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_mean_squared_error(nnoise_context* context, int64_t n, const float* y, const float* t, float scale,
                                        float* dy, double* loss) {
    const Call call(context, "nnoise_mean_squared_error");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_size(call.name(), "n", n));
    NNOISE_TRY(check_finite(call.name(), "scale", scale));
    NNOISE_TRY(check_pointer(call.name(), "loss", loss));
    if (n > 0) {
        NNOISE_TRY(check_pointer(call.name(), "y", y));
        NNOISE_TRY(check_pointer(call.name(), "t", t));
        NNOISE_TRY(check_overlap(call.name(), "y", y, n * float_bytes, "dy", dy, n * float_bytes));
        NNOISE_TRY(check_overlap(call.name(), "t", t, n * float_bytes, "dy", dy, n * float_bytes));
        for (const Input& b : {Input{"y", y}, Input{"t", t}, Input{"dy", dy}}) {
            NNOISE_TRY(check_overlap(call.name(), b.name, b.data, n * float_bytes, "loss", loss, double_bytes,
                                     Aliasing::separate));
        }
    }
    const Kernels& k = kernels_of(call.isa());
    const double sum = sum_elements(call, n, [&](std::int64_t i, std::int64_t count) {
        return k.squared_error(count, y + i, t + i, 2.0f * scale, dy == nullptr ? nullptr : dy + i);
    });
    *loss = n > 0 ? sum / static_cast<double>(n) : 0.0;
    return NNOISE_STATUS_OK;
}

} // extern "C"

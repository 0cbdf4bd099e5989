// Activations, reductions, losses and element-wise arithmetic over a vector layer V, in the orders of core/chunks.hpp.
#pragma once

#include "../../core/chunks.hpp"
#include "../kernels.hpp"
#include "math-inl.hpp"

namespace nnoise::simd {

// y[i] = f(a[i], b[i]); inputs that the operation does not read are null.
template <class V, bool reads_b, class F>
[[gnu::always_inline]] inline void map(std::int64_t n, const float* a, const float* b, float* y, const F& f) {
    std::int64_t i = 0;
#pragma GCC unroll 2
    for (; i + V::width <= n; i += V::width) {
        V::store(y + i, f(V::load(a + i), reads_b ? V::load(b + i) : V::zero()));
    }
    if (i < n) {
        const typename V::M mask = V::tail_mask(static_cast<int>(n - i));
        V::store_masked(y + i, mask, f(V::load_masked(a + i, mask), reads_b ? V::load_masked(b + i, mask) : V::zero()));
    }
}

template <class V>
void fill(std::int64_t n, float* y, float value) {
    const typename V::F v = V::set1(value);
    std::int64_t i = 0;
    for (; i + V::width <= n; i += V::width) {
        V::store(y + i, v);
    }
    if (i < n) {
        V::store_masked(y + i, V::tail_mask(static_cast<int>(n - i)), v);
    }
}

template <class V>
void axpby(std::int64_t n, float alpha, const float* x, float beta, float* y) {
    using F = typename V::F;
    const F a = V::set1(alpha);
    const F b = V::set1(beta);
    if (beta == 0.0f) {
        map<V, false>(n, x, nullptr, y, [&](F v, F) { return V::mul(a, v); });
    } else {
        map<V, true>(n, x, y, y, [&](F v, F old) { return V::fma(a, v, V::mul(b, old)); });
    }
}

template <class V>
void multiply(std::int64_t n, const float* a, const float* b, float* y) {
    using F = typename V::F;
    map<V, true>(n, a, b, y, [](F p, F q) { return V::mul(p, q); });
}

template <class V>
void add(std::int64_t n, const float* a, const float* b, float* y) {
    using F = typename V::F;
    map<V, true>(n, a, b, y, [](F p, F q) { return V::add(p, q); });
}

template <class V, int kind>
void activation_forward_of(std::int64_t n, const float* x, float* y) {
    using F = typename V::F;
    map<V, false>(n, x, nullptr, y, [](F v, F) { return activation<V, kind>(v); });
}

template <class V, int kind>
void activation_backward_of(std::int64_t n, const float* saved, const float* dy, float* dx) {
    using F = typename V::F;
    map<V, true>(n, saved, dy, dx, [](F s, F d) { return activation_gradient<V, kind>(s, d); });
}

template <class V>
void activation_forward(std::int32_t kind, std::int64_t n, const float* x, float* y) {
    switch (kind) {
    case NNOISE_ACTIVATION_RELU:
        return activation_forward_of<V, NNOISE_ACTIVATION_RELU>(n, x, y);
    case NNOISE_ACTIVATION_TANH:
        return activation_forward_of<V, NNOISE_ACTIVATION_TANH>(n, x, y);
    case NNOISE_ACTIVATION_SIGMOID:
        return activation_forward_of<V, NNOISE_ACTIVATION_SIGMOID>(n, x, y);
    case NNOISE_ACTIVATION_GELU:
        return activation_forward_of<V, NNOISE_ACTIVATION_GELU>(n, x, y);
    default:
        return activation_forward_of<V, NNOISE_ACTIVATION_NONE>(n, x, y);
    }
}

template <class V>
void activation_backward(std::int32_t kind, std::int64_t n, const float* saved, const float* dy, float* dx) {
    switch (kind) {
    case NNOISE_ACTIVATION_RELU:
        return activation_backward_of<V, NNOISE_ACTIVATION_RELU>(n, saved, dy, dx);
    case NNOISE_ACTIVATION_TANH:
        return activation_backward_of<V, NNOISE_ACTIVATION_TANH>(n, saved, dy, dx);
    case NNOISE_ACTIVATION_SIGMOID:
        return activation_backward_of<V, NNOISE_ACTIVATION_SIGMOID>(n, saved, dy, dx);
    case NNOISE_ACTIVATION_GELU:
        return activation_backward_of<V, NNOISE_ACTIVATION_GELU>(n, saved, dy, dx);
    default:
        return activation_backward_of<V, NNOISE_ACTIVATION_NONE>(n, saved, dy, dx);
    }
}

// Feeds f one batch of sum_lanes consecutive elements after the other: f(first element, masks or null). Lanes past the
// end read as 0, and adding 0 to a lane changes nothing: a lane is never -0, for it starts as +0.
template <class V, class F>
[[gnu::always_inline]] inline void for_lanes(std::int64_t n, const F& f) {
    constexpr int batch_vectors = sum_lanes / V::width;
    static_assert(batch_vectors == V::double_vectors);
    std::int64_t i = 0;
    for (; i + sum_lanes <= n; i += sum_lanes) {
        f(i, static_cast<const typename V::M*>(nullptr));
    }
    if (i < n) {
        typename V::M masks[batch_vectors];
        for (int k = 0; k < batch_vectors; ++k) {
            const std::int64_t left = n - i - k * V::width;
            masks[k] = V::tail_mask(static_cast<int>(left < 0 ? 0 : (left > V::width ? V::width : left)));
        }
        f(i, masks);
    }
}

template <class V>
[[gnu::always_inline]] inline typename V::F load_lanes(const float* p, const typename V::M* masks, int k) {
    return masks == nullptr ? V::load(p + k * V::width) : V::load_masked(p + k * V::width, masks[k]);
}

template <class V>
[[gnu::always_inline]] inline void store_lanes(float* p, const typename V::M* masks, int k, typename V::F v) {
    if (masks == nullptr) {
        V::store(p + k * V::width, v);
    } else {
        V::store_masked(p + k * V::width, masks[k], v);
    }
}

template <class V>
[[gnu::always_inline]] inline double join_doubles(const typename V::Doubles& d) {
    double lane[sum_lanes];
    V::store(lane, d);
    return join_lanes<double, sum_lanes>(lane);
}

template <class V>
double sum(std::int64_t n, const float* x) {
    typename V::Doubles total = V::zero_doubles();
    for_lanes<V>(n, [&](std::int64_t i, const typename V::M* masks) {
        typename V::F v[V::double_vectors];
        for (int k = 0; k < V::double_vectors; ++k) {
            v[k] = load_lanes<V>(x + i, masks, k);
        }
        V::add(total, v);
    });
    return join_doubles<V>(total);
}

template <class V>
double sum_squares(std::int64_t n, const float* x) {
    typename V::Doubles total = V::zero_doubles();
    for_lanes<V>(n, [&](std::int64_t i, const typename V::M* masks) {
        typename V::F v[V::double_vectors];
        for (int k = 0; k < V::double_vectors; ++k) {
            v[k] = load_lanes<V>(x + i, masks, k);
        }
        V::add_squares(total, v);
    });
    return join_doubles<V>(total);
}

template <class V>
double squared_error(std::int64_t n, const float* y, const float* t, float factor, float* dy) {
    typename V::Doubles total = V::zero_doubles();
    const typename V::F f = V::set1(factor);
    for_lanes<V>(n, [&](std::int64_t i, const typename V::M* masks) {
        typename V::F v[V::double_vectors];
        for (int k = 0; k < V::double_vectors; ++k) {
            v[k] = V::sub(load_lanes<V>(y + i, masks, k), load_lanes<V>(t + i, masks, k));
            if (dy != nullptr) {
                store_lanes<V>(dy + i, masks, k, V::mul(v[k], f));
            }
        }
        V::add_squares(total, v);
    });
    return join_doubles<V>(total);
}

// `vectors` vectors of columns, the last one masked where masked is set.
template <class V, int vectors, bool masked>
[[gnu::always_inline]] inline void column_sum_tile(std::int64_t rows, std::int64_t columns, const float* x,
                                                   typename V::M mask, int count, float* out, bool accumulate) {
    double total[vectors * V::width];
    for (int c = 0; c < vectors * V::width; ++c) {
        total[c] = accumulate && c < count ? static_cast<double>(out[c]) : 0.0;
    }
    for (std::int64_t begin = 0; begin < rows; begin += column_sum_rows) {
        const std::int64_t end = begin + column_sum_rows < rows ? begin + column_sum_rows : rows;
        typename V::F chunk[vectors];
        for (int v = 0; v < vectors; ++v) {
            chunk[v] = V::zero();
        }
        for (std::int64_t r = begin; r < end; ++r) {
            const float* p = x + r * columns;
#pragma GCC unroll 8
            for (int v = 0; v < vectors; ++v) {
                chunk[v] = V::add(chunk[v], masked ? V::load_masked(p, mask) : V::load(p + v * V::width));
            }
        }
        float lane[vectors * V::width];
        for (int v = 0; v < vectors; ++v) {
            V::store(lane + v * V::width, chunk[v]);
        }
        for (int c = 0; c < vectors * V::width; ++c) {
            total[c] += static_cast<double>(lane[c]);
        }
    }
    for (int c = 0; c < count; ++c) {
        out[c] = static_cast<float>(total[c]);
    }
}

template <class V>
void column_sum(std::int64_t rows, std::int64_t columns, const float* x, std::int64_t first, std::int64_t last,
                float* out, bool accumulate) {
    constexpr int wide = 8;
    const typename V::M all = V::tail_mask(V::width);
    std::int64_t c = first;
    for (; c + wide * V::width <= last; c += wide * V::width) {
        column_sum_tile<V, wide, false>(rows, columns, x + c, all, wide * V::width, out + c, accumulate);
    }
    for (; c + V::width <= last; c += V::width) {
        column_sum_tile<V, 1, false>(rows, columns, x + c, all, V::width, out + c, accumulate);
    }
    if (c < last) {
        const int count = static_cast<int>(last - c);
        column_sum_tile<V, 1, true>(rows, columns, x + c, V::tail_mask(count), count, out + c, accumulate);
    }
}

// The largest element; NaNs do not take part. Which of +0 and -0 is found does not matter: exp(x - m) is the same.
template <class V>
[[gnu::always_inline]] inline float row_maximum(std::int64_t n, const float* x) {
    using F = typename V::F;
    const F lowest = V::set1(-__builtin_inff());
    F m = lowest;
    std::int64_t i = 0;
    for (; i + V::width <= n; i += V::width) {
        m = V::max(V::load(x + i), m);
    }
    if (i < n) {
        const typename V::M mask = V::tail_mask(static_cast<int>(n - i));
        m = V::max(V::select(mask, lowest, V::load_masked(x + i, mask)), m);
    }
    float lane[V::width];
    V::store(lane, m);
    float best = lane[0];
    for (int l = 1; l < V::width; ++l) {
        best = lane[l] > best ? lane[l] : best;
    }
    return best;
}

// exp(x - m) for a row, written to e when it is not null; returns the sum.
template <class V>
[[gnu::always_inline]] inline float row_exponentials(std::int64_t n, const float* x, float m, float* e) {
    using F = typename V::F;
    constexpr int vectors = row_lanes / V::width;
    static_assert(row_lanes == sum_lanes);
    const F maximum = V::set1(m);
    F total[vectors];
    for (int k = 0; k < vectors; ++k) {
        total[k] = V::zero();
    }
    for_lanes<V>(n, [&](std::int64_t i, const typename V::M* masks) {
        for (int k = 0; k < vectors; ++k) {
            F v = exp<V>(V::sub(load_lanes<V>(x + i, masks, k), maximum));
            if (e != nullptr) {
                store_lanes<V>(e + i, masks, k, v);
            }
            if (masks != nullptr) {
                v = V::keep(masks[k], v);
            }
            total[k] = V::add(total[k], v);
        }
    });
    float lane[row_lanes];
    for (int k = 0; k < vectors; ++k) {
        V::store(lane + k * V::width, total[k]);
    }
    return join_lanes<float, row_lanes>(lane);
}

template <class V>
void softmax(std::int64_t rows, std::int64_t classes, const float* logits, float* probabilities) {
    using F = typename V::F;
    for (std::int64_t r = 0; r < rows; ++r) {
        const float* x = logits + r * classes;
        float* p = probabilities + r * classes;
        const float sum = row_exponentials<V>(classes, x, row_maximum<V>(classes, x), p);
        const F inverse = V::set1(1.0f / sum);
        map<V, false>(classes, p, nullptr, p, [&](F v, F) { return V::mul(v, inverse); });
    }
}

template <class V>
double cross_entropy(std::int64_t rows, std::int64_t classes, const float* logits, const std::int32_t* labels,
                     float scale, float* dlogits, float* losses) {
    using F = typename V::F;
    const F factor = V::set1(scale);
    double total = 0.0;
    for (std::int64_t r = 0; r < rows; ++r) {
        const float* x = logits + r * classes;
        const float m = row_maximum<V>(classes, x);
        const float at_label = x[labels[r]] - m;
        float* d = dlogits == nullptr ? nullptr : dlogits + r * classes;
        const float sum = row_exponentials<V>(classes, x, m, d);
        if (d != nullptr) {
            const float inverse = 1.0f / sum;
            const float right = (d[labels[r]] * inverse - 1.0f) * scale;
            const F inverses = V::set1(inverse);
            map<V, false>(classes, d, nullptr, d, [&](F v, F) { return V::mul(V::mul(v, inverses), factor); });
            d[labels[r]] = right;
        }
        const double loss = cross_entropy_loss(sum, at_label);
        total += loss;
        if (losses != nullptr) {
            losses[r] = static_cast<float>(loss);
        }
    }
    return total;
}

} // namespace nnoise::simd

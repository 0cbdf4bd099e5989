// The plain reference of activations, losses, reductions and element-wise arithmetic. The orders are in
// core/chunks.hpp.
#include "reference.hpp"

#include "../../core/chunks.hpp"
#include "../../core/math.hpp"

namespace nnoise::reference {

void fill(std::int64_t n, float* y, float value) {
    for (std::int64_t i = 0; i < n; ++i) {
        y[i] = value;
    }
}

void axpby(std::int64_t n, float alpha, const float* x, float beta, float* y) {
    for (std::int64_t i = 0; i < n; ++i) {
        y[i] = beta == 0.0f ? alpha * x[i] : fma32(alpha, x[i], beta * y[i]);
    }
}

void multiply(std::int64_t n, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < n; ++i) {
        y[i] = a[i] * b[i];
    }
}

void add(std::int64_t n, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < n; ++i) {
        y[i] = a[i] + b[i];
    }
}

void activation_forward(std::int32_t kind, std::int64_t n, const float* x, float* y) {
    for (std::int64_t i = 0; i < n; ++i) {
        y[i] = activation(kind, x[i]);
    }
}

void activation_backward(std::int32_t kind, std::int64_t n, const float* saved, const float* dy, float* dx) {
    for (std::int64_t i = 0; i < n; ++i) {
        dx[i] = activation_gradient(kind, saved[i], dy[i]);
    }
}

double sum(std::int64_t n, const float* x) {
    double lane[sum_lanes] = {};
    for (std::int64_t i = 0; i < n; ++i) {
        lane[i % sum_lanes] += static_cast<double>(x[i]);
    }
    return join_lanes<double, sum_lanes>(lane);
}

double sum_squares(std::int64_t n, const float* x) {
    double lane[sum_lanes] = {};
    for (std::int64_t i = 0; i < n; ++i) {
        const double v = static_cast<double>(x[i]);
        lane[i % sum_lanes] += v * v; // the square of a float is exact in double
    }
    return join_lanes<double, sum_lanes>(lane);
}

double squared_error(std::int64_t n, const float* y, const float* t, float factor, float* dy) {
    double lane[sum_lanes] = {};
    for (std::int64_t i = 0; i < n; ++i) {
        const float difference = y[i] - t[i];
        const double v = static_cast<double>(difference);
        lane[i % sum_lanes] += v * v;
        if (dy != nullptr) {
            dy[i] = difference * factor;
        }
    }
    return join_lanes<double, sum_lanes>(lane);
}

void column_sum(std::int64_t rows, std::int64_t columns, const float* x, std::int64_t first, std::int64_t last,
                float* out, bool accumulate) {
    for (std::int64_t c = first; c < last; ++c) {
        double total = accumulate ? static_cast<double>(out[c]) : 0.0;
        for (std::int64_t begin = 0; begin < rows; begin += column_sum_rows) {
            const std::int64_t end = begin + column_sum_rows < rows ? begin + column_sum_rows : rows;
            float chunk = 0.0f;
            for (std::int64_t r = begin; r < end; ++r) {
                chunk += x[r * columns + c];
            }
            total += static_cast<double>(chunk);
        }
        out[c] = static_cast<float>(total);
    }
}

namespace {

float row_maximum(std::int64_t n, const float* x) {
    float m = -__builtin_inff();
    for (std::int64_t i = 0; i < n; ++i) {
        m = x[i] > m ? x[i] : m;
    }
    return m;
}

} // namespace

void softmax(std::int64_t rows, std::int64_t classes, const float* logits, float* probabilities) {
    for (std::int64_t r = 0; r < rows; ++r) {
        const float* x = logits + r * classes;
        float* p = probabilities + r * classes;
        const float m = row_maximum(classes, x);
        float lane[row_lanes] = {};
        for (std::int64_t c = 0; c < classes; ++c) {
            p[c] = exp32(x[c] - m);
            lane[c % row_lanes] += p[c];
        }
        const float inverse = 1.0f / join_lanes<float, row_lanes>(lane);
        for (std::int64_t c = 0; c < classes; ++c) {
            p[c] = p[c] * inverse;
        }
    }
}

// -ln softmax(x)[label] = ln(sum of exp(x - m)) - (x[label] - m).
double cross_entropy(std::int64_t rows, std::int64_t classes, const float* logits, const std::int32_t* labels,
                     float scale, float* dlogits, float* losses) {
    double total = 0.0;
    for (std::int64_t r = 0; r < rows; ++r) {
        const float* x = logits + r * classes;
        const float m = row_maximum(classes, x);
        const float at_label = x[labels[r]] - m; // read before dlogits, which may be logits, is written
        float lane[row_lanes] = {};
        for (std::int64_t c = 0; c < classes; ++c) {
            const float e = exp32(x[c] - m);
            lane[c % row_lanes] += e;
            if (dlogits != nullptr) {
                dlogits[r * classes + c] = e;
            }
        }
        const float sum = join_lanes<float, row_lanes>(lane);
        if (dlogits != nullptr) {
            const float inverse = 1.0f / sum;
            float* d = dlogits + r * classes;
            for (std::int64_t c = 0; c < classes; ++c) {
                d[c] = (d[c] * inverse - (c == labels[r] ? 1.0f : 0.0f)) * scale;
            }
        }
        const double loss = cross_entropy_loss(sum, at_label);
        total += loss;
        if (losses != nullptr) {
            losses[r] = static_cast<float>(loss);
        }
    }
    return total;
}

} // namespace nnoise::reference

namespace nnoise {

void argmax_rows(std::int64_t rows, std::int64_t columns, const float* x, std::int32_t* index) {
    for (std::int64_t r = 0; r < rows; ++r, x += columns) {
        std::int64_t best = 0;
        for (std::int64_t c = 1; c < columns && x[best] == x[best]; ++c) {
            if (x[c] > x[best] || x[c] != x[c]) {
                best = c;
            }
        }
        index[r] = static_cast<std::int32_t>(best);
    }
}

// One loop serves plain jobs and all others.
#define NNOISE_REFERENCE_NOISE                                                                                         \
    reference::words, reference::fill_uniform, reference::fill_normal, reference::fill_signs, reference::gaussian,     \
        reference::gaussian_relative, reference::gaussian_relative_backward, reference::gaussian_multiplicative,       \
        reference::uniform, reference::salt_and_pepper, reference::salt_and_pepper_backward, reference::dropout,       \
        reference::laplace, reference::student_t, reference::poisson, reference::gaussian_snr, reference::pink,        \
        reference::brown

const Kernels scalar_kernels = {
    .noise = {NNOISE_REFERENCE_NOISE},
    .noise_general = {NNOISE_REFERENCE_NOISE},
    .sgd = reference::sgd,
    .adamw = reference::adamw,
    .fill = reference::fill,
    .axpby = reference::axpby,
    .multiply = reference::multiply,
    .add = reference::add,
    .activation_forward = reference::activation_forward,
    .activation_backward = reference::activation_backward,
    .sum = reference::sum,
    .sum_squares = reference::sum_squares,
    .squared_error = reference::squared_error,
    .column_sum = reference::column_sum,
    .softmax = reference::softmax,
    .cross_entropy = reference::cross_entropy,
};

} // namespace nnoise

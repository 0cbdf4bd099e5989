// The plain reference of every entry of LinearKernels: one element at a time over the formulas of core/.
#include "../linear_kernels.hpp"

#include "../../core/math.hpp"
#include "../../core/noise_ops.hpp"

namespace nnoise {
namespace {

constexpr std::int64_t block_columns = 64;

std::uint64_t index(std::int64_t element) { return static_cast<std::uint64_t>(element); }

std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

float unit_noise_at(const Matrix& m, std::int64_t row, std::int64_t element) {
    if (m.kind == WeightNoise::factorized) {
        return m.factor_row[row] * m.factor_element[element];
    }
    return normal_at(m.noise.at(row), index(element));
}

float element_of(const Matrix& m, std::int64_t row, std::int64_t element) {
    const std::int64_t at = row * m.stride + element;
    const float w = m.data[at];
    const float scale = m.scale != nullptr ? m.scale[at] : 0.0f;
    switch (m.content) {
    case Content::plain:
        return w;
    case Content::square:
        return w * w;
    case Content::signed_values:
        return w * sign_at(m.noise.at(row), index(element));
    case Content::sample:
        return fma32(weight_deviation(m.kind, w, scale, m.std), unit_noise_at(m, row, element), w);
    case Content::delta:
        return weight_deviation(m.kind, w, scale, m.std) * unit_noise_at(m, row, element);
    case Content::variance:
        return weight_variance(m.kind, w, scale, m.std);
    }
    return 0.0f;
}

float factor_of(const Matrix& m, GradientFactor factor, std::int64_t row, std::int64_t element) {
    if (factor == GradientFactor::one) {
        return 1.0f;
    }
    const std::int64_t at = row * m.stride + element;
    const float scale = m.scale != nullptr ? m.scale[at] : 0.0f;
    const float eps = factor_has_noise(factor) ? unit_noise_at(m, row, element) : 0.0f;
    return gradient_factor(factor, m.data[at], scale, m.std, eps);
}

// What the epilogue makes of the finished sum c of output (i, j).
float finish(const Epilogue& e, std::int64_t i, std::int64_t j, float c) {
    if (e.vector != nullptr) {
        c = c + e.vector[j];
    }
    switch (e.finish) {
    case Finish::none:
    case Finish::add_vector:
        return c;
    case Finish::activation:
        return activation(e.activation, c);
    case Finish::noisy_activation: {
        const float deviation = sqrt32(e.variance[i * e.variance_stride + j]);
        return activation(e.activation, fma32(deviation, normal_at(e.noise.at(i), index(j)), c));
    }
    case Finish::apply_signs:
        return c * sign_at(e.noise.at(i), index(j));
    }
    return c;
}

void product(const MatrixProduct& p, const Piece& piece, float* scratch) {
    for (std::int64_t j0 = piece.column_begin; j0 < piece.column_end; j0 += block_columns) {
        const std::int64_t columns = smaller(block_columns, piece.column_end - j0);
        for (std::int64_t k0 = 0; k0 < p.k; k0 += product_chunk) {
            const std::int64_t chunk = smaller(product_chunk, p.k - k0);
            for (std::int64_t j = 0; j < columns; ++j) {
                for (std::int64_t k = 0; k < chunk; ++k) {
                    scratch[j * product_chunk + k] =
                        p.right_transposed ? element_of(p.right, j0 + j, k0 + k) : element_of(p.right, k0 + k, j0 + j);
                }
            }
            float* left = scratch + block_columns * product_chunk;
            for (std::int64_t i = piece.row_begin; i < piece.row_end; ++i) {
                for (std::int64_t k = 0; k < chunk; ++k) {
                    left[k] = p.left_transposed ? element_of(p.left, k0 + k, i) : element_of(p.left, i, k0 + k);
                }
                for (std::int64_t j = 0; j < columns; ++j) {
                    float s = 0.0f;
                    for (std::int64_t k = 0; k < chunk; ++k) {
                        s = fma32(left[k], scratch[j * product_chunk + k], s);
                    }
                    const bool assign = k0 == 0 && !p.accumulate;
                    if (p.c != nullptr) {
                        float& c = p.c[i * p.c_stride + j0 + j];
                        c = assign ? s : c + s;
                    }
                    for (const GradientTarget& t : p.targets) {
                        if (t.data != nullptr) {
                            float& g = t.data[i * p.c_stride + j0 + j];
                            const float f = factor_of(p.parameter, t.factor, i, j0 + j);
                            g = assign ? s * f : fma32(s, f, g);
                        }
                    }
                }
            }
        }
        for (std::int64_t i = piece.row_begin; i < piece.row_end; ++i) {
            for (std::int64_t j = j0; j < j0 + columns; ++j) {
                if (p.k == 0 && !p.accumulate) {
                    if (p.c != nullptr) {
                        p.c[i * p.c_stride + j] = 0.0f;
                    }
                    for (const GradientTarget& t : p.targets) {
                        if (t.data != nullptr) {
                            t.data[i * p.c_stride + j] = 0.0f;
                        }
                    }
                }
                if (p.c != nullptr) {
                    float& c = p.c[i * p.c_stride + j];
                    c = finish(p.epilogue, i, j, c);
                }
            }
        }
    }
}

void normals(const RowAddress& row, std::int64_t first, std::int64_t n, float* out) {
    for (std::int64_t e = 0; e < n; ++e) {
        out[e] = normal_at(row, index(first + e));
    }
}

void read(const Matrix& matrix, std::int64_t row, std::int64_t first, std::int64_t n, float* out) {
    for (std::int64_t e = 0; e < n; ++e) {
        out[e] = element_of(matrix, row, first + e);
    }
}

void factors(const Matrix& parameter, GradientFactor factor, std::int64_t row, std::int64_t first, std::int64_t n,
             float* out) {
    for (std::int64_t e = 0; e < n; ++e) {
        out[e] = factor_of(parameter, factor, row, first + e);
    }
}

void row_sums(const float* x, std::int64_t rows, std::int64_t n, bool squares, float* out) {
    for (std::int64_t r = 0; r < rows; ++r) {
        float lane[row_lanes] = {};
        for (std::int64_t e = 0; e < n; ++e) {
            const float v = x[r * n + e];
            float& s = lane[e % row_lanes];
            s = fma32(v, squares ? v : 1.0f, s);
        }
        out[r] = join_lanes<float, row_lanes>(lane);
    }
}

void column_sums(const float* x, std::int64_t stride, std::int64_t rows, std::int64_t n, const float* factor,
                 bool assign, float* target) {
    for (std::int64_t j = 0; j < n; ++j) {
        for (std::int64_t r0 = 0; r0 < rows; r0 += product_chunk) {
            float s = 0.0f;
            for (std::int64_t r = r0; r < smaller(rows, r0 + product_chunk); ++r) {
                s = s + x[r * stride + j];
            }
            const float f = factor != nullptr ? factor[j] : 1.0f;
            target[j] = assign && r0 == 0 ? s * f : fma32(s, f, target[j]);
        }
        if (rows == 0 && assign) {
            target[j] = 0.0f;
        }
    }
}

void activation_backward(int kind, std::int64_t n, const float* y, const float* dy, float* dz) {
    for (std::int64_t i = 0; i < n; ++i) {
        dz[i] = activation_gradient(kind, y[i], dy[i]);
    }
}

void variance_backward(const RowAddress& row, std::int64_t n, const float* dz, const float* v, float* dv) {
    for (std::int64_t j = 0; j < n; ++j) {
        dv[j] = variance_gradient(dz[j], normal_at(row, index(j)), v[j]);
    }
}

void add_signed(const RowAddress& row, std::int64_t n, const float* x, bool accumulate, float* out) {
    for (std::int64_t j = 0; j < n; ++j) {
        const float v = x[j] * sign_at(row, index(j));
        out[j] = accumulate ? out[j] + v : v;
    }
}

void square_gradient(std::int64_t n, const float* x, const float* t, bool one_t, bool accumulate, float* dx) {
    for (std::int64_t j = 0; j < n; ++j) {
        const float v = (2.0f * x[j]) * t[one_t ? 0 : j];
        dx[j] = accumulate ? dx[j] + v : v;
    }
}

double kl_sum(const KlPrior& prior, std::int64_t n, const float* mean, const float* log_variance) {
    double lane[kl_lanes] = {};
    for (std::int64_t i = 0; i < n; ++i) {
        lane[i % kl_lanes] += kl_term(prior, mean[i], log_variance[i]);
    }
    return join_lanes<double, kl_lanes>(lane);
}

void kl_gradient(const KlPrior& prior, double scale, std::int64_t n, const float* mean, const float* log_variance,
                 float* dmean, float* dlog_variance) {
    for (std::int64_t i = 0; i < n; ++i) {
        dmean[i] = kl_mean_gradient(prior, scale, mean[i], dmean[i]);
        dlog_variance[i] = kl_log_variance_gradient(prior, scale, log_variance[i], dlog_variance[i]);
    }
}

} // namespace

const LinearKernels& linear_kernels_reference() {
    static constexpr LinearKernels table = {
        .product = product,
        .scratch_floats = (block_columns + 1) * product_chunk,
        .row_block = 1,
        .column_block = 4,
        .normals = normals,
        .read = read,
        .factors = factors,
        .row_sums = row_sums,
        .column_sums = column_sums,
        .activation_gradient = activation_backward,
        .variance_gradient = variance_backward,
        .add_signed = add_signed,
        .square_gradient = square_gradient,
        .kl_sum = kl_sum,
        .kl_gradient = kl_gradient,
    };
    return table;
}

} // namespace nnoise

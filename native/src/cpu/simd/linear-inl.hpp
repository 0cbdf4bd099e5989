// The entries of LinearKernels over a vector layer V. cpu/reference/linear.cpp defines their values.
#pragma once

#include "gemm-inl.hpp"

namespace nnoise::simd {

// f(e, count) over [0, n) in vectors; count < width only in the last.
template <class V, class Function>
[[gnu::always_inline]] inline void each_vector(std::int64_t n, const Function& f) {
    std::int64_t e = 0;
    for (; e + V::width <= n; e += V::width) {
        f(e, std::int64_t{V::width});
    }
    if (e < n) {
        f(e, n - e);
    }
}

// f(activation of V) for the activation that the number names.
template <class V, class Function>
[[gnu::always_inline]] inline void with_activation(int kind, const Function& f) {
    using F = typename V::F;
    switch (kind) {
    case NNOISE_ACTIVATION_RELU:
        return f([](F x) { return activation<V, NNOISE_ACTIVATION_RELU>(x); });
    case NNOISE_ACTIVATION_TANH:
        return f([](F x) { return activation<V, NNOISE_ACTIVATION_TANH>(x); });
    case NNOISE_ACTIVATION_SIGMOID:
        return f([](F x) { return activation<V, NNOISE_ACTIVATION_SIGMOID>(x); });
    default:
        return f([](F x) { return x; });
    }
}

template <class V>
class LinearTable {
public:
    using F = typename V::F;
    using Shape = GemmShape<V>;

    static constexpr LinearKernels table() {
        return LinearKernels{
            .product = product,
            .scratch_floats = Shape::scratch_floats,
            .row_block = Shape::rows,
            .column_block = Shape::columns,
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
    }

private:
    static constexpr std::int64_t line = 512; // elements of a row worked on at a time

    static F set_of(const float* v, std::int64_t e, std::int64_t count) { return load_some<V>(v + e, count); }

    // One segment of a finished row of outputs: columns j0 .. j0 + n - 1 of row i, n <= piece_columns.
    static void finish(const Epilogue& ep, const PhiloxKeys<V>& keys, std::int64_t i, std::int64_t j0, std::int64_t n,
                       float* lines, float* c) {
        const float* vector = ep.vector != nullptr ? ep.vector + j0 : nullptr;
        switch (ep.finish) {
        case Finish::none:
        case Finish::add_vector:
            if (vector != nullptr) {
                each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
                    store_some<V>(c + e, count, V::add(set_of(c, e, count), set_of(vector, e, count)));
                });
            }
            return;
        case Finish::activation:
            with_activation<V>(ep.activation, [&](const auto& act) {
                each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
                    const F z = set_of(c, e, count);
                    store_some<V>(c + e, count, act(vector != nullptr ? V::add(z, set_of(vector, e, count)) : z));
                });
            });
            return;
        case Finish::noisy_activation: {
            normals_padded<V>(keys, ep.noise.at(i), j0, n, lines);
            const float* variance = ep.variance + i * ep.variance_stride + j0;
            with_activation<V>(ep.activation, [&](const auto& act) {
                each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
                    const F z = set_of(c, e, count);
                    const F mean = vector != nullptr ? V::add(z, set_of(vector, e, count)) : z;
                    const F root = V::sqrt(set_of(variance, e, count));
                    store_some<V>(c + e, count, act(V::fma(root, V::load(lines + e), mean)));
                });
            });
            return;
        }
        case Finish::apply_signs: {
            SignReader<V> signs(ep.noise.at(i));
            each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
                const F v = apply_sign<V>(set_of(c, e, count), signs.bits(static_cast<std::uint64_t>(j0 + e)));
                store_some<V>(c + e, count, v);
            });
            return;
        }
        }
    }

    // Rows of raw sums of one chunk into the gradients they feed.
    static void feed_targets(const MatrixProduct& p, MatrixReader<V>& parameter, std::int64_t i, std::int64_t j0,
                             std::int64_t n, const float* sums, bool assign, float* lines) {
        for (const GradientTarget& t : p.targets) {
            if (t.data == nullptr) {
                continue;
            }
            float* g = t.data + i * p.c_stride + j0;
            if (t.factor == GradientFactor::one) {
                each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
                    const F s = V::load(sums + e);
                    store_some<V>(g + e, count, assign ? s : V::add(s, set_of(g, e, count)));
                });
                continue;
            }
            parameter.factors(t.factor, i, j0, n, lines);
            each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
                const F s = V::load(sums + e);
                const F f = V::load(lines + e);
                store_some<V>(g + e, count, assign ? V::mul(s, f) : V::fma(s, f, set_of(g, e, count)));
            });
        }
    }

    static void assign_zeros(float* data, std::int64_t stride, const Piece& piece) {
        for (std::int64_t i = piece.row_begin; data != nullptr && i < piece.row_end; ++i) {
            for (std::int64_t j = piece.column_begin; j < piece.column_end; ++j) {
                data[i * stride + j] = 0.0f;
            }
        }
    }

    static void finish_rows(const MatrixProduct& p, const PhiloxKeys<V>& keys, std::int64_t i0, std::int64_t m,
                            const Piece& piece, float* lines) {
        if (p.c == nullptr || (p.epilogue.finish == Finish::none && p.epilogue.vector == nullptr)) {
            return;
        }
        for (std::int64_t i = i0; i < i0 + m; ++i) {
            finish(p.epilogue, keys, i, piece.column_begin, piece.column_end - piece.column_begin, lines,
                   p.c + i * p.c_stride + piece.column_begin);
        }
    }

    template <int rows>
    static void thin(MatrixReader<V>& left, MatrixReader<V>& right, const MatrixProduct& p, const Piece& piece,
                     float* lines) {
        constexpr int groups = V::thin_vectors(rows);
        constexpr std::int64_t width = groups * V::width;
        const std::int64_t i0 = piece.row_begin;
        float* right_lines = lines + Shape::thin_left_floats;
        for (std::int64_t k0 = 0; k0 < p.k; k0 += product_chunk) {
            const std::int64_t kc = least(product_chunk, p.k - k0);
            const float* row[rows];
            for (int i = 0; i < rows; ++i) {
                row[i] = left.segment(i0 + i, k0, kc, lines + i * product_chunk);
            }
            for (std::int64_t j = piece.column_begin; j < piece.column_end; j += width) {
                thin_chunk<V, rows, groups>(right, row, j, least(width, piece.column_end - j), k0, kc, right_lines,
                                            p.c + i0 * p.c_stride + j, p.c_stride, k0 == 0 && !p.accumulate);
            }
        }
    }

    // The thin product for 1 .. thin_rows rows.
    template <int rows = 1>
    static void thin_for(std::int64_t wanted, MatrixReader<V>& left, MatrixReader<V>& right, const MatrixProduct& p,
                         const Piece& piece, float* lines) {
        if (wanted == rows) {
            thin<rows>(left, right, p, piece, lines);
        } else if constexpr (rows < Shape::thin_rows) {
            thin_for<rows + 1>(wanted, left, right, p, piece, lines);
        }
    }

    static void product(const MatrixProduct& p, const Piece& piece, float* scratch) {
        float* left_block = scratch;
        float* right_panel = left_block + Shape::left_floats;
        float* tile = right_panel + Shape::right_floats;
        float* lines = tile + Shape::tile_floats;
        MatrixReader<V> left(p.left);
        MatrixReader<V> right(p.right);
        MatrixReader<V> parameter(p.parameter);
        const PhiloxKeys<V> keys(p.epilogue.noise.first.seed);
        const std::int64_t m = piece.row_end - piece.row_begin;
        const std::int64_t n = piece.column_end - piece.column_begin;
        if (p.k == 0 && !p.accumulate) {
            assign_zeros(p.c, p.c_stride, piece);
            assign_zeros(p.targets[0].data, p.c_stride, piece);
            assign_zeros(p.targets[1].data, p.c_stride, piece);
        }
        if (p.k > 0 && p.c != nullptr && m <= Shape::thin_rows && p.right_transposed && !p.left_transposed) {
            thin_for(m, left, right, p, piece, lines);
            finish_rows(p, keys, piece.row_begin, m, piece, lines);
            return;
        }
        // With so few rows a right operand that lies as the kernel reads it is not worth copying.
        const bool in_place = m <= 2 * Shape::rows && !p.right_transposed && right.direct();
        const std::int64_t tile_stride = round_up(n, Shape::columns);
        for (std::int64_t k0 = 0; k0 < p.k; k0 += product_chunk) {
            const std::int64_t kc = least(product_chunk, p.k - k0);
            const bool assign = k0 == 0 && !p.accumulate;
            RightChunk chunk{right_panel, Shape::columns, kc * Shape::columns};
            if (in_place) {
                chunk =
                    RightChunk{p.right.data + k0 * p.right.stride + piece.column_begin, p.right.stride, Shape::columns};
            } else {
                pack_right<V>(right, p.right_transposed, piece.column_begin, n, k0, kc, lines, right_panel);
            }
            for (std::int64_t i0 = piece.row_begin; i0 < piece.row_end; i0 += Shape::block_rows) {
                const std::int64_t rows = least(Shape::block_rows, piece.row_end - i0);
                pack_left<V>(left, p.left_transposed, i0, rows, k0, kc, lines, left_block);
                if (p.c != nullptr) {
                    block_product<V>(rows, n, kc, left_block, chunk, p.c + i0 * p.c_stride + piece.column_begin,
                                     p.c_stride, assign);
                    if (k0 + kc == p.k) {
                        finish_rows(p, keys, i0, rows, piece, lines);
                    }
                    continue;
                }
                block_product<V>(rows, n, kc, left_block, chunk, tile, tile_stride, true);
                for (std::int64_t i = 0; i < rows; ++i) {
                    feed_targets(p, parameter, i0 + i, piece.column_begin, n, tile + i * tile_stride, assign, lines);
                }
            }
        }
        if (p.k == 0) {
            finish_rows(p, keys, piece.row_begin, m, piece, lines);
        }
    }

    static void normals(const RowAddress& row, std::int64_t first, std::int64_t n, float* out) {
        const PhiloxKeys<V> keys(row.seed);
        float buffer[line + reader_slack];
        for (std::int64_t e = 0; e < n; e += line) {
            const std::int64_t count = least(line, n - e);
            normals_padded<V>(keys, row, first + e, count, buffer);
            __builtin_memcpy(out + e, buffer, static_cast<std::size_t>(count) * sizeof(float));
        }
    }

    static void read(const Matrix& matrix, std::int64_t row, std::int64_t first, std::int64_t n, float* out) {
        MatrixReader<V> reader(matrix);
        float buffer[line + reader_slack];
        for (std::int64_t e = 0; e < n; e += line) {
            const std::int64_t count = least(line, n - e);
            const float* segment = reader.segment(row, first + e, count, buffer);
            __builtin_memcpy(out + e, segment, static_cast<std::size_t>(count) * sizeof(float));
        }
    }

    static void factors(const Matrix& parameter, GradientFactor factor, std::int64_t row, std::int64_t first,
                        std::int64_t n, float* out) {
        MatrixReader<V> reader(parameter);
        float buffer[line + reader_slack];
        for (std::int64_t e = 0; e < n; e += line) {
            const std::int64_t count = least(line, n - e);
            reader.factors(factor, row, first + e, count, buffer);
            __builtin_memcpy(out + e, buffer, static_cast<std::size_t>(count) * sizeof(float));
        }
    }

    static void row_sums(const float* x, std::int64_t rows, std::int64_t n, bool squares, float* out) {
        constexpr int vectors = row_lanes / V::width;
        for (std::int64_t r = 0; r < rows; ++r, x += n) {
            F s[vectors];
            for (int v = 0; v < vectors; ++v) {
                s[v] = V::zero();
            }
            // Absent elements of the last vectors count as products of zeros, which change no sum.
            for (std::int64_t e = 0; e < n; e += row_lanes) {
                for (int v = 0; v < vectors; ++v) {
                    const std::int64_t at = e + v * V::width;
                    if (at < n) {
                        const F a = load_some<V>(x + at, n - at);
                        s[v] = V::fma(a, squares ? a : V::set1(1.0f), s[v]);
                    }
                }
            }
            float lane[row_lanes];
            for (int v = 0; v < vectors; ++v) {
                V::store(lane + v * V::width, s[v]);
            }
            out[r] = join_lanes<float, row_lanes>(lane);
        }
    }

    static void column_sums(const float* x, std::int64_t stride, std::int64_t rows, std::int64_t n, const float* factor,
                            bool assign, float* target) {
        each_vector<V>(n, [&](std::int64_t j, std::int64_t count) {
            F total = assign ? V::zero() : set_of(target, j, count);
            const F f = factor != nullptr ? set_of(factor, j, count) : V::set1(1.0f);
            for (std::int64_t r0 = 0; r0 < rows; r0 += product_chunk) {
                F s = V::zero();
                for (std::int64_t r = r0; r < least(rows, r0 + product_chunk); ++r) {
                    s = V::add(s, load_some<V>(x + r * stride + j, count));
                }
                total = assign && r0 == 0 ? V::mul(s, f) : V::fma(s, f, total);
            }
            store_some<V>(target + j, count, total);
        });
    }

    static void activation_backward(int kind, std::int64_t n, const float* y, const float* dy, float* dz) {
        const auto run = [&](const auto& gradient) {
            each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
                store_some<V>(dz + e, count, gradient(set_of(y, e, count), set_of(dy, e, count)));
            });
        };
        switch (kind) {
        case NNOISE_ACTIVATION_RELU:
            return run([](F a, F b) { return activation_gradient<V, NNOISE_ACTIVATION_RELU>(a, b); });
        case NNOISE_ACTIVATION_TANH:
            return run([](F a, F b) { return activation_gradient<V, NNOISE_ACTIVATION_TANH>(a, b); });
        case NNOISE_ACTIVATION_SIGMOID:
            return run([](F a, F b) { return activation_gradient<V, NNOISE_ACTIVATION_SIGMOID>(a, b); });
        default:
            return run([](F, F b) { return b; });
        }
    }

    static void variance_backward(const RowAddress& row, std::int64_t n, const float* dz, const float* v, float* dv) {
        const PhiloxKeys<V> keys(row.seed);
        float eps[line + reader_slack];
        for (std::int64_t first = 0; first < n; first += line) {
            const std::int64_t block = least(line, n - first);
            normals_padded<V>(keys, row, first, block, eps);
            each_vector<V>(block, [&](std::int64_t e, std::int64_t count) {
                const F variance = set_of(v, first + e, count);
                const F quotient = V::div(V::mul(set_of(dz, first + e, count), V::load(eps + e)),
                                          V::mul(V::set1(2.0f), V::sqrt(variance)));
                // 0 where v is +0 or -0: shifting out the sign leaves no bit.
                const typename V::M none = V::equal(V::template shift_left<1>(V::as_int(variance)), V::set1(0u));
                store_some<V>(dv + first + e, count, V::select(none, quotient, V::zero()));
            });
        }
    }

    static void add_signed(const RowAddress& row, std::int64_t n, const float* x, bool accumulate, float* out) {
        SignReader<V> signs(row);
        each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
            const F v = apply_sign<V>(set_of(x, e, count), signs.bits(static_cast<std::uint64_t>(e)));
            store_some<V>(out + e, count, accumulate ? V::add(set_of(out, e, count), v) : v);
        });
    }

    static void square_gradient(std::int64_t n, const float* x, const float* t, bool one_t, bool accumulate,
                                float* dx) {
        const F one = one_t ? V::set1(*t) : V::zero();
        each_vector<V>(n, [&](std::int64_t e, std::int64_t count) {
            const F twice = V::mul(V::set1(2.0f), set_of(x, e, count));
            const F v = V::mul(twice, one_t ? one : set_of(t, e, count));
            store_some<V>(dx + e, count, accumulate ? V::add(set_of(dx, e, count), v) : v);
        });
    }

    // The compiler vectorises the loops of these two over single elements: nothing in core/kl.hpp depends on how.
    static double kl_sum(const KlPrior& prior, std::int64_t n, const float* mean, const float* log_variance) {
        constexpr std::int64_t block = 32 * kl_lanes;
        double lane[kl_lanes] = {};
        double term[block];
        for (std::int64_t begin = 0; begin < n; begin += block) {
            const std::int64_t count = least(block, n - begin);
            for (std::int64_t i = 0; i < count; ++i) {
                term[i] = kl_term(prior, mean[begin + i], log_variance[begin + i]);
            }
            std::int64_t i = 0;
            for (; i + kl_lanes <= count; i += kl_lanes) {
                for (int l = 0; l < kl_lanes; ++l) {
                    lane[l] += term[i + l];
                }
            }
            for (; i < count; ++i) {
                lane[i % kl_lanes] += term[i];
            }
        }
        return join_lanes<double, kl_lanes>(lane);
    }

    static void kl_gradient(const KlPrior& prior, double scale, std::int64_t n, const float* mean,
                            const float* log_variance, float* __restrict dmean, float* __restrict dlog_variance) {
        for (std::int64_t i = 0; i < n; ++i) {
            dmean[i] = kl_mean_gradient(prior, scale, mean[i], dmean[i]);
            dlog_variance[i] = kl_log_variance_gradient(prior, scale, log_variance[i], dlog_variance[i]);
        }
    }
};

} // namespace nnoise::simd

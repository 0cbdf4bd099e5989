// The blocked matrix product over a vector layer V: packed panels and an fma micro-kernel (Goto and van de Geijn,
// "Anatomy of high-performance matrix multiplication", 2008; Van Zee and van de Geijn, "BLIS", 2015). V adds to the
// layer gemm_rows, the rows of a micro-tile, gemm_vectors, its columns in vectors, and the transposes.
//
// Every output has its own lane and takes its products in ascending k, so no blocking below changes a bit.
#pragma once

#include "matrix_reader-inl.hpp"

namespace nnoise::simd {

[[gnu::always_inline]] inline std::int64_t least(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
[[gnu::always_inline]] inline std::int64_t round_up(std::int64_t n, std::int64_t to) { return (n + to - 1) / to * to; }

template <class V>
struct GemmShape {
    static constexpr int rows = V::gemm_rows;
    static constexpr int columns = V::gemm_vectors * V::width;
    static constexpr std::int64_t block_rows = 112 / rows * rows;           // of the left operand packed at a time
    static constexpr std::int64_t panel_stride = product_chunk * rows + 32; // packing writes whole vectors
    static constexpr std::int64_t piece_columns = 512;
    static constexpr std::int64_t left_floats = block_rows / rows * panel_stride;
    static constexpr std::int64_t right_floats = product_chunk * (piece_columns + columns);
    static constexpr std::int64_t tile_floats = block_rows * (piece_columns + columns);
    // Computed rows of a chunk. The thin product has the most of them: its left rows, then four times `width` right
    // ones.
    static constexpr std::int64_t thin_rows = 6;
    static constexpr std::int64_t thin_left_floats = thin_rows * product_chunk + reader_slack;
    static constexpr std::int64_t line_floats = thin_left_floats + 4 * V::width * product_chunk + reader_slack;
    static_assert(line_floats >= rows * product_chunk + reader_slack);
    static_assert(line_floats >= piece_columns + columns + reader_slack);
    static constexpr std::int64_t scratch_floats = left_floats + right_floats + tile_floats + line_floats;
};

// `count` (1 .. width) elements at p, zeros behind them.
template <class V>
[[gnu::always_inline]] inline typename V::F load_some(const float* p, std::int64_t count) {
    return count >= V::width ? V::load(p) : V::load_masked(p, V::tail_mask(static_cast<int>(count)));
}

template <class V>
[[gnu::always_inline]] inline void store_some(float* p, std::int64_t count, typename V::F v) {
    if (count >= V::width) {
        V::store(p, v);
    } else {
        V::store_masked(p, V::tail_mask(static_cast<int>(count)), v);
    }
}

// c[rows, columns] (+)= a b: a packed [kc][rows], b rows of ldb. `tail`: fewer columns than the tile has.
template <class V, int rows, bool tail>
void micro_kernel(std::int64_t kc, const float* a, const float* b, std::int64_t ldb, float* c, std::int64_t ldc,
                  bool assign, int columns) {
    using F = typename V::F;
    constexpr int vectors = V::gemm_vectors;
    typename V::M mask[vectors];
    if constexpr (tail) {
        for (int v = 0; v < vectors; ++v) {
            mask[v] = V::tail_mask(columns - v * V::width);
        }
    }
    F s[rows][vectors];
#pragma GCC unroll 16
    for (int r = 0; r < rows; ++r) {
        __builtin_prefetch(c + r * ldc, 1);
        __builtin_prefetch(c + r * ldc + vectors * V::width - 1, 1);
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            s[r][v] = V::zero();
        }
    }
#pragma GCC unroll 4
    for (std::int64_t k = 0; k < kc; ++k) {
        const typename V::template LeftValues<rows> left(a);
        F right[vectors];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            right[v] = tail ? V::load_masked(b + v * V::width, mask[v]) : V::load(b + v * V::width);
        }
#pragma GCC unroll 16
        for (int r = 0; r < rows; ++r) {
#pragma GCC unroll 4
            for (int v = 0; v < vectors; ++v) {
                s[r][v] = V::fma(left[r], right[v], s[r][v]);
            }
        }
        a += rows;
        b += ldb;
    }
#pragma GCC unroll 16
    for (int r = 0; r < rows; ++r) {
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) {
            float* at = c + r * ldc + v * V::width;
            if constexpr (tail) {
                const F sum = assign ? s[r][v] : V::add(V::load_masked(at, mask[v]), s[r][v]);
                V::store_masked(at, mask[v], sum);
            } else {
                V::store(at, assign ? s[r][v] : V::add(V::load(at), s[r][v]));
            }
        }
    }
}

template <class V>
using MicroKernel = void (*)(std::int64_t, const float*, const float*, std::int64_t, float*, std::int64_t, bool, int);

// The kernel for 1 .. gemm_rows rows.
template <class V, bool tail, int rows = 1>
MicroKernel<V> micro_kernel_for(std::int64_t wanted) {
    if constexpr (rows == V::gemm_rows) {
        return micro_kernel<V, rows, tail>;
    } else {
        return wanted == rows ? micro_kernel<V, rows, tail> : micro_kernel_for<V, tail, rows + 1>(wanted);
    }
}

// A chunk of the right operand: strips of GemmShape::columns, each `strip_stride` behind the one before.
struct RightChunk {
    const float* data;
    std::int64_t row_stride;
    std::int64_t strip_stride;
};

// c[m, n] (+)= packed left times right, kc long.
template <class V>
void block_product(std::int64_t m, std::int64_t n, std::int64_t kc, const float* left, const RightChunk& right,
                   float* c, std::int64_t ldc, bool assign) {
    using Shape = GemmShape<V>;
    const std::int64_t last_rows = m % Shape::rows;
    for (std::int64_t j = 0; j < n; j += Shape::columns) {
        const float* b = right.data + j / Shape::columns * right.strip_stride;
        const int columns = static_cast<int>(least(Shape::columns, n - j));
        const bool tail = columns < Shape::columns;
        const MicroKernel<V> full = tail ? micro_kernel<V, Shape::rows, true> : micro_kernel<V, Shape::rows, false>;
        const float* a = left;
        std::int64_t i = 0;
        for (; i + Shape::rows <= m; i += Shape::rows, a += Shape::panel_stride) {
            full(kc, a, b, right.row_stride, c + i * ldc + j, ldc, assign, columns);
        }
        if (last_rows != 0) {
            const MicroKernel<V> rest =
                tail ? micro_kernel_for<V, true>(last_rows) : micro_kernel_for<V, false>(last_rows);
            rest(kc, a, b, right.row_stride, c + i * ldc + j, ldc, assign, columns);
        }
    }
}

// Panels of `rows` rows of the left operand, each [kc][rows] (fewer rows in the last). Vectors overlap what comes next,
// which is written later or is the panel's slack.
template <class V>
void pack_left(MatrixReader<V>& reader, bool transposed, std::int64_t i0, std::int64_t m, std::int64_t k0,
               std::int64_t kc, float* lines, float* out) {
    using F = typename V::F;
    using Shape = GemmShape<V>;
    constexpr int w = V::width;
    constexpr int bands = (Shape::rows + w - 1) / w; // of `width` rows
    if (transposed) {
        for (std::int64_t k = 0; k < kc; ++k) {
            const float* row = reader.segment(k0 + k, i0, m, lines);
            for (std::int64_t i = 0; i < m; i += Shape::rows) {
                const std::int64_t rows = least(Shape::rows, m - i);
                float* panel = out + i / Shape::rows * Shape::panel_stride + k * rows;
                for (std::int64_t r = 0; r < rows; r += w) {
                    V::store(panel + r, load_some<V>(row + i + r, m - i - r));
                }
            }
        }
        return;
    }
    for (std::int64_t i = 0; i < m; i += Shape::rows) {
        const std::int64_t rows = least(Shape::rows, m - i);
        float* panel = out + i / Shape::rows * Shape::panel_stride;
        const float* row[Shape::rows];
        for (std::int64_t r = 0; r < rows; ++r) {
            row[r] = reader.segment(i0 + i + r, k0, kc, lines + r * product_chunk);
        }
        for (std::int64_t k = 0; k < kc; k += w) {
            const std::int64_t count = least(w, kc - k);
            F v[bands][w];
            for (std::int64_t b = 0; b * w < rows; ++b) {
                for (std::int64_t r = 0; r < w; ++r) {
                    v[b][r] = b * w + r < rows ? load_some<V>(row[b * w + r] + k, count) : V::zero();
                }
                V::transpose(v[b]);
            }
            for (std::int64_t l = 0; l < count; ++l) {
                for (std::int64_t b = 0; b * w < rows; ++b) {
                    V::store(panel + (k + l) * rows + b * w, v[b][l]);
                }
            }
        }
    }
}

// `wanted` rows of a chunk at a constant distance: the operand's own where they are plain and all there, else in
// `lines`, with zeros for rows that do not exist.
struct StridedRows {
    const float* data;
    std::int64_t stride;
};

template <class V>
StridedRows chunk_rows(MatrixReader<V>& reader, std::int64_t row, std::int64_t rows, std::int64_t wanted,
                       std::int64_t k0, std::int64_t kc, float* lines) {
    if (reader.direct() && rows == wanted) {
        return StridedRows{reader.segment(row, k0, kc, lines), reader.stride()};
    }
    for (std::int64_t r = 0; r < wanted; ++r) {
        float* line = lines + r * product_chunk;
        const std::size_t bytes = static_cast<std::size_t>(kc) * sizeof(float);
        if (r >= rows) {
            __builtin_memset(line, 0, bytes);
        } else if (const float* at = reader.segment(row + r, k0, kc, line); at != line) {
            __builtin_memcpy(line, at, bytes);
        }
    }
    return StridedRows{lines, product_chunk};
}

// Strips of GemmShape::columns columns of the right operand, each [kc][columns]. What is random in it is made here,
// once for all rows of the left operand that this piece has.
template <class V>
void pack_right(MatrixReader<V>& reader, bool transposed, std::int64_t j0, std::int64_t n, std::int64_t k0,
                std::int64_t kc, float* lines, float* out) {
    using F = typename V::F;
    using Shape = GemmShape<V>;
    constexpr int w = V::width;
    const std::int64_t strip_stride = kc * Shape::columns;
    if (!transposed) {
        for (std::int64_t k = 0; k < kc; ++k) {
            const float* row = reader.segment(k0 + k, j0, n, lines);
            for (std::int64_t j = 0; j < n; j += w) {
                float* strip = out + j / Shape::columns * strip_stride + k * Shape::columns;
                V::store(strip + j % Shape::columns, load_some<V>(row + j, n - j));
            }
        }
        return;
    }
    for (std::int64_t j = 0; j < n; j += w) {
        const std::int64_t rows = least(w, n - j);
        float* strip = out + j / Shape::columns * strip_stride + j % Shape::columns;
        const StridedRows row = chunk_rows(reader, j0 + j, rows, w, k0, kc, lines);
        std::int64_t k = 0;
        for (; k + w <= kc; k += w) {
            F v[w];
            V::load_transposed(row.data + k, row.stride, v);
#pragma GCC unroll 16
            for (int l = 0; l < w; ++l) {
                V::store(strip + (k + l) * Shape::columns, v[l]);
            }
        }
        if (k < kc) {
            F v[w];
            for (int r = 0; r < w; ++r) {
                v[r] = load_some<V>(row.data + r * row.stride + k, kc - k);
            }
            V::transpose(v);
            for (std::int64_t l = 0; l < kc - k; ++l) {
                V::store(strip + (k + l) * Shape::columns, v[l]);
            }
        }
    }
}

// A few rows times a transposed right operand: too little work to pay for packing, so its rows are transposed in
// registers and used at once. `groups` vectors of columns at a time hide the latency of fma.
template <class V, int rows, int groups>
void thin_chunk(MatrixReader<V>& reader, const float* const* left, std::int64_t j0, std::int64_t columns,
                std::int64_t k0, std::int64_t kc, float* lines, float* c, std::int64_t ldc, bool assign) {
    using F = typename V::F;
    constexpr int w = V::width;
    F s[groups][rows];
    const StridedRows row = chunk_rows(reader, j0, columns, std::int64_t{groups} * w, k0, kc, lines);
    for (int g = 0; g < groups; ++g) {
        for (int i = 0; i < rows; ++i) {
            s[g][i] = V::zero();
        }
    }
    for (std::int64_t k = 0; k < kc; k += w) {
        const std::int64_t count = least(w, kc - k);
        typename V::template LeftValues<w> value[rows];
        if (count == w) {
#pragma GCC unroll 8
            for (int i = 0; i < rows; ++i) {
                value[i] = typename V::template LeftValues<w>(left[i] + k);
            }
        }
#pragma GCC unroll 4
        for (int g = 0; g < groups; ++g) {
            F v[w];
            if (count == w) {
                const float* at = row.data + g * w * row.stride + k;
                V::load_transposed(at, row.stride, v);
                // Rows far apart are more streams than the processor's own prefetching follows.
#pragma GCC unroll 16
                for (int r = 0; r < w; ++r) {
                    __builtin_prefetch(at + r * row.stride + 48);
                }
#pragma GCC unroll 16
                for (int l = 0; l < w; ++l) {
#pragma GCC unroll 8
                    for (int i = 0; i < rows; ++i) {
                        s[g][i] = V::fma(value[i][l], v[l], s[g][i]);
                    }
                }
            } else {
                for (int r = 0; r < w; ++r) {
                    v[r] = load_some<V>(row.data + (g * w + r) * row.stride + k, count);
                }
                V::transpose(v);
                for (int l = 0; l < count; ++l) {
                    for (int i = 0; i < rows; ++i) {
                        s[g][i] = V::fma(V::set1(left[i][k + l]), v[l], s[g][i]);
                    }
                }
            }
        }
    }
    for (int g = 0; g < groups; ++g) {
        const std::int64_t count = columns - g * w;
        for (int i = 0; i < rows && count > 0; ++i) {
            float* at = c + i * ldc + g * w;
            store_some<V>(at, count, assign ? s[g][i] : V::add(load_some<V>(at, count), s[g][i]));
        }
    }
}

} // namespace nnoise::simd

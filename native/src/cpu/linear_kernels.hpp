// What an instruction set provides for matrix products and the linear layer. The driver in product.cpp and linear.cpp
// is written once over this table; cpu/reference/linear.cpp is the plain definition of every entry, and every other
// table gives the same bits.
//
// Order of a product, for every output alone: k is cut into chunks of product_chunk; inside a chunk one chain
// s = fma(a, b, s) in ascending k from s = 0; the chunks' sums are added up in ascending order. So an output depends on
// its row of the left and its column of the right operand alone: not on the batch, the threads or the vector width.
#pragma once

#include "../core/address.hpp"
#include "../core/chunks.hpp"
#include "../core/kl.hpp"
#include "../core/linear_ops.hpp"

#include <nativenoise/types.h>

#include <cstdint>

namespace nnoise {

inline constexpr std::int64_t product_chunk = 256;

// The rows of one call: local row r has step + r step_stride and row + r row_stride.
struct NoiseRows {
    RowAddress first;
    std::uint32_t step_stride;
    std::uint32_t row_stride;

    NNOISE_MEMBER RowAddress at(std::int64_t r) const {
        const std::uint32_t i = static_cast<std::uint32_t>(r);
        return RowAddress{first.seed, first.site, first.step + i * step_stride, first.row + i * row_stride};
    }
};

// A matrix as a product reads it: rows of consecutive elements, each element a function of what is stored.
enum class Content : int {
    plain,         // data
    square,        // data^2
    signed_values, // data times the sign at (row, element) of `noise`
    sample,        // W' = W + deviation eps
    delta,         // W' - W
    variance,      // variance of W'
};

struct Matrix {
    const float* data = nullptr;
    std::int64_t stride = 0; // from row to row
    Content content = Content::plain;
    WeightNoise kind = WeightNoise::none;
    float std = 0.0f;
    const float* scale = nullptr;          // S or R, same stride
    const float* factor_row = nullptr;     // factorised: f(eps_out), one a row
    const float* factor_element = nullptr; // factorised: f(eps_in), one an element
    NoiseRows noise = {};
};

// One gradient that a product over the batch feeds: target = (assign ? 0 : target) + sum factor, chunk by chunk.
struct GradientTarget {
    float* data = nullptr; // null: nobody asked
    GradientFactor factor = GradientFactor::one;
};

// What happens to a finished segment of an output row.
enum class Finish : int {
    none,
    activation,       // c = activation(c + vector[j])
    noisy_activation, // c = activation(fma(sqrt(variance[i, j]), eps, c + vector[j]))
    add_vector,       // c = c + vector[j]
    apply_signs,      // c = c sign(i, j)
};

struct Epilogue {
    Finish finish = Finish::none;
    int activation = 0;            // nnoise_activation
    const float* vector = nullptr; // null: nothing is added
    const float* variance = nullptr;
    std::int64_t variance_stride = 0;
    NoiseRows noise = {};
};

// c[m, n] = left right, k long. left is [m, k] (or [k, m] when left_transposed), right is [k, n] (or [n, k] when
// right_transposed): rows of the stored matrix as Matrix describes them.
struct MatrixProduct {
    std::int64_t m = 0, n = 0, k = 0;
    Matrix left, right;
    bool left_transposed = false;
    bool right_transposed = false;
    float* c = nullptr; // null: the targets take the sums instead
    std::int64_t c_stride = 0;
    bool accumulate = false; // add to c (to the targets) rather than assign
    Epilogue epilogue;
    GradientTarget targets[2];
    Matrix parameter; // of the targets: W, scale, noise; rows = rows of c
};

// What the piece [row_begin, row_end) x [column_begin, column_end) of c is computed with.
struct Piece {
    std::int64_t row_begin, row_end, column_begin, column_end;
};

struct LinearKernels {
    // Computes a piece; `scratch` has scratch_floats, 64-byte aligned. The piece's first row and column are multiples
    // of row_block and column_block.
    void (*product)(const MatrixProduct& p, const Piece& piece, float* scratch);
    std::int64_t scratch_floats;
    std::int64_t row_block;
    std::int64_t column_block;

    // out[e] = the standard normal of element first + e; first is a multiple of 4.
    void (*normals)(const RowAddress& row, std::int64_t first, std::int64_t n, float* out);
    // out[e] = the matrix's element (row, first + e); first is a multiple of 4.
    void (*read)(const Matrix& matrix, std::int64_t row, std::int64_t first, std::int64_t n, float* out);
    // out[e] = the factor of element (row, first + e) of a parameter; first is a multiple of 4.
    void (*factors)(const Matrix& parameter, GradientFactor factor, std::int64_t row, std::int64_t first,
                    std::int64_t n, float* out);

    // out[r] = the sum of row r, or of its squares: lane l of row_lanes adds elements l, l + 16, ..., then join_lanes.
    void (*row_sums)(const float* x, std::int64_t rows, std::int64_t n, bool squares, float* out);
    // target[j] = (assign ? 0 : target[j]) + sum over r of x[r stride + j] times factor[j] (null: 1), chunks as in a
    // product.
    void (*column_sums)(const float* x, std::int64_t stride, std::int64_t rows, std::int64_t n, const float* factor,
                        bool assign, float* target);

    // dz = dy activation'(y).
    void (*activation_gradient)(int activation, std::int64_t n, const float* y, const float* dy, float* dz);
    // dv = dz eps / (2 sqrt(v)), eps the normals of the row.
    void (*variance_gradient)(const RowAddress& row, std::int64_t n, const float* dz, const float* v, float* dv);
    // out = (accumulate ? out : 0) + x sign, the signs of the row.
    void (*add_signed)(const RowAddress& row, std::int64_t n, const float* x, bool accumulate, float* out);
    // dx = (accumulate ? dx : 0) + (2 x) t: the gradient of a row's x^2 with t[j], or one t for the whole row.
    void (*square_gradient)(std::int64_t n, const float* x, const float* t, bool one_t, bool accumulate, float* dx);

    // Kullback-Leibler terms (core/kl.hpp), in double; a sum has n <= kl_chunk: lane l of kl_lanes adds elements l, l +
    // 8, ...
    double (*kl_sum)(const KlPrior& prior, std::int64_t n, const float* mean, const float* log_variance);
    void (*kl_gradient)(const KlPrior& prior, double scale, std::int64_t n, const float* mean,
                        const float* log_variance, float* dmean, float* dlog_variance);
};

// The plain reference, and the best table for an instruction set (nnoise_isa; anything unknown gets the reference).
const LinearKernels& linear_kernels_reference();
#if defined(__x86_64__)
const LinearKernels& linear_kernels_avx2();
const LinearKernels& linear_kernels_avx512();
#elif defined(__aarch64__)
const LinearKernels& linear_kernels_neon();
#endif
const LinearKernels& linear_kernels(nnoise_isa isa);

} // namespace nnoise

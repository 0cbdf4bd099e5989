#include "gemm.hpp"

#include "parallel.hpp"

namespace nnoise {
namespace {

constexpr std::int64_t panel_columns =
    512; // of a piece at most: its packed panel of product_chunk rows stays in the cache
constexpr std::int64_t narrow_columns = 64; // a piece this narrow packs its left operand for too few columns
constexpr double small_product = 1 << 18;   // multiplications not worth waking a thread for
constexpr double noise_cost = 16;           // multiplications that one drawn element costs
constexpr double right_cost = 2;            // and that reading an element of the right operand costs

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return a / b + (a % b != 0 ? 1 : 0); }
std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

struct Cut {
    std::int64_t rows, columns; // of a piece
    std::int64_t row_pieces, column_pieces;
};

// In multiplications; with few rows in the batch, reading the right operand and its noise are most of it.
double work_of(const MatrixProduct& p) {
    const double m = static_cast<double>(p.m), n = static_cast<double>(p.n), k = static_cast<double>(p.k);
    const bool draws = p.right.content == Content::sample || p.right.content == Content::delta;
    return m * n * k + (draws ? noise_cost : right_cost) * n * k + (p.c == nullptr ? noise_cost * m * n : 0.0);
}

Cut cut_product(const LinearKernels& table, const MatrixProduct& p, int threads) {
    const std::int64_t t = work_of(p) < small_product ? 1 : threads;
    // Columns first: then every column of the right operand, noise included, is made once. Rows where there are too
    // few.
    std::int64_t column_pieces = divide_up(p.n, panel_columns);
    std::int64_t row_pieces = 1;
    if (t > 1) {
        if (p.n >= 4 * narrow_columns * t) {
            column_pieces = 2 * t * divide_up(column_pieces, 2 * t);
        } else if (p.n >= narrow_columns * t) {
            column_pieces = t * divide_up(column_pieces, t);
        } else {
            row_pieces = t;
        }
    }
    Cut cut;
    cut.columns = divide_up(divide_up(p.n, column_pieces), table.column_block) * table.column_block;
    cut.rows = divide_up(divide_up(p.m, row_pieces), table.row_block) * table.row_block;
    cut.column_pieces = divide_up(p.n, cut.columns);
    cut.row_pieces = divide_up(p.m, cut.rows);
    return cut;
}

struct ProductRun {
    nnoise_context* context;
    const LinearKernels* table;
    const MatrixProduct* product;
    Cut cut;
};

void run_piece(void* state, std::int64_t task, int worker) {
    const ProductRun& run = *static_cast<const ProductRun*>(state);
    const MatrixProduct& p = *run.product;
    Piece piece;
    piece.column_begin = task / run.cut.row_pieces * run.cut.columns;
    piece.column_end = smaller(p.n, piece.column_begin + run.cut.columns);
    piece.row_begin = task % run.cut.row_pieces * run.cut.rows;
    piece.row_end = smaller(p.m, piece.row_begin + run.cut.rows);
    run.table->product(p, piece, static_cast<float*>(run.context->scratch[worker].memory));
}

} // namespace

bool reserve_product_scratch(nnoise_context& context) {
    const LinearKernels& table = linear_kernels(context.isa);
    for (int worker = 0; worker < context.threads; ++worker) {
        if (context_scratch(context, worker, table.scratch_floats * static_cast<std::int64_t>(sizeof(float))) ==
            nullptr) {
            return false;
        }
    }
    return true;
}

void run_product(nnoise_context& context, const MatrixProduct& p) {
    if (p.m == 0 || p.n == 0) {
        return;
    }
    const LinearKernels& table = linear_kernels(context.isa);
    ProductRun run{&context, &table, &p, cut_product(table, p, context.threads)};
    parallel_run(context.threads, run.cut.row_pieces * run.cut.column_pieces, run_piece, &run);
}

} // namespace nnoise

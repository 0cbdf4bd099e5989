// What forward and backward share: the layer as matrices, and the call's scratch.
#pragma once

#include "gemm.hpp"
#include "parallel.hpp"

#include <nativenoise/linear.h>

namespace nnoise {

// Rows of a batch that are worked on together where scratch of their size is needed: a multiple of product_chunk, so
// that the sums over the batch come out as if it were one piece.
inline constexpr std::int64_t block_rows = 4 * product_chunk;

// Elements of a row's work beside the products that repay waking a thread.
inline constexpr std::int64_t row_grain = 8192;

inline std::int64_t rows_of_block(std::int64_t batch) { return batch < block_rows ? batch : block_rows; }

inline NoiseRows noise_rows(const nnoise_address& a) {
    return NoiseRows{RowAddress{a.seed, a.site, a.step, a.first_row}, a.step_stride, a.row_stride};
}

// The rows from row r on.
inline NoiseRows rows_from(const NoiseRows& rows, std::int64_t r) {
    return NoiseRows{rows.at(r), rows.step_stride, rows.row_stride};
}

// A bump allocator over the call's scratch slot: measure with a null base, reserve, then hand out.
class CallScratch {
public:
    // Floats handed out so far; every piece starts on a cache line.
    std::int64_t used() const { return used_; }
    void start(float* base) {
        base_ = base;
        used_ = 0;
    }
    float* take(std::int64_t n) {
        float* at = base_ != nullptr ? base_ + used_ : nullptr;
        used_ += (n + 15) / 16 * 16;
        return at;
    }

private:
    float* base_ = nullptr;
    std::int64_t used_ = 0;
};

// Reserves the call's slot of `floats` and every worker's product scratch. Null when memory is out.
[[nodiscard]] inline bool reserve_call(nnoise_context& context, std::int64_t floats, CallScratch& scratch) {
    const int slot = context.threads;
    std::int64_t bytes = 0;
    if (__builtin_mul_overflow(floats, static_cast<std::int64_t>(sizeof(float)), &bytes)) {
        return false;
    }
    float* base = context_scratch(context, slot, bytes);
    if ((base == nullptr && floats > 0) || !reserve_product_scratch(context)) {
        return false;
    }
    scratch.start(base);
    return true;
}

struct LinearPlan {
    WeightNoise kind;            // none where the std is 0: then the layer is exactly the plain one
    int estimator;               // SHARED where there is no noise
    Matrix weight;               // rows = outputs; content is set by whoever reads it
    Matrix bias;                 // one row of outputs; data null without a bias
    float* factor_in = nullptr;  // f(eps_in), [inputs]
    float* factor_out = nullptr; // f(eps_out), [outputs]

    explicit LinearPlan(const nnoise_linear& layer);

    bool local() const { return estimator == NNOISE_ESTIMATOR_LOCAL; }
    bool flipout() const { return estimator == NNOISE_ESTIMATOR_FLIPOUT; }

    // Takes the factor vectors' room; the second time, with memory behind it, fill_factors may follow.
    void take_factors(const nnoise_linear& layer, CallScratch& scratch);
    void fill_factors(const LinearKernels& table, const nnoise_linear& layer);

    Matrix weight_as(Content content) const {
        Matrix m = weight;
        m.content = content;
        return m;
    }
    Matrix bias_as(Content content) const {
        Matrix m = bias;
        m.content = content;
        return m;
    }
};

inline Matrix plain_matrix(const float* data, std::int64_t stride) {
    Matrix m;
    m.data = data;
    m.stride = stride;
    return m;
}

inline Matrix square_matrix(const float* data, std::int64_t stride) {
    Matrix m = plain_matrix(data, stride);
    m.content = Content::square;
    return m;
}

inline Matrix signed_matrix(const float* data, std::int64_t stride, const NoiseRows& signs) {
    Matrix m = plain_matrix(data, stride);
    m.content = Content::signed_values;
    m.noise = signs;
    return m;
}

} // namespace nnoise

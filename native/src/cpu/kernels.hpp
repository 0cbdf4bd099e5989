// The kernels of one instruction set: element-wise noise, optimiser steps, activations, losses, reductions. Every set
// fills the same table, and every entry gives the same bits as the reference's. Arguments have been checked.
#pragma once

#include "../core/address.hpp"
#include "../core/dtype.hpp"
#include "../core/heavy_tails.hpp"
#include "../core/noise_ops.hpp"
#include "../core/optimizer_ops.hpp"
#include "../core/shared_axes.hpp"

#include <nativenoise/types.h>

#include <cstdint>

namespace nnoise {

enum class NoiseKind {
    words,
    fill_uniform,
    fill_normal,
    fill_signs,
    gaussian,
    gaussian_relative,
    gaussian_relative_backward,
    gaussian_multiplicative,
    uniform,
    salt_and_pepper,
    salt_and_pepper_backward,
    dropout,
    laplace,
    student_t,
    poisson,
    gaussian_snr,
    pink,
    brown,
};
inline constexpr int noise_kinds = static_cast<int>(NoiseKind::brown) + 1;

// Work is counted in pieces: runs of at most piece_elements elements of one row. A multiple of 128, so that signs too
// start with a block of their own.
inline constexpr std::int64_t piece_elements = 1024;

// What a kernel's range counts: pieces as above; whole rows, where the noise depends on the row's data; lines along the
// last axis (NoiseJob::line), where an element's noise depends on those before it.
enum class NoiseUnit {
    piece,
    row,
    line
};

constexpr NoiseUnit unit_of(NoiseKind kind) {
    switch (kind) {
    case NoiseKind::gaussian_snr:
        return NoiseUnit::row;
    case NoiseKind::pink:
    case NoiseKind::brown:
        return NoiseUnit::line;
    default:
        return NoiseUnit::piece;
    }
}

// A row gets noise when word 0 of its address, at this site, is below the limit.
struct RowChoice {
    std::uint64_t limit = std::uint64_t{1} << 32; // 2^32: every row
    std::uint32_t site = 0;

    NNOISE_MEMBER bool always() const { return limit == std::uint64_t{1} << 32; }
    NNOISE_MEMBER bool takes(RowAddress row) const {
        row.site = site;
        return word_at(row, 0) < limit;
    }
};

struct NoiseJob {
    nnoise_address address = {};
    nnoise_dtype dtype = NNOISE_DTYPE_FLOAT32;
    std::int64_t columns = 0;
    std::int64_t pieces_per_row = 0;
    std::int64_t line = 0;    // length of the last axis, which divides columns
    const void* x = nullptr;  // null for fills
    const void* dy = nullptr; // gaussian_relative_backward alone
    void* y = nullptr;        // words are stored here too
    SharedAxes shared;
    RowChoice choice;
    float mean = 0.0f;
    float std = 0.0f;
    UniformRange range = {};
    SaltPepperThresholds thresholds = {};
    float salt = 0.0f;
    float pepper = 0.0f;
    std::uint64_t limit = 0; // dropout: words below it drop
    float scale = 0.0f;
    StudentT student = {};
    float peak = 0.0f;      // Poisson
    double amplitude = 0.0; // Gaussian by signal-to-noise ratio: std over rms
    bool stream = false;    // y is 64-byte aligned in every row and larger than the cache: store around it

    // Float32, an element of noise for each element, in every row: what the kernels that make one pass take.
    NNOISE_MEMBER bool plain() const { return dtype == NNOISE_DTYPE_FLOAT32 && !shared.any() && choice.always(); }

    NNOISE_MEMBER RowAddress row(std::int64_t r) const {
        const std::uint32_t n = static_cast<std::uint32_t>(r);
        return RowAddress{address.seed, address.site, address.step + n * address.step_stride,
                          address.first_row + n * address.row_stride};
    }
};

// Units [first, last) of the job.
using NoiseKernel = void (*)(const NoiseJob& job, std::int64_t first, std::int64_t last);

struct OptimizerJob {
    OptimizerConstants constants;
    nnoise_address address; // row 0
    float* parameter;
    const float* gradient;
    float* first;  // velocity, or first moment
    float* second; // second moment
};

// Elements [first, last) of the step; first is a multiple of piece_elements.
using OptimizerKernel = void (*)(const OptimizerJob& job, std::int64_t first, std::int64_t last);

struct Kernels {
    NoiseKernel noise[noise_kinds];         // for plain jobs
    NoiseKernel noise_general[noise_kinds]; // for all others; null: the kind has no others
    OptimizerKernel sgd;
    OptimizerKernel adamw;

    // n elements; y may be an input.
    void (*fill)(std::int64_t n, float* y, float value);
    void (*axpby)(std::int64_t n, float alpha, const float* x, float beta, float* y);
    void (*multiply)(std::int64_t n, const float* a, const float* b, float* y);
    void (*add)(std::int64_t n, const float* a, const float* b, float* y);
    void (*activation_forward)(std::int32_t kind, std::int64_t n, const float* x, float* y);
    void (*activation_backward)(std::int32_t kind, std::int64_t n, const float* saved, const float* dy, float* dx);

    // One chunk of at most sum_chunk elements.
    double (*sum)(std::int64_t n, const float* x);
    double (*sum_squares)(std::int64_t n, const float* x);
    // sum of (y - t)^2; dy, when not null, gets (y - t) factor.
    double (*squared_error)(std::int64_t n, const float* y, const float* t, float factor, float* dy);

    // Columns [first, last) of out.
    void (*column_sum)(std::int64_t rows, std::int64_t columns, const float* x, std::int64_t first, std::int64_t last,
                       float* out, bool accumulate);

    void (*softmax)(std::int64_t rows, std::int64_t classes, const float* logits, float* probabilities);
    // At most row_chunk rows: the sum of their losses. dlogits and losses may be null.
    double (*cross_entropy)(std::int64_t rows, std::int64_t classes, const float* logits, const std::int32_t* labels,
                            float scale, float* dlogits, float* losses);
};

extern const Kernels scalar_kernels;
#if defined(__x86_64__)
extern const Kernels avx2_kernels;
extern const Kernels avx512_kernels;
#elif defined(__aarch64__)
extern const Kernels neon_kernels;
#endif

// Scalar code for every set: the work of a row is a comparison an element.
void argmax_rows(std::int64_t rows, std::int64_t columns, const float* x, std::int32_t* index);

} // namespace nnoise

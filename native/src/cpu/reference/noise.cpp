// The plain reference of element-wise noise: one element at a time over the formulas in core/.
#include "reference.hpp"

namespace nnoise::reference {
namespace {

// Calls f(address of the row, element in the row, index in the buffers) for every element of pieces [first, last).
template <class F>
void for_each(const NoiseJob& job, std::int64_t first, std::int64_t last, const F& f) {
    for (std::int64_t piece = first; piece < last; ++piece) {
        const std::int64_t r = piece / job.pieces_per_row;
        const std::int64_t begin = piece % job.pieces_per_row * piece_elements;
        const std::int64_t end = begin + piece_elements < job.columns ? begin + piece_elements : job.columns;
        const RowAddress row = job.row(r);
        for (std::int64_t e = begin; e < end; ++e) {
            f(row, static_cast<std::uint64_t>(e), r * job.columns + e);
        }
    }
}

} // namespace

void words(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        const std::uint32_t word = word_at(row, e);
        __builtin_memcpy(job.y + i, &word, sizeof word); // the caller's buffer holds integers
    });
}

void fill_uniform(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = uniform_in(word_at(row, e), job.range);
    });
}

void fill_normal(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = nnoise::fill_normal(normal_at(row, e), job.mean, job.std);
    });
}

void fill_signs(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last,
             [&](const RowAddress& row, std::uint64_t e, std::int64_t i) { job.y[i] = sign_at(row, e); });
}

void gaussian(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = nnoise::gaussian(job.x[i], normal_at(row, e), job.std);
    });
}

void gaussian_relative(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = nnoise::gaussian_relative(job.x[i], normal_at(row, e), job.std);
    });
}

void gaussian_relative_backward(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = nnoise::gaussian_relative_backward(job.x[i], job.dy[i], normal_at(row, e), job.std);
    });
}

void gaussian_multiplicative(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = nnoise::gaussian_multiplicative(job.x[i], normal_at(row, e), job.std);
    });
}

void uniform(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = uniform_noise(job.x[i], word_at(row, e), job.range);
    });
}

void salt_and_pepper(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = nnoise::salt_and_pepper(job.x[i], word_at(row, e), job.thresholds, job.salt, job.pepper);
    });
}

void salt_and_pepper_backward(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = nnoise::salt_and_pepper_backward(job.x[i], word_at(row, e), job.thresholds);
    });
}

void dropout(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, std::int64_t i) {
        job.y[i] = nnoise::dropout(job.x[i], word_at(row, e), job.limit, job.scale);
    });
}

} // namespace nnoise::reference

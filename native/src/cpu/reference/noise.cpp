// The plain reference of element-wise noise: one element at a time over the formulas in core/.
#include "reference.hpp"

#include "../../core/colored.hpp"
#include "../../core/poisson.hpp"
#include "../../core/snr.hpp"

namespace nnoise::reference {
namespace {

// y = f(address of the row, element of the noise, x, dy) for every element of pieces [first, last), in rows that take
// noise; the others pass unchanged.
template <class F>
void for_each(const NoiseJob& job, std::int64_t first, std::int64_t last, const F& f) {
    for (std::int64_t piece = first; piece < last; ++piece) {
        const std::int64_t r = piece / job.pieces_per_row;
        const std::int64_t begin = piece % job.pieces_per_row * piece_elements;
        const std::int64_t end = begin + piece_elements < job.columns ? begin + piece_elements : job.columns;
        const RowAddress row = job.row(r);
        const bool noisy = job.choice.always() || job.choice.takes(row);
        for (std::int64_t e = begin; e < end; ++e) {
            const std::int64_t i = r * job.columns + e;
            const float x = job.x != nullptr ? load_element(job.x, job.dtype, i) : 0.0f;
            const float dy = job.dy != nullptr ? load_element(job.dy, job.dtype, i) : 0.0f;
            const std::uint64_t of_noise = static_cast<std::uint64_t>(job.shared.noise_element(e));
            const float y = noisy ? f(row, of_noise, x, dy) : (job.dy != nullptr ? dy : x);
            store_element(job.y, job.dtype, i, y);
        }
    }
}

} // namespace

void words(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    // The buffer holds integers; as a float a word passes through unchanged.
    for_each(job, first, last,
             [](const RowAddress& row, std::uint64_t e, float, float) { return float_of(word_at(row, e)); });
}

void fill_uniform(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float, float) {
        return uniform_in(word_at(row, e), job.range);
    });
}

void fill_normal(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float, float) {
        return nnoise::fill_normal(normal_at(row, e), job.mean, job.std);
    });
}

void fill_signs(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [](const RowAddress& row, std::uint64_t e, float, float) { return sign_at(row, e); });
}

void gaussian(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return nnoise::gaussian(x, normal_at(row, e), job.std);
    });
}

void gaussian_relative(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return nnoise::gaussian_relative(x, normal_at(row, e), job.std);
    });
}

void gaussian_relative_backward(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float dy) {
        return nnoise::gaussian_relative_backward(x, dy, normal_at(row, e), job.std);
    });
}

void gaussian_multiplicative(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return nnoise::gaussian_multiplicative(x, normal_at(row, e), job.std);
    });
}

void uniform(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return uniform_noise(x, word_at(row, e), job.range);
    });
}

void salt_and_pepper(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return nnoise::salt_and_pepper(x, word_at(row, e), job.thresholds, job.salt, job.pepper);
    });
}

void salt_and_pepper_backward(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float dy, float) {
        return nnoise::salt_and_pepper_backward(dy, word_at(row, e), job.thresholds);
    });
}

void dropout(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return nnoise::dropout(x, word_at(row, e), job.limit, job.scale);
    });
}

void laplace(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return nnoise::laplace(x, word_at(row, e), job.std);
    });
}

void student_t(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return nnoise::student_t(x, row, e, job.student, job.std);
    });
}

void poisson(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for_each(job, first, last, [&](const RowAddress& row, std::uint64_t e, float x, float) {
        return nnoise::poisson(x, row, e, job.peak);
    });
}

void gaussian_snr(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    for (std::int64_t r = first; r < last; ++r) {
        PairwiseSum squares;
        for (std::int64_t begin = 0; begin < job.columns; begin += sum_chunk) {
            const std::int64_t n = job.columns - begin < sum_chunk ? job.columns - begin : sum_chunk;
            float chunk[sum_chunk];
            for (std::int64_t e = 0; e < n; ++e) {
                chunk[e] = load_element(job.x, job.dtype, r * job.columns + begin + e);
            }
            squares.add(sum_squares(n, chunk));
        }
        const float std = snr_std(squares.total(), job.columns, job.amplitude);
        for_each(job, r * job.pieces_per_row, (r + 1) * job.pieces_per_row,
                 [&](const RowAddress& row, std::uint64_t e, float x, float) {
                     return std == 0.0f ? x : nnoise::gaussian(x, normal_at(row, e), std);
                 });
    }
}

namespace {

template <int n>
void colored(const NoiseJob& job, std::int64_t first, std::int64_t last, const ColorFilter<n>& filter) {
    const std::int64_t lines_per_row = job.columns / job.line;
    for (std::int64_t i = first; i < last; ++i) {
        const RowAddress row = job.row(i / lines_per_row);
        const bool noisy = job.choice.always() || job.choice.takes(row);
        // The last axis is not shared: the line's noise elements are consecutive, and so begin at a multiple of its
        // length.
        const std::int64_t begin = job.shared.noise_element(i % lines_per_row * job.line);
        ColorState<n> state(filter, row, static_cast<std::uint64_t>(begin / job.line));
        for (std::int64_t t = 0; t < job.line; ++t) {
            const std::int64_t at = i * job.line + t;
            const float x = load_element(job.x, job.dtype, at);
            const float value = state.next(normal_at(row, static_cast<std::uint64_t>(begin + t)));
            store_element(job.y, job.dtype, at, noisy ? nnoise::gaussian(x, value, job.std) : x);
        }
    }
}

} // namespace

void pink(const NoiseJob& job, std::int64_t first, std::int64_t last) { colored(job, first, last, pink_filter); }

void brown(const NoiseJob& job, std::int64_t first, std::int64_t last) { colored(job, first, last, brown_filter); }

} // namespace nnoise::reference

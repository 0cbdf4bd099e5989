// Gaussian noise by signal-to-noise ratio: a row's sum of squares in the order of core/chunks.hpp, then the Gaussian
// kernels with the row's standard deviation. The row is in cache when it is read again.
#pragma once

#include "../../core/snr.hpp"
#include "noise_general-inl.hpp"
#include "ops-inl.hpp"

namespace nnoise::simd {

static_assert(piece_elements == sum_chunk);

template <class V>
float std_of_row(const NoiseJob& job, std::int64_t row) {
    PairwiseSum squares;
    alignas(64) float room[piece_room];
    for (std::int64_t i = row * job.pieces_per_row; i < (row + 1) * job.pieces_per_row; ++i) {
        const PieceOfRow piece(job, i);
        squares.add(sum_squares<V>(piece.count, load_piece<V>(job.x, job.dtype, piece.at, piece.count, room)));
    }
    return snr_std(squares.total(), job.columns, job.amplitude);
}

// Rows [first, last).
template <class V>
void snr_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    NoiseJob row = job;
    const NoiseKernel kernel =
        job.plain() ? noise_kernel<V, GaussianKind<V>> : noise_general_kernel<V, GaussianKind<V>>;
    for (std::int64_t r = first; r < last; ++r) {
        row.std = std_of_row<V>(job, r);
        const std::int64_t begin = r * job.pieces_per_row;
        const std::int64_t end = begin + job.pieces_per_row;
        if (row.std != 0.0f) {
            kernel(row, begin, end);
        } else {
            for (std::int64_t i = begin; i < end; ++i) {
                pass_piece(job, PieceOfRow(job, i));
            }
        }
    }
}

} // namespace nnoise::simd

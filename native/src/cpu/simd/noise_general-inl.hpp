// Element-wise noise for jobs that are not plain: half-precision storage, noise shared along axes, rows chosen at
// random. A piece at a time goes through buffers in the first cache: draw, widen, combine, narrow. Still one pass over
// memory.
#pragma once

#include "noise_narrow-inl.hpp"

namespace nnoise::simd {

// What a row's elements draw, in order. Where axes are shared, a window of the noise is drawn and read again and again.
template <class V, class Kind>
class DrawnRow {
public:
    DrawnRow(const Kind& kind, const PhiloxKeys<V>& keys, const SharedAxes& shared, const RowAddress& row)
        : kind_(kind), keys_(keys), shared_(shared), row_(row) {}

    // Elements begin .. begin + count - 1 into `out`, which has piece_room floats.
    void draw(std::int64_t begin, std::int64_t count, float* out) {
        if (!shared_.any()) {
            draw_noise(begin, count, out);
            return;
        }
        for (std::int64_t e = 0; e < count;) {
            const std::int64_t left = count - e;
            const std::int64_t run = shared_.run(begin + e);
            const std::int64_t n = run < left ? run : left;
            const std::int64_t at = shared_.noise_element(begin + e);
            if (shared_.last_is_shared()) {
                const float value = *window(at);
                for (std::int64_t i = 0; i < n; ++i) {
                    out[e + i] = value;
                }
                e += n;
            } else {
                const float* from = window(at);
                const std::int64_t there = window_end_ - at;
                const std::int64_t m = n < there ? n : there;
                __builtin_memcpy(out + e, from, static_cast<std::size_t>(m) * sizeof(float));
                e += m;
            }
        }
    }

private:
    static constexpr std::int64_t window_elements = 1024;

    // first is a multiple of 4.
    void draw_noise(std::int64_t first, std::int64_t count, float* out) const {
        constexpr std::int64_t group = 4 * V::width;
        typename V::F z[8];
        for (std::int64_t e = 0; e < count; e += 2 * group) {
            const std::uint32_t block = static_cast<std::uint32_t>((first + e) >> 2);
            const int vectors = count - e > group ? 8 : 4;
            if (vectors == 8) {
                kind_.template draw<V, 2>(keys_, row_, block, z);
            } else {
                kind_.template draw<V, 1>(keys_, row_, block, z);
            }
            for (int i = 0; i < vectors; ++i) {
                V::store(out + e + i * V::width, z[i]);
            }
        }
    }

    const float* window(std::int64_t at) {
        if (at < window_begin_ || at >= window_end_) {
            window_begin_ = at & ~std::int64_t{3};
            window_end_ = window_begin_ + window_elements;
            draw_noise(window_begin_, window_elements, window_);
        }
        return window_ + (at - window_begin_);
    }

    const Kind& kind_;
    const PhiloxKeys<V>& keys_;
    const SharedAxes& shared_;
    typename Kind::template Row<V> row_;
    std::int64_t window_begin_ = 0;
    std::int64_t window_end_ = 0;
    float window_[window_elements + 256];
};

// The data of a piece that takes no noise.
[[maybe_unused]] static inline void pass_piece(const NoiseJob& job, const PieceOfRow& piece) {
    const std::int64_t item = bytes_of(job.dtype);
    const void* from = job.dy != nullptr ? job.dy : job.x;
    __builtin_memmove(static_cast<char*>(job.y) + piece.at * item, static_cast<const char*>(from) + piece.at * item,
                      static_cast<std::size_t>(piece.count * item));
}

template <class V, class Kind>
void noise_general_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    if constexpr (Kind::one_word) {
        if (is_narrow<V>(job, last - first)) {
            return noise_narrow_kernel<V, Kind>(job, first, last);
        }
    }
    const Kind kind(job);
    const PhiloxKeys<V> keys(job.address.seed);
    alignas(64) float drawn[piece_room], x_room[piece_room], dy_room[piece_room];
    for (std::int64_t i = first; i < last;) {
        const std::int64_t r = i / job.pieces_per_row;
        const std::int64_t of_row = (r + 1) * job.pieces_per_row;
        const std::int64_t end = of_row < last ? of_row : last;
        const bool noisy = job.choice.always() || job.choice.takes(job.row(r));
        DrawnRow<V, Kind> row(kind, keys, job.shared, job.row(r));
        for (; i < end; ++i) {
            const PieceOfRow piece(job, i);
            if (!noisy) {
                pass_piece(job, piece);
                continue;
            }
            row.draw(piece.begin, piece.count, drawn);
            combine_piece<V>(kind, job, piece.at, piece.count, drawn, x_room, dy_room);
        }
    }
}

// Plain jobs: one pass from registers, where rows are not narrow.
template <class V, class Kind>
void noise_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    if constexpr (Kind::one_word) {
        if (is_narrow<V>(job, last - first)) {
            return noise_narrow_kernel<V, Kind>(job, first, last);
        }
    }
    if (job.stream) {
        noise_pieces<V, Kind, true>(job, first, last);
    } else {
        noise_pieces<V, Kind, false>(job, first, last);
    }
}

// Signs have no magnitude and no axes: the other storage types are all there is.
template <class V>
void signs_general_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    const PhiloxKeys<V> keys(job.address.seed);
    alignas(64) float signs[piece_room];
    for (std::int64_t i = first; i < last; ++i) {
        const PieceOfRow piece(job, i);
        const RowBlocks<V> row(job.row(piece.row));
        signs_of_piece<V>(keys, row, piece, signs);
        store_piece<V>(job.y, job.dtype, piece.at, piece.count, signs);
    }
}

} // namespace nnoise::simd

// Pieces of buffers in any storage type, as floats: widened into a buffer in cache, combined with what was drawn there,
// and narrowed on the way out.
#pragma once

#include "../kernels.hpp"

namespace nnoise::simd {

// `count` elements from element `at` of `data`: the floats themselves, or their copy in `buffer`, which has room for
// whole vectors.
template <class V>
const float* load_piece(const void* data, nnoise_dtype type, std::int64_t at, std::int64_t count, float* buffer) {
    if (type == NNOISE_DTYPE_FLOAT32) {
        return static_cast<const float*>(data) + at;
    }
    const std::uint16_t* from = static_cast<const std::uint16_t*>(data) + at;
    std::int64_t e = 0;
    if (type == NNOISE_DTYPE_FLOAT16) {
        for (; e + V::width <= count; e += V::width) {
            V::store(buffer + e, V::load_float16(from + e));
        }
    } else {
        for (; e + V::width <= count; e += V::width) {
            V::store(buffer + e, V::load_bfloat16(from + e));
        }
    }
    for (; e < count; ++e) {
        buffer[e] = load_element(from, type, e);
    }
    return buffer;
}

// `count` floats into `data` (not of float32) from element `at` on.
template <class V>
void store_piece(void* data, nnoise_dtype type, std::int64_t at, std::int64_t count, const float* buffer) {
    std::uint16_t* to = static_cast<std::uint16_t*>(data) + at;
    std::int64_t e = 0;
    if (type == NNOISE_DTYPE_FLOAT16) {
        for (; e + V::width <= count; e += V::width) {
            V::store_float16(to + e, V::load(buffer + e));
        }
    } else {
        for (; e + V::width <= count; e += V::width) {
            V::store_bfloat16(to + e, V::load(buffer + e));
        }
    }
    for (; e < count; ++e) {
        store_element(to, type, e, buffer[e]);
    }
}

inline constexpr std::int64_t piece_room = piece_elements + 256; // whole groups of 8 vectors are written

// y = kind(drawn, x, dy), n elements; `drawn` may be y, and has room for whole vectors.
template <class V, class Kind>
[[gnu::always_inline]] inline void combine(const Kind& kind, std::int64_t n, const float* drawn, const float* x,
                                           const float* dy, float* y) {
    using F = typename V::F;
    for (std::int64_t e = 0; e < n; e += V::width) {
        const F d = V::load(drawn + e);
        if (n - e >= V::width) {
            const F first = Kind::inputs > 0 ? V::load(x + e) : V::zero();
            const F second = Kind::inputs > 1 ? V::load(dy + e) : V::zero();
            V::store(y + e, kind(d, first, second));
        } else {
            const typename V::M mask = V::tail_mask(static_cast<int>(n - e));
            const F first = Kind::inputs > 0 ? V::load_masked(x + e, mask) : V::zero();
            const F second = Kind::inputs > 1 ? V::load_masked(dy + e, mask) : V::zero();
            V::store_masked(y + e, mask, kind(d, first, second));
        }
    }
}

// The same for `count` elements from element `at` of a job's buffers, of any storage type; the rooms, and `drawn`, are
// written to.
template <class V, class Kind>
void combine_piece(const Kind& kind, const NoiseJob& job, std::int64_t at, std::int64_t count, float* drawn,
                   float* x_room, float* dy_room) {
    const float* x = Kind::inputs > 0 ? load_piece<V>(job.x, job.dtype, at, count, x_room) : nullptr;
    const float* dy = Kind::inputs > 1 ? load_piece<V>(job.dy, job.dtype, at, count, dy_room) : nullptr;
    if (job.dtype == NNOISE_DTYPE_FLOAT32) {
        combine<V>(kind, count, drawn, x, dy, static_cast<float*>(job.y) + at);
    } else {
        combine<V>(kind, count, drawn, x, dy, drawn);
        store_piece<V>(job.y, job.dtype, at, count, drawn);
    }
}

} // namespace nnoise::simd

// Pieces of buffers in any storage type, as floats: widened into a buffer in cache, and narrowed from one.
#pragma once

#include "../../core/dtype.hpp"

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

} // namespace nnoise::simd

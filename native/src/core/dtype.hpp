// Storage types: float32 itself, and the two half-precision formats, widened exactly and narrowed to nearest, ties to
// even (contract section 6). A NaN stays one; subnormals are kept; what is too large becomes infinite.
#pragma once

#include "platform.hpp"

#include <nativenoise/types.h>

namespace nnoise {

NNOISE_HD float widen_bfloat16(std::uint16_t h) { return float_of(static_cast<std::uint32_t>(h) << 16); }

NNOISE_HD std::uint16_t narrow_bfloat16(float f) {
    const std::uint32_t u = bits_of(f);
    if (f != f) {
        return static_cast<std::uint16_t>((u >> 16) | 0x40u);
    }
    // Half a unit, less one where the kept part is even: adding it carries exactly where rounding goes up.
    return static_cast<std::uint16_t>((u + 0x7FFFu + ((u >> 16) & 1u)) >> 16);
}

NNOISE_HD float widen_float16(std::uint16_t h) {
    const std::uint32_t sign = static_cast<std::uint32_t>(h & 0x8000u) << 16;
    const std::uint32_t magnitude = h & 0x7FFFu;
    if (magnitude >= 0x7C00u) { // infinity, NaN (made quiet, as the processors' instructions do)
        return float_of(sign | 0x7F800000u | ((magnitude & 0x3FFu) << 13) | (magnitude > 0x7C00u ? 0x400000u : 0u));
    }
    // The bits read as a float with float32's bias are the value times 2^-112; the product is exact, subnormals too.
    return float_of(sign | bits_of(float_of(magnitude << 13) * 0x1p112f));
}

NNOISE_HD std::uint16_t narrow_float16(float f) {
    const std::uint32_t u = bits_of(f);
    const std::uint32_t sign = (u >> 16) & 0x8000u;
    const std::uint32_t magnitude = u & 0x7FFFFFFFu;
    if (magnitude > 0x7F800000u) {
        return static_cast<std::uint16_t>(sign | 0x7E00u | ((magnitude >> 13) & 0x1FFu));
    }
    if (magnitude >= 0x477FF000u) { // 65520 and above
        return static_cast<std::uint16_t>(sign | 0x7C00u);
    }
    if (magnitude < 0x38800000u) {
        // Below 2^-14 the result counts multiples of 2^-24, which is the unit of floats from 1/2 to 1: the sum rounds.
        const float rounded = float_of(magnitude) + 0.5f;
        return static_cast<std::uint16_t>(sign | (bits_of(rounded) - 0x3F000000u));
    }
    const std::uint32_t rounded = magnitude + 0xFFFu + ((magnitude >> 13) & 1u);
    return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000u) >> 13));
}

NNOISE_HD std::int64_t bytes_of(nnoise_dtype type) { return type == NNOISE_DTYPE_FLOAT32 ? 4 : 2; }

NNOISE_HD float load_element(const void* data, nnoise_dtype type, std::int64_t i) {
    if (type == NNOISE_DTYPE_FLOAT32) {
        return static_cast<const float*>(data)[i];
    }
    const std::uint16_t h = static_cast<const std::uint16_t*>(data)[i];
    return type == NNOISE_DTYPE_FLOAT16 ? widen_float16(h) : widen_bfloat16(h);
}

NNOISE_HD void store_element(void* data, nnoise_dtype type, std::int64_t i, float value) {
    if (type == NNOISE_DTYPE_FLOAT32) {
        static_cast<float*>(data)[i] = value;
    } else {
        static_cast<std::uint16_t*>(data)[i] =
            type == NNOISE_DTYPE_FLOAT16 ? narrow_float16(value) : narrow_bfloat16(value);
    }
}

} // namespace nnoise

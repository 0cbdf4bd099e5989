// Words to uniforms, decisions and signs: contract sections 4 and 7.
#pragma once

#include "platform.hpp"

namespace nnoise {

// u in [0, 1): the word's upper 24 bits times 2^-24. Exact; smallest step 2^-24, largest value 1 - 2^-24.
NNOISE_HD float uniform01(std::uint32_t word) { return static_cast<float>(word >> 8) * 0x1p-24f; }

// The constants of U[low, high), made once a call. `below` is the largest value that may come out: rounding in the fma
// below could otherwise give high itself.
struct UniformRange {
    float low;
    float span;
    float below;
};

// The float just below x, for finite x (toward minus infinity).
NNOISE_HD float next_below(float x) {
    const std::uint32_t u = bits_of(x);
    if (x == 0.0f) {
        return float_of(0x80000001u);
    }
    return float_of(x > 0.0f ? u - 1 : u + 1);
}

NNOISE_HD UniformRange uniform_range(float low, float high) {
    return UniformRange{low, high - low, high > low ? next_below(high) : low};
}

NNOISE_HD float uniform_in(std::uint32_t word, const UniformRange& range) {
    const float r = fma32(uniform01(word), range.span, range.low);
    return r < range.below ? r : range.below;
}

// round(p 2^32), ties to even, for p in [0, 1]: an event of probability p happens when word < threshold, compared as
// 64-bit integers, so that p = 0 never and p = 1 always happens. p 2^32 is exact in double.
NNOISE_HD std::uint64_t threshold(double p) {
    const double scaled = p * 0x1p32;
    const std::uint64_t floor = static_cast<std::uint64_t>(scaled);
    const double rest = scaled - static_cast<double>(floor);
    const bool up = rest > 0.5 || (rest == 0.5 && (floor & 1) != 0);
    return floor + (up ? 1 : 0);
}

// Signs cost one bit: element e has bit e mod 32 of the word of element e / 32; a set bit is minus.
NNOISE_HD float sign_from(std::uint32_t word, std::uint64_t element) {
    return ((word >> (element & 31)) & 1u) != 0 ? -1.0f : 1.0f;
}

} // namespace nnoise

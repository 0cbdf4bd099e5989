// Laplace and Student-t: contract section 6. Both stand on the radius' -2 ln u (normal.hpp).
#pragma once

#include "address.hpp"
#include "exp.hpp"
#include "normal.hpp"

namespace nnoise {

// A Laplace variate of density exp(-|v|) / 2 from one word: bit 31 is the sign, and with the other 31 bits as m,
// u = (m + 1/4) 2^-31 makes the magnitude -ln u, in [1.5 2^-32, 22.88]. The quarter (where one half would be the middle
// of the cell) is what the radius' logarithm adds to a word whose last bit is 0; it moves the mean by 1e-9.
NNOISE_HD float laplace_variate(std::uint32_t word) {
    const float magnitude = 0.5f * minus_two_ln(word << 1);
    return float_of(bits_of(magnitude) | (word & 0x80000000u));
}

NNOISE_HD float laplace(float x, std::uint32_t word, float std) { return fma32(std, laplace_variate(word), x); }

struct StudentT {
    float degrees;
    float inverse;
};

// From 2^30 degrees on a float does not tell the variate from a normal, so there are no more.
NNOISE_HD StudentT student_t_of(float degrees) {
    const float nu = degrees < 0x1p30f ? degrees : 0x1p30f;
    return StudentT{nu, 1.0f / nu};
}

// T = sqrt(nu (U^(-2/nu) - 1)) cos(2 pi V) (Bailey 1994, "Polar generation of random variates with the
// t-distribution"): exact for every real nu, without rejection. U^(-2/nu) - 1 = expm1(-2 ln U / nu). The sine would be
// no second variate independent of the first, as it is for normals.
NNOISE_HD float student_t_variate(const StudentT& t, std::uint32_t word, std::uint32_t second_word) {
    const float grown = expm1_positive(minus_two_ln(word) * t.inverse);
    return polar_pair(sqrt32(t.degrees * grown), second_word).z0;
}

NNOISE_HD float student_t(float x, const RowAddress& row, std::uint64_t element, const StudentT& t, float std) {
    return fma32(std, student_t_variate(t, word_at(row, element), word_at(salted(row, 1), element)), x);
}

} // namespace nnoise

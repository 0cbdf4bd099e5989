// The formula of every element-wise noise: contract section 6. `eps` is the element's normal, `word` its word.
#pragma once

#include "address.hpp"
#include "normal.hpp"
#include "uniform.hpp"

namespace nnoise {

NNOISE_HD float normal_at(const RowAddress& a, std::uint64_t element) {
    const Block block = block_at(a, static_cast<std::uint32_t>(element >> 2));
    const int pair = static_cast<int>(element & 2);
    const NormalPair z = normal_pair(block.word[pair], block.word[pair + 1]);
    return (element & 1) == 0 ? z.z0 : z.z1;
}

NNOISE_HD float sign_at(const RowAddress& a, std::uint64_t element) {
    return sign_from(word_at(a, element >> 5), element);
}

NNOISE_HD float fill_normal(float eps, float mean, float std) { return fma32(std, eps, mean); }

NNOISE_HD float gaussian(float x, float eps, float std) { return fma32(std, eps, x); }

NNOISE_HD float gaussian_relative(float x, float eps, float std) {
    return fma32(std * float_of(bits_of(x) & 0x7FFFFFFFu), eps, x);
}

// sign(x) std is std with x's sign, and 0 for 0; a NaN stays one.
NNOISE_HD float gaussian_relative_backward(float x, float dy, float eps, float std) {
    const float with_sign = float_of(bits_of(std) | (bits_of(x) & 0x80000000u));
    const float signed_std = x == 0.0f ? 0.0f : (x != x ? x : with_sign);
    return dy * fma32(signed_std, eps, 1.0f);
}

NNOISE_HD float gaussian_multiplicative(float x, float eps, float std) { return x * fma32(std, eps, 1.0f); }

NNOISE_HD float uniform_noise(float x, std::uint32_t word, const UniformRange& range) {
    return x + uniform_in(word, range);
}

// Thresholds of salt and pepper: words below `salt` are salt, below `both` pepper.
struct SaltPepperThresholds {
    std::uint64_t salt;
    std::uint64_t both;
};

NNOISE_HD SaltPepperThresholds salt_pepper_thresholds(float probability) {
    const double p = static_cast<double>(probability);
    return SaltPepperThresholds{threshold(p * 0.5), threshold(p)};
}

NNOISE_HD float salt_and_pepper(float x, std::uint32_t word, const SaltPepperThresholds& t, float salt, float pepper) {
    return word < t.salt ? salt : (word < t.both ? pepper : x);
}

NNOISE_HD float salt_and_pepper_backward(float dy, std::uint32_t word, const SaltPepperThresholds& t) {
    return word < t.both ? 0.0f : dy;
}

// 1 / (1 - p), rounded once from double; not used when p = 1.
NNOISE_HD float dropout_scale(float probability) {
    return static_cast<float>(1.0 / (1.0 - static_cast<double>(probability)));
}

NNOISE_HD float dropout(float x, std::uint32_t word, std::uint64_t limit, float scale) {
    return word < limit ? 0.0f : x * scale;
}

} // namespace nnoise

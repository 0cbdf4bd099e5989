// Rows of a Matrix as a product wants them: where they are plain, a pointer to the data itself; else computed into a
// buffer in cache. This is where the noise of weights is made, and the only place.
#pragma once

#include "../linear_kernels.hpp"
#include "math-inl.hpp"
#include "normal-inl.hpp"

namespace nnoise::simd {

// Elements that a buffer must have room for beyond the n asked for: whole steps of the noise are written.
inline constexpr std::int64_t reader_slack = 64;

// out[e] = standard normal of element first + e of the row; writes up to reader_slack elements beyond n.
template <class V>
void normals_padded(const PhiloxKeys<V>& keys, const RowAddress& row, std::int64_t first, std::int64_t n, float* out) {
    constexpr std::int64_t step = 4 * V::width;
    const RowBlocks<V> blocks(row);
    std::uint32_t block = static_cast<std::uint32_t>(first >> 2);
    std::int64_t e = 0;
    for (; e + step < n; e += 2 * step, block += 2 * V::width) {
        typename V::F z[8];
        normals_in_row<V, 2>(keys, blocks, block, z);
#pragma GCC unroll 8
        for (int i = 0; i < 8; ++i) {
            V::store(out + e + i * V::width, z[i]);
        }
    }
    if (e < n) {
        typename V::F z[4];
        normals_in_row<V, 1>(keys, blocks, block, z);
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
            V::store(out + e + i * V::width, z[i]);
        }
    }
}

// +1 or -1 for the `width` elements from `element` (a multiple of 8, on a boundary of width) on.
template <class V>
class SignReader {
public:
    explicit SignReader(const RowAddress& row) : row_(row) {}

    // The sign bits, in the sign's place, of elements element .. element + width - 1.
    [[gnu::always_inline]] typename V::I bits(std::uint64_t element) {
        const std::uint64_t word = element >> 5;
        if (word >> 2 != block_) {
            block_ = word >> 2;
            words_ = block_at(row_, static_cast<std::uint32_t>(block_));
        }
        return V::sign_bits(words_.word[word & 3] >> (element & 31));
    }

private:
    RowAddress row_;
    std::uint64_t block_ = ~std::uint64_t{0};
    Block words_ = {};
};

template <class V>
[[gnu::always_inline]] inline typename V::F apply_sign(typename V::F v, typename V::I sign) {
    return V::as_float(V::bit_xor(V::as_int(v), sign));
}

template <class V>
[[gnu::always_inline]] inline typename V::F absolute(typename V::F v) {
    return V::as_float(V::bit_and(V::as_int(v), V::set1(0x7FFFFFFFu)));
}

// -1, 0 or 1; NaN for NaN.
template <class V>
[[gnu::always_inline]] inline typename V::F sign_of(typename V::F v) {
    const typename V::F zero = V::zero();
    const typename V::F one = V::set1(1.0f);
    const typename V::F other = V::select(V::less(v, zero), V::mul(v, zero), V::set1(-1.0f));
    return V::select(V::less(zero, v), other, one);
}

template <class V, WeightNoise kind>
[[gnu::always_inline]] inline typename V::F deviation(typename V::F w, typename V::F scale, typename V::F std) {
    if constexpr (kind == WeightNoise::absolute) {
        return std;
    } else if constexpr (kind == WeightNoise::relative) {
        return V::mul(std, absolute<V>(w));
    } else if constexpr (kind == WeightNoise::log_variance) {
        return exp<V>(V::mul(scale, V::set1(0.5f)));
    } else {
        return scale;
    }
}

template <class V, WeightNoise kind>
[[gnu::always_inline]] inline typename V::F variance(typename V::F w, typename V::F scale, typename V::F std) {
    if constexpr (kind == WeightNoise::absolute) {
        return V::mul(std, std);
    } else if constexpr (kind == WeightNoise::relative) {
        return V::mul(V::mul(std, std), V::mul(w, w));
    } else if constexpr (kind == WeightNoise::log_variance) {
        return exp<V>(scale);
    } else {
        return V::mul(scale, scale);
    }
}

template <class V, GradientFactor factor>
[[gnu::always_inline]] inline typename V::F factor_of(typename V::F w, typename V::F scale, typename V::F std,
                                                      typename V::F eps) {
    if constexpr (factor == GradientFactor::relative_sample) {
        return V::fma(V::mul(sign_of<V>(w), std), eps, V::set1(1.0f));
    } else if constexpr (factor == GradientFactor::relative_delta) {
        return V::mul(V::mul(sign_of<V>(w), std), eps);
    } else if constexpr (factor == GradientFactor::relative_variance) {
        return V::mul(V::mul(V::set1(2.0f), V::mul(std, std)), w);
    } else if constexpr (factor == GradientFactor::unit_noise) {
        return eps;
    } else if constexpr (factor == GradientFactor::half_deviation) {
        return V::mul(V::mul(V::set1(0.5f), exp<V>(V::mul(scale, V::set1(0.5f)))), eps);
    } else if constexpr (factor == GradientFactor::twice_scale) {
        return V::mul(V::set1(2.0f), scale);
    } else if constexpr (factor == GradientFactor::exp_log_variance) {
        return exp<V>(scale);
    } else {
        return V::set1(1.0f);
    }
}

template <class V>
class MatrixReader {
public:
    using F = typename V::F;

    explicit MatrixReader(const Matrix& matrix) : m_(matrix), keys_(matrix.noise.first.seed) {}

    // Whether segments are pointers to the data.
    bool direct() const { return m_.content == Content::plain; }
    std::int64_t stride() const { return m_.stride; }

    // Elements first .. first + n - 1 of a row: `buffer`, or the data itself. first is a multiple of 4 (of 8 for
    // signs), n at most product_limit; the buffer has room for n + reader_slack.
    const float* segment(std::int64_t row, std::int64_t first, std::int64_t n, float* buffer) {
        switch (m_.content) {
        case Content::plain:
            return m_.data + row * m_.stride + first;
        case Content::square:
            each(row, first, n, buffer, [](F w, F, std::int64_t) { return V::mul(w, w); });
            break;
        case Content::signed_values: {
            SignReader<V> signs(m_.noise.at(row));
            each(row, first, n, buffer, [&](F w, F, std::int64_t e) {
                return apply_sign<V>(w, signs.bits(static_cast<std::uint64_t>(first + e)));
            });
            break;
        }
        case Content::sample:
        case Content::delta:
        case Content::variance:
            by_kind(row, first, n, buffer);
            break;
        }
        return buffer;
    }

    // buffer[e] = the factor of a parameter's gradient at (row, first + e).
    void factors(GradientFactor factor, std::int64_t row, std::int64_t first, std::int64_t n, float* buffer) {
        if (factor_has_noise(factor)) {
            unit_noise(row, first, n, buffer);
        }
        switch (factor) {
        case GradientFactor::one:
            return factors_as<GradientFactor::one>(row, first, n, buffer);
        case GradientFactor::relative_sample:
            return factors_as<GradientFactor::relative_sample>(row, first, n, buffer);
        case GradientFactor::relative_delta:
            return factors_as<GradientFactor::relative_delta>(row, first, n, buffer);
        case GradientFactor::relative_variance:
            return factors_as<GradientFactor::relative_variance>(row, first, n, buffer);
        case GradientFactor::unit_noise:
            return;
        case GradientFactor::half_deviation:
            return factors_as<GradientFactor::half_deviation>(row, first, n, buffer);
        case GradientFactor::twice_scale:
            return factors_as<GradientFactor::twice_scale>(row, first, n, buffer);
        case GradientFactor::exp_log_variance:
            return factors_as<GradientFactor::exp_log_variance>(row, first, n, buffer);
        }
    }

private:
    // buffer[e] = f(data, scale, e); whole vectors are written, but only n elements read.
    template <class Function>
    [[gnu::always_inline]] void each(std::int64_t row, std::int64_t first, std::int64_t n, float* buffer,
                                     const Function& f) const {
        const float* w = m_.data + row * m_.stride + first;
        const float* s = m_.scale != nullptr ? m_.scale + row * m_.stride + first : w;
        std::int64_t e = 0;
        for (; e + V::width <= n; e += V::width) {
            V::store(buffer + e, f(V::load(w + e), V::load(s + e), e));
        }
        if (e < n) {
            const typename V::M mask = V::tail_mask(static_cast<int>(n - e));
            V::store(buffer + e, f(V::load_masked(w + e, mask), V::load_masked(s + e, mask), e));
        }
    }

    void unit_noise(std::int64_t row, std::int64_t first, std::int64_t n, float* buffer) const {
        if (m_.kind != WeightNoise::factorized) {
            normals_padded<V>(keys_, m_.noise.at(row), first, n, buffer);
            return;
        }
        const F of_row = V::set1(m_.factor_row[row]);
        const float* of_element = m_.factor_element + first;
        std::int64_t e = 0;
        for (; e + V::width <= n; e += V::width) {
            V::store(buffer + e, V::mul(of_row, V::load(of_element + e)));
        }
        if (e < n) {
            V::store(buffer + e, V::mul(of_row, V::load_masked(of_element + e, V::tail_mask(static_cast<int>(n - e)))));
        }
    }

    void by_kind(std::int64_t row, std::int64_t first, std::int64_t n, float* buffer) const {
        if (m_.content != Content::variance) {
            unit_noise(row, first, n, buffer);
        }
        switch (m_.kind) {
        case WeightNoise::absolute:
            return weights<WeightNoise::absolute>(row, first, n, buffer);
        case WeightNoise::relative:
            return weights<WeightNoise::relative>(row, first, n, buffer);
        case WeightNoise::log_variance:
            return weights<WeightNoise::log_variance>(row, first, n, buffer);
        case WeightNoise::independent:
        case WeightNoise::factorized:
            return weights<WeightNoise::independent>(row, first, n, buffer);
        case WeightNoise::none:
            return;
        }
    }

    template <WeightNoise kind>
    void weights(std::int64_t row, std::int64_t first, std::int64_t n, float* buffer) const {
        const F std = V::set1(m_.std);
        if (m_.content == Content::sample) {
            each(row, first, n, buffer, [&](F w, F scale, std::int64_t e) {
                return V::fma(deviation<V, kind>(w, scale, std), V::load(buffer + e), w);
            });
        } else if (m_.content == Content::delta) {
            each(row, first, n, buffer, [&](F w, F scale, std::int64_t e) {
                return V::mul(deviation<V, kind>(w, scale, std), V::load(buffer + e));
            });
        } else {
            each(row, first, n, buffer, [&](F w, F scale, std::int64_t) { return variance<V, kind>(w, scale, std); });
        }
    }

    template <GradientFactor factor>
    void factors_as(std::int64_t row, std::int64_t first, std::int64_t n, float* buffer) const {
        const F std = V::set1(m_.std);
        each(row, first, n, buffer,
             [&](F w, F scale, std::int64_t e) { return factor_of<V, factor>(w, scale, std, V::load(buffer + e)); });
    }

    const Matrix& m_;
    PhiloxKeys<V> keys_;
};

} // namespace nnoise::simd

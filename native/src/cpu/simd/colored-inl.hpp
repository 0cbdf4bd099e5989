// Pink and brown noise over a vector layer V. A line's values follow one another, so the lanes are V::width lines;
// their normals are drawn line by line, and turned into lanes and back by transposes.
#pragma once

#include "../../core/colored.hpp"
#include "noise_general-inl.hpp"

namespace nnoise::simd {

template <class V, int n>
class ColorLanes {
    using F = typename V::F;

public:
    // Lane l is line `line[l]` of the noise of `row[l]`.
    ColorLanes(const ColorFilter<n>& filter, int lanes, const RowAddress* row, const std::int64_t* line) {
        alignas(64) float normals[n][V::width] = {};
        for (int l = 0; l < lanes; ++l) {
            for (int j = 0; j < n; ++j) {
                normals[j][l] =
                    normal_at(salted(row[l], static_cast<std::uint32_t>(j + 1)), static_cast<std::uint64_t>(line[l]));
            }
        }
        for (int i = 0; i < n; ++i) {
            u_[i] = V::mul(V::set1(filter.start[i][0]), V::load(normals[0]));
            for (int j = 1; j <= i; ++j) {
                u_[i] = V::fma(V::set1(filter.start[i][j]), V::load(normals[j]), u_[i]);
            }
        }
    }

    [[gnu::always_inline]] F next(const ColorFilter<n>& filter, F normal) {
        F value = V::zero();
#pragma GCC unroll 16
        for (int i = 0; i < n; ++i) {
            u_[i] = V::fma(V::set1(filter.pole[i]), u_[i], normal);
            const F gain = V::set1(filter.gain[i]);
            value = i == 0 ? V::mul(gain, u_[i]) : V::fma(gain, u_[i], value);
        }
        return V::fma(V::set1(filter.direct), normal, value);
    }

private:
    F u_[n];
};

// V::width lines or fewer, a segment at a time.
template <class V, int n>
class ColoredLines {
    using F = typename V::F;
    static constexpr int width = V::width;
    static constexpr std::int64_t segment = 128;
    static constexpr std::int64_t stride = segment + 16; // rows in different sets of the cache

public:
    ColoredLines(const NoiseJob& job, const PhiloxKeys<V>& keys) : job_(job), keys_(keys), kind_(job) {}

    // Lines first .. first + lanes - 1 of the job.
    void run(const ColorFilter<n>& filter, std::int64_t first, int lanes) {
        const std::int64_t lines_per_row = job_.columns / job_.line;
        for (int l = 0; l < lanes; ++l) {
            const std::int64_t i = first + l;
            row_[l] = job_.row(i / lines_per_row);
            line_[l] = job_.shared.noise_element(i % lines_per_row * job_.line) / job_.line;
            noisy_[l] = job_.choice.always() || job_.choice.takes(row_[l]);
        }
        ColorLanes<V, n> state(filter, lanes, row_, line_);
        for (std::int64_t t = 0; t < job_.line; t += segment) {
            const std::int64_t count = job_.line - t < segment ? job_.line - t : segment;
            for (int l = 0; l < lanes; ++l) {
                draw(l, line_[l] * job_.line + t, count);
            }
            for (std::int64_t e = 0; e < count; e += width) {
                filter_square(filter, state, noise_ + e);
            }
            for (int l = 0; l < lanes; ++l) {
                write(l, (first + l) * job_.line + t, count);
            }
        }
    }

private:
    // The normals of elements begin .. begin + count - 1 into lane l's part of the buffer.
    void draw(int l, std::int64_t begin, std::int64_t count) {
        constexpr std::int64_t group = 4 * width;
        const std::int64_t shift = begin & 3;
        const RowBlocks<V> row(row_[l]);
        alignas(64) float normals[segment + 2 * group];
        F z[8];
        for (std::int64_t e = 0; e < count + shift; e += 2 * group) {
            normals_in_row<V, 2>(keys_, row, static_cast<std::uint32_t>((begin + e) >> 2), z);
            for (int i = 0; i < 8; ++i) {
                V::store(normals + e + i * width, z[i]);
            }
        }
        __builtin_memcpy(noise_ + l * stride, normals + shift, static_cast<std::size_t>(count) * sizeof(float));
    }

    // A square of the buffer: `width` elements of each lane, from normals to values.
    [[gnu::always_inline]] void filter_square(const ColorFilter<n>& filter, ColorLanes<V, n>& state, float* square) {
        F v[width];
        V::load_transposed(square, stride, v);
#pragma GCC unroll 16
        for (int i = 0; i < width; ++i) {
            v[i] = state.next(filter, v[i]);
        }
        V::transpose(v);
        for (int i = 0; i < width; ++i) {
            V::store(square + i * stride, v[i]);
        }
    }

    void write(int l, std::int64_t at, std::int64_t count) {
        const std::int64_t item = bytes_of(job_.dtype);
        if (!noisy_[l]) {
            __builtin_memmove(static_cast<char*>(job_.y) + at * item, static_cast<const char*>(job_.x) + at * item,
                              static_cast<std::size_t>(count * item));
            return;
        }
        alignas(64) float room[segment];
        float* noise = noise_ + l * stride;
        const float* x = load_piece<V>(job_.x, job_.dtype, at, count, room);
        if (job_.dtype == NNOISE_DTYPE_FLOAT32) {
            combine<V>(kind_, count, noise, x, nullptr, static_cast<float*>(job_.y) + at);
        } else {
            combine<V>(kind_, count, noise, x, nullptr, room);
            store_piece<V>(job_.y, job_.dtype, at, count, room);
        }
    }

    const NoiseJob& job_;
    const PhiloxKeys<V>& keys_;
    GaussianKind<V> kind_;
    RowAddress row_[width];
    std::int64_t line_[width];
    bool noisy_[width];
    alignas(64) float noise_[width * stride] = {}; // unused lanes stay finite
};

// Lines [first, last).
template <class V, int n>
void colored_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last, const ColorFilter<n>& filter) {
    const PhiloxKeys<V> keys(job.address.seed);
    ColoredLines<V, n> lines(job, keys);
    for (; first < last; first += V::width) {
        lines.run(filter, first, last - first < V::width ? static_cast<int>(last - first) : V::width);
    }
}

template <class V>
void pink_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    colored_kernel<V>(job, first, last, pink_filter);
}

template <class V>
void brown_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    colored_kernel<V>(job, first, last, brown_filter);
}

} // namespace nnoise::simd

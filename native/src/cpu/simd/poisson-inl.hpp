// Poisson noise: words in bulk over a vector layer V, counts in groups of poisson_lanes elements. The groups are plain
// loops without branches over core/poisson.hpp, which the compiler turns into vectors of doubles.
#pragma once

#include "../../core/poisson.hpp"
#include "noise_general-inl.hpp"

namespace nnoise::simd {

inline constexpr int poisson_lanes = 16;

// All rates below the switch. A lane whose sum has passed u counts no further: what poisson_by_inversion does.
[[maybe_unused]] static void poisson_small(const double* rate, const std::uint32_t* word, double* count) {
    double u[poisson_lanes], p[poisson_lanes], sum[poisson_lanes];
    for (int l = 0; l < poisson_lanes; ++l) {
        u[l] = unit64(word[l]);
        p[l] = exp64(-rate[l]);
        sum[l] = p[l];
        count[l] = 0.0;
    }
    for (int k = 1; k <= poisson_inversion_steps; ++k) {
        const double inverse = 1.0 / k;
        std::int64_t counting = 0; // a sum of doubles would be kept in order, one after the other
        for (int l = 0; l < poisson_lanes; ++l) {
            const bool more = u[l] > sum[l];
            counting += more ? 1 : 0;
            count[l] += more ? 1.0 : 0.0;
            p[l] = p[l] * rate[l] * inverse;
            sum[l] = sum[l] + p[l];
        }
        if (counting == 0) {
            break;
        }
    }
}

// The first attempts of rates from the switch on, without the exact test: `open` where that has to decide.
[[maybe_unused]] static void poisson_first_attempts(const double* rate, const std::uint32_t* u_word,
                                                    const std::uint32_t* v_word, double* count, bool* open) {
    for (int l = 0; l < poisson_lanes; ++l) {
        const PoissonHat hat = PoissonHat::of(rate[l]);
        const PoissonProposal p = poisson_proposal(hat, u_word[l], v_word[l]);
        count[l] = p.k;
        open[l] = !poisson_squeezed(hat, p);
    }
}

// One row's counts; rates from the switch on ask for a second word an element.
template <class V>
class PoissonRow {
public:
    PoissonRow(const WordsKind<V>& kind, const PhiloxKeys<V>& keys, const NoiseJob& job, const RowAddress& row)
        : job_(job), row_(row), first_(kind, keys, job.shared, row), second_(kind, keys, job.shared, salted(row, 1)) {}

    // Elements begin .. begin + n - 1, from x to y.
    void run(std::int64_t begin, std::int64_t n, const float* x, float* y) {
        first_.draw(begin, n, u_);
        bool any_large = false;
        for (std::int64_t e = 0; e < n; ++e) {
            any_large = any_large || static_cast<double>(job_.peak * x[e]) >= poisson_switch;
        }
        if (any_large) {
            second_.draw(begin, n, v_);
        }
        for (std::int64_t e = 0; e < n; e += poisson_lanes) {
            const int m = n - e < poisson_lanes ? static_cast<int>(n - e) : poisson_lanes;
            group(begin + e, m, x + e, reinterpret_cast<const char*>(u_ + e), reinterpret_cast<const char*>(v_ + e),
                  y + e);
        }
    }

private:
    void group(std::int64_t element, int m, const float* x, const char* u, const char* v, float* y) {
        std::uint32_t u_word[poisson_lanes], v_word[poisson_lanes];
        __builtin_memcpy(u_word, u, sizeof u_word);
        float value[poisson_lanes] = {};
        __builtin_memcpy(value, x, static_cast<std::size_t>(m) * sizeof(float));
        // NaN counts as rate 0 until the end; the lanes of the other method take part with a rate that costs nothing.
        double rate[poisson_lanes], small_rate[poisson_lanes], count[poisson_lanes] = {};
        int larges = 0;
        for (int l = 0; l < poisson_lanes; ++l) {
            const double r = static_cast<double>(job_.peak * value[l]);
            rate[l] = r == r ? r : 0.0;
            const bool large = rate[l] >= poisson_switch;
            small_rate[l] = large ? 0.0 : rate[l];
            larges += large ? 1 : 0;
        }
        if (larges < poisson_lanes) {
            poisson_small(small_rate, u_word, count);
        }
        if (larges > 0) {
            __builtin_memcpy(v_word, v, sizeof v_word);
            count_large(element, rate, u_word, v_word, count);
        }
        for (int l = 0; l < poisson_lanes; ++l) {
            const float noisy = static_cast<float>(count[l]) / job_.peak;
            value[l] = value[l] == value[l] ? noisy : value[l];
        }
        __builtin_memcpy(y, value, static_cast<std::size_t>(m) * sizeof(float));
    }

    // The lanes of rates from the switch on.
    void count_large(std::int64_t element, const double* rate, const std::uint32_t* u_word, const std::uint32_t* v_word,
                     double* count) const {
        double large_rate[poisson_lanes], large[poisson_lanes];
        bool open[poisson_lanes];
        for (int l = 0; l < poisson_lanes; ++l) {
            large_rate[l] = rate[l] >= poisson_switch ? rate[l] : poisson_switch;
        }
        poisson_first_attempts(large_rate, u_word, v_word, large, open);
        int undecided[poisson_lanes];
        int n = 0;
        for (int l = 0; l < poisson_lanes; ++l) {
            const bool is_large = rate[l] >= poisson_switch;
            count[l] = is_large ? large[l] : count[l];
            undecided[n] = l;
            n += is_large && open[l] ? 1 : 0;
        }
        // The exact tests first, one beside the other: whether one fails cannot be foreseen, and would hold up the
        // next.
        bool accepted[poisson_lanes];
        for (int i = 0; i < n; ++i) {
            const int l = undecided[i];
            const PoissonHat hat = PoissonHat::of(rate[l]);
            accepted[i] = poisson_accepted(hat, poisson_proposal(hat, u_word[l], v_word[l]));
        }
        for (int i = 0; i < n; ++i) {
            if (!accepted[i]) {
                count[undecided[i]] = try_again(element + undecided[i], rate[undecided[i]]);
            }
        }
    }

    // The attempts after the first.
    double try_again(std::int64_t element, double rate) const {
        const std::uint64_t of_noise = static_cast<std::uint64_t>(job_.shared.noise_element(element));
        return poisson_by_rejection(PoissonHat::of(rate), row_, of_noise, 1);
    }

    const NoiseJob& job_;
    const RowAddress row_;
    DrawnRow<V, WordsKind<V>> first_, second_;
    alignas(64) float u_[piece_room]; // words, as bits
    alignas(64) float v_[piece_room];
};

template <class V>
void poisson_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    const WordsKind<V> kind(job);
    const PhiloxKeys<V> keys(job.address.seed);
    alignas(64) float room[piece_room];
    for (std::int64_t i = first; i < last;) {
        const std::int64_t r = i / job.pieces_per_row;
        const std::int64_t of_row = (r + 1) * job.pieces_per_row;
        const std::int64_t end = of_row < last ? of_row : last;
        const RowAddress address = job.row(r);
        const bool noisy = job.choice.always() || job.choice.takes(address);
        PoissonRow<V> row(kind, keys, job, address);
        for (; i < end; ++i) {
            const PieceOfRow piece(job, i);
            if (!noisy) {
                pass_piece(job, piece);
                continue;
            }
            const float* x = load_piece<V>(job.x, job.dtype, piece.at, piece.count, room);
            if (job.dtype == NNOISE_DTYPE_FLOAT32) {
                row.run(piece.begin, piece.count, x, static_cast<float*>(job.y) + piece.at);
            } else {
                row.run(piece.begin, piece.count, x, room);
                store_piece<V>(job.y, job.dtype, piece.at, piece.count, room);
            }
        }
    }
}

} // namespace nnoise::simd

// Element-wise noise over a vector layer V: one pass that draws, reads, combines and writes, 8 V::width elements at a
// time. Each kind is a small type; the loop over rows, pieces and tails is written once.
#pragma once

#include "../kernels.hpp"
#include "normal-inl.hpp"

namespace nnoise::simd {

// What a kind draws for an element: its word (as bits in a vector of floats) or its normal. `Row` is what is made once
// a row for it; draw<V, vectors> gives 4 V::width * vectors consecutive elements from element 4 first_block on. It may
// read the kind.
struct DrawWords {
    template <class V>
    using Row = RowBlocks<V>;
    static constexpr bool one_word = true;

    template <class V, int vectors>
    [[gnu::always_inline]] static void from_words(const typename V::I* words, typename V::F* out) {
#pragma GCC unroll 16
        for (int i = 0; i < 4 * vectors; ++i) {
            out[i] = V::as_float(words[i]);
        }
    }

    template <class V, int vectors>
    [[gnu::always_inline]] static void draw(const PhiloxKeys<V>& keys, const RowBlocks<V>& row,
                                            std::uint32_t first_block, typename V::F* out) {
        typename V::I words[4 * vectors];
        row.template words<vectors>(keys, first_block, words);
        from_words<V, vectors>(words, out);
#pragma GCC unroll 16
        for (int g = 0; g < vectors; ++g) {
            V::to_natural(out + 4 * g);
        }
    }
};

struct DrawNormals {
    template <class V>
    using Row = RowBlocks<V>;
    static constexpr bool one_word = true;

    template <class V, int vectors>
    [[gnu::always_inline]] static void from_words(const typename V::I* words, typename V::F* out) {
        normals_from_words<V, vectors>(words, out);
    }

    template <class V, int vectors>
    [[gnu::always_inline]] static void draw(const PhiloxKeys<V>& keys, const RowBlocks<V>& row,
                                            std::uint32_t first_block, typename V::F* out) {
        normals_in_row<V, vectors>(keys, row, first_block, out);
    }
};

// Kinds: `inputs` buffers are read (x, then dy); operator() gets the drawn vector and those.
template <class V>
struct WordsKind : DrawWords {
    static constexpr int inputs = 0;
    explicit WordsKind(const NoiseJob&) {}
    typename V::F operator()(typename V::F drawn, typename V::F, typename V::F) const { return drawn; }
};

template <class V>
struct FillUniformKind : DrawWords {
    using F = typename V::F;
    static constexpr int inputs = 0;
    F low, span, below;
    explicit FillUniformKind(const NoiseJob& job)
        : low(V::set1(job.range.low)), span(V::set1(job.range.span)), below(V::set1(job.range.below)) {}
    F uniform(F drawn) const {
        const F u = V::mul(V::to_float(V::template shift_right<8>(V::as_int(drawn))), V::set1(0x1p-24f));
        return V::min(V::fma(u, span, low), below);
    }
    F operator()(F drawn, F, F) const { return uniform(drawn); }
};

template <class V>
struct UniformKind : FillUniformKind<V> {
    using F = typename V::F;
    static constexpr int inputs = 1;
    using FillUniformKind<V>::FillUniformKind;
    F operator()(F drawn, F x, F) const { return V::add(x, this->uniform(drawn)); }
};

template <class V>
struct FillNormalKind : DrawNormals {
    using F = typename V::F;
    static constexpr int inputs = 0;
    F mean, std;
    explicit FillNormalKind(const NoiseJob& job) : mean(V::set1(job.mean)), std(V::set1(job.std)) {}
    F operator()(F eps, F, F) const { return V::fma(std, eps, mean); }
};

template <class V>
struct GaussianKind : DrawNormals {
    using F = typename V::F;
    static constexpr int inputs = 1;
    F std;
    explicit GaussianKind(const NoiseJob& job) : std(V::set1(job.std)) {}
    F operator()(F eps, F x, F) const { return V::fma(std, eps, x); }
};

template <class V>
struct GaussianRelativeKind : GaussianKind<V> {
    using F = typename V::F;
    using GaussianKind<V>::GaussianKind;
    F operator()(F eps, F x, F) const { return V::fma(V::mul(this->std, V::abs(x)), eps, x); }
};

template <class V>
struct GaussianRelativeBackwardKind : GaussianKind<V> {
    using F = typename V::F;
    static constexpr int inputs = 2;
    using GaussianKind<V>::GaussianKind;
    F operator()(F eps, F x, F dy) const {
        const typename V::I sign = V::bit_and(V::as_int(x), V::set1(0x80000000u));
        F s = V::as_float(V::bit_or(V::as_int(this->std), sign));
        s = V::clear(V::equal(x, V::zero()), s);
        s = V::select(V::is_nan(x), s, x);
        return V::mul(dy, V::fma(s, eps, V::set1(1.0f)));
    }
};

template <class V>
struct GaussianMultiplicativeKind : GaussianKind<V> {
    using F = typename V::F;
    using GaussianKind<V>::GaussianKind;
    F operator()(F eps, F x, F) const { return V::mul(x, V::fma(this->std, eps, V::set1(1.0f))); }
};

// Words below a limit in 1 .. 2^32 are those up to limit - 1.
template <class V>
struct SaltPepperBackwardKind : DrawWords {
    using F = typename V::F;
    using I = typename V::I;
    static constexpr int inputs = 1;
    I last;
    explicit SaltPepperBackwardKind(const NoiseJob& job)
        : last(V::set1(static_cast<std::uint32_t>(job.thresholds.both - 1))) {}
    F operator()(F word, F dy, F) const { return V::clear(V::at_most(V::as_int(word), last), dy); }
};

template <class V>
struct SaltPepperKind : SaltPepperBackwardKind<V> {
    using F = typename V::F;
    using I = typename V::I;
    I pepper_from; // at most 2^31
    F salt, pepper;
    explicit SaltPepperKind(const NoiseJob& job)
        : SaltPepperBackwardKind<V>(job), pepper_from(V::set1(static_cast<std::uint32_t>(job.thresholds.salt))),
          salt(V::set1(job.salt)), pepper(V::set1(job.pepper)) {}
    F operator()(F word, F x, F) const {
        const I w = V::as_int(word);
        return V::select(V::at_most(w, this->last), x, V::select(V::at_most(pepper_from, w), salt, pepper));
    }
};

template <class V>
struct DropoutKind : DrawWords {
    using F = typename V::F;
    static constexpr int inputs = 1;
    typename V::I last;
    F scale;
    explicit DropoutKind(const NoiseJob& job)
        : last(V::set1(static_cast<std::uint32_t>(job.limit - 1))), scale(V::set1(job.scale)) {}
    F operator()(F word, F x, F) const { return V::clear(V::at_most(V::as_int(word), last), V::mul(x, scale)); }
};

// How far ahead x is asked for where it comes from memory: 3 KiB.
inline constexpr std::int64_t prefetch_elements = 768;

// One run of elements of a row: its buffers start at the run's first element.
template <class V, class Kind>
struct RunOfNoise {
    using F = typename V::F;
    using Row = typename Kind::template Row<V>;
    const Kind& kind;
    const PhiloxKeys<V>& keys;
    const Row& row;
    std::uint32_t first_block;
    const float* x;
    const float* dy;
    float* y;

    // The next `vectors` groups of 4 V::width elements, from element e of the run on.
    template <int vectors, bool stream>
    [[gnu::always_inline]] void whole(std::int64_t e) const {
        if constexpr (stream && Kind::inputs > 0) {
            // Making the noise fills the processor's window, so it does not look far enough ahead in x by itself.
#pragma GCC unroll 16
            for (int i = 0; i < 4 * vectors; ++i) {
                __builtin_prefetch(x + e + i * V::width + prefetch_elements);
            }
        }
        F drawn[4 * vectors];
        kind.template draw<V, vectors>(keys, row, first_block + static_cast<std::uint32_t>(e >> 2), drawn);
#pragma GCC unroll 16
        for (int i = 0; i < 4 * vectors; ++i) {
            const std::int64_t at = e + i * V::width;
            if constexpr (stream) {
                V::stream(y + at, result(drawn[i], at));
            } else {
                V::store(y + at, result(drawn[i], at));
            }
        }
    }

    // What is left, fewer than 4 V::width elements. Only the last vector is masked: masked stores can be slow.
    [[gnu::always_inline]] void tail(std::int64_t e, std::int64_t n) const {
        F drawn[4];
        kind.template draw<V, 1>(keys, row, first_block + static_cast<std::uint32_t>(e >> 2), drawn);
#pragma GCC unroll 4
        for (int i = 0; i < 4 && e < n; ++i, e += V::width) {
            if (e + V::width <= n) {
                V::store(y + e, result(drawn[i], e));
            } else {
                const typename V::M mask = V::tail_mask(static_cast<int>(n - e));
                const F first = Kind::inputs > 0 ? V::load_masked(x + e, mask) : V::zero();
                const F second = Kind::inputs > 1 ? V::load_masked(dy + e, mask) : V::zero();
                V::store_masked(y + e, mask, kind(drawn[i], first, second));
            }
        }
    }

    template <bool stream>
    [[gnu::always_inline]] void all(std::int64_t n) const {
        constexpr std::int64_t group = 4 * V::width;
        std::int64_t e = 0;
        for (; e + V::noise_vectors * group <= n; e += V::noise_vectors * group) {
            whole<V::noise_vectors, stream>(e);
        }
        for (; e + group <= n; e += group) {
            whole<1, stream>(e);
        }
        if (e < n) {
            tail(e, n);
        }
    }

private:
    [[gnu::always_inline]] F result(F drawn, std::int64_t e) const {
        const F first = Kind::inputs > 0 ? V::load(x + e) : V::zero();
        const F second = Kind::inputs > 1 ? V::load(dy + e) : V::zero();
        return kind(drawn, first, second);
    }
};

// Piece `piece` of a job: elements begin .. begin + count - 1 of local row `row`, at `at` in the buffers.
struct PieceOfRow {
    std::int64_t row;
    std::int64_t begin;
    std::int64_t count;
    std::int64_t at;

    [[gnu::always_inline]] PieceOfRow(const NoiseJob& job, std::int64_t piece)
        : row(piece / job.pieces_per_row), begin(piece % job.pieces_per_row * piece_elements),
          count(job.columns - begin < piece_elements ? job.columns - begin : piece_elements),
          at(row * job.columns + begin) {}
};

template <class V, class Kind, bool stream>
void noise_pieces(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    const Kind kind(job);
    const PhiloxKeys<V> keys(job.address.seed);
    const float* x = static_cast<const float*>(job.x);
    const float* dy = static_cast<const float*>(job.dy);
    for (std::int64_t i = first; i < last; ++i) {
        const PieceOfRow piece(job, i);
        const typename Kind::template Row<V> row(job.row(piece.row));
        const RunOfNoise<V, Kind> run{kind,
                                      keys,
                                      row,
                                      static_cast<std::uint32_t>(piece.begin >> 2),
                                      Kind::inputs > 0 ? x + piece.at : nullptr,
                                      Kind::inputs > 1 ? dy + piece.at : nullptr,
                                      static_cast<float*>(job.y) + piece.at};
        run.template all<stream>(piece.count);
    }
    if constexpr (stream) {
        V::fence();
    }
}

// Signs of one piece: its piece_elements / 32 words are made in one go; each then gives 32 elements.
template <class V>
void signs_of_piece(const PhiloxKeys<V>& keys, const RowBlocks<V>& row, const PieceOfRow& piece, float* y) {
    using F = typename V::F;
    using I = typename V::I;
    constexpr int words_in_piece = piece_elements / 32;
    constexpr int words_in_group = 4 * V::width;
    constexpr int groups = (words_in_piece + words_in_group - 1) / words_in_group;
    const I one = V::as_int(V::set1(1.0f));
    const I sign = V::set1(0x80000000u);
    const I lane_bit = V::sub(V::set1(std::uint32_t{31}), V::iota()); // how far lane l's bit is from the top
    std::uint32_t words[groups * words_in_group];
    for (int g = 0; g < groups; ++g) {
        F drawn[4];
        DrawWords::draw<V, 1>(keys, row, static_cast<std::uint32_t>(piece.begin / 128 + g * V::width), drawn);
        for (int i = 0; i < 4; ++i) {
            V::store(words + g * words_in_group + i * V::width, V::as_int(drawn[i]));
        }
    }
    for (std::int64_t e = 0; e < piece.count; e += V::width) {
        const std::uint32_t word = words[e >> 5];
        const I shift = V::sub(lane_bit, V::set1(static_cast<std::uint32_t>(e & 31)));
        const I bits = V::bit_and(V::shift_left_by(V::set1(word), shift), sign);
        const F value = V::as_float(V::bit_or(bits, one));
        if (piece.count - e >= V::width) {
            V::store(y + e, value);
        } else {
            V::store_masked(y + e, V::tail_mask(static_cast<int>(piece.count - e)), value);
        }
    }
}

template <class V>
void signs_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    const PhiloxKeys<V> keys(job.address.seed);
    for (std::int64_t i = first; i < last; ++i) {
        const PieceOfRow piece(job, i);
        const RowBlocks<V> row(job.row(piece.row));
        signs_of_piece<V>(keys, row, piece, static_cast<float*>(job.y) + piece.at);
    }
}

} // namespace nnoise::simd

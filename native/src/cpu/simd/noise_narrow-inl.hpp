// Element-wise noise for narrow rows. A row of ten elements uses three blocks, and a vector of blocks of one row would
// leave most lanes idle; here each lane has a row of its own. Rows lie one behind the other in the buffers, so once the
// draws are in order a run of rows is one run of elements.
#pragma once

#include "noise-inl.hpp"
#include "storage-inl.hpp"

namespace nnoise::simd {

// Any blocks: lane l of words[4 g + j] is word j of the block with counter (block[g], row[g], step[g], site) in lane l.
template <class V, int vectors>
[[gnu::always_inline]] inline void philox_lanes(const PhiloxKeys<V>& keys, std::uint32_t site,
                                                const typename V::I* block, const typename V::I* row,
                                                const typename V::I* step, typename V::I* words) {
    using I = typename V::I;
    constexpr int states = V::philox_states;
    PhiloxState<V> s[states * vectors];
#pragma GCC unroll 16
    for (int i = 0; i < states * vectors; ++i) {
        const int g = i / states;
        if constexpr (states == 1) {
            s[i] = PhiloxState<V>{block[g], row[g], step[g], V::set1(site)};
        } else {
            const auto half = [&](I lanes) { return i % 2 != 0 ? V::template shift_right64<32>(lanes) : lanes; };
            s[i] = PhiloxState<V>{half(block[g]), half(row[g]), half(step[g]), V::set1(site)};
        }
    }
    philox_finish<V, 0, vectors>(s, keys, words);
}

// The lane that holds block i of a vector of blocks in order.
template <class V>
struct LaneOfBlock {
    int lane[V::width];

    LaneOfBlock() {
        std::uint32_t order[V::width];
        V::store(order, V::block_order());
        for (int l = 0; l < V::width; ++l) {
            lane[order[l]] = l;
        }
    }
};

// The draws of consecutive whole rows, in order and without gaps.
template <class V, class Kind>
class NarrowRows {
    static constexpr int vectors = 2;
    static constexpr int group = vectors * V::width; // blocks made at once

public:
    explicit NarrowRows(const NoiseJob& job)
        : job_(job), keys_(job.address.seed), blocks_(static_cast<int>((job.columns + 3) / 4)) {}

    // As many rows as fit into a buffer of piece_elements.
    std::int64_t rows() const { return piece_elements / (4 * blocks_); }

    // Rows first .. first + count - 1 into `out`, which has room for piece_room floats.
    void draw(std::int64_t first, std::int64_t count, float* out) {
        const int total = static_cast<int>(count) * blocks_;
        RowAddress row = job_.row(first);
        int block = 0;
        std::int64_t r = 0;
        for (int begin = 0; begin < total; begin += group) {
            alignas(64) std::uint32_t lanes[3][group];
            for (int i = 0; i < group; ++i) {
                const int at = i / V::width * V::width + lane_.lane[i % V::width];
                lanes[0][at] = static_cast<std::uint32_t>(block);
                lanes[1][at] = row.row;
                lanes[2][at] = row.step;
                if (++block == blocks_ && r + 1 < count) { // lanes behind the last block are not placed
                    block = 0;
                    row = job_.row(first + ++r);
                }
            }
            alignas(64) float drawn[4 * group];
            make(lanes[0], lanes[1], lanes[2], drawn);
            place(begin, total - begin < group ? total - begin : group, drawn, out);
        }
    }

private:
    [[gnu::always_inline]] void make(const std::uint32_t* block, const std::uint32_t* row, const std::uint32_t* step,
                                     float* drawn) const {
        using I = typename V::I;
        using F = typename V::F;
        I counter[3][vectors];
        for (int g = 0; g < vectors; ++g) {
            counter[0][g] = V::load(block + g * V::width);
            counter[1][g] = V::load(row + g * V::width);
            counter[2][g] = V::load(step + g * V::width);
        }
        I words[4 * vectors];
        F z[4 * vectors];
        philox_lanes<V, vectors>(keys_, job_.address.site, counter[0], counter[1], counter[2], words);
        Kind::template from_words<V, vectors>(words, z);
        for (int g = 0; g < vectors; ++g) {
            V::to_natural(z + 4 * g);
        }
        for (int i = 0; i < 4 * vectors; ++i) {
            V::store(drawn + i * V::width, z[i]);
        }
    }

    // Blocks first .. first + count - 1 of the run to their elements. The last block of a row may reach beyond the row:
    // the next row is placed later, over it.
    void place(int first, int count, const float* drawn, float* out) const {
        std::int64_t r = first / blocks_;
        int block = first % blocks_;
        for (int i = 0; i < count; ++i) {
            __builtin_memcpy(out + r * job_.columns + 4 * block, drawn + 4 * i, 4 * sizeof(float));
            if (++block == blocks_) {
                block = 0;
                ++r;
            }
        }
    }

    const NoiseJob& job_;
    PhiloxKeys<V> keys_;
    LaneOfBlock<V> lane_;
    int blocks_; // of a row
};

// Jobs that take a draw of one word for each element, in every row; float32 or halves. Pieces are rows. Filling the
// lanes takes time of its own: it pays from three rows on, and while a row leaves half of a vector's blocks idle
// (measured).
template <class V>
bool is_narrow(const NoiseJob& job, std::int64_t rows) {
    return rows > 2 && job.columns <= 2 * V::width && !job.shared.any() && job.choice.always();
}

template <class V, class Kind>
void noise_narrow_kernel(const NoiseJob& job, std::int64_t first, std::int64_t last) {
    static_assert(Kind::one_word);
    const Kind kind(job);
    NarrowRows<V, Kind> rows(job);
    alignas(64) float drawn[piece_room], x_room[piece_room], dy_room[piece_room];
    for (std::int64_t r = first; r < last; r += rows.rows()) {
        const std::int64_t count = last - r < rows.rows() ? last - r : rows.rows();
        rows.draw(r, count, drawn);
        combine_piece<V>(kind, job, r * job.columns, count * job.columns, drawn, x_room, dy_room);
    }
}

} // namespace nnoise::simd

#include "words.hpp"

#include "core/philox.hpp"

#include <nativenoise/nativenoise.h>

#include <cstdio>
#include <cstdlib>

namespace quality {

namespace {

constexpr std::uint64_t seed = 1;
constexpr std::int64_t chunk = Position::chunk;

std::uint32_t site() {
    constexpr std::string_view name = "layers.0:activation";
    std::uint32_t hash = 0;
    nnoise_site_hash(name.data(), static_cast<std::int64_t>(name.size()), &hash);
    return hash;
}

void words(std::int64_t rows, std::int64_t columns, std::uint32_t* out, const nnoise_address& address) {
    if (nnoise_words(nullptr, rows, columns, out, address) != NNOISE_STATUS_OK) {
        std::fprintf(stderr, "nnoise_words: %s\n", nnoise_last_error());
        std::exit(1);
    }
}

std::uint32_t low32(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t chunk_number(const Position& p) { return low32(p.first / Position::chunk); }

// A coordinate of 32 bits is used up after 2^32 words: its neighbour, which the part fills below bit 16, then moves on.
std::uint32_t part_and_wraps(const Position& p) { return p.part + (low32(p.first >> 32) << 16); }

void elements(const Position& p, std::uint32_t* out) {
    words(1, chunk, out, {seed, site(), p.part, 0, chunk_number(p), 0, 0});
}

void rows(const Position& p, std::uint32_t* out) {
    words(chunk, 1, out, {seed, site(), part_and_wraps(p), 0, low32(p.first), 1, 0});
}

void steps(const Position& p, std::uint32_t* out) {
    words(chunk, 1, out, {seed, site(), low32(p.first), 1, part_and_wraps(p), 0, 0});
}

void sites(const Position& p, std::uint32_t* out) {
    for (std::uint32_t i = 0; i < Position::chunk; ++i) {
        words(1, 1, out + i, {seed, low32(p.first) + i, 0, 0, part_and_wraps(p), 0, 0});
    }
}

void seeds(const Position& p, std::uint32_t* out) {
    for (std::uint32_t i = 0; i < Position::chunk; ++i) {
        words(1, 1, out + i, {p.first + i, site(), 0, 0, p.part, 0, 0});
    }
}

// Sixteen addresses that differ in one bit of seed, site, step and row, one element of each in turn.
void interleaved(const Position& p, std::uint32_t* out) {
    constexpr std::uint32_t streams = 16, length = Position::chunk / streams;
    static std::uint32_t stream[length];
    for (std::uint32_t s = 0; s < streams; ++s) {
        const std::uint32_t row = (chunk_number(p) << 1) | ((s >> 3) & 1);
        const std::uint32_t step = (p.part << 1) | ((s >> 2) & 1);
        words(1, length, stream, {seed ^ (s & 1), site() ^ ((s >> 1) & 1), step, 0, row, 0, 0});
        for (std::uint32_t e = 0; e < length; ++e) {
            out[e * streams + s] = stream[e];
        }
    }
}

void halves(const Position& p, std::uint32_t* out, int shift) {
    static std::uint32_t whole[2 * chunk];
    words(1, 2 * chunk, whole, {seed, site(), p.part, 0, chunk_number(p), 0, 0});
    for (std::size_t i = 0; i < Position::chunk; ++i) {
        out[i] = ((whole[2 * i] >> shift) & 0xFFFFu) | (((whole[2 * i + 1] >> shift) & 0xFFFFu) << 16);
    }
}

void low_halves(const Position& p, std::uint32_t* out) { halves(p, out, 0); }
void high_halves(const Position& p, std::uint32_t* out) { halves(p, out, 16); }

void reversed(const Position& p, std::uint32_t* out) {
    elements(p, out);
    for (std::uint32_t i = 0; i < Position::chunk; ++i) {
        std::uint32_t w = out[i];
        w = ((w >> 1) & 0x55555555u) | ((w & 0x55555555u) << 1);
        w = ((w >> 2) & 0x33333333u) | ((w & 0x33333333u) << 2);
        w = ((w >> 4) & 0x0F0F0F0Fu) | ((w & 0x0F0F0F0Fu) << 4);
        out[i] = __builtin_bswap32(w);
    }
}

// The words of `elements`, had Philox `rounds` rounds in place of ten.
void philox_rounds_fewer(const Position& p, std::uint32_t* out, int rounds) {
    for (std::uint32_t b = 0; b < Position::chunk / 4; ++b) {
        std::uint32_t x0 = b, x1 = chunk_number(p), x2 = p.part, x3 = site();
        std::uint32_t k0 = low32(seed), k1 = low32(seed >> 32);
        for (int r = 0; r < rounds; ++r) {
            const std::uint64_t p0 = static_cast<std::uint64_t>(nnoise::philox_m0) * x0;
            const std::uint64_t p1 = static_cast<std::uint64_t>(nnoise::philox_m1) * x2;
            x0 = low32(p1 >> 32) ^ x1 ^ k0;
            x1 = low32(p1);
            x2 = low32(p0 >> 32) ^ x3 ^ k1;
            x3 = low32(p0);
            k0 += nnoise::philox_w0;
            k1 += nnoise::philox_w1;
        }
        out[4 * b] = x0;
        out[4 * b + 1] = x1;
        out[4 * b + 2] = x2;
        out[4 * b + 3] = x3;
    }
}

void control(const Position& p, std::uint32_t* out) { philox_rounds_fewer(p, out, 3); }

} // namespace

const std::vector<Order>& orders() {
    static const std::vector<Order> all = {
        {"elements", "element after element of a row, 2^20 of them, then the next row", elements},
        {"rows", "element 0 of row 0, 1, 2, ...", rows},
        {"steps", "element 0 of step 0, 1, 2, ...", steps},
        {"sites", "element 0 of the sites whose hashes are 0, 1, 2, ...", sites},
        {"seeds", "element 0 of seed 0, 1, 2, ...", seeds},
        {"interleaved", "element after element of 16 addresses in turn, one bit apart in seed, site, step or row",
         interleaved},
        {"low-halves", "the lower 16 bits of two neighbouring elements", low_halves},
        {"high-halves", "the upper 16 bits of two neighbouring elements", high_halves},
        {"reversed", "as `elements`, the 32 bits in reverse order", reversed},
        {"control", "not the library's words: as `elements`, with 3 rounds of Philox in place of 10", control},
    };
    return all;
}

const Order* find_order(std::string_view name) {
    for (const Order& order : orders()) {
        if (order.name == name) {
            return &order;
        }
    }
    return nullptr;
}

} // namespace quality

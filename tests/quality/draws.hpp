// Draws through the public ABI along each direction of an address, in chunks; and the lines of a result table.
#pragma once

#include "results.hpp"
#include "statistics.hpp"

#include <nativenoise/nativenoise.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace quality {

constexpr std::int64_t chunk_draws = 1 << 18;
constexpr std::int64_t billion = 3815; // chunks: 1,000,079,360 draws

// Any fill of the ABI: [rows, columns] at an address.
template <class T>
using Fill = std::function<nnoise_status(std::int64_t rows, std::int64_t columns, T* out, const nnoise_address&)>;

Fill<float> standard_normals();
Fill<float> uniforms(float low, float high);
Fill<std::uint32_t> raw_words();

// Ends the program with the ABI's message where a call failed.
void require(nnoise_status status);

// How chunk after chunk moves through the addresses: one long row after another, or four elements (a block) of each
// row, step, site or seed, so that neighbouring draws are of neighbouring addresses.
enum class Direction {
    elements,
    rows,
    steps,
    sites,
    seeds
};
constexpr Direction directions[] = {Direction::elements, Direction::rows, Direction::steps, Direction::sites,
                                    Direction::seeds};
const char* name_of(Direction direction);

constexpr std::uint64_t base_seed = 2024;
std::uint32_t site_of(const char* name);

template <class T>
void fill_chunk(Direction direction, std::int64_t chunk, const Fill<T>& fill, T* out) {
    constexpr std::int64_t blocks = chunk_draws / 4;
    const auto first = static_cast<std::uint32_t>(chunk * blocks);
    const std::uint32_t site = site_of("layers.0:activation");
    switch (direction) {
    case Direction::elements:
        return require(fill(1, chunk_draws, out, {base_seed, site, 0, 0, static_cast<std::uint32_t>(chunk), 0, 0}));
    case Direction::rows:
        return require(fill(blocks, 4, out, {base_seed, site, 1, 0, first, 1, 0}));
    case Direction::steps:
        return require(fill(blocks, 4, out, {base_seed, site, first, 1, 0, 0, 0}));
    case Direction::sites:
        for (std::uint32_t i = 0; i < blocks; ++i) {
            require(fill(1, 4, out + 4 * i, {base_seed, first + i, 0, 0, 0, 0, 0}));
        }
        return;
    case Direction::seeds:
        for (std::uint32_t i = 0; i < blocks; ++i) {
            require(fill(1, 4, out + 4 * i, {first + i, site, 0, 0, 0, 0, 0}));
        }
        return;
    }
}

// A table of p-values: suite, test, draws, observed, expected, p.
void print_titles();
void print_p(const std::string& suite, const std::string& test, double draws, const std::string& observed,
             const std::string& expected, double p);
// A line without a p-value.
void print_fact(const std::string& suite, const std::string& test, double draws, const std::string& observed,
                const std::string& expected);
void print_z(const std::string& suite, const std::string& test, double draws, double observed, double expected,
             double standard_error);
void print_chi_square(const std::string& suite, const std::string& test, double draws, const ChiSquare& result);

} // namespace quality

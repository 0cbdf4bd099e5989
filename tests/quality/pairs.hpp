// Pairs of streams that should be independent: the same elements of two addresses that differ little, or two places of
// one address.
#pragma once

#include <nativenoise/nativenoise.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace quality {

// A chunk is [rows, columns] at an address; element (r, e + skip) of the second meets (r, e) of the first.
struct Pair {
    std::string group; // what kind of neighbourhood
    std::string name;
    std::function<nnoise_address(std::uint32_t chunk)> first;
    std::function<nnoise_address(std::uint32_t chunk)> second;
    std::int64_t skip = 0;
    int parity = -1; // of the first's elements: 0 even ones, 1 odd ones, -1 all
};

constexpr std::int64_t pair_rows = 32, pair_columns = 1024;

const std::vector<Pair>& pairs();

} // namespace quality

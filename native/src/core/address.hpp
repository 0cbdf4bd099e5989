// Where noise lives: contract sections 2 and 3.
#pragma once

#include "philox.hpp"

namespace nnoise {

// One row's address: the Philox counter is (block, row, step, site), the key is the seed.
struct RowAddress {
    std::uint64_t seed;
    std::uint32_t site;
    std::uint32_t step;
    std::uint32_t row;
};

// Block b holds the words of elements 4b .. 4b+3.
NNOISE_HD Block block_at(const RowAddress& a, std::uint32_t block) {
    return philox4x32(Block{{block, a.row, a.step, a.site}}, a.seed);
}

NNOISE_HD std::uint32_t word_at(const RowAddress& a, std::uint64_t element) {
    return block_at(a, static_cast<std::uint32_t>(element >> 2)).word[element & 3];
}

// The finaliser of MurmurHash3 (32 bits): a bijection in which every input bit reaches every output bit.
NNOISE_HD std::uint32_t mix32(std::uint32_t h) {
    h ^= h >> 16;
    h *= 0x85EBCA6Bu;
    h ^= h >> 13;
    h *= 0xC2B2AE35u;
    h ^= h >> 16;
    return h;
}

// FNV-1a (32 bits) of the site's UTF-8 name, finished by mix32.
NNOISE_HD std::uint32_t site_hash(const unsigned char* name, std::int64_t length) {
    std::uint32_t h = 0x811C9DC5u;
    for (std::int64_t i = 0; i < length; ++i) {
        h = (h ^ name[i]) * 0x01000193u;
    }
    return mix32(h);
}

// The site that the j-th further word of a kind is taken from.
NNOISE_HD std::uint32_t site_salt(std::uint32_t site, std::uint32_t j) {
    return j == 0 ? site : mix32(site + j * 0x9E3779B9u);
}

NNOISE_HD RowAddress salted(RowAddress row, std::uint32_t j) {
    row.site = site_salt(row.site, j);
    return row;
}

} // namespace nnoise

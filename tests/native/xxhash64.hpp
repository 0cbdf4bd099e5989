// XXH64 of a block of bytes, from its public specification (github.com/Cyan4973/xxHash, doc/xxhash_spec.md).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace test {

namespace xxh64 {

constexpr std::uint64_t prime1 = 0x9E3779B185EBCA87u;
constexpr std::uint64_t prime2 = 0xC2B2AE3D27D4EB4Fu;
constexpr std::uint64_t prime3 = 0x165667B19E3779F9u;
constexpr std::uint64_t prime4 = 0x85EBCA77C2B2AE63u;
constexpr std::uint64_t prime5 = 0x27D4EB2F165667C5u;

inline std::uint64_t round(std::uint64_t accumulator, std::uint64_t lane) {
    return std::rotl(accumulator + lane * prime2, 31) * prime1;
}

inline std::uint64_t merge(std::uint64_t h, std::uint64_t accumulator) {
    return (h ^ round(0, accumulator)) * prime1 + prime4;
}

// The bytes of a number stand lowest first, whatever the machine's own order.
inline std::uint64_t read(const unsigned char* p, int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) {
        value |= static_cast<std::uint64_t>(p[i]) << (8 * i);
    }
    return value;
}

} // namespace xxh64

inline std::uint64_t xxhash64(const void* data, std::size_t size, std::uint64_t seed = 0) {
    using namespace xxh64;
    const auto* p = static_cast<const unsigned char*>(data);
    std::size_t left = size;
    std::uint64_t h = seed + prime5;
    if (left >= 32) {
        std::uint64_t a = seed + prime1 + prime2, b = seed + prime2, c = seed, d = seed - prime1;
        for (; left >= 32; left -= 32, p += 32) {
            a = round(a, read(p, 8));
            b = round(b, read(p + 8, 8));
            c = round(c, read(p + 16, 8));
            d = round(d, read(p + 24, 8));
        }
        h = std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
        h = merge(merge(merge(merge(h, a), b), c), d);
    }
    h += size;
    for (; left >= 8; left -= 8, p += 8) {
        h = std::rotl(h ^ round(0, read(p, 8)), 27) * prime1 + prime4;
    }
    if (left >= 4) {
        h = std::rotl(h ^ (read(p, 4) * prime1), 23) * prime2 + prime3;
        left -= 4;
        p += 4;
    }
    for (; left > 0; --left, ++p) {
        h = std::rotl(h ^ (read(p, 1) * prime5), 11) * prime1;
    }
    h = (h ^ (h >> 33)) * prime2;
    h = (h ^ (h >> 29)) * prime3;
    return h ^ (h >> 32);
}

} // namespace test

// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
#pragma once

#include "platform.hpp"

namespace nnoise {

struct Block {
    std::uint32_t word[4];
};

inline constexpr std::uint32_t philox_m0 = 0xD2511F53u;
inline constexpr std::uint32_t philox_m1 = 0xCD9E8D57u;
inline constexpr std::uint32_t philox_w0 = 0x9E3779B9u; // golden ratio
inline constexpr std::uint32_t philox_w1 = 0xBB67AE85u; // sqrt(3) - 1
inline constexpr int philox_rounds = 10;

// One round: (x0, x1, x2, x3) -> (hi(M1 x2) ^ x1 ^ k0, lo(M1 x2), hi(M0 x0) ^ x3 ^ k1, lo(M0 x0)); the key is bumped
// between rounds by the Weyl constants.
NNOISE_HD Block philox4x32(Block x, std::uint64_t key) {
    std::uint32_t k0 = static_cast<std::uint32_t>(key);
    std::uint32_t k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < philox_rounds; ++round) {
        const std::uint64_t p0 = static_cast<std::uint64_t>(philox_m0) * x.word[0];
        const std::uint64_t p1 = static_cast<std::uint64_t>(philox_m1) * x.word[2];
        x = Block{{static_cast<std::uint32_t>(p1 >> 32) ^ x.word[1] ^ k0, static_cast<std::uint32_t>(p1),
                   static_cast<std::uint32_t>(p0 >> 32) ^ x.word[3] ^ k1, static_cast<std::uint32_t>(p0)}};
        k0 += philox_w0;
        k1 += philox_w1;
    }
    return x;
}

} // namespace nnoise

#include "features.hpp"

#include <atomic>
#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace nnoise {
namespace {

#if defined(__x86_64__)

struct X86 {
    bool avx2;
    bool avx512;
};

// XCR0: which registers the operating system saves.
std::uint64_t saved_state() {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (static_cast<std::uint64_t>(high) << 32) | low;
}

X86 detect() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) {
        return X86{false, false};
    }
    constexpr unsigned fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28, f16c = 1u << 29;
    constexpr unsigned first = fma | osxsave | avx | f16c;
    if ((c & first) != first) {
        return X86{false, false};
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) {
        return X86{false, false};
    }
    constexpr std::uint64_t ymm = 0x06, zmm = 0xE6;
    constexpr unsigned avx2 = 1u << 5;
    constexpr unsigned avx512 = (1u << 16) | (1u << 17) | (1u << 30) | (1u << 31); // F, DQ, BW, VL
    const std::uint64_t state = saved_state();
    const bool has_avx2 = (b & avx2) != 0 && (state & ymm) == ymm;
    return X86{has_avx2, has_avx2 && (b & avx512) == avx512 && (state & zmm) == zmm};
}

// Asked once: on a virtual machine each cpuid is a trip to the host.
X86 features() {
    constexpr unsigned known = 1, with_avx2 = 2, with_avx512 = 4;
    static std::atomic<unsigned> found{0};
    unsigned bits = found.load(std::memory_order_relaxed);
    if (bits == 0) {
        const X86 x = detect();
        bits = known | (x.avx2 ? with_avx2 : 0) | (x.avx512 ? with_avx512 : 0);
        found.store(bits, std::memory_order_relaxed);
    }
    return X86{(bits & with_avx2) != 0, (bits & with_avx512) != 0};
}

#elif defined(__aarch64__)

// Part of the architecture's baseline; Linux says whether processor and kernel both have it.
bool has_neon() {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_ASIMD) != 0;
#else
    return true;
#endif
}

#endif

} // namespace

bool machine_has(nnoise_isa isa) {
    switch (isa) {
    case NNOISE_ISA_SCALAR:
        return true;
#if defined(__x86_64__)
    case NNOISE_ISA_AVX2:
        return features().avx2;
    case NNOISE_ISA_AVX512:
        return features().avx512;
#elif defined(__aarch64__)
    case NNOISE_ISA_NEON:
        return has_neon();
#endif
    default:
        return false;
    }
}

} // namespace nnoise

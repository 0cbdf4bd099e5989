// The processor's floating-point mode: round to nearest, subnormals kept, no traps. Hosts may have set another one.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace nnoise {

// Sets the mode for the life of the object and gives the host's back.
class FloatMode {
public:
#if defined(__x86_64__)
    FloatMode() : host_(_mm_getcsr()) { _mm_setcsr(0x1F80u); } // all exceptions masked, nearest, no FTZ, no DAZ
    ~FloatMode() { _mm_setcsr(host_); }
#elif defined(__aarch64__)
    // All bits of FPCR are 0: nearest, no flush-to-zero of inputs or results of any width, NaNs keep their payloads,
    // IEEE's half format, no traps. Writing the register may drain the pipeline, and most hosts have that mode already.
    FloatMode() {
        __asm__ volatile("mrs %0, fpcr" : "=r"(host_) : : "memory");
        if (host_ != 0) {
            set(0);
        }
    }
    ~FloatMode() {
        if (host_ != 0) {
            set(host_);
        }
    }
#else
#error "FloatMode knows x86-64 and AArch64"
#endif
    FloatMode(const FloatMode&) = delete;
    FloatMode& operator=(const FloatMode&) = delete;

private:
#if defined(__x86_64__)
    unsigned host_;
#else
    static void set(std::uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode) : "memory"); }
    std::uint64_t host_;
#endif
};

} // namespace nnoise

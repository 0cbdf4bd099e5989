// The processor's floating-point mode: round to nearest, subnormals kept, no traps. Hosts may have set another one.
#pragma once

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
    FloatMode() {
        __asm__ volatile("mrs %0, fpcr" : "=r"(host_));
        const unsigned long plain = 0;
        __asm__ volatile("msr fpcr, %0" : : "r"(plain));
    }
    ~FloatMode() { __asm__ volatile("msr fpcr, %0" : : "r"(host_)); }
#else
#error "FloatMode knows x86-64 and AArch64"
#endif
    FloatMode(const FloatMode&) = delete;
    FloatMode& operator=(const FloatMode&) = delete;

private:
#if defined(__x86_64__)
    unsigned host_;
#else
    unsigned long host_;
#endif
};

} // namespace nnoise

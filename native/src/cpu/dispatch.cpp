#include "dispatch.hpp"

#include "../api/guard.hpp"
#include "features.hpp"

#include <atomic>
#include <stdlib.h>
#include <string.h>

namespace nnoise {
namespace {

constexpr const char* variable = "NNOISE_ISA";

struct Entry {
    nnoise_isa isa;
    const char* name;
    const Kernels* kernels; // null: not in this build
};

// From the best to the plainest.
constexpr Entry table[] = {
#if defined(__x86_64__)
    {NNOISE_ISA_AVX512, "avx512", &avx512_kernels},
    {NNOISE_ISA_AVX2, "avx2", &avx2_kernels},
#else
    {NNOISE_ISA_AVX512, "avx512", nullptr},
    {NNOISE_ISA_AVX2, "avx2", nullptr},
#endif
#if defined(__aarch64__)
    {NNOISE_ISA_NEON, "neon", &neon_kernels},
#else
    {NNOISE_ISA_NEON, "neon", nullptr},
#endif
    {NNOISE_ISA_SCALAR, "scalar", &scalar_kernels},
};

nnoise_status use(const char* call, const Entry& entry, nnoise_isa* isa) {
    if (entry.kernels == nullptr) {
        return fail(NNOISE_STATUS_NOT_SUPPORTED, "%s: instruction set %s is not in this build", call, entry.name);
    }
    if (!machine_has(entry.isa)) {
        return fail(NNOISE_STATUS_NOT_SUPPORTED, "%s: this machine lacks instruction set %s", call, entry.name);
    }
    *isa = entry.isa;
    return NNOISE_STATUS_OK;
}

nnoise_isa best() {
    for (const Entry& entry : table) {
        if (entry.kernels != nullptr && machine_has(entry.isa)) {
            return entry.isa;
        }
    }
    return NNOISE_ISA_SCALAR;
}

} // namespace

nnoise_status resolve_isa(const char* call, nnoise_isa requested, nnoise_isa* isa) {
    if (requested == NNOISE_ISA_AUTO) {
        const char* text = getenv(variable);
        if (text == nullptr || *text == '\0' || strcmp(text, "auto") == 0) {
            *isa = best();
            return NNOISE_STATUS_OK;
        }
        for (const Entry& entry : table) {
            if (strcmp(text, entry.name) == 0) {
                return use(call, entry, isa);
            }
        }
        return fail(NNOISE_STATUS_INVALID_ARGUMENT,
                    "%s: environment variable %s is \"%.32s\"; expected auto, scalar, avx2, avx512 or neon", call,
                    variable, text);
    }
    for (const Entry& entry : table) {
        if (entry.isa == requested) {
            return use(call, entry, isa);
        }
    }
    return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: isa is %d; expected an nnoise_isa", call,
                static_cast<int>(requested));
}

nnoise_status default_isa(const char* call, nnoise_isa* isa) {
    static std::atomic<nnoise_isa> found{NNOISE_ISA_AUTO}; // two threads that look it up at the same time find the same
    *isa = found.load(std::memory_order_relaxed);
    if (*isa == NNOISE_ISA_AUTO) {
        NNOISE_TRY(resolve_isa(call, NNOISE_ISA_AUTO, isa));
        found.store(*isa, std::memory_order_relaxed);
    }
    return NNOISE_STATUS_OK;
}

const Kernels& kernels_of(nnoise_isa isa) {
    for (const Entry& entry : table) {
        if (entry.isa == isa && entry.kernels != nullptr) {
            return *entry.kernels;
        }
    }
    return scalar_kernels;
}

} // namespace nnoise

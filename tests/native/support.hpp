// What the native tests share: contexts, data, buffers with guards around them, and comparison of bits.
#pragma once

#include <nativenoise/nativenoise.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace test {

// A context of its own; the reference is {1, NNOISE_ISA_SCALAR}.
class Context {
public:
    explicit Context(int threads = 1, nnoise_isa isa = NNOISE_ISA_AUTO) {
        nnoise_context_options options;
        nnoise_context_options_default(&options);
        options.threads = threads;
        options.isa = isa;
        const nnoise_status status = nnoise_context_create(&options, &context_);
        EXPECT_EQ(status, NNOISE_STATUS_OK) << nnoise_last_error();
    }
    ~Context() { nnoise_context_destroy(context_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    operator nnoise_context*() const { return context_; }

private:
    nnoise_context* context_ = nullptr;
};

inline std::uint32_t bits(float f) {
    std::uint32_t u;
    std::memcpy(&u, &f, sizeof u);
    return u;
}

inline float from_bits(std::uint32_t u) {
    float f;
    std::memcpy(&f, &u, sizeof f);
    return f;
}

// Equal bits; NaNs are all alike (payloads and signs of NaNs are outside the contract).
inline bool same(float a, float b) { return bits(a) == bits(b) || (a != a && b != b); }

inline ::testing::AssertionResult same_bits(const float* expected, const float* actual, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
        if (!same(expected[i], actual[i])) {
            return ::testing::AssertionFailure()
                   << "element " << i << " of " << n << ": expected " << expected[i] << " (0x" << std::hex
                   << bits(expected[i]) << "), got " << actual[i] << " (0x" << bits(actual[i]) << ")";
        }
    }
    return ::testing::AssertionSuccess();
}

// n floats that start `offset` floats after a 64-byte boundary, between guards that check() finds whole.
class Buffer {
public:
    explicit Buffer(std::int64_t n, int offset = 0) : n_(n), storage_(static_cast<std::size_t>(n) + 64) {
        float* start = storage_.data();
        while (reinterpret_cast<std::uintptr_t>(start) % 64 != 0) {
            ++start;
        }
        data_ = start + 16 + offset; // storage may have moved start by up to 15: 64 floats leave room behind
        for (float& f : storage_) {
            f = from_bits(guard);
        }
    }
    float* data() { return data_; }
    const float* data() const { return data_; }
    std::int64_t size() const { return n_; }
    Buffer& operator=(const std::vector<float>& values) {
        std::copy_n(values.begin(), n_, data_);
        return *this;
    }
    ::testing::AssertionResult check() const {
        for (const float* p = storage_.data(); p < storage_.data() + storage_.size(); ++p) {
            if ((p < data_ || p >= data_ + n_) && bits(*p) != guard) {
                return ::testing::AssertionFailure() << "wrote at element " << (p - data_) << " of " << n_;
            }
        }
        return ::testing::AssertionSuccess();
    }

private:
    static constexpr std::uint32_t guard = 0x5AFE5AFEu;
    std::int64_t n_;
    std::vector<float> storage_;
    float* data_;
};

// Values of every sort, the same for the same seed: ordinary ones, and now and then zeros of both signs, subnormals,
// large ones, infinities and NaN when `specials` is set.
inline std::vector<float> values(std::int64_t n, std::uint32_t seed, bool specials = false, float scale = 2.0f) {
    std::vector<float> v(static_cast<std::size_t>(n));
    std::uint64_t state = seed * 2654435761u + 12345u;
    for (float& f : v) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const std::uint32_t r = static_cast<std::uint32_t>(state >> 32);
        f = (static_cast<float>(r >> 8) * 0x1p-23f - 1.0f) * scale;
        if (specials && (r & 0xFu) == 0) {
            constexpr float list[] = {0.0f, -0.0f, 1e-42f, -3e-39f, 1e30f, -3e38f, 88.8f, -104.5f};
            const std::uint32_t which = (r >> 4) % 12;
            f = which < 8     ? list[which]
                : which == 8  ? __builtin_inff()
                : which == 9  ? -__builtin_inff()
                : which == 10 ? __builtin_nanf("")
                              : 16.5f;
        }
    }
    return v;
}

inline nnoise_address address(std::uint64_t seed = 0x0123456789ABCDEFu, std::uint32_t site = 0xC0FFEE11u,
                              std::uint32_t step = 7, std::uint32_t step_stride = 0, std::uint32_t first_row = 3,
                              std::uint32_t row_stride = 1) {
    return nnoise_address{seed, site, step, step_stride, first_row, row_stride, 0};
}

// The sets to compare with the reference: what this machine and build have.
inline std::vector<nnoise_isa> fast_sets() {
    std::vector<nnoise_isa> sets;
    for (const nnoise_isa isa : {NNOISE_ISA_AVX2, NNOISE_ISA_AVX512, NNOISE_ISA_NEON}) {
        nnoise_context_options options;
        nnoise_context_options_default(&options);
        options.isa = isa;
        options.threads = 1;
        nnoise_context* context = nullptr;
        if (nnoise_context_create(&options, &context) == NNOISE_STATUS_OK) {
            sets.push_back(isa);
            nnoise_context_destroy(context);
        }
    }
    return sets;
}

} // namespace test

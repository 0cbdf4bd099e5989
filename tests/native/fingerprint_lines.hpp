// The lines of tests/vectors/fingerprints.txt that go through the C ABI, and what they are taken of:
// docs/fingerprint.md. Only the first block of each, 2^20 draws.
#pragma once

#include <nativenoise/nativenoise.h>

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace fingerprint {

// How a line is computed. None of it may change a hash.
struct Setting {
    int threads;
    int offset;                 // elements from a 64-byte boundary to the buffers' first
    std::int64_t rows_per_call; // element-wise lines alone
    bool in_place;              // element-wise lines alone
};

// What a line computed, as the bytes that are hashed.
using Bytes = std::vector<unsigned char>;

struct Line {
    std::string name;
    std::string type;
    bool element_wise;
    std::function<nnoise_status(nnoise_context*, const Setting&, Bytes&)> run;

    std::string key() const { return name + " " + type; }
};

// Streams of input data.
enum Stream : std::uint32_t {
    stream_x,
    stream_gradient,
    stream_weight,
    stream_weight_scale,
    stream_bias,
    stream_bias_scale,
    stream_label
};

constexpr std::int64_t rows = 64;
constexpr std::int64_t columns = 1 << 14;
constexpr std::int64_t block = rows * columns;

inline void PrintTo(const Line& line, std::ostream* os) { *os << line.key(); }

std::uint32_t word(std::uint32_t stream, std::uint32_t index);

// Element `index` of a stream as a value in [-4, 4]; that of half precision has 8 bits, so that both halves hold it.
float single(std::uint32_t stream, std::uint32_t index);
float coarse(std::uint32_t stream, std::uint32_t index);

// The address of a purpose, such as "fingerprint:weight", at step and row.
nnoise_address address(const std::string& site, std::uint32_t step, std::uint32_t first_row = 0);

std::vector<Line> element_lines();   // fingerprint_elements.cpp
std::vector<Line> operation_lines(); // fingerprint_operations.cpp

} // namespace fingerprint

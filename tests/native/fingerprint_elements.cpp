#include "fingerprint_lines.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

namespace fingerprint {

std::uint32_t word(std::uint32_t stream, std::uint32_t index) {
    std::uint32_t h = index + stream * 0x9E3779B9u;
    h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
    h = (h ^ (h >> 13)) * 0xC2B2AE35u;
    return h ^ (h >> 16);
}

namespace {

// One in 1,024 is a zero, of either sign.
bool zero(std::uint32_t w, float& value) {
    value = (w & 0x400u) == 0 ? 0.0f : -0.0f;
    return (w & 0x3FFu) == 0;
}

} // namespace

float single(std::uint32_t stream, std::uint32_t index) {
    const std::uint32_t w = word(stream, index);
    float value;
    return zero(w, value) ? value : static_cast<float>(static_cast<std::int32_t>(w)) * 0x1p-29f;
}

float coarse(std::uint32_t stream, std::uint32_t index) {
    const std::uint32_t w = word(stream, index);
    float value;
    return zero(w, value) ? value : static_cast<float>(static_cast<std::int32_t>(w) >> 24) * 0x1p-5f;
}

nnoise_address address(const std::string& site, std::uint32_t step, std::uint32_t first_row) {
    std::uint32_t hash = 0;
    nnoise_site_hash(site.data(), static_cast<std::int64_t>(site.size()), &hash);
    return {0x0123456789ABCDEFu, hash, step, 0, first_row, 1, 0};
}

namespace {

enum Reads {
    reads_nothing = 0,
    reads_x = 1,
    reads_gradient = 2,
    reads_both = 3,
    reads_magnitude = 4, // x without its signs
};

struct Type {
    const char* name;
    nnoise_dtype dtype;
    std::size_t bytes;
};

constexpr Type float32{"float32", NNOISE_DTYPE_FLOAT32, 4};
constexpr Type float16{"float16", NNOISE_DTYPE_FLOAT16, 2};
constexpr Type bfloat16{"bfloat16", NNOISE_DTYPE_BFLOAT16, 2};

using Call = std::function<nnoise_status(nnoise_context*, nnoise_dtype, std::int64_t rows, const void* x,
                                         const void* dy, void* y, nnoise_address)>;

// A block of elements that starts `offset` elements behind a 64-byte boundary.
class Buffer {
public:
    Buffer(const Type& type, int offset) : type_(type), storage_(static_cast<std::size_t>(block) * type.bytes + 256) {
        auto start = reinterpret_cast<std::uintptr_t>(storage_.data());
        data_ = storage_.data() + (64 - start % 64) % 64 + static_cast<std::size_t>(offset) * type.bytes;
    }
    unsigned char* row(std::int64_t r) { return data_ + static_cast<std::size_t>(r * columns) * type_.bytes; }
    void fill(std::uint32_t stream, bool magnitude = false) {
        for (std::uint32_t i = 0; i < block; ++i) {
            unsigned char* p = data_ + i * type_.bytes;
            float value = type_.dtype == NNOISE_DTYPE_FLOAT32 ? single(stream, i) : coarse(stream, i);
            value = magnitude ? std::fabs(value) : value;
            if (type_.dtype == NNOISE_DTYPE_FLOAT32) {
                std::memcpy(p, &value, sizeof value);
            } else {
                const std::uint16_t bits = half(value);
                std::memcpy(p, &bits, sizeof bits);
            }
        }
    }
    void copy(Buffer& other) { std::memcpy(data_, other.data_, static_cast<std::size_t>(block) * type_.bytes); }
    Bytes bytes() const { return {data_, data_ + static_cast<std::size_t>(block) * type_.bytes}; }

private:
    // Exact for the values of `coarse`: 8 bits, from 2^-5 to 4.
    std::uint16_t half(float value) const {
        std::uint32_t u;
        std::memcpy(&u, &value, sizeof u);
        if (type_.dtype == NNOISE_DTYPE_BFLOAT16) {
            return static_cast<std::uint16_t>(u >> 16);
        }
        const std::uint32_t magnitude = u & 0x7FFFFFFFu;
        return static_cast<std::uint16_t>((u >> 16 & 0x8000u) |
                                          (magnitude == 0 ? 0 : (magnitude >> 13) - (112u << 10)));
    }

    Type type_;
    Bytes storage_;
    unsigned char* data_;
};

nnoise_status compute(const Type& type, Reads reads, const Call& call, nnoise_context* context, const Setting& setting,
                      Bytes& out) {
    Buffer x(type, setting.offset), dy(type, setting.offset + 1), y(type, setting.offset + 2);
    const bool gradient_in_place = setting.in_place && (reads & reads_gradient) != 0;
    const bool reads_input = (reads & (reads_x | reads_magnitude)) != 0;
    const bool x_in_place = setting.in_place && reads_input && !gradient_in_place;
    if (reads_input) {
        x.fill(stream_x, (reads & reads_magnitude) != 0);
    }
    if ((reads & reads_gradient) != 0) {
        dy.fill(stream_gradient);
    }
    if (gradient_in_place || x_in_place) {
        y.copy(gradient_in_place ? dy : x);
    }
    for (std::int64_t row = 0; row < rows; row += setting.rows_per_call) {
        const std::int64_t count = std::min(setting.rows_per_call, rows - row);
        const void* from = !reads_input ? nullptr : x_in_place ? y.row(row) : x.row(row);
        const void* gradient = gradient_in_place ? y.row(row) : dy.row(row);
        const nnoise_status status = call(context, type.dtype, count, from, gradient, y.row(row),
                                          address("fingerprint:activation", 7, static_cast<std::uint32_t>(row)));
        if (status != NNOISE_STATUS_OK) {
            return status;
        }
    }
    out = y.bytes();
    return NNOISE_STATUS_OK;
}

Line line(const std::string& name, const Type& type, Reads reads, const Call& call) {
    return {name, type.name, true, [=](nnoise_context* context, const Setting& setting, Bytes& out) {
                return compute(type, reads, call, context, setting, out);
            }};
}

// A kind of noise; backward where its gradient draws.
struct Kind {
    const char* name;
    nnoise_noise_kind kind;
    Reads forward;
    Reads backward; // reads_nothing: no line for it
    std::function<void(nnoise_noise&)> set;
};

// Rows of three axes; bit i of `shared`: the noise is the same along axis i of a row.
void image(nnoise_noise& n, std::uint32_t shared) {
    n.axes = 3;
    n.axis_length[0] = 16;
    n.axis_length[1] = n.axis_length[2] = 32;
    n.shared_axes = shared;
}

void chosen(nnoise_noise& n) {
    n.apply_probability = 0.5f;
    n.apply_site = address("fingerprint:apply", 0).site;
}

std::vector<Kind> kinds() {
    using N = nnoise_noise;
    const Reads none = reads_nothing, x = reads_x, dy = reads_gradient, both = reads_both, magnitude = reads_magnitude;
    return {
        {"gaussian", NNOISE_NOISE_GAUSSIAN, x, none, [](N& n) { n.std = 0.1f; }},
        {"gaussian_relative", NNOISE_NOISE_GAUSSIAN_RELATIVE, x, both, [](N& n) { n.std = 0.3f; }},
        {"gaussian_multiplicative", NNOISE_NOISE_GAUSSIAN_MULTIPLICATIVE, x, dy, [](N& n) { n.std = 0.2f; }},
        {"uniform", NNOISE_NOISE_UNIFORM, x, none, [](N& n) { n.low = -0.1f, n.high = 0.3f; }},
        {"salt_and_pepper", NNOISE_NOISE_SALT_AND_PEPPER, x, dy,
         [](N& n) { n.probability = 0.3f, n.salt = 1.5f, n.pepper = -0.5f; }},
        {"dropout", NNOISE_NOISE_DROPOUT, x, dy, [](N& n) { n.probability = 0.4f; }},
        {"laplace", NNOISE_NOISE_LAPLACE, x, none, [](N& n) { n.std = 0.1f; }},
        {"student_t", NNOISE_NOISE_STUDENT_T, x, none, [](N& n) { n.std = 0.1f, n.degrees = 5.0f; }},
        {"poisson", NNOISE_NOISE_POISSON, magnitude, none, [](N& n) { n.peak = 8.0f; }},
        {"gaussian_snr", NNOISE_NOISE_GAUSSIAN_SNR, x, none, [](N& n) { n.snr_db = 20.0f; }},
        {"pink", NNOISE_NOISE_PINK, x, none, [](N& n) { n.std = 0.1f; }},
        {"brown", NNOISE_NOISE_BROWN, x, none, [](N& n) { n.std = 0.1f; }},
        {"pink_lines", NNOISE_NOISE_PINK, x, none, [](N& n) { n.std = 0.1f, image(n, 0); }},
        {"gaussian_shared_axes", NNOISE_NOISE_GAUSSIAN, x, none, [](N& n) { n.std = 0.1f, image(n, 2); }},
        {"dropout_shared_axes", NNOISE_NOISE_DROPOUT, x, dy, [](N& n) { n.probability = 0.4f, image(n, 6); }},
        {"gaussian_chosen_rows", NNOISE_NOISE_GAUSSIAN, x, none, [](N& n) { n.std = 0.1f, chosen(n); }},
        {"gaussian_relative_chosen_rows", NNOISE_NOISE_GAUSSIAN_RELATIVE, x, both,
         [](N& n) { n.std = 0.3f, chosen(n); }},
    };
}

void add_fills(std::vector<Line>& lines, const Type& type) {
    lines.push_back(line("fill_uniform", type, reads_nothing,
                         [](nnoise_context* c, nnoise_dtype t, std::int64_t n, const void*, const void*, void* y,
                            nnoise_address a) { return nnoise_fill_uniform(c, t, n, columns, y, a, -0.25f, 1.5f); }));
    lines.push_back(line("fill_normal", type, reads_nothing,
                         [](nnoise_context* c, nnoise_dtype t, std::int64_t n, const void*, const void*, void* y,
                            nnoise_address a) { return nnoise_fill_normal(c, t, n, columns, y, a, 0.25f, 1.5f); }));
    lines.push_back(line("fill_signs", type, reads_nothing,
                         [](nnoise_context* c, nnoise_dtype t, std::int64_t n, const void*, const void*, void* y,
                            nnoise_address a) { return nnoise_fill_signs(c, t, n, columns, y, a); }));
}

void add_kind(std::vector<Line>& lines, const Kind& kind, const Type& type) {
    nnoise_noise noise;
    nnoise_noise_default(kind.kind, &noise);
    kind.set(noise);
    lines.push_back(
        line(kind.name, type, kind.forward,
             [noise](nnoise_context* c, nnoise_dtype t, std::int64_t n, const void* x, const void*, void* y,
                     nnoise_address a) { return nnoise_noise_forward(c, t, n, columns, x, y, a, &noise); }));
    if (kind.backward != reads_nothing) {
        lines.push_back(
            line(std::string(kind.name) + "_backward", type, kind.backward,
                 [noise](nnoise_context* c, nnoise_dtype t, std::int64_t n, const void* x, const void* dy, void* dx,
                         nnoise_address a) { return nnoise_noise_backward(c, t, n, columns, x, dy, dx, a, &noise); }));
    }
}

} // namespace

std::vector<Line> element_lines() {
    std::vector<Line> lines;
    lines.push_back(
        line("words", {"uint32", NNOISE_DTYPE_FLOAT32, 4}, reads_nothing,
             [](nnoise_context* c, nnoise_dtype, std::int64_t n, const void*, const void*, void* y, nnoise_address a) {
                 return nnoise_words(c, n, columns, static_cast<std::uint32_t*>(y), a);
             }));
    for (const Type& type : {float32, float16, bfloat16}) {
        add_fills(lines, type);
        for (const Kind& kind : kinds()) {
            add_kind(lines, kind, type);
        }
    }
    return lines;
}

} // namespace fingerprint

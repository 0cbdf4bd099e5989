// The contract's known answers, tests/vectors/noise.kat: every element-wise kind over a few addresses. The file is read
// by the managed tests as well. NNOISE_WRITE_VECTORS=1 writes it anew, for a new contract version.
//
//   kind <name> seed= site= step= step_stride= first_row= row_stride= rows= columns= a= b= c=
//   x <bits> ...      rows * columns inputs; absent for kinds without input
//   dy <bits> ...     gradients, for gaussian_relative_backward
//   y <bits> ...      outputs
// a, b, c are the parameters in the order of the C function, or those fields of nnoise_noise that the kind reads.
// Floats are their bits in hexadecimal, as are words and every number but rows and columns.
#include "support.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace {

constexpr nnoise_dtype f32 = NNOISE_DTYPE_FLOAT32;

struct Case {
    std::string kind;
    nnoise_address address;
    std::int64_t rows;
    std::int64_t columns;
    float a, b, c;
    std::int64_t n() const { return rows * columns; }
};

bool reads_x(const std::string& kind) { return kind != "words" && kind.rfind("fill_", 0) != 0; }

// Kinds that only the descriptor reaches, with the fields that a, b are.
nnoise_status run_described(const Case& c, nnoise_context* context, const float* x, float* y) {
    struct Described {
        const char* name;
        nnoise_noise_kind kind;
        float nnoise_noise::*a;
        float nnoise_noise::*b;
    };
    constexpr Described table[] = {
        {"laplace", NNOISE_NOISE_LAPLACE, &nnoise_noise::std, nullptr},
        {"student_t", NNOISE_NOISE_STUDENT_T, &nnoise_noise::std, &nnoise_noise::degrees},
        {"poisson", NNOISE_NOISE_POISSON, &nnoise_noise::peak, nullptr},
        {"gaussian_snr", NNOISE_NOISE_GAUSSIAN_SNR, &nnoise_noise::snr_db, nullptr},
        {"pink", NNOISE_NOISE_PINK, &nnoise_noise::std, nullptr},
        {"brown", NNOISE_NOISE_BROWN, &nnoise_noise::std, nullptr},
    };
    for (const Described& d : table) {
        if (c.kind == d.name) {
            nnoise_noise noise;
            EXPECT_EQ(nnoise_noise_default(d.kind, &noise), NNOISE_STATUS_OK);
            noise.*d.a = c.a;
            if (d.b != nullptr) {
                noise.*d.b = c.b;
            }
            return nnoise_noise_forward(context, f32, c.rows, c.columns, x, y, c.address, &noise);
        }
    }
    ADD_FAILURE() << "unknown kind " << c.kind;
    return NNOISE_STATUS_INTERNAL;
}

nnoise_status run(const Case& c, nnoise_context* context, const float* x, const float* dy, float* y) {
    if (c.kind == "words") {
        return nnoise_words(context, c.rows, c.columns, reinterpret_cast<std::uint32_t*>(y), c.address);
    }
    if (c.kind == "fill_uniform") {
        return nnoise_fill_uniform(context, f32, c.rows, c.columns, y, c.address, c.a, c.b);
    }
    if (c.kind == "fill_normal") {
        return nnoise_fill_normal(context, f32, c.rows, c.columns, y, c.address, c.a, c.b);
    }
    if (c.kind == "fill_signs") {
        return nnoise_fill_signs(context, f32, c.rows, c.columns, y, c.address);
    }
    if (c.kind == "gaussian") {
        return nnoise_gaussian(context, f32, c.rows, c.columns, x, y, c.address, c.a);
    }
    if (c.kind == "gaussian_relative") {
        return nnoise_gaussian_relative(context, f32, c.rows, c.columns, x, y, c.address, c.a);
    }
    if (c.kind == "gaussian_relative_backward") {
        return nnoise_gaussian_relative_backward(context, f32, c.rows, c.columns, x, dy, y, c.address, c.a);
    }
    if (c.kind == "gaussian_multiplicative") {
        return nnoise_gaussian_multiplicative(context, f32, c.rows, c.columns, x, y, c.address, c.a);
    }
    if (c.kind == "uniform") {
        return nnoise_uniform(context, f32, c.rows, c.columns, x, y, c.address, c.a, c.b);
    }
    if (c.kind == "salt_and_pepper") {
        return nnoise_salt_and_pepper(context, f32, c.rows, c.columns, x, y, c.address, c.a, c.b, c.c);
    }
    if (c.kind == "dropout") {
        return nnoise_dropout(context, f32, c.rows, c.columns, x, y, c.address, c.a);
    }
    return run_described(c, context, x, y);
}

std::string path() { return std::string(NNOISE_TEST_VECTORS) + "/noise.kat"; }

void write_line(std::ostream& file, const char* name, const float* v, std::int64_t n) {
    file << name << std::hex;
    for (std::int64_t i = 0; i < n; ++i) {
        file << " " << test::bits(v[i]);
    }
    file << std::dec << "\n";
}

void write_vectors() {
    struct Kind {
        const char* name;
        float a, b, c;
    };
    const Kind kinds[] = {{"words", 0, 0, 0},
                          {"fill_uniform", -0.25f, 1.5f, 0},
                          {"fill_normal", 0.0f, 1.0f, 0},
                          {"fill_normal", 0.5f, 2.0f, 0},
                          {"fill_signs", 0, 0, 0},
                          {"gaussian", 0.1f, 0, 0},
                          {"gaussian", 0.0f, 0, 0},
                          {"gaussian_relative", 0.3f, 0, 0},
                          {"gaussian_relative_backward", 0.3f, 0, 0},
                          {"gaussian_multiplicative", 0.2f, 0, 0},
                          {"uniform", -0.1f, 0.1f, 0},
                          {"salt_and_pepper", 0.4f, 1.0f, 0.0f},
                          {"salt_and_pepper", 1.0f, 1.0f, -1.0f},
                          {"dropout", 0.3f, 0, 0},
                          {"dropout", 1.0f, 0, 0},
                          {"laplace", 0.5f, 0, 0},
                          {"student_t", 0.5f, 1.0f, 0},
                          {"student_t", 0.1f, 7.5f, 0},
                          {"poisson", 3.0f, 0, 0},
                          {"poisson", 255.0f, 0, 0},
                          {"gaussian_snr", 12.5f, 0, 0},
                          {"pink", 0.5f, 0, 0},
                          {"brown", 0.5f, 0, 0}};
    const nnoise_address addresses[] = {test::address(0, 0, 0, 0, 0, 1),
                                        test::address(0x0123456789ABCDEFu, 0xC0FFEE11u, 7, 3, 100, 2),
                                        test::address(~0ull, ~0u, 0xFFFFFFF0u, 1, 0xFFFFFFF0u, 0)};
    const test::Context scalar(1, NNOISE_ISA_SCALAR);
    std::ofstream file(path());
    file << "# Known answers of the noise contract, version " << nnoise_contract_version()
         << ". Format: tests/native/vector_tests.cpp. All numbers but rows and columns are hexadecimal.\n";
    for (const Kind& kind : kinds) {
        for (const nnoise_address& address : addresses) {
            Case c{kind.name, address, 2, 11, kind.a, kind.b, kind.c};
            if (c.kind == "fill_signs") {
                c.columns = 70;
            }
            std::vector<float> x = test::values(c.n(), 3), dy = test::values(c.n(), 4);
            x[0] = 0.0f;
            x[1] = -0.0f;
            if (c.kind == "poisson") {
                std::for_each(x.begin(), x.end(), [](float& v) { v = v < 0.0f ? -v : v; });
            }
            std::vector<float> y(static_cast<std::size_t>(c.n()));
            ASSERT_EQ(run(c, scalar, x.data(), dy.data(), y.data()), NNOISE_STATUS_OK);
            file << "kind " << c.kind << std::hex << " seed=" << address.seed << " site=" << address.site
                 << " step=" << address.step << " step_stride=" << address.step_stride
                 << " first_row=" << address.first_row << " row_stride=" << address.row_stride << std::dec
                 << " rows=" << c.rows << " columns=" << c.columns << std::hex << " a=" << test::bits(c.a)
                 << " b=" << test::bits(c.b) << " c=" << test::bits(c.c) << std::dec << "\n";
            if (reads_x(c.kind)) {
                write_line(file, "x", x.data(), c.n());
            }
            if (c.kind == "gaussian_relative_backward") {
                write_line(file, "dy", dy.data(), c.n());
            }
            write_line(file, "y", y.data(), c.n());
        }
    }
}

std::vector<float> read_bits(std::istream& text) {
    std::vector<float> v;
    for (std::uint32_t u; text >> std::hex >> u;) {
        v.push_back(test::from_bits(u));
    }
    return v;
}

std::uint64_t field(const std::string& line, const std::string& name, int base) {
    const std::size_t at = line.find(" " + name + "=");
    EXPECT_NE(at, std::string::npos) << name << " in " << line;
    return std::strtoull(line.c_str() + at + name.size() + 2, nullptr, base);
}

float float_field(const std::string& line, const std::string& name) {
    return test::from_bits(static_cast<std::uint32_t>(field(line, name, 16)));
}

TEST(Vectors, EveryKindGivesTheKnownAnswers) {
    if (std::getenv("NNOISE_WRITE_VECTORS") != nullptr) {
        write_vectors();
    }
    std::ifstream file(path());
    ASSERT_TRUE(file) << "cannot read " << path();
    std::vector<nnoise_isa> sets = test::fast_sets();
    sets.push_back(NNOISE_ISA_SCALAR);
    std::string line, header;
    std::vector<float> x, dy;
    int cases = 0;
    while (std::getline(file, line)) {
        std::istringstream text(line);
        std::string word;
        text >> word;
        if (word == "kind") {
            header = line;
            x.clear();
            dy.clear();
        } else if (word == "x") {
            x = read_bits(text);
        } else if (word == "dy") {
            dy = read_bits(text);
        } else if (word == "y") {
            const auto u32 = [&](const char* name) { return static_cast<std::uint32_t>(field(header, name, 16)); };
            Case c{"",
                   test::address(field(header, "seed", 16), u32("site"), u32("step"), u32("step_stride"),
                                 u32("first_row"), u32("row_stride")),
                   static_cast<std::int64_t>(field(header, "rows", 10)),
                   static_cast<std::int64_t>(field(header, "columns", 10)),
                   float_field(header, "a"),
                   float_field(header, "b"),
                   float_field(header, "c")};
            std::istringstream(header) >> word >> c.kind;
            const std::vector<float> expected = read_bits(text);
            ASSERT_EQ(static_cast<std::int64_t>(expected.size()), c.n()) << header;
            for (const nnoise_isa isa : sets) {
                const test::Context context(1, isa);
                std::vector<float> y(expected.size());
                ASSERT_EQ(run(c, context, x.data(), dy.data(), y.data()), NNOISE_STATUS_OK) << nnoise_last_error();
                EXPECT_TRUE(test::same_bits(expected.data(), y.data(), c.n())) << header << ", set " << isa;
            }
            ++cases;
        }
    }
    EXPECT_EQ(cases, 69);
}

} // namespace

#include "draws.hpp"

#include <cstdlib>
#include <cstring>

namespace quality {

void require(nnoise_status status) {
    if (status != NNOISE_STATUS_OK) {
        std::fprintf(stderr, "%s\n", nnoise_last_error());
        std::exit(1);
    }
}

Fill<float> standard_normals() {
    return [](std::int64_t rows, std::int64_t columns, float* out, const nnoise_address& a) {
        return nnoise_fill_normal(nullptr, NNOISE_DTYPE_FLOAT32, rows, columns, out, a, 0.0f, 1.0f);
    };
}

Fill<float> uniforms(float low, float high) {
    return [=](std::int64_t rows, std::int64_t columns, float* out, const nnoise_address& a) {
        return nnoise_fill_uniform(nullptr, NNOISE_DTYPE_FLOAT32, rows, columns, out, a, low, high);
    };
}

Fill<std::uint32_t> raw_words() {
    return [](std::int64_t rows, std::int64_t columns, std::uint32_t* out, const nnoise_address& a) {
        return nnoise_words(nullptr, rows, columns, out, a);
    };
}

const char* name_of(Direction direction) {
    static const char* const names[] = {"elements", "rows", "steps", "sites", "seeds"};
    return names[static_cast<int>(direction)];
}

std::uint32_t site_of(const char* name) {
    std::uint32_t site = 0;
    require(nnoise_site_hash(name, static_cast<std::int64_t>(std::strlen(name)), &site));
    return site;
}

void print_titles() { std::puts("suite\ttest\tdraws\tobserved\texpected\tp"); }

void print_p(const std::string& suite, const std::string& test, double draws, const std::string& observed,
             const std::string& expected, double p) {
    std::printf("%s\t%s\t%s\t%s\t%s\t%.8g\n", suite.c_str(), test.c_str(),
                count(static_cast<unsigned long long>(draws)).c_str(), observed.c_str(), expected.c_str(), p);
}

void print_fact(const std::string& suite, const std::string& test, double draws, const std::string& observed,
                const std::string& expected) {
    std::printf("%s\t%s\t%s\t%s\t%s\t\n", suite.c_str(), test.c_str(),
                count(static_cast<unsigned long long>(draws)).c_str(), observed.c_str(), expected.c_str());
}

void print_z(const std::string& suite, const std::string& test, double draws, double observed, double expected,
             double standard_error) {
    print_p(suite, test, draws, text("%.8g", observed), text("%.8g +- %.2g", expected, standard_error),
            normal_upper((observed - expected) / standard_error));
}

void print_chi_square(const std::string& suite, const std::string& test, double draws, const ChiSquare& result) {
    print_p(suite, test, draws, text("%.2f", result.x),
            text("%.0f +- %.1f", result.freedom, __builtin_sqrt(2 * result.freedom)), result.p);
}

} // namespace quality

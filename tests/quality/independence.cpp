// nnoise_quality_independence: pairs of neighbouring normals and words (pairs.hpp); a result table on standard output.
#include "draws.hpp"
#include "pairs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace {

using namespace quality;

// Classes of one draw: 32 of nearly equal probability whose edges are multiples of 2^-8, so that one look-up finds
// them.
class Classes {
public:
    static constexpr int classes = 32, cells = 4096;

    Classes() {
        for (int c = 0, cell = 0; c < classes; ++c) {
            const double quantile = c + 1 < classes ? normal_quantile((c + 1.0) / classes) : 8.0;
            const int end = static_cast<int>(std::lround((quantile + 8) * 256));
            for (; cell < end; ++cell) {
                class_[cell] = static_cast<std::uint8_t>(c);
            }
        }
    }
    int operator()(float z) const { return class_[static_cast<int>(std::floor(z * 256.0f)) + cells / 2]; }

private:
    std::uint8_t class_[cells];
};

// Sums of products whose means are 0 and variances 1 when the two are independent.
struct Products {
    double n = 0, linear = 0, squares = 0, first_square = 0, second_square = 0;

    void add(float x, float y) {
        const double a = static_cast<double>(x), b = static_cast<double>(y);
        const double aa = (a * a - 1) * 0.70710678118654752, bb = (b * b - 1) * 0.70710678118654752;
        linear += a * b;
        squares += aa * bb;
        first_square += aa * b;
        second_square += a * bb;
        n += 1;
    }
};

// Words: how many of the 32 bits of w ^ w' are set, in all and at each place; their upper and lower 6 bits jointly.
struct WordTables {
    std::vector<std::uint64_t> weight = std::vector<std::uint64_t>(33);
    std::vector<std::uint64_t> upper = std::vector<std::uint64_t>(64 * 64), lower = std::vector<std::uint64_t>(64 * 64);
    std::uint64_t place[32] = {};
    double n = 0;

    void add(std::uint32_t a, std::uint32_t b) {
        ++weight[static_cast<std::size_t>(__builtin_popcount(a ^ b))];
        ++upper[((a >> 26) << 6) | (b >> 26)];
        ++lower[((a & 63u) << 6) | (b & 63u)];
        n += 1;
    }
    void add_places(const std::uint32_t* a, const std::uint32_t* b, std::int64_t count) {
        std::uint32_t part[32] = {};
        for (std::int64_t i = 0; i < count; ++i) {
            const std::uint32_t x = a[i] ^ b[i];
            for (int bit = 0; bit < 32; ++bit) {
                part[bit] += (x >> bit) & 1u;
            }
        }
        for (int bit = 0; bit < 32; ++bit) {
            place[bit] += part[bit];
        }
    }
};

template <class T, class Add>
void each_chunk(const Pair& pair, std::uint32_t chunks, const Fill<T>& fill, const Add& add) {
    const std::int64_t columns = pair_columns + pair.skip;
    std::vector<T> a(static_cast<std::size_t>(pair_rows * columns)), b(a.size());
    for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
        require(fill(pair_rows, columns, a.data(), pair.first(chunk)));
        require(fill(pair_rows, columns, b.data(), pair.second(chunk)));
        for (std::int64_t r = 0; r < pair_rows; ++r) {
            add(a.data() + r * columns, b.data() + r * columns + pair.skip);
        }
    }
}

void test_normals(const Pair& pair, std::uint32_t chunks) {
    static const Classes classes;
    Products sums;
    std::vector<std::uint64_t> table(Classes::classes * Classes::classes);
    const int step = pair.parity < 0 ? 1 : 2, from = pair.parity < 0 ? 0 : pair.parity;
    each_chunk<float>(pair, chunks, standard_normals(), [&](const float* a, const float* b) {
        for (std::int64_t i = from; i < pair_columns; i += step) {
            sums.add(a[i], b[i]);
            ++table[static_cast<std::size_t>(classes(a[i]) * Classes::classes + classes(b[i]))];
        }
    });
    const std::string suite = "normals: " + pair.group;
    const double root = std::sqrt(sums.n);
    print_z(suite, pair.name + ": x y", sums.n, sums.linear / root, 0, 1);
    print_z(suite, pair.name + ": x^2 y^2", sums.n, sums.squares / root, 0, 1);
    print_z(suite, pair.name + ": x^2 y", sums.n, sums.first_square / root, 0, 1);
    print_z(suite, pair.name + ": x y^2", sums.n, sums.second_square / root, 0, 1);
    print_chi_square(suite, pair.name + ": 32 x 32 classes", sums.n, independence(table, Classes::classes));
}

void test_words(const Pair& pair, std::uint32_t chunks) {
    if (pair.parity >= 0) {
        return; // a matter of normals
    }
    WordTables t;
    each_chunk<std::uint32_t>(pair, chunks, raw_words(), [&](const std::uint32_t* a, const std::uint32_t* b) {
        for (std::int64_t i = 0; i < pair_columns; ++i) {
            t.add(a[i], b[i]);
        }
        t.add_places(a, b, pair_columns);
    });
    const std::string suite = "words: " + pair.group;
    std::vector<double> binomial(33);
    for (int k = 0; k <= 32; ++k) {
        binomial[static_cast<std::size_t>(k)] =
            std::exp(std::lgamma(33.0) - std::lgamma(k + 1.0) - std::lgamma(33.0 - k) - 32 * std::log(2.0));
    }
    double places = 0;
    for (const std::uint64_t count : t.place) {
        const double z = (static_cast<double>(count) - t.n / 2) / std::sqrt(t.n / 4);
        places += z * z;
    }
    print_chi_square(suite, pair.name + ": bits that differ", t.n, chi_square(t.weight, binomial, t.n));
    print_chi_square(suite, pair.name + ": each place's bits that differ", t.n,
                     {places, 32, chi_square_upper(places, 32)});
    print_chi_square(suite, pair.name + ": upper 6 bits, 64 x 64", t.n, independence(t.upper, 64));
    print_chi_square(suite, pair.name + ": lower 6 bits, 64 x 64", t.n, independence(t.lower, 64));
}

} // namespace

// nnoise_quality_independence [chunks]: chunks of 2^15 pairs each; 1024 of them unless said.
int main(int argc, char** argv) {
    const auto chunks = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 1024);
    print_titles();
    for (const Pair& pair : pairs()) {
        test_normals(pair, chunks);
        test_words(pair, chunks);
        std::fflush(stdout);
    }
    return 0;
}

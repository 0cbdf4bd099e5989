// nnoise_quality_normals [chunks]: the distribution of standard normals, drawn along each direction of an address; a
// result table on standard output. Chunks are 2^18 draws; a billion draws unless said, ten times as many for the tails,
// 2^28 for the other directions.
#include "draws.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace {

using namespace quality;

// Cells of width 2^-20 over [-8, 8). No float of magnitude below 8 has a spacing of more than 2^-21, so that a draw's
// cell is exact; a cell holds at most 3.8e-7 of the distribution, so that Kolmogorov's D, taken at the cells' edges,
// is too small by at most that: 0.012 of its standard 1/sqrt(n) at 10^9 draws. That a draw is rounded to a float moves
// an edge by half a spacing: below 5e-8 of the distribution.
constexpr int cells_log2 = 24;
constexpr std::size_t cells = std::size_t{1} << cells_log2;
constexpr double cell_width = 0x1p-20;

std::size_t cell_of(float z) { return static_cast<std::size_t>(std::floor(z * 0x1p20f) + 0x1p23f); }
double edge_of(std::size_t cell) { return (static_cast<double>(cell) - 0x1p23) * cell_width; }

// Sums of powers 1 to 8.
struct Moments {
    static constexpr int order = 8;
    double sum[order + 1] = {};

    void add(const std::vector<float>& z) {
        double part[order + 1] = {};
        for (const float f : z) {
            double power = 1;
            for (int k = 1; k <= order; ++k) {
                power *= static_cast<double>(f);
                part[k] += power;
            }
        }
        for (int k = 1; k <= order; ++k) {
            sum[k] += part[k];
        }
    }
};

// E z^k: 0 for odd k, else 1 3 5 ... (k - 1).
double normal_moment(int k) {
    double m = k % 2 == 0 ? 1 : 0;
    for (int i = k - 1; i > 1; i -= 2) {
        m *= i;
    }
    return m;
}

void print_moments(const std::string& suite, const Moments& moments, double n) {
    for (int k = 1; k <= Moments::order; ++k) {
        const double expected = normal_moment(k);
        const double variance = normal_moment(2 * k) - expected * expected;
        print_fact(suite, text("moment %d", k), n, text("%.8g", moments.sum[k] / n),
                   text("%.8g +- %.2g", expected, std::sqrt(variance / n)));
    }
    // The moments of one sample move together. Hermite's polynomials of it, He_k+1 = z He_k - k He_k-1, say the same
    // and are uncorrelated, with mean 0 and variance k!: theirs are the p-values.
    double before[Moments::order + 1] = {1}, he[Moments::order + 1] = {0, 1}, factorial = 1;
    for (int k = 1; k <= Moments::order; ++k) {
        double sum = he[0] * n;
        for (int j = 1; j <= k; ++j) {
            sum += he[j] * moments.sum[j];
        }
        factorial *= k;
        print_z(suite, text("Hermite polynomial %d", k), n, sum / std::sqrt(factorial * n), 0, 1);
        double next[Moments::order + 1] = {};
        for (int j = 0; j <= k && j < Moments::order; ++j) {
            next[j + 1] += he[j];
            next[j] -= k * before[j];
        }
        std::copy(he, he + Moments::order + 1, before);
        std::copy(next, next + Moments::order + 1, he);
    }
}

// Kolmogorov-Smirnov and Anderson-Darling on the cells: F_n and F at every edge, and for A^2 the integral of
// n (F_n - F)^2 / (F (1 - F)) dF by the trapezoid rule over them. Both tails of F are taken from their own side.
void print_goodness(const std::string& suite, const std::vector<std::uint32_t>& histogram, double n) {
    double below = 0, d = 0, a2 = 0, last = 0;
    for (std::size_t i = 0; i + 1 < cells; ++i) {
        below += histogram[i];
        const double edge = edge_of(i + 1), left = normal_below(edge), right = normal_upper(edge);
        const double difference = below / n - left;
        d = std::max(d, std::fabs(difference));
        const double integrand = left > 0 && right > 0 ? difference * difference / (left * right) : 0;
        const double mass = normal_below(edge) - normal_below(edge - cell_width);
        a2 += n * mass * (integrand + last) / 2;
        last = integrand;
    }
    print_p(suite, "Kolmogorov-Smirnov, sqrt(n) D", n, text("%.4f", std::sqrt(n) * d), "0.869 +- 0.26",
            kolmogorov_upper(d, n));
    print_p(suite, "Anderson-Darling, A^2", n, text("%.4f", a2), "1 +- 0.76", anderson_darling_upper(a2));
}

// Pearson's sum over `classes` classes as equally probable as the cells allow, with their exact probabilities.
void print_equal_classes(const std::string& suite, const std::vector<std::uint32_t>& histogram, double n, int classes) {
    std::vector<std::uint64_t> counts(static_cast<std::size_t>(classes));
    std::vector<double> probabilities(counts.size());
    double from = 0;
    std::size_t cell = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
        const double quantile = c + 1 < counts.size() ? normal_quantile(static_cast<double>(c + 1) / classes) : 8.0;
        const std::size_t end = std::min(cells, static_cast<std::size_t>((quantile + 8) * 0x1p20));
        for (; cell < end; ++cell) {
            counts[c] += histogram[cell];
        }
        const double to = c + 1 < counts.size() ? normal_below(edge_of(cell)) : 1.0;
        probabilities[c] = to - from;
        from = to;
    }
    print_chi_square(suite, text("chi-square, %d equal classes", classes), n, chi_square(counts, probabilities, n));
}

// The same over classes 2^-10 wide, which see the density's fine shape.
void print_narrow_classes(const std::string& suite, const std::vector<std::uint32_t>& histogram, double n) {
    constexpr std::size_t group = 1024;
    std::vector<std::uint64_t> counts(cells / group);
    std::vector<double> probabilities(cells / group);
    for (std::size_t c = 0; c < counts.size(); ++c) {
        for (std::size_t i = 0; i < group; ++i) {
            counts[c] += histogram[c * group + i];
        }
        const double from = edge_of(c * group), to = edge_of((c + 1) * group);
        probabilities[c] = from < 0 ? normal_below(to) - normal_below(from) : normal_upper(from) - normal_upper(to);
    }
    print_chi_square(suite, "chi-square, classes 2^-10 wide", n, chi_square(counts, probabilities, n));
}

void print_distribution(Direction direction, std::int64_t chunks) {
    const std::string suite = text("normals along %s", name_of(direction));
    const double n = static_cast<double>(chunks * chunk_draws);
    std::vector<std::uint32_t> histogram(cells);
    std::vector<float> z(chunk_draws);
    Moments moments;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        fill_chunk(direction, chunk, standard_normals(), z.data());
        moments.add(z);
        for (const float f : z) {
            ++histogram[cell_of(f)];
        }
    }
    print_moments(suite, moments, n);
    print_goodness(suite, histogram, n);
    print_equal_classes(suite, histogram, n, 1000);
    print_narrow_classes(suite, histogram, n);
}

// Whole samples, sorted: the exact D and A^2 of 1024 blocks of 2^14 draws, whose p-values must be uniform in turn; and
// the blocks' sums, which are normal with variance 2^14 if the draws of a block are independent.
void print_blocks(Direction direction) {
    constexpr std::size_t block = 1 << 14, in_chunk = chunk_draws / block, chunks = 64;
    const std::string suite = text("normals along %s", name_of(direction));
    std::vector<float> z(chunk_draws);
    std::vector<double> p_d, p_a2, p_sum;
    double sum_of_squares = 0;
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
        fill_chunk(direction, static_cast<std::int64_t>(5000 + chunk), standard_normals(), z.data());
        for (std::size_t b = 0; b < in_chunk; ++b) {
            std::vector<double> u(block);
            double sum = 0;
            for (std::size_t i = 0; i < block; ++i) {
                const double value = static_cast<double>(z[b * block + i]);
                u[i] = normal_below(value);
                sum += value;
            }
            sum /= std::sqrt(static_cast<double>(block));
            sum_of_squares += sum * sum;
            const Goodness g = goodness(u);
            p_d.push_back(kolmogorov_upper(g.d, static_cast<double>(block)));
            p_a2.push_back(anderson_darling_upper(g.a2));
            p_sum.push_back(normal_upper(sum));
        }
    }
    const double blocks = static_cast<double>(p_d.size()), n = blocks * static_cast<double>(block);
    const double freedom = blocks;
    print_p(suite, text("sums of %.0f blocks, chi-square", blocks), n, text("%.2f", sum_of_squares),
            text("%.0f +- %.1f", freedom, std::sqrt(2 * freedom)), chi_square_upper(sum_of_squares, freedom));
    const struct {
        const char* what;
        std::vector<double>& p;
    } lists[] = {{"D", p_d}, {"A^2", p_a2}, {"sum", p_sum}};
    for (const auto& list : lists) {
        const Goodness g = goodness(list.p);
        print_p(suite, text("p of each block's %s, sqrt(n) D of uniformity", list.what), n,
                text("%.4f", g.d * std::sqrt(blocks)), "0.869 +- 0.26", kolmogorov_upper(g.d, blocks));
    }
}

// Counts beyond each half sigma of ten billion draws.
void print_tails(std::int64_t chunks) {
    constexpr int levels = 13; // 0.5, 1, ..., 6.5
    std::uint64_t above[levels] = {}, below[levels] = {};
    float largest = 0, smallest = 0;
    std::vector<float> z(chunk_draws);
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        fill_chunk(Direction::elements, 10000 + chunk, standard_normals(), z.data());
        for (int level = 0; level < levels; ++level) {
            const float t = 0.5f * static_cast<float>(level + 1);
            std::uint32_t over = 0, under = 0;
            for (const float f : z) {
                over += f > t ? 1 : 0;
                under += f < -t ? 1 : 0;
            }
            above[level] += over;
            below[level] += under;
        }
        for (const float f : z) {
            largest = f > largest ? f : largest;
            smallest = f < smallest ? f : smallest;
        }
    }
    const double n = static_cast<double>(chunks * chunk_draws);
    for (int level = 0; level < levels; ++level) {
        const double t = 0.5 * (level + 1), share = normal_upper(t);
        for (const bool up : {true, false}) {
            const std::uint64_t beyond = up ? above[level] : below[level];
            print_p(
                "tails of normals", text("%s %.1f", up ? "above" : "below", up ? t : -t), n, count(beyond),
                text(n * share > 1000 ? "%.1f +- %.1f" : "%.3f +- %.2f", n * share, std::sqrt(n * share * (1 - share))),
                count_upper(static_cast<double>(beyond), n, share));
        }
    }
    for (const float extreme : {largest, -smallest}) {
        const double share = normal_upper(static_cast<double>(extreme));
        print_p("tails of normals", extreme == largest ? "largest" : "smallest, its magnitude", n,
                text("%.6f", static_cast<double>(extreme)), text("%.2f", normal_quantile(1 - std::log(2.0) / n)),
                -std::expm1(n * std::log1p(-share)));
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::int64_t chunks = argc > 1 ? std::atoll(argv[1]) : billion;
    print_titles();
    for (const Direction direction : directions) {
        print_distribution(direction, direction == Direction::elements ? chunks : std::min<std::int64_t>(chunks, 1024));
        print_blocks(direction);
        std::fflush(stdout);
    }
    print_tails(10 * chunks);
    return 0;
}

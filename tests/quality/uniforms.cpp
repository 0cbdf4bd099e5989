// nnoise_quality_uniforms [chunks]: the distribution of U[0, 1) along each direction of an address, and of U[-1, 3); a
// result table on standard output. Chunks are 2^18 draws; a billion draws unless said, 2^28 for all but the first.
#include "draws.hpp"

#include "core/uniform.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace {

using namespace quality;

// A uniform is a multiple of 2^-24, so that counting its values loses nothing.
constexpr std::size_t values = std::size_t{1} << 24;

// E (u - 1/2)^k of the 2^24 values, and its like for 2 k, as exact as a double: (1/2)^k / (k + 1) for even k and the
// continuous uniform. The grid's own moments differ: u lies half a step lower on average.
double continuous_moment(int k) { return k % 2 == 0 ? std::pow(0.5, k) / (k + 1) : 0.0; }

void print_distribution(Direction direction, std::int64_t chunks) {
    const std::string suite = text("uniforms along %s", name_of(direction));
    const double n = static_cast<double>(chunks * chunk_draws);
    std::vector<std::uint32_t> histogram(values);
    std::vector<float> u(chunk_draws);
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        fill_chunk(direction, chunk, uniforms(0.0f, 1.0f), u.data());
        for (const float f : u) {
            ++histogram[static_cast<std::size_t>(f * 0x1p24f)];
        }
    }
    double power[9] = {}, legendre[9] = {}, below = 0, d = 0, a2 = 0, x = 0;
    std::vector<std::uint64_t> thousand(1024);
    const double expected = n / static_cast<double>(values);
    for (std::size_t i = 0; i < values; ++i) {
        const double count = histogram[i];
        // Half a step is added, so that the grid is centred and has the continuous moments to 2^-48.
        const double centred = (static_cast<double>(i) + 0.5) * 0x1p-24 - 0.5;
        double p = count;
        for (int k = 1; k <= 8; ++k) {
            p *= centred;
            power[k] += p;
        }
        // The moments of one sample move together; Legendre's polynomials, (k + 1) P_k+1 = (2 k + 1) x P_k - k P_k-1 on
        // [-1, 1], say the same and are uncorrelated, with mean 0 and variance 1 / (2 k + 1).
        double before = 1, at = 2 * centred;
        for (int k = 1; k <= 8; ++k) {
            legendre[k] += count * at;
            const double next = ((2 * k + 1) * 2 * centred * at - k * before) / (k + 1);
            before = at;
            at = next;
        }
        thousand[i >> 14] += histogram[i];
        x += (count - expected) * (count - expected) / expected;
        below += count;
        const double f = static_cast<double>(i + 1) * 0x1p-24, difference = below / n - f;
        d = std::max(d, std::fabs(difference));
        a2 += i + 1 < values ? n * 0x1p-24 * difference * difference / (f * (1 - f)) : 0.0;
    }
    for (int k = 1; k <= 8; ++k) {
        const double moment = continuous_moment(k);
        print_fact(suite, text("moment %d about 1/2", k), n, text("%.8g", power[k] / n),
                   text("%.8g +- %.2g", moment, std::sqrt((continuous_moment(2 * k) - moment * moment) / n)));
    }
    for (int k = 1; k <= 8; ++k) {
        print_z(suite, text("Legendre polynomial %d", k), n, legendre[k] * std::sqrt((2 * k + 1) / n), 0, 1);
    }
    print_p(suite, "Kolmogorov-Smirnov, sqrt(n) D", n, text("%.4f", std::sqrt(n) * d), "0.869 +- 0.26",
            kolmogorov_upper(d, n));
    print_p(suite, "Anderson-Darling, A^2", n, text("%.4f", a2), "1 +- 0.76", anderson_darling_upper(a2));
    const std::vector<double> equal(thousand.size(), 1.0 / static_cast<double>(thousand.size()));
    print_chi_square(suite, "chi-square, 1024 equal classes", n, chi_square(thousand, equal, n));
    const double freedom = static_cast<double>(values - 1);
    print_chi_square(suite, "chi-square, each of the 2^24 values", n, {x, freedom, chi_square_upper(x, freedom)});
}

// An interval whose values are rounded: never outside, and 1000 classes whose shares are those of all 2^24 uniforms (in
// [100, 101) there are 131072 floats, so that a class holds 131 or 132 of them).
void print_interval(float low, float high, std::int64_t chunks) {
    const std::string suite = "uniforms in an interval";
    const double n = static_cast<double>(chunks * chunk_draws);
    const auto class_of = [=](float f) {
        const double place = (static_cast<double>(f) - static_cast<double>(low)) /
                             (static_cast<double>(high) - static_cast<double>(low));
        return static_cast<std::size_t>(place * 1000);
    };
    std::vector<std::uint64_t> counts(1000);
    std::vector<double> shares(counts.size());
    const nnoise::UniformRange range = nnoise::uniform_range(low, high);
    for (std::uint32_t i = 0; i < values; ++i) {
        shares[class_of(nnoise::uniform_in(i << 8, range))] += 0x1p-24;
    }
    std::vector<float> u(chunk_draws);
    double outside = 0;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        fill_chunk(Direction::elements, 20000 + chunk, uniforms(low, high), u.data());
        for (const float f : u) {
            if (!(f >= low && f < high)) {
                outside += 1;
                continue;
            }
            ++counts[class_of(f)];
        }
    }
    const std::string name = text("[%g, %g)", static_cast<double>(low), static_cast<double>(high));
    print_fact(suite, name + ": values outside", n, text("%.0f", outside), "0");
    print_chi_square(suite, name + ": chi-square, 1000 classes", n, chi_square(counts, shares, n));
}

} // namespace

int main(int argc, char** argv) {
    const std::int64_t chunks = argc > 1 ? std::atoll(argv[1]) : billion, fewer = std::min<std::int64_t>(chunks, 1024);
    print_titles();
    for (const Direction direction : directions) {
        print_distribution(direction, direction == Direction::elements ? chunks : fewer);
        std::fflush(stdout);
    }
    print_interval(-1.0f, 3.0f, fewer);
    print_interval(-0.1f, 0.1f, fewer);
    print_interval(100.0f, 101.0f, fewer);
    return 0;
}

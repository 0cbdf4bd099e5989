// nnoise_quality_formula [bits]: what formula_check.hpp says, of all words unless `bits` is below 32; a result table on
// standard output.
#include "formula_check.hpp"
#include "results.hpp"

#include <cstdlib>
#include <numbers>

namespace {

using namespace quality;

constexpr int threads = 2;

void line(const char* what, const std::string& value, const std::string& bound, const std::string& where) {
    std::printf("%s\t%s\t%s\t%s\n", what, value.c_str(), bound.c_str(), where.c_str());
}

void error_line(const char* what, const std::vector<Class>& classes, double from, double to, const char* bound) {
    Class worst;
    for (const Class& c : classes) {
        if (c.smallest >= from && c.magnitude <= to) {
            worst.add(c);
        }
    }
    line(what, text("%.3e", worst.worst()), bound, text("word 0x%08X", worst.worst_word()));
}

} // namespace

int main(int argc, char** argv) {
    const int bits = argc > 1 ? std::atoi(argv[1]) : 32;
    if (bits < 14 || bits > 32) {
        std::fprintf(stderr, "usage: nnoise_quality_formula [bits from 14 to 32]\n");
        return 2;
    }
    const std::vector<Set> sets = sets_here();
    const Findings radii = check_radii(sets, bits, threads), angles = check_angles(sets, bits, threads);
    const Products products = combine(radii, angles);

    std::puts("quantity\tmeasured\tgoal\twhere");
    line("radius words compared with double precision", count(radii.words), "", "");
    line("angle words compared with double precision", count(angles.words), "", "");
    error_line("largest error of the radius", radii.radius, 0, 7, "5.4e-7");
    error_line("largest error of the radius, radii below 4", radii.radius, 0, 4, "2.5e-7");
    error_line("largest error of the cosine", angles.cosine, 0, 2, "1e-7");
    error_line("largest error of the sine", angles.sine, 0, 2, "1e-7");
    line("largest error found of a normal below 4 sigma", text("%.3e", products.found_near), "1e-6",
         text("words 0x%08X, 0x%08X", products.near_v, products.near_w));
    line("no pair of words below 4 sigma is worse than", text("%.3e", products.bound_near), "1e-6", "");
    line("largest error found of a normal beyond 4 sigma", text("%.3e", products.found_far), "1.5e-6",
         text("words 0x%08X, 0x%08X", products.far_v, products.far_w));
    line("no pair of words beyond 4 sigma is worse than", text("%.3e", products.bound_far), "1.5e-6", "");
    line("smallest radius", text("%.7g", static_cast<double>(radii.smallest_radius)), "2^-16", "");
    line("largest radius", text("%.7g", static_cast<double>(radii.largest_radius)), "6.764", "");
    line("words whose successor's radius is larger", count(radii.rising_radii), "",
         radii.rising_radii > 0 ? text("by at most %.2e", static_cast<double>(radii.largest_rise)) : "");
    line("angles whose quarter turn is not (-sine, cosine) exactly", count(angles.unequal_quarters), "0", "");
    line("angles whose mirror image is not (cosine, -sine) exactly", count(angles.unequal_mirrors), "", "");
    line("angles with a cosine or sine beyond 1", count(angles.off_circle), "", "");
    const char* moments[4] = {"1", "3", "15", "105"};
    for (int k = 0; k < 4; ++k) {
        const long double n = static_cast<long double>(radii.words);
        const long double moment = radii.radius_power[k] / n * (angles.cosine_power[k] / n);
        line(text("moment %d of all 2^64 normals", 2 * (k + 1)).c_str(), text("%.9Lf", moment), "",
             text("the normal's is %s", moments[k]));
    }
    for (int k = 0; k < tail_count; ++k) {
        line(text("share of all normals beyond %g sigma, over the normal's", tails[k]).c_str(),
             text("%.6Lf",
                  radii.beyond[k] / static_cast<long double>(radii.words) / std::erfc(tails[k] / std::numbers::sqrt2)),
             "", "");
    }
    for (std::size_t s = 1; s < sets.size(); ++s) {
        line(text("floats of all these pairs in which %s differs from the scalar formula", sets[s].name).c_str(),
             count(radii.different[s] + angles.different[s]), "0", "");
    }
    return 0;
}

// nnoise_quality_formula [bits]: the normal's formula on all 2^32 radius words and all 2^32 angle words, against double
// precision, in every instruction set; writes a result table. With `bits` below 32, a stride of 2^(32 - bits).
//
// A normal is a product of a float that depends on the one word and a float that depends on the other, so that the
// largest error over all 2^64 pairs follows from two passes over 2^32 words: words are sorted into classes by
// magnitude, each class keeps its largest errors, and all pairs of classes are combined.
#include "formula.hpp"

#include "core/normal.hpp"
#include "results.hpp"

#include <nativenoise/nativenoise.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numbers>
#include <thread>
#include <vector>

namespace {

constexpr std::uint64_t all_words = std::uint64_t{1} << 32;
constexpr std::size_t batch = 4096;
constexpr int threads = 2;

double exact_radius(std::uint32_t v) { return std::sqrt(-2 * std::log((v + 0.5) * 0x1p-32)); }
// The angle is reduced before it meets pi, so that the argument of cos and sin is as exact as a double can be.
double angle_of(std::uint32_t w) { return 2 * std::numbers::pi * (static_cast<std::int32_t>(w) * 0x1p-32); }

// The words of a class whose errors, float minus exact, are the least and the greatest.
struct Class {
    double magnitude = 0; // the largest exact one
    double smallest = 1e300;
    double least = 0, greatest = 0;
    std::uint32_t least_word = 0, greatest_word = 0;

    void add(double exact, double error, std::uint32_t word) {
        magnitude = std::max(magnitude, std::fabs(exact));
        smallest = std::min(smallest, std::fabs(exact));
        if (error < least) {
            least = error;
            least_word = word;
        }
        if (error > greatest) {
            greatest = error;
            greatest_word = word;
        }
    }
    void add(const Class& other) {
        magnitude = std::max(magnitude, other.magnitude);
        smallest = std::min(smallest, other.smallest);
        if (other.least < least) {
            least = other.least;
            least_word = other.least_word;
        }
        if (other.greatest > greatest) {
            greatest = other.greatest;
            greatest_word = other.greatest_word;
        }
    }
    double worst() const { return std::max(-least, greatest); }
    std::uint32_t worst_word() const { return -least > greatest ? least_word : greatest_word; }
};

constexpr int radius_classes = 3584, angle_classes = 2048; // 1/512 and 1/2048 wide
int radius_class(double radius) { return std::min(radius_classes - 1, static_cast<int>(radius * 512)); }
int angle_class(double magnitude) { return std::min(angle_classes - 1, static_cast<int>(magnitude * angle_classes)); }

constexpr int tail_count = 5;
constexpr double tails[tail_count] = {3, 4, 5, 6, 6.5};

struct Findings {
    std::vector<Class> radius = std::vector<Class>(radius_classes);
    std::vector<Class> cosine = std::vector<Class>(angle_classes);
    std::vector<Class> sine = std::vector<Class>(angle_classes);
    float smallest_radius = 1e30f, largest_radius = 0;
    std::uint64_t rising_radii = 0; // words whose successor's radius is larger
    float largest_rise = 0;
    std::uint64_t unequal_quarters = 0; // words w for which w + a quarter turn is not (-sine, cosine)
    std::uint64_t unequal_mirrors = 0;  // words w for which -w is not (cosine, -sine)
    std::uint64_t off_circle = 0;       // words with |cosine| or |sine| above 1
    std::uint64_t words = 0;
    // What the normals' distribution is in truth, over all pairs: mean powers 2, 4, 6, 8 of radius and cosine, and the
    // share of pairs beyond each of `tails`, the angle taken as continuous.
    long double radius_power[4] = {}, cosine_power[4] = {}, beyond[tail_count] = {};
    std::uint64_t different[4] = {}; // floats that differ from the scalar formula's, by instruction set

    void add(const Findings& other) {
        for (int i = 0; i < radius_classes; ++i) {
            radius[i].add(other.radius[i]);
        }
        for (int i = 0; i < angle_classes; ++i) {
            cosine[i].add(other.cosine[i]);
            sine[i].add(other.sine[i]);
        }
        smallest_radius = std::min(smallest_radius, other.smallest_radius);
        largest_radius = std::max(largest_radius, other.largest_radius);
        rising_radii += other.rising_radii;
        largest_rise = std::max(largest_rise, other.largest_rise);
        unequal_quarters += other.unequal_quarters;
        unequal_mirrors += other.unequal_mirrors;
        off_circle += other.off_circle;
        words += other.words;
        for (int i = 0; i < tail_count; ++i) {
            beyond[i] += other.beyond[i];
        }
        for (int i = 0; i < 4; ++i) {
            radius_power[i] += other.radius_power[i];
            cosine_power[i] += other.cosine_power[i];
            different[i] += other.different[i];
        }
    }
};

struct Set {
    const char* name;
    nnoise_isa isa;
    quality::FormulaKernel kernel;
};

bool runs_here(nnoise_isa isa) {
    nnoise_context_options options;
    nnoise_context_options_default(&options);
    options.isa = isa;
    options.threads = 1;
    nnoise_context* context = nullptr;
    const bool runs = nnoise_context_create(&options, &context) == NNOISE_STATUS_OK;
    nnoise_context_destroy(context);
    return runs;
}

// The plain formula first, which the others must equal bit for bit; the fastest last.
void formula_scalar(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        const nnoise::NormalPair z = nnoise::normal_pair(v[i], w[i]);
        z0[i] = z.z0;
        z1[i] = z.z1;
    }
}

std::vector<Set> sets_here() {
    std::vector<Set> sets = {{"scalar", NNOISE_ISA_SCALAR, formula_scalar}};
#if defined(__x86_64__)
    for (const Set& set : {Set{"AVX2", NNOISE_ISA_AVX2, quality::formula_avx2},
                           Set{"AVX-512", NNOISE_ISA_AVX512, quality::formula_avx512}}) {
        if (runs_here(set.isa)) {
            sets.push_back(set);
        }
    }
#endif
    return sets;
}

// A radius word whose radius is exactly 1: with it a pair is the cosine and the sine of the angle word.
std::uint32_t word_of_radius_one() {
    std::uint32_t v = static_cast<std::uint32_t>(std::exp(-0.5) * 0x1p32) - 4096;
    while (nnoise::normal_radius(v) != 1.0f) {
        ++v;
    }
    return v;
}

// A batch of pairs by the plain formula, and how many floats of the other sets differ from it.
struct Batch {
    std::uint32_t v[batch], w[batch];
    float z0[batch], z1[batch];

    void compute(const std::vector<Set>& sets, Findings& found) {
        float other0[batch], other1[batch];
        sets[0].kernel(v, w, z0, z1, batch);
        for (std::size_t s = 1; s < sets.size(); ++s) {
            sets[s].kernel(v, w, other0, other1, batch);
            for (std::size_t i = 0; i < batch; ++i) {
                found.different[s] += (nnoise::bits_of(other0[i]) != nnoise::bits_of(z0[i]) ? 1 : 0) +
                                      (nnoise::bits_of(other1[i]) != nnoise::bits_of(z1[i]) ? 1 : 0);
            }
        }
        found.words += batch;
    }
};

// Sums of the even powers of a batch.
void add_powers(const float* values, long double* power) {
    double sum[4] = {};
    for (std::size_t i = 0; i < batch; ++i) {
        const double square = static_cast<double>(values[i]) * static_cast<double>(values[i]);
        double p = 1;
        for (double& s : sum) {
            p *= square;
            s += p;
        }
    }
    for (int k = 0; k < 4; ++k) {
        power[k] += sum[k];
    }
}

// A pair of radius R has |R cos| > t for the share 2 acos(t / R) / pi of all angles.
void add_tails(const float* radii, long double* beyond) {
    for (int k = 0; k < tail_count; ++k) {
        for (std::size_t i = 0; i < batch; ++i) {
            const double radius = static_cast<double>(radii[i]);
            beyond[k] += radius > tails[k] ? std::acos(tails[k] / radius) * (2 / std::numbers::pi) : 0.0;
        }
    }
}

void check_radii(const std::vector<Set>& sets, std::uint64_t first, std::uint64_t last, std::uint32_t stride,
                 Findings& found) {
    Batch b;
    std::uint32_t next[batch];
    float next_radius[batch], unused[batch];
    for (std::uint64_t start = first; start < last; start += batch) {
        for (std::size_t i = 0; i < batch; ++i) {
            b.v[i] = static_cast<std::uint32_t>((start + i) * stride);
            b.w[i] = 0; // cosine 1, sine 0: z0 is the radius
            next[i] = b.v[i] + (b.v[i] == ~0u ? 0 : 1);
        }
        b.compute(sets, found);
        sets.back().kernel(next, b.w, next_radius, unused, batch);
        for (std::size_t i = 0; i < batch; ++i) {
            const double exact = exact_radius(b.v[i]);
            found.radius[radius_class(exact)].add(exact, static_cast<double>(b.z0[i]) - exact, b.v[i]);
            found.smallest_radius = std::min(found.smallest_radius, b.z0[i]);
            found.largest_radius = std::max(found.largest_radius, b.z0[i]);
            found.rising_radii += next_radius[i] > b.z0[i] ? 1 : 0;
            found.largest_rise = std::max(found.largest_rise, next_radius[i] - b.z0[i]);
        }
        add_powers(b.z0, found.radius_power);
        add_tails(b.z0, found.beyond);
    }
}

void check_angles(const std::vector<Set>& sets, std::uint32_t one, std::uint64_t first, std::uint64_t last,
                  std::uint32_t stride, Findings& found) {
    Batch b;
    std::uint32_t turned[batch], mirrored[batch];
    float turned0[batch], turned1[batch], mirrored0[batch], mirrored1[batch];
    for (std::uint64_t start = first; start < last; start += batch) {
        for (std::size_t i = 0; i < batch; ++i) {
            b.v[i] = one;
            b.w[i] = static_cast<std::uint32_t>((start + i) * stride);
            turned[i] = b.w[i] + 0x40000000u;
            mirrored[i] = 0u - b.w[i];
        }
        b.compute(sets, found);
        sets.back().kernel(b.v, turned, turned0, turned1, batch);
        sets.back().kernel(b.v, mirrored, mirrored0, mirrored1, batch);
        for (std::size_t i = 0; i < batch; ++i) {
            const double cosine = std::cos(angle_of(b.w[i])), sine = std::sin(angle_of(b.w[i]));
            const float c = b.z0[i], s = b.z1[i];
            found.cosine[angle_class(std::fabs(cosine))].add(cosine, static_cast<double>(c) - cosine, b.w[i]);
            found.sine[angle_class(std::fabs(sine))].add(sine, static_cast<double>(s) - sine, b.w[i]);
            found.off_circle += std::fabs(c) > 1 || std::fabs(s) > 1 ? 1 : 0;
            found.unequal_quarters += turned0[i] != -s || turned1[i] != c ? 1 : 0;
            found.unequal_mirrors += mirrored0[i] != c || mirrored1[i] != -s ? 1 : 0;
        }
        add_powers(b.z0, found.cosine_power);
    }
}

// work(first, last, findings) over 0 .. total in parallel.
Findings everywhere(std::uint64_t total, const std::function<void(std::uint64_t, std::uint64_t, Findings&)>& work) {
    std::vector<Findings> parts(threads);
    std::vector<std::thread> running;
    const std::uint64_t share = total / threads;
    for (int t = 0; t < threads; ++t) {
        running.emplace_back([&, t] { work(t * share, (t + 1) * share, parts[static_cast<std::size_t>(t)]); });
    }
    for (int t = 0; t < threads; ++t) {
        running[static_cast<std::size_t>(t)].join();
    }
    for (int t = 1; t < threads; ++t) {
        parts[0].add(parts[static_cast<std::size_t>(t)]);
    }
    return parts[0];
}

// Half a unit in the last place of floats up to this magnitude.
double half_ulp(double magnitude) { return std::ldexp(1.0, std::max(std::ilogb(magnitude) - 24, -150)); }

struct Products {
    double bound_near = 0, bound_far = 0; // no pair is worse
    double found_near = 0, found_far = 0; // a pair is as bad as this
    std::uint32_t near_v = 0, near_w = 0, far_v = 0, far_w = 0;
};

// All pairs of a radius class (R + r, |r| <= its worst) and an angle class (C + c): the error of the product is at most
// R |c| + |C| |r| + |r c| + half a unit. Classes whose product may be below 4 sigma count as near, those that may be
// above as far. The worst words of both classes are tried as well.
Products combine(const Findings& found) {
    Products p;
    for (const std::vector<Class>* angles : {&found.cosine, &found.sine}) {
        for (const Class& radius : found.radius) {
            for (const Class& angle : *angles) {
                if (radius.magnitude == 0 || angle.magnitude == 0) {
                    continue;
                }
                const double bound = radius.magnitude * angle.worst() + angle.magnitude * radius.worst() +
                                     radius.worst() * angle.worst() + half_ulp(radius.magnitude * angle.magnitude);
                if (radius.smallest * angle.smallest < 4) {
                    p.bound_near = std::max(p.bound_near, bound);
                }
                if (radius.magnitude * angle.magnitude >= 4) {
                    p.bound_far = std::max(p.bound_far, bound);
                }
                for (const std::uint32_t v : {radius.least_word, radius.greatest_word}) {
                    for (const std::uint32_t w : {angle.least_word, angle.greatest_word}) {
                        const nnoise::NormalPair z = nnoise::normal_pair(v, w);
                        const double exact[2] = {exact_radius(v) * std::cos(angle_of(w)),
                                                 exact_radius(v) * std::sin(angle_of(w))};
                        const float got[2] = {z.z0, z.z1};
                        for (int i = 0; i < 2; ++i) {
                            const double error = std::fabs(static_cast<double>(got[i]) - exact[i]);
                            const bool near = std::fabs(exact[i]) < 4;
                            double& worst = near ? p.found_near : p.found_far;
                            if (error > worst) {
                                worst = error;
                                (near ? p.near_v : p.far_v) = v;
                                (near ? p.near_w : p.far_w) = w;
                            }
                        }
                    }
                }
            }
        }
    }
    return p;
}

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
    line(what, quality::text("%.3e", worst.worst()), bound, quality::text("word 0x%08X", worst.worst_word()));
}

} // namespace

int main(int argc, char** argv) {
    const int bits = argc > 1 ? std::atoi(argv[1]) : 32;
    if (bits < 14 || bits > 32) {
        std::fprintf(stderr, "usage: nnoise_quality_formula [bits from 14 to 32]\n");
        return 2;
    }
    const std::uint64_t total = all_words >> (32 - bits);
    const auto stride = static_cast<std::uint32_t>(all_words / total);
    const std::vector<Set> sets = sets_here();
    const std::uint32_t one = word_of_radius_one();

    Findings found = everywhere(total, [&](std::uint64_t first, std::uint64_t last, Findings& f) {
        check_radii(sets, first, last, stride, f);
    });
    const std::uint64_t radius_words = found.words;
    found.add(everywhere(total, [&](std::uint64_t first, std::uint64_t last, Findings& f) {
        check_angles(sets, one, first, last, stride, f);
    }));
    const Products products = combine(found);

    std::puts("quantity\tmeasured\tpromised\twhere");
    line("radius words compared with double precision", quality::count(radius_words), "", "");
    line("angle words compared with double precision", quality::count(found.words - radius_words), "", "");
    error_line("largest error of the radius", found.radius, 0, 7, "5.4e-7");
    error_line("largest error of the radius, radii below 4", found.radius, 0, 4, "2.5e-7");
    error_line("largest error of the cosine", found.cosine, 0, 2, "1e-7");
    error_line("largest error of the sine", found.sine, 0, 2, "1e-7");
    line("largest error found of a normal below 4 sigma", quality::text("%.3e", products.found_near), "1e-6",
         quality::text("words 0x%08X, 0x%08X", products.near_v, products.near_w));
    line("no pair of words below 4 sigma is worse than", quality::text("%.3e", products.bound_near), "1e-6", "");
    line("largest error found of a normal beyond 4 sigma", quality::text("%.3e", products.found_far), "1.5e-6",
         quality::text("words 0x%08X, 0x%08X", products.far_v, products.far_w));
    line("no pair of words beyond 4 sigma is worse than", quality::text("%.3e", products.bound_far), "1.5e-6", "");
    line("smallest radius", quality::text("%.7g", static_cast<double>(found.smallest_radius)), "2^-16", "");
    line("largest radius", quality::text("%.7g", static_cast<double>(found.largest_radius)), "6.764", "");
    line("words whose successor's radius is larger", quality::count(found.rising_radii), "",
         quality::text("by at most %.2e", static_cast<double>(found.largest_rise)));
    line("angles whose quarter turn is not (-sine, cosine) exactly", quality::count(found.unequal_quarters), "0", "");
    line("angles whose mirror image is not (cosine, -sine) exactly", quality::count(found.unequal_mirrors), "", "");
    line("angles with a cosine or sine beyond 1", quality::count(found.off_circle), "", "");
    const char* moments[4] = {"1", "3", "15", "105"};
    for (int k = 0; k < 4; ++k) {
        const long double n = static_cast<long double>(radius_words);
        const long double moment = found.radius_power[k] / n * (found.cosine_power[k] / n);
        line(quality::text("moment %d of all 2^64 normals", 2 * (k + 1)).c_str(), quality::text("%.9Lf", moment), "",
             quality::text("the normal's is %s", moments[k]));
    }
    for (int k = 0; k < tail_count; ++k) {
        line(quality::text("share of all normals beyond %g sigma, over the normal's", tails[k]).c_str(),
             quality::text("%.6Lf", found.beyond[k] / static_cast<long double>(radius_words) /
                                        std::erfc(tails[k] / std::numbers::sqrt2)),
             "", "");
    }
    for (std::size_t s = 1; s < sets.size(); ++s) {
        line(quality::text("floats of all these pairs in which %s differs from the scalar formula", sets[s].name)
                 .c_str(),
             quality::count(found.different[s]), "0", "");
    }
    return 0;
}

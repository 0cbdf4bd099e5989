#include "formula_check.hpp"

#include "core/normal.hpp"

#include <functional>
#include <numbers>
#include <thread>

namespace quality {

namespace {

std::uint32_t stride_of(int bits) { return static_cast<std::uint32_t>((std::uint64_t{1} << 32) >> bits); }
constexpr std::size_t batch = 4096;

double exact_radius(std::uint32_t v) { return std::sqrt(-2 * std::log((v + 0.5) * 0x1p-32)); }
// The angle is reduced before it meets pi, so that the argument of cos and sin is as exact as a double can be.
double angle_of(std::uint32_t w) { return 2 * std::numbers::pi * (static_cast<std::int32_t>(w) * 0x1p-32); }

int radius_class(double radius) { return std::min(radius_classes - 1, static_cast<int>(radius * 512)); }
int angle_class(double magnitude) { return std::min(angle_classes - 1, static_cast<int>(magnitude * angle_classes)); }

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

void formula_scalar(const std::uint32_t* v, const std::uint32_t* w, float* z0, float* z1, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        const nnoise::NormalPair z = nnoise::normal_pair(v[i], w[i]);
        z0[i] = z.z0;
        z1[i] = z.z1;
    }
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

void radii_between(const std::vector<Set>& sets, std::uint64_t first, std::uint64_t last, std::uint32_t stride,
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

void angles_between(const std::vector<Set>& sets, std::uint32_t one, std::uint64_t first, std::uint64_t last,
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

// work(first, last, findings) over 0 .. 2^bits, in parallel.
Findings everywhere(int bits, int threads, const std::function<void(std::uint64_t, std::uint64_t, Findings&)>& work) {
    std::vector<Findings> parts(static_cast<std::size_t>(threads));
    std::vector<std::thread> running;
    const std::uint64_t total = std::uint64_t{1} << bits, batches = total / batch;
    const auto start = [=](int t) {
        return batches * static_cast<std::uint64_t>(t) / static_cast<std::uint64_t>(threads) * batch;
    };
    for (int t = 0; t < threads; ++t) {
        running.emplace_back([&, t] { work(start(t), start(t + 1), parts[static_cast<std::size_t>(t)]); });
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

} // namespace

std::vector<Set> sets_here() {
    const std::vector<Set> fast = {
#if defined(__x86_64__)
        {"AVX2", NNOISE_ISA_AVX2, formula_avx2},
        {"AVX-512", NNOISE_ISA_AVX512, formula_avx512},
#elif defined(__aarch64__)
        {"NEON", NNOISE_ISA_NEON, formula_neon},
#endif
    };
    std::vector<Set> sets = {{"scalar", NNOISE_ISA_SCALAR, formula_scalar}};
    for (const Set& set : fast) {
        if (runs_here(set.isa)) {
            sets.push_back(set);
        }
    }
    return sets;
}

Findings check_radii(const std::vector<Set>& sets, int bits, int threads) {
    return everywhere(bits, threads, [&](std::uint64_t first, std::uint64_t last, Findings& found) {
        radii_between(sets, first, last, stride_of(bits), found);
    });
}

Findings check_angles(const std::vector<Set>& sets, int bits, int threads) {
    const std::uint32_t one = word_of_radius_one();
    return everywhere(bits, threads, [&](std::uint64_t first, std::uint64_t last, Findings& found) {
        angles_between(sets, one, first, last, stride_of(bits), found);
    });
}

// All pairs of a radius class (R + r, |r| <= its worst) and an angle class (C + c): the error of the product is at most
// R |c| + |C| |r| + |r c| + half a unit (of the computed product, which may be a little larger). Classes whose product
// may be below 4 sigma count as near, those that may be above as far. The worst words of both classes are tried as
// well.
Products combine(const Findings& radii, const Findings& angles) {
    Products p;
    for (const std::vector<Class>* classes : {&angles.cosine, &angles.sine}) {
        for (const Class& radius : radii.radius) {
            for (const Class& angle : *classes) {
                if (radius.magnitude == 0 || angle.magnitude == 0) {
                    continue;
                }
                const double bound = radius.magnitude * angle.worst() + angle.magnitude * radius.worst() +
                                     radius.worst() * angle.worst() +
                                     half_ulp(radius.magnitude * angle.magnitude + 2e-6);
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

} // namespace quality

// The normal's formula on all radius words and all angle words, or a stride of them, against double precision and in
// every instruction set.
//
// A normal is a product of a float that depends on the one word and a float that depends on the other, so that the
// largest error over all 2^64 pairs follows from two passes over 2^32 words: words are sorted into classes by
// magnitude, each class keeps its largest errors, and all pairs of classes are combined.
#pragma once

#include "formula.hpp"

#include <nativenoise/nativenoise.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace quality {

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
    FormulaKernel kernel;
};

// The sets of this machine: the plain formula first, which the others must equal bit for bit; the fastest last.
std::vector<Set> sets_here();

// Checks 2^bits words at even distances (14 <= bits <= 32) in `threads` threads.
Findings check_radii(const std::vector<Set>& sets, int bits, int threads);
Findings check_angles(const std::vector<Set>& sets, int bits, int threads);

// The errors of normals made of the radii of one and the angles of the other.
struct Products {
    double bound_near = 0, bound_far = 0; // no pair is worse
    double found_near = 0, found_far = 0; // a pair is as bad as this
    std::uint32_t near_v = 0, near_w = 0, far_v = 0, far_w = 0;
};

Products combine(const Findings& radii, const Findings& angles);

} // namespace quality

// What docs/quality.md is measured with: the probabilities, the orders of words, and the normal's formula on a stride
// of all words (the page has it on all of them).
#include "support.hpp"

#include "core/address.hpp"
#include "formula_check.hpp"
#include "statistics.hpp"
#include "words.hpp"

#include <cmath>

namespace {

// Published quantiles.
TEST(Statistics, ProbabilitiesHaveTheirTabulatedValues) {
    using namespace quality;
    EXPECT_NEAR(normal_upper(1.959963985), 0.025, 1e-10);
    EXPECT_NEAR(normal_below(-6.0), 9.865876450e-10, 1e-18);
    EXPECT_NEAR(normal_quantile(0.975), 1.959963985, 1e-8);
    EXPECT_NEAR(chi_square_upper(3.841458821, 1), 0.05, 1e-9);
    EXPECT_NEAR(chi_square_upper(18.30703805, 10), 0.05, 1e-9);
    EXPECT_NEAR(chi_square_upper(135.8067232, 100), 0.01, 1e-9);
    EXPECT_NEAR(chi_square_upper(3.940299136, 10), 0.95, 1e-9);
    EXPECT_NEAR(kolmogorov_upper(1.358099 / 1e5, 1e10), 0.05, 1e-5);
    EXPECT_NEAR(kolmogorov_upper(0.519605 / 1e5, 1e10), 0.95, 1e-4); // the other series
    EXPECT_NEAR(anderson_darling_upper(0.774), 0.5, 1e-3); // tabulated to three digits
    EXPECT_NEAR(anderson_darling_upper(1.933), 0.1, 1e-4);
    EXPECT_NEAR(anderson_darling_upper(2.492), 0.05, 1e-4);
    EXPECT_NEAR(anderson_darling_upper(3.878125), 0.01, 1e-5);
    // Poisson of mean 2: P(N >= 3) = 0.3233235838, P(N >= 4) = 0.1428765395.
    EXPECT_NEAR(count_upper(3, 2e9, 1e-9), (0.3233235838 + 0.1428765395) / 2, 1e-9);
    EXPECT_NEAR(count_upper(0, 2e9, 1e-9), (1 + 0.8646647168) / 2, 1e-9);
    EXPECT_NEAR(count_upper(50000 + 1.959963985 * std::sqrt(25000.0), 1e5, 0.5), 0.025, 1e-9);
}

// With many degrees of freedom (x / f)^(1/3) is normal with mean 1 - 2 / (9 f) and variance 2 / (9 f)
// (Wilson-Hilferty).
TEST(Statistics, ChiSquareHoldsForMillionsOfDegrees) {
    for (const double freedom : {1000.0, 1e5, 16777215.0}) {
        for (const double z : {-3.0, -0.5, 0.0, 2.0, 4.0}) {
            const double spread = 2 / (9 * freedom), root = 1 - spread + z * std::sqrt(spread);
            const double expected = quality::normal_upper(z);
            EXPECT_NEAR(quality::chi_square_upper(freedom * root * root * root, freedom), expected, 1e-2 * expected)
                << freedom << " " << z;
        }
    }
}

TEST(Statistics, TablesHaveTheirPearsonSums) {
    const std::uint64_t table[] = {10, 20, 30, 40};
    const quality::ChiSquare two_by_two = quality::independence(table, 2);
    EXPECT_NEAR(two_by_two.x, 0.7936507937, 1e-9); // 100 (10 40 - 20 30)^2 / (30 70 40 60)
    EXPECT_EQ(two_by_two.freedom, 1);
    EXPECT_NEAR(two_by_two.p, std::erfc(std::sqrt(0.7936507937 / 2)), 1e-9);
    const double shares[] = {0.25, 0.25, 0.25, 0.2, 0.05};
    const std::uint64_t counts[] = {20, 30, 25, 22, 3}; // 5 expected in the last: joined with the one before
    const quality::ChiSquare classes = quality::chi_square(counts, shares, 100);
    EXPECT_EQ(classes.freedom, 3);
    EXPECT_NEAR(classes.x, 1.0 + 1.0 + 0.0 + 0.0, 1e-12);
}

// D and A^2 of a small sample by their definitions, and of a sample that is not uniform.
TEST(Statistics, GoodnessOfFitSeesWhatIsThere) {
    std::vector<double> three = {0.5, 0.1, 0.7};
    const quality::Goodness g = quality::goodness(three);
    EXPECT_NEAR(g.d, 0.3, 1e-12); // after 0.7: 1 - 0.7
    const double a2 = -3 - (1 * (std::log(0.1) + std::log(0.3)) + 3 * (std::log(0.5) + std::log(0.5)) +
                            5 * (std::log(0.7) + std::log(0.9))) /
                               3;
    EXPECT_NEAR(g.a2, a2, 1e-12);
    constexpr int n = 10000;
    std::vector<double> even(n), bent(n);
    for (int i = 0; i < n; ++i) {
        even[static_cast<std::size_t>(i)] = (i + 0.5) / n;
        bent[static_cast<std::size_t>(i)] = std::pow((i + 0.5) / n, 1.1);
    }
    EXPECT_GT(quality::kolmogorov_upper(quality::goodness(even).d, n), 0.999);
    EXPECT_LT(quality::kolmogorov_upper(quality::goodness(bent).d, n), 1e-6);
    EXPECT_LT(quality::anderson_darling_upper(quality::goodness(bent).a2), 1e-6);
}

std::uint32_t reverse(std::uint32_t w) {
    std::uint32_t r = 0;
    for (int bit = 0; bit < 32; ++bit) {
        r |= ((w >> bit) & 1u) << (31 - bit);
    }
    return r;
}

// Word i of part p of each order, by its description.
TEST(WordOrders, GiveTheWordsTheyDescribe) {
    constexpr std::uint32_t chunk = quality::Position::chunk, part = 5;
    std::uint32_t site = 0;
    ASSERT_EQ(nnoise_site_hash("layers.0:activation", 19, &site), NNOISE_STATUS_OK);
    const auto word = [](std::uint64_t seed, std::uint32_t s, std::uint32_t step, std::uint32_t row,
                         std::uint64_t element) {
        return nnoise::word_at({seed, s, step, row}, element);
    };
    const auto halves = [&](std::uint32_t i, int shift) {
        const std::uint32_t row = i / chunk, e = 2 * (i % chunk);
        return ((word(1, site, part, row, e) >> shift) & 0xFFFFu) |
               (((word(1, site, part, row, e + 1) >> shift) & 0xFFFFu) << 16);
    };
    const auto expected = [&](std::string_view order, std::uint32_t i) -> std::uint32_t {
        const std::uint32_t c = i / chunk, e = i % chunk, s = i % 16;
        return order == "elements"      ? word(1, site, part, c, e)
               : order == "rows"        ? word(1, site, part, i, 0)
               : order == "steps"       ? word(1, site, i, part, 0)
               : order == "sites"       ? word(1, i, 0, part, 0)
               : order == "seeds"       ? word(i, site, 0, part, 0)
               : order == "low-halves"  ? halves(i, 0)
               : order == "high-halves" ? halves(i, 16)
               : order == "reversed"    ? reverse(word(1, site, part, c, e))
                                        : word(1 ^ (s & 1), site ^ ((s >> 1) & 1), 2 * part + ((s >> 2) & 1),
                                               2 * c + ((s >> 3) & 1), e / 16); // interleaved
    };
    int checked = 0;
    for (const quality::Order& order : quality::orders()) {
        if (order.name == "control") {
            continue; // no words of the library
        }
        quality::WordStream stream(order, part);
        for (std::uint32_t i = 0; i < chunk + 40; ++i) {
            const std::uint32_t got = stream.next();
            if (i < 40 || i >= chunk - 40) {
                ASSERT_EQ(got, expected(order.name, i)) << order.name << " " << i;
                ++checked;
            }
        }
    }
    EXPECT_EQ(checked, 9 * 120);
    EXPECT_EQ(quality::find_order("diagonals"), nullptr);
}

// The bounds are those of all words, contract section 5.
TEST(NormalFormula, KeepsItsBoundsOnAStrideOfAllWords) {
    constexpr int bits = 18;
    const std::vector<quality::Set> sets = quality::sets_here();
    const quality::Findings radii = quality::check_radii(sets, bits, 1), angles = quality::check_angles(sets, bits, 1);
    ASSERT_EQ(radii.words, 1u << bits);
    ASSERT_EQ(angles.words, 1u << bits);
    double radius = 0, near_radius = 0, angle = 0;
    for (const quality::Class& c : radii.radius) {
        radius = std::max(radius, c.worst());
        near_radius = c.magnitude <= 4 ? std::max(near_radius, c.worst()) : near_radius;
    }
    for (const std::vector<quality::Class>* classes : {&angles.cosine, &angles.sine}) {
        for (const quality::Class& c : *classes) {
            angle = std::max(angle, c.worst());
        }
    }
    EXPECT_LT(radius, 5.4e-7);
    EXPECT_LT(near_radius, 2.5e-7);
    EXPECT_LT(angle, 1.2e-7);
    const quality::Products normals = quality::combine(radii, angles);
    EXPECT_GT(normals.found_near, 1e-7) << "floats have errors: something was compared";
    EXPECT_LE(normals.found_near, normals.bound_near);
    EXPECT_LE(normals.found_far, normals.bound_far);
    EXPECT_LT(normals.bound_near, 1.3e-6);
    EXPECT_LT(normals.bound_far, 1.3e-6);
    EXPECT_EQ(radii.rising_radii, 0u) << "the radius falls as the word grows";
    EXPECT_EQ(angles.unequal_quarters, 0u) << "a quarter turn later comes (-sine, cosine)";
    EXPECT_EQ(angles.unequal_mirrors, 4u) << "the odd eighths of the turn, whose quadrant is a choice";
    EXPECT_EQ(angles.off_circle, 0u);
    for (std::size_t s = 1; s < sets.size(); ++s) {
        EXPECT_EQ(radii.different[s], 0u) << sets[s].name;
        EXPECT_EQ(angles.different[s], 0u) << sets[s].name;
    }
}

} // namespace

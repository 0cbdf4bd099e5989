// Words, sites, uniforms and normals against published answers, the contract's vectors, and statistics.
#include "support.hpp"

#include "core/address.hpp"
#include "core/normal.hpp"
#include "core/uniform.hpp"

#include <cmath>
#include <fstream>
#include <sstream>

namespace {

std::ifstream open_vectors(const char* name) {
    const std::string path = std::string(NNOISE_TEST_VECTORS) + "/" + name;
    std::ifstream file(path);
    EXPECT_TRUE(file) << "cannot read " << path;
    return file;
}

TEST(Philox, EqualsRandom123sKnownAnswers) {
    std::ifstream file = open_vectors("philox4x32.kat");
    int cases = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        std::istringstream text(line);
        std::uint32_t v[10];
        for (std::uint32_t& word : v) {
            text >> std::hex >> word;
        }
        ASSERT_TRUE(text) << line;
        // Through the ABI: the counter is (block, row, step, site), so that block and seed address any counter and key.
        const std::uint64_t seed = (static_cast<std::uint64_t>(v[5]) << 32) | v[4];
        const nnoise::Block block = nnoise::philox4x32(nnoise::Block{{v[0], v[1], v[2], v[3]}}, seed);
        for (int i = 0; i < 4; ++i) {
            EXPECT_EQ(block.word[i], v[6 + i]) << line;
        }
        ++cases;
    }
    EXPECT_EQ(cases, 3);
}

TEST(Philox, BlocksOfARowAreCountersInOrder) {
    constexpr std::int64_t n = 2050;
    std::vector<std::uint32_t> words(n);
    const nnoise_address a = test::address();
    ASSERT_EQ(nnoise_words(nullptr, 1, n, words.data(), a), NNOISE_STATUS_OK);
    for (std::int64_t e = 0; e < n; ++e) {
        const nnoise::Block block =
            nnoise::philox4x32(nnoise::Block{{static_cast<std::uint32_t>(e / 4), a.first_row, a.step, a.site}}, a.seed);
        ASSERT_EQ(words[static_cast<std::size_t>(e)], block.word[e % 4]) << e;
    }
}

TEST(Addresses, RowsOfOneCallAreCallsOfOneRow) {
    constexpr std::int64_t rows = 5, columns = 37;
    const nnoise_address a = test::address(99, 4, 10, 3, 20, 7);
    std::vector<float> together(rows * columns), alone(columns);
    ASSERT_EQ(nnoise_fill_normal(nullptr, NNOISE_DTYPE_FLOAT32, rows, columns, together.data(), a, 0.0f, 1.0f),
              NNOISE_STATUS_OK);
    for (std::uint32_t r = 0; r < rows; ++r) {
        const nnoise_address row = test::address(99, 4, 10 + 3 * r, 0, 20 + 7 * r, 0);
        ASSERT_EQ(nnoise_fill_normal(nullptr, NNOISE_DTYPE_FLOAT32, 1, columns, alone.data(), row, 0.0f, 1.0f),
                  NNOISE_STATUS_OK);
        EXPECT_TRUE(test::same_bits(alone.data(), together.data() + r * columns, columns)) << "row " << r;
    }
}

TEST(Addresses, TheLastStepRowAndSiteAreUsable) {
    const nnoise_address a = test::address(~0ull, ~0u, ~0u, 0, ~0u - 2, 1);
    std::vector<std::uint32_t> words(3 * 4);
    ASSERT_EQ(nnoise_words(nullptr, 3, 4, words.data(), a), NNOISE_STATUS_OK) << nnoise_last_error();
    const nnoise::Block last = nnoise::philox4x32(nnoise::Block{{0, ~0u, ~0u, ~0u}}, ~0ull);
    EXPECT_EQ(words[8], last.word[0]);
}

// Published answers of FNV-1a (32 bits) before the mixer, and of the mixer (MurmurHash3's finaliser), each undone or
// done here by its definition.
TEST(Sites, HashIsFnv1aAndTheMurmurMixer) {
    const struct {
        const char* text;
        std::uint32_t fnv1a; // from the FNV authors' test vectors
    } cases[] = {{"", 0x811C9DC5u}, {"a", 0xE40C292Cu}, {"foobar", 0xBF9CF968u}};
    for (const auto& c : cases) {
        std::uint32_t h = c.fnv1a;
        h ^= h >> 16;
        h *= 0x85EBCA6Bu;
        h ^= h >> 13;
        h *= 0xC2B2AE35u;
        h ^= h >> 16;
        std::uint32_t site = 0;
        ASSERT_EQ(nnoise_site_hash(c.text, static_cast<std::int64_t>(std::strlen(c.text)), &site), NNOISE_STATUS_OK);
        EXPECT_EQ(site, h) << c.text;
    }
    EXPECT_EQ(nnoise_site_salt(0x12345678u, 0), 0x12345678u);
    EXPECT_EQ(nnoise_site_salt(5, 1), nnoise::mix32(5 + 0x9E3779B9u));
    EXPECT_NE(nnoise_site_salt(5, 1), nnoise_site_salt(5, 2));
}

// The radius and the angle of the contract against double precision. The bounds are those of all words (docs/quality.md).
TEST(Normals, AreCloseToDoublePrecision) {
    const double pi = std::acos(-1.0);
    double worst_near = 0, worst_far = 0;
    const auto check = [&](std::uint32_t v, std::uint32_t w) {
        const nnoise::NormalPair z = nnoise::normal_pair(v, w);
        const double radius = std::sqrt(-2 * std::log((v + 0.5) * 0x1p-32));
        const double angle = 2 * pi * (w * 0x1p-32);
        const double exact[2] = {radius * std::cos(angle), radius * std::sin(angle)};
        const float got[2] = {z.z0, z.z1};
        for (int i = 0; i < 2; ++i) {
            const double error = std::fabs(static_cast<double>(got[i]) - exact[i]);
            double& worst = std::fabs(exact[i]) < 4 ? worst_near : worst_far;
            worst = error > worst ? error : worst;
        }
    };
    const std::uint32_t edges[] = {0,           1,           2,           0x1FFFFFFFu, 0x20000000u, 0x20000001u,
                                   0x3FFFFFFFu, 0x40000000u, 0x5FFFFFFFu, 0x60000000u, 0x7FFFFFFFu, 0x80000000u,
                                   0x9FFFFFFFu, 0xA0000000u, 0xBFFFFFFFu, 0xC0000000u, 0xDFFFFFFFu, 0xE0000000u,
                                   0xB504F333u, 0x5A82799Au, 0xFFFFFF00u, 0xFFFFFFFEu, 0xFFFFFFFFu};
    for (const std::uint32_t v : edges) {
        for (const std::uint32_t w : edges) {
            check(v, w);
        }
    }
    std::uint32_t v = 1, w = 12345;
    for (int i = 0; i < 2000000; ++i) {
        v = v * 1664525u + 1013904223u;
        w = w * 22695477u + 1u;
        check(v >> (i % 25), w); // small words too: the tails
    }
    EXPECT_LT(worst_near, 1.21e-6);
    EXPECT_LT(worst_far, 1.3e-6);
    RecordProperty("worst_below_4_sigma", std::to_string(worst_near));
    EXPECT_GT(nnoise::normal_radius(0), 6.0f) << "the tails reach out to 6 sigma";
    EXPECT_GT(nnoise::normal_radius(~0u), 0.0f);
}

constexpr std::int64_t samples = 1 << 21;

std::vector<float> drawn_normals() {
    std::vector<float> z(samples);
    EXPECT_EQ(nnoise_fill_normal(nullptr, NNOISE_DTYPE_FLOAT32, 1, samples, z.data(), test::address(2024), 0.0f, 1.0f),
              NNOISE_STATUS_OK);
    return z;
}

// Standard errors of the sample moments of a normal: 1, 2, 15, 96 over n (mean of z, z^2, z^3, z^4). Five of them.
TEST(Normals, HaveTheMomentsOfTheNormal) {
    double sum[5] = {};
    for (const float f : drawn_normals()) {
        double p = 1;
        for (int k = 1; k <= 4; ++k) {
            p *= static_cast<double>(f);
            sum[k] += p;
        }
    }
    const double n = static_cast<double>(samples);
    const double expected[5] = {0, 0, 1, 0, 3}, variance[5] = {0, 1, 2, 15, 96};
    for (int k = 1; k <= 4; ++k) {
        EXPECT_NEAR(sum[k] / n, expected[k], 5 * std::sqrt(variance[k] / n)) << "moment " << k;
    }
}

// Counts beyond t are binomial with p = erfc(t / sqrt 2).
TEST(Normals, HaveTheTailsOfTheNormal) {
    const std::vector<float> z = drawn_normals();
    for (const double t : {0.5, 1.0, 2.0, 3.0, 4.0}) {
        std::int64_t beyond = 0;
        for (const float f : z) {
            beyond += std::fabs(static_cast<double>(f)) > t ? 1 : 0;
        }
        const double n = static_cast<double>(samples), p = std::erfc(t / std::sqrt(2.0));
        EXPECT_NEAR(static_cast<double>(beyond), n * p, 5 * std::sqrt(n * p * (1 - p)) + 1) << "beyond " << t;
    }
}

// Neighbours of a pair, of a block, of a row: products of independent normals have mean 0 and variance 1.
TEST(Normals, AreUncorrelatedAtShortLags) {
    const std::vector<float> z = drawn_normals();
    for (const std::size_t lag : {1u, 2u, 3u, 4u, 8u, 32u, 1024u}) {
        double sum = 0;
        const std::size_t n = z.size() - lag;
        for (std::size_t i = 0; i < n; ++i) {
            sum += static_cast<double>(z[i]) * static_cast<double>(z[i + lag]);
        }
        EXPECT_NEAR(sum / static_cast<double>(n), 0, 5 / std::sqrt(static_cast<double>(n))) << "lag " << lag;
    }
}

TEST(Uniforms, FillTheirIntervalEvenly) {
    std::vector<float> u(samples);
    ASSERT_EQ(nnoise_fill_uniform(nullptr, NNOISE_DTYPE_FLOAT32, 1, samples, u.data(), test::address(7), -1.0f, 3.0f),
              NNOISE_STATUS_OK);
    constexpr int bins = 64;
    std::int64_t count[bins] = {};
    for (const float f : u) {
        ASSERT_GE(f, -1.0f);
        ASSERT_LT(f, 3.0f);
        ++count[static_cast<int>((f + 1.0f) * (bins / 4.0f))];
    }
    const double expected = static_cast<double>(samples) / bins;
    double chi2 = 0;
    for (const std::int64_t c : count) {
        chi2 += (static_cast<double>(c) - expected) * (static_cast<double>(c) - expected) / expected;
    }
    EXPECT_LT(chi2, 63 + 5 * std::sqrt(2.0 * 63)); // 63 degrees of freedom: mean 63, variance 126
}

// A span so small that rounding would often give `high` itself.
TEST(Uniforms, NeverGiveHigh) {
    std::vector<float> u(100000);
    const float low = 1.0f, high = std::nextafter(std::nextafter(low, 2.0f), 2.0f);
    ASSERT_EQ(nnoise_fill_uniform(nullptr, NNOISE_DTYPE_FLOAT32, 1, 100000, u.data(), test::address(), low, high),
              NNOISE_STATUS_OK);
    for (const float f : u) {
        ASSERT_GE(f, low);
        ASSERT_LT(f, high);
    }
    EXPECT_EQ(nnoise::next_below(0.0f), -0x1p-149f);
    EXPECT_EQ(nnoise::next_below(1.0f), std::nextafter(1.0f, 0.0f));
    EXPECT_EQ(nnoise::next_below(-1.0f), std::nextafter(-1.0f, -2.0f));
}

TEST(Signs, AreBalancedAndMatchTheirBits) {
    std::vector<float> s(samples);
    ASSERT_EQ(nnoise_fill_signs(nullptr, NNOISE_DTYPE_FLOAT32, 1, samples, s.data(), test::address(11)),
              NNOISE_STATUS_OK);
    std::vector<std::uint32_t> words(samples / 32);
    ASSERT_EQ(nnoise_words(nullptr, 1, samples / 32, words.data(), test::address(11)), NNOISE_STATUS_OK);
    double sum = 0;
    for (std::size_t i = 0; i < s.size(); ++i) {
        ASSERT_EQ(s[i], ((words[i / 32] >> (i % 32)) & 1u) != 0 ? -1.0f : 1.0f) << i;
        sum += static_cast<double>(s[i]);
    }
    EXPECT_NEAR(sum, 0, 5 * std::sqrt(static_cast<double>(samples)));
}

TEST(Decisions, ThresholdsAreExact) {
    EXPECT_EQ(nnoise::threshold(0.0), 0u);
    EXPECT_EQ(nnoise::threshold(1.0), 0x100000000u);
    EXPECT_EQ(nnoise::threshold(0.5), 0x80000000u);
    EXPECT_EQ(nnoise::threshold(0x1p-33), 0u);     // a tie, to even
    EXPECT_EQ(nnoise::threshold(3 * 0x1p-33), 2u); // a tie, to even
    EXPECT_EQ(nnoise::threshold(0x1.8p-32 + 0x1p-60), 2u);
}

} // namespace

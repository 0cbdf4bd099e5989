// Matrix products: the documented order exactly, every instruction set and thread count with the reference's bits, the
// rounding bound against double, and independence of a row from its batch.
#include "linear_helpers.hpp"

using namespace linear_tests;

namespace {

struct Shape {
    std::int64_t m, n, k;
};

// Around the micro-tiles (6 x 16), the thin path (up to 6 rows), blocks (96 rows, 512 columns) and chunks (256).
const Shape shapes[] = {
    {0, 5, 7},     {5, 0, 7},      {5, 7, 0},     {1, 1, 1},    {1, 1, 257},  {1, 7, 8},      {1, 33, 300},
    {2, 8, 9},     {2, 65, 511},   {3, 15, 16},   {3, 31, 7},   {4, 16, 256}, {5, 17, 255},   {6, 16, 257},
    {6, 48, 513},  {7, 16, 1},     {7, 9, 3},     {8, 31, 264}, {11, 13, 17}, {12, 32, 31},   {13, 64, 64},
    {17, 97, 61},  {19, 130, 40},  {20, 257, 23}, {96, 16, 12}, {97, 33, 29}, {101, 512, 5},  {23, 513, 11},
    {9, 700, 259}, {100, 40, 770}, {193, 21, 6},  {1, 600, 37}, {31, 1, 300}, {64, 128, 100},
};

struct Operands {
    Floats a, b, c;
};

Operands operands(const Shape& s) { return {data(1, s.m * s.k), data(2, s.k * s.n), data(3, s.m * s.n)}; }

Floats product(nnoise_context* context, const Shape& s, const Operands& o, int flags) {
    Floats c = o.c;
    EXPECT_EQ(nnoise_matmul(context, flags & 1, flags & 2, s.m, s.n, s.k, o.a.data(), o.b.data(), c.data(), flags & 4),
              NNOISE_STATUS_OK)
        << nnoise_last_error();
    return c;
}

std::string text(const Shape& s, int flags) {
    return std::to_string(s.m) + "x" + std::to_string(s.n) + "x" + std::to_string(s.k) + " flags " +
           std::to_string(flags);
}

// The documented order: chunks of 256, one chain each, the chunks' sums added in ascending order.
Floats defined_product(const Shape& s, const Operands& o, int flags) {
    Floats c = o.c;
    for (std::int64_t i = 0; i < s.m; ++i) {
        for (std::int64_t j = 0; j < s.n; ++j) {
            float& out = c[static_cast<std::size_t>(i * s.n + j)];
            bool assign = (flags & 4) == 0;
            if (assign) {
                out = 0.0f;
            }
            for (std::int64_t k0 = 0; k0 < s.k; k0 += 256) {
                float sum = 0.0f;
                for (std::int64_t k = k0; k < std::min(s.k, k0 + 256); ++k) {
                    const float a = o.a[static_cast<std::size_t>((flags & 1) != 0 ? k * s.m + i : i * s.k + k)];
                    const float b = o.b[static_cast<std::size_t>((flags & 2) != 0 ? j * s.k + k : k * s.n + j)];
                    sum = std::fma(a, b, sum);
                }
                out = assign ? sum : out + sum;
                assign = false;
            }
        }
    }
    return c;
}

TEST(MatMul, ReferenceFollowsTheDocumentedOrder) {
    const Context reference(NNOISE_ISA_SCALAR);
    for (const Shape& s : shapes) {
        for (int flags = 0; flags < 8; ++flags) {
            const Operands o = operands(s);
            ASSERT_EQ(difference(defined_product(s, o, flags), product(reference, s, o, flags)), "") << text(s, flags);
        }
    }
}

TEST(MatMul, EveryInstructionSetAndThreadCountGivesTheReferencesBits) {
    for (const Shape& s : shapes) {
        const Operands o = operands(s);
        for (int flags = 0; flags < 8; ++flags) {
            const Floats expected = defined_product(s, o, flags);
            for (const std::int32_t isa : vector_sets()) {
                for (int threads = 1; threads <= 5; ++threads) {
                    ASSERT_EQ(difference(expected, product(Context(isa, threads), s, o, flags)), "")
                        << text(s, flags) << " isa " << isa << " threads " << threads;
                }
            }
        }
    }
}

TEST(MatMul, LargeProductsGiveTheSameBitsOnEveryThreadCount) {
    const Shape s{70, 1100, 270};
    const Operands o = operands(s);
    for (int flags = 0; flags < 8; flags += 2) {
        const Floats expected = defined_product(s, o, flags);
        for (const std::int32_t isa : vector_sets()) {
            for (int threads = 1; threads <= 5; ++threads) {
                ASSERT_EQ(difference(expected, product(Context(isa, threads), s, o, flags)), "")
                    << text(s, flags) << " threads " << threads;
            }
        }
    }
}

TEST(MatMul, ThreadsShareTheReferenceToo) {
    const Shape s{40, 300, 70};
    const Operands o = operands(s);
    for (int threads = 1; threads <= 5; ++threads) {
        ASSERT_EQ(difference(defined_product(s, o, 0), product(Context(NNOISE_ISA_SCALAR, threads), s, o, 0)), "");
    }
}

TEST(MatMul, RoundingStaysWithinTheBoundOfItsChains) {
    const Context context;
    for (const Shape& s : {Shape{9, 31, 1500}, Shape{33, 17, 256}}) {
        const Operands o = operands(s);
        const Floats c = product(context, s, o, 0);
        // Higham: |error| <= g sum |a b|, g = n u / (1 - n u), n = the roundings a term passes through.
        const double roundings = static_cast<double>(std::min<std::int64_t>(s.k, 256) + s.k / 256 + 1);
        const double g = roundings * 0x1p-24 / (1.0 - roundings * 0x1p-24);
        for (std::int64_t i = 0; i < s.m; ++i) {
            for (std::int64_t j = 0; j < s.n; ++j) {
                double exact = 0.0;
                double magnitude = 0.0;
                for (std::int64_t k = 0; k < s.k; ++k) {
                    const double term = static_cast<double>(o.a[static_cast<std::size_t>(i * s.k + k)]) *
                                        static_cast<double>(o.b[static_cast<std::size_t>(k * s.n + j)]);
                    exact += term;
                    magnitude += std::abs(term);
                }
                ASSERT_NEAR(static_cast<double>(c[static_cast<std::size_t>(i * s.n + j)]), exact, g * magnitude);
            }
        }
    }
}

TEST(MatMul, ARowDoesNotDependOnTheBatch) {
    const Shape s{41, 70, 300};
    const Operands o = operands(s);
    const Context context;
    for (int flags : {0, 2}) {
        const Floats whole = product(context, s, o, flags);
        for (std::int64_t rows = 1; rows <= 20; ++rows) {
            Floats pieces(whole.size());
            for (std::int64_t i = 0; i < s.m; i += rows) {
                const std::int64_t m = std::min(rows, s.m - i);
                ASSERT_EQ(nnoise_matmul(context, 0, flags & 2, m, s.n, s.k, o.a.data() + i * s.k, o.b.data(),
                                        pieces.data() + i * s.n, 0),
                          NNOISE_STATUS_OK);
            }
            ASSERT_EQ(difference(whole, pieces), "") << rows << " rows at a time";
        }
    }
}

TEST(MatMul, AlignmentDoesNotMatter) {
    const Shape s{13, 37, 300};
    const Operands o = operands(s);
    const Context context;
    for (int flags = 0; flags < 4; ++flags) {
        const Floats expected = product(context, s, o, flags);
        for (std::size_t offset = 1; offset <= 3; ++offset) {
            Floats a(offset), b(offset), c(offset + expected.size());
            a.insert(a.end(), o.a.begin(), o.a.end());
            b.insert(b.end(), o.b.begin(), o.b.end());
            ASSERT_EQ(nnoise_matmul(context, flags & 1, flags & 2, s.m, s.n, s.k, a.data() + offset, b.data() + offset,
                                    c.data() + offset, 0),
                      NNOISE_STATUS_OK);
            ASSERT_EQ(difference(expected, Floats(c.begin() + static_cast<std::ptrdiff_t>(offset), c.end())), "");
        }
    }
}

TEST(MatMul, InfinitiesAndNaNsFollowTheArithmetic) {
    const float inf = INFINITY;
    for (const Shape& s : {Shape{3, 19, 40}, Shape{20, 40, 300}}) {
        Operands o = operands(s);
        o.a[0] = inf;                                 // row 0 becomes infinite or NaN
        o.a[static_cast<std::size_t>(s.k + 1)] = NAN; // row 1 NaN
        o.b[0] = 0.0f;                                // inf * 0
        const Floats expected = defined_product(s, o, 0);
        EXPECT_TRUE(std::isnan(expected[0]));
        EXPECT_TRUE(std::isinf(expected[1]));
        EXPECT_TRUE(std::isfinite(expected[static_cast<std::size_t>(2 * s.n)]));
        for (const std::int32_t isa : vector_sets()) {
            EXPECT_EQ(difference(expected, product(Context(isa), s, o, 0)), "");
        }
    }
}

TEST(MatMul, RefusesBadArgumentsAndWritesNothing) {
    const Context context;
    Floats a(12, 1.0f), b(12, 1.0f), c(12, 5.0f);
    const auto call = [&](nnoise_context* ctx, std::int64_t m, std::int64_t n, std::int64_t k, const float* pa,
                          const float* pb, float* pc) { return nnoise_matmul(ctx, 0, 0, m, n, k, pa, pb, pc, 0); };
    EXPECT_EQ(call(nullptr, 2, 2, 2, a.data(), b.data(), c.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(call(context, 2, 2, 2, nullptr, b.data(), c.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_STREQ(nnoise_last_error(), "nnoise_matmul: a is null");
    EXPECT_EQ(call(context, 2, 2, 2, a.data(), nullptr, c.data()), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(call(context, 2, 2, 2, a.data(), b.data(), nullptr), NNOISE_STATUS_NULL_POINTER);
    EXPECT_EQ(call(context, -1, 2, 2, a.data(), b.data(), c.data()), NNOISE_STATUS_INVALID_SHAPE);
    EXPECT_EQ(call(context, 2, -3, 2, a.data(), b.data(), c.data()), NNOISE_STATUS_INVALID_SHAPE);
    EXPECT_EQ(call(context, 2, 2, -4, a.data(), b.data(), c.data()), NNOISE_STATUS_INVALID_SHAPE);
    EXPECT_EQ(call(context, INT64_MAX / 16, INT64_MAX / 16, 1, a.data(), b.data(), c.data()),
              NNOISE_STATUS_INVALID_SHAPE);
    EXPECT_EQ(call(context, 2, 2, 2, c.data(), b.data(), c.data()), NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(call(context, 2, 2, 2, a.data(), c.data() + 3, c.data()), NNOISE_STATUS_OVERLAP);
    EXPECT_EQ(difference(c, Floats(12, 5.0f)), "");
    EXPECT_EQ(call(context, 0, 2, 2, nullptr, b.data(), nullptr), NNOISE_STATUS_OK);
}

} // namespace

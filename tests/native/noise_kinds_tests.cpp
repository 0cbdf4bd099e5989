// nnoise_noise_forward and _backward give the reference's bits on every instruction set: all kinds, all storage types,
// shared axes, chosen rows, threads, alignments, in place; and do what the descriptor says.
#include "support.hpp"

#include "core/dtype.hpp"

#include <functional>
#include <memory>

namespace {

constexpr nnoise_dtype dtypes[] = {NNOISE_DTYPE_FLOAT32, NNOISE_DTYPE_FLOAT16, NNOISE_DTYPE_BFLOAT16};

struct Kind {
    const char* name;
    nnoise_noise_kind kind;
    bool along_lines;                            // the last axis cannot be shared
    std::function<void(nnoise_noise&)> change{}; // from the defaults
};

void PrintTo(const Kind& kind, std::ostream* os) { *os << kind.name; }

std::vector<Kind> kinds() {
    return {
        {"gaussian", NNOISE_NOISE_GAUSSIAN, false},
        {"gaussian_relative", NNOISE_NOISE_GAUSSIAN_RELATIVE, false},
        {"gaussian_multiplicative", NNOISE_NOISE_GAUSSIAN_MULTIPLICATIVE, false},
        {"uniform", NNOISE_NOISE_UNIFORM, false},
        {"salt_and_pepper", NNOISE_NOISE_SALT_AND_PEPPER, false},
        {"dropout", NNOISE_NOISE_DROPOUT, false},
        {"laplace", NNOISE_NOISE_LAPLACE, false},
        {"student_t_1", NNOISE_NOISE_STUDENT_T, false, [](nnoise_noise& n) { n.degrees = 1.0f; }},
        {"student_t_5", NNOISE_NOISE_STUDENT_T, false},
        {"student_t_most", NNOISE_NOISE_STUDENT_T, false, [](nnoise_noise& n) { n.degrees = 3e38f; }},
        {"poisson_low", NNOISE_NOISE_POISSON, false, [](nnoise_noise& n) { n.peak = 0.7f; }},
        {"poisson_both", NNOISE_NOISE_POISSON, false, [](nnoise_noise& n) { n.peak = 9.0f; }},
        {"poisson_high", NNOISE_NOISE_POISSON, false, [](nnoise_noise& n) { n.peak = 800.0f; }},
        {"gaussian_snr", NNOISE_NOISE_GAUSSIAN_SNR, false},
        {"gaussian_snr_negative", NNOISE_NOISE_GAUSSIAN_SNR, false, [](nnoise_noise& n) { n.snr_db = -7.5f; }},
        {"pink", NNOISE_NOISE_PINK, true},
        {"brown", NNOISE_NOISE_BROWN, true},
    };
}

// Data in a storage type, between guards, `offset` items from a 64-byte boundary.
class Items {
public:
    Items(nnoise_dtype type, const std::vector<float>& v, int offset = 0)
        : type_(type), n_(static_cast<std::int64_t>(v.size())),
          storage_(v.size() * static_cast<std::size_t>(nnoise::bytes_of(type)) + 256, guard) {
        unsigned char* start = storage_.data();
        while (reinterpret_cast<std::uintptr_t>(start) % 64 != 0) {
            ++start;
        }
        data_ = start + 64 + offset * nnoise::bytes_of(type);
        for (std::int64_t i = 0; i < n_; ++i) {
            nnoise::store_element(data_, type, i, v[static_cast<std::size_t>(i)]);
        }
    }
    Items(const Items&) = delete;
    Items& operator=(const Items&) = delete;

    void* data() { return data_; }
    std::vector<float> floats() const {
        std::vector<float> v(static_cast<std::size_t>(n_));
        for (std::int64_t i = 0; i < n_; ++i) {
            v[static_cast<std::size_t>(i)] = nnoise::load_element(data_, type_, i);
        }
        return v;
    }
    bool whole() const {
        const unsigned char* end = data_ + n_ * nnoise::bytes_of(type_);
        for (const unsigned char* p = storage_.data(); p < storage_.data() + storage_.size(); ++p) {
            if ((p < data_ || p >= end) && *p != guard) {
                return false;
            }
        }
        return true;
    }

private:
    static constexpr unsigned char guard = 0xA5;
    nnoise_dtype type_;
    std::int64_t n_;
    std::vector<unsigned char> storage_;
    unsigned char* data_;
};

// Shapes with their axes, and which of them share the noise.
struct Axes {
    std::int64_t rows;
    std::vector<std::int64_t> lengths; // empty: no axes, `columns` elements
    std::uint32_t shared;
    std::int64_t columns;
};

Axes flat(std::int64_t rows, std::int64_t columns) { return {rows, {}, 0, columns}; }

Axes with_axes(std::int64_t rows, std::vector<std::int64_t> lengths, std::uint32_t shared) {
    std::int64_t columns = 1;
    for (const std::int64_t n : lengths) {
        columns *= n;
    }
    return {rows, std::move(lengths), shared, columns};
}

bool last_is_shared(const Axes& a) { return !a.lengths.empty() && (a.shared >> (a.lengths.size() - 1)) != 0; }

nnoise_noise descriptor(const Kind& kind, const Axes& axes, float apply) {
    nnoise_noise n;
    EXPECT_EQ(nnoise_noise_default(kind.kind, &n), NNOISE_STATUS_OK);
    if (kind.change) {
        kind.change(n);
    }
    n.apply_probability = apply;
    n.apply_site = 0xABCD1234u;
    n.axes = static_cast<std::int32_t>(axes.lengths.size());
    std::copy(axes.lengths.begin(), axes.lengths.end(), n.axis_length);
    n.shared_axes = axes.shared;
    return n;
}

// Values that the kind takes: Poisson noise refuses negative and very large ones.
std::vector<float> data_for(const Kind& kind, std::int64_t n, std::uint32_t seed, bool specials) {
    std::vector<float> v = test::values(n, seed, specials);
    if (kind.kind == NNOISE_NOISE_POISSON) {
        for (float& f : v) {
            f = f < 0.0f ? -f : f;
            f = f > 1e4f ? 1e4f : f;
        }
    }
    return v;
}

struct Setting {
    bool backward;
    nnoise_dtype type;
    int offset = 0;
    bool in_place = false;
};

// One call's output; the guards of every buffer are checked.
std::vector<float> call(const Kind& kind, const Axes& a, const nnoise_noise& noise, const nnoise_address& address,
                        nnoise_context* context, const Setting& run, bool specials) {
    const std::int64_t n = a.rows * a.columns;
    Items x(run.type, data_for(kind, n, 1, specials), run.offset);
    Items dy(run.type, test::values(n, 2, specials), (run.offset + 1) % 4);
    Items y(run.type, std::vector<float>(static_cast<std::size_t>(n), 77.0f), (run.offset + 2) % 4);
    Items& input = run.backward ? dy : x;
    void* output = run.in_place ? input.data() : y.data();
    const nnoise_status status =
        run.backward
            ? nnoise_noise_backward(context, run.type, a.rows, a.columns, x.data(), dy.data(), output, address, &noise)
            : nnoise_noise_forward(context, run.type, a.rows, a.columns, x.data(), output, address, &noise);
    EXPECT_EQ(status, NNOISE_STATUS_OK) << nnoise_last_error();
    EXPECT_TRUE(x.whole() && dy.whole() && y.whole());
    return run.in_place ? input.floats() : y.floats();
}

std::string describe(const Axes& a) {
    std::string text = std::to_string(a.rows) + " rows of " + std::to_string(a.columns);
    for (const std::int64_t n : a.lengths) {
        text += " / " + std::to_string(n);
    }
    return text + ", shared " + std::to_string(a.shared);
}

const test::Context& scalar() {
    static const test::Context context(1, NNOISE_ISA_SCALAR);
    return context;
}

class NoiseKinds : public ::testing::TestWithParam<Kind> {
protected:
    void compare(const Axes& a, const std::vector<const test::Context*>& contexts, const Setting& run, float apply,
                 bool specials, const nnoise_address& address = test::address()) {
        const nnoise_noise noise = descriptor(GetParam(), a, apply);
        Setting plain = run;
        plain.offset = 0;
        plain.in_place = false;
        const std::vector<float> expected = call(GetParam(), a, noise, address, scalar(), plain, specials);
        for (const test::Context* context : contexts) {
            const std::vector<float> actual = call(GetParam(), a, noise, address, *context, run, specials);
            ASSERT_TRUE(test::same_bits(expected.data(), actual.data(), static_cast<std::int64_t>(expected.size())))
                << describe(a) << ", type " << run.type << ", apply " << apply << ", backward " << run.backward
                << ", offset " << run.offset << ", in place " << run.in_place;
        }
    }
};

TEST_P(NoiseKinds, EveryLengthAndAlignment) {
    for (const nnoise_isa isa : test::fast_sets()) {
        const test::Context context(1, isa);
        for (std::int64_t n = 0; n <= 260; n += n < 70 ? 1 : 7) {
            for (const nnoise_dtype type : dtypes) {
                const int offset = static_cast<int>(n % 4);
                compare(flat(1, n), {&context}, {false, type, offset, n % 3 == 0}, 1.0f, true);
                if (HasFatalFailure()) {
                    return;
                }
            }
        }
    }
}

// Lanes with rows of their own, and the widths and numbers of rows where they begin and end to pay.
TEST_P(NoiseKinds, NarrowRows) {
    for (const nnoise_isa isa : test::fast_sets()) {
        const test::Context context(1, isa);
        for (std::int64_t columns = 1; columns <= 34; ++columns) {
            for (const std::int64_t rows : {2, 3, 37}) {
                const nnoise_dtype type = dtypes[static_cast<std::size_t>(columns + rows) % std::size(dtypes)];
                compare(flat(rows, columns), {&context}, {false, type, 1, rows == 3}, 1.0f, true);
                compare(flat(rows, columns), {&context}, {true, NNOISE_DTYPE_FLOAT32, 0, false}, 1.0f, true);
                if (HasFatalFailure()) {
                    return;
                }
            }
        }
    }
}

TEST_P(NoiseKinds, SharedAxesAndChosenRows) {
    const Axes list[] = {
        flat(9, 33),
        flat(40, 1),
        flat(3, 2500),
        with_axes(5, {3, 8, 9}, 1),     // over channels
        with_axes(5, {3, 8, 9}, 2),     // the middle axis
        with_axes(5, {3, 8, 9}, 4),     // the last axis
        with_axes(5, {3, 8, 9}, 6),     // a value a channel
        with_axes(5, {3, 8, 9}, 7),     // a value a row
        with_axes(4, {3, 400, 7}, 1),   // channels longer than a piece
        with_axes(2, {2, 1500}, 1),     // lines longer than a piece
        with_axes(3, {2, 3, 5, 37}, 5), // two axes that do not touch
        with_axes(3, {4, 1, 6, 1}, 9),  // axes of length 1
        with_axes(2, {1500, 2}, 2),     // many short runs
        with_axes(7, {2, 130}, 0),      // nothing shared, lines of 130
    };
    for (const nnoise_isa isa : test::fast_sets()) {
        const test::Context context(1, isa);
        for (const Axes& a : list) {
            if (GetParam().along_lines && last_is_shared(a)) {
                continue; // refused: the status tests
            }
            for (const nnoise_dtype type : dtypes) {
                for (const float apply : {1.0f, 0.5f}) {
                    for (const bool backward : {false, true}) {
                        compare(a, {&context}, {backward, type, 1, backward}, apply, false);
                        if (HasFatalFailure()) {
                            return;
                        }
                    }
                }
            }
        }
    }
}

TEST_P(NoiseKinds, EveryThreadCount) {
    std::vector<std::unique_ptr<test::Context>> owned;
    std::vector<const test::Context*> contexts;
    std::vector<nnoise_isa> sets = test::fast_sets();
    sets.push_back(NNOISE_ISA_SCALAR);
    for (const nnoise_isa isa : sets) {
        for (const int threads : {1, 2, 3, 5}) {
            owned.push_back(std::make_unique<test::Context>(threads, isa));
            contexts.push_back(owned.back().get());
        }
    }
    const nnoise_address strided = test::address(0xFEDCBA9876543210u, 5, 0xFFFF0000u, 2, 0xFFFFFFF0u, 0);
    for (const Axes& a : {flat(1, 50021), flat(70, 1031), flat(5003, 10), with_axes(21, {3, 700}, 1)}) {
        compare(a, contexts, {false, NNOISE_DTYPE_FLOAT32, 3, false}, 0.8f, false, strided);
        compare(a, contexts, {false, NNOISE_DTYPE_BFLOAT16, 1, true}, 1.0f, false);
        if (HasFatalFailure()) {
            return;
        }
    }
}

// A row that is not chosen passes bit for bit; the chosen ones are those that apply_site's words choose, and carry the
// same noise as without a choice.
TEST_P(NoiseKinds, RowsThatAreNotChosenPass) {
    const Kind& kind = GetParam();
    const Axes a = flat(200, 12);
    const nnoise_noise some = descriptor(kind, a, 0.25f), all = descriptor(kind, a, 1.0f);
    const Setting run{false, NNOISE_DTYPE_FLOAT32};
    const std::vector<float> x = data_for(kind, a.rows * a.columns, 1, false);
    const std::vector<float> chosen = call(kind, a, some, test::address(), nullptr, run, false);
    const std::vector<float> always = call(kind, a, all, test::address(), nullptr, run, false);
    nnoise_address site = test::address();
    site.site = some.apply_site;
    std::vector<std::uint32_t> words(static_cast<std::size_t>(a.rows));
    ASSERT_EQ(nnoise_words(nullptr, a.rows, 1, words.data(), site), NNOISE_STATUS_OK);
    int taken = 0;
    for (std::size_t r = 0; r < words.size(); ++r) {
        const bool takes = words[r] < 0x40000000u;
        taken += takes ? 1 : 0;
        const std::vector<float>& expected = takes ? always : x;
        ASSERT_TRUE(test::same_bits(expected.data() + 12 * r, chosen.data() + 12 * r, 12)) << "row " << r;
    }
    EXPECT_GT(taken, 20); // 50 expected, standard deviation 6
    EXPECT_LT(taken, 80);
}

// Shared noise is that of the tensor whose shared axes have length 1, repeated.
TEST_P(NoiseKinds, SharedNoiseIsTheSmallTensorsNoiseRepeated) {
    const Kind& kind = GetParam();
    constexpr std::int64_t channels = 3, pixels = 50;
    const Axes a = with_axes(1, {channels, pixels}, 1), small = with_axes(1, {1, pixels}, 0);
    const nnoise_noise noise = descriptor(kind, a, 1.0f), small_noise = descriptor(kind, small, 1.0f);
    std::vector<float> x = data_for(kind, pixels, 9, false), y(pixels), repeated, big(channels * pixels);
    if (kind.kind == NNOISE_NOISE_GAUSSIAN_SNR) {
        std::fill(x.begin(), x.end(), 0.75f); // so that the row's power is exactly the same
    }
    for (int c = 0; c < channels; ++c) {
        repeated.insert(repeated.end(), x.begin(), x.end());
    }
    ASSERT_EQ(nnoise_noise_forward(nullptr, NNOISE_DTYPE_FLOAT32, 1, pixels, x.data(), y.data(), test::address(),
                                   &small_noise),
              NNOISE_STATUS_OK);
    ASSERT_EQ(nnoise_noise_forward(nullptr, NNOISE_DTYPE_FLOAT32, 1, channels * pixels, repeated.data(), big.data(),
                                   test::address(), &noise),
              NNOISE_STATUS_OK);
    for (std::int64_t c = 0; c < channels; ++c) {
        ASSERT_TRUE(test::same_bits(y.data(), big.data() + c * pixels, pixels)) << "channel " << c;
    }
}

// The gradient of additive noise and of a mean is dy itself.
TEST_P(NoiseKinds, BackwardIsTheIdentityOrDrawsTheForwardsNoise) {
    const Kind& kind = GetParam();
    const Axes a = flat(3, 50);
    const nnoise_noise noise = descriptor(kind, a, 1.0f);
    const std::vector<float> dx = call(kind, a, noise, test::address(), nullptr, {true, NNOISE_DTYPE_FLOAT32}, false);
    const std::vector<float> dy = test::values(a.rows * a.columns, 2);
    const bool identity = kind.kind != NNOISE_NOISE_GAUSSIAN_RELATIVE &&
                          kind.kind != NNOISE_NOISE_GAUSSIAN_MULTIPLICATIVE &&
                          kind.kind != NNOISE_NOISE_SALT_AND_PEPPER && kind.kind != NNOISE_NOISE_DROPOUT;
    if (identity) {
        EXPECT_TRUE(test::same_bits(dy.data(), dx.data(), a.rows * a.columns));
    } else {
        EXPECT_NE(std::memcmp(dy.data(), dx.data(), dy.size() * sizeof(float)), 0);
    }
}

std::string name_of(const ::testing::TestParamInfo<Kind>& parameter) { return parameter.param.name; }
INSTANTIATE_TEST_SUITE_P(Kernels, NoiseKinds, ::testing::ValuesIn(kinds()), name_of);

// A magnitude of 0 and a row of zeros copy every bit.
TEST(NoiseKindsCopy, MagnitudeZeroCopiesBitForBit) {
    const std::vector<float> x = test::values(300, 4, true);
    for (const nnoise_noise_kind kind :
         {NNOISE_NOISE_GAUSSIAN, NNOISE_NOISE_LAPLACE, NNOISE_NOISE_STUDENT_T, NNOISE_NOISE_PINK, NNOISE_NOISE_BROWN}) {
        nnoise_noise noise;
        ASSERT_EQ(nnoise_noise_default(kind, &noise), NNOISE_STATUS_OK);
        noise.std = 0.0f;
        std::vector<float> y(x.size());
        ASSERT_EQ(
            nnoise_noise_forward(nullptr, NNOISE_DTYPE_FLOAT32, 3, 100, x.data(), y.data(), test::address(), &noise),
            NNOISE_STATUS_OK);
        EXPECT_EQ(std::memcmp(x.data(), y.data(), x.size() * sizeof(float)), 0) << kind;
    }
}

TEST(NoiseKindsCopy, ARowWithoutSignalGetsNoNoise) {
    std::vector<nnoise_isa> sets = test::fast_sets();
    sets.push_back(NNOISE_ISA_SCALAR);
    for (const nnoise_isa isa : sets) {
        const test::Context context(1, isa);
        for (const float snr_db : {20.0f, -3e38f}) {
            nnoise_noise noise;
            ASSERT_EQ(nnoise_noise_default(NNOISE_NOISE_GAUSSIAN_SNR, &noise), NNOISE_STATUS_OK);
            noise.snr_db = snr_db;
            const std::vector<float> x = {0.0f, -0.0f, 0.0f, -0.0f, 0.0f};
            std::vector<float> y(x.size(), 1.0f);
            ASSERT_EQ(
                nnoise_noise_forward(context, NNOISE_DTYPE_FLOAT32, 1, 5, x.data(), y.data(), test::address(), &noise),
                NNOISE_STATUS_OK);
            EXPECT_EQ(std::memcmp(x.data(), y.data(), x.size() * sizeof(float)), 0);
        }
    }
}

// A NaN passes where it stands; in a row whose power is asked for, the power is one as well.
TEST(NoiseKindsCopy, NanPasses) {
    const float nan = __builtin_nanf("");
    for (int kind = NNOISE_NOISE_GAUSSIAN; kind <= NNOISE_NOISE_BROWN; ++kind) {
        nnoise_noise noise;
        ASSERT_EQ(nnoise_noise_default(kind, &noise), NNOISE_STATUS_OK);
        std::vector<float> x(40, 2.0f), y(40);
        x[17] = nan;
        noise.probability = 0.0f; // of the kinds that replace
        ASSERT_EQ(
            nnoise_noise_forward(nullptr, NNOISE_DTYPE_FLOAT32, 1, 40, x.data(), y.data(), test::address(), &noise),
            NNOISE_STATUS_OK)
            << nnoise_last_error();
        for (std::size_t i = 0; i < y.size(); ++i) {
            EXPECT_EQ(y[i] != y[i], i == 17 || kind == NNOISE_NOISE_GAUSSIAN_SNR) << kind << ", element " << i;
        }
    }
}

} // namespace

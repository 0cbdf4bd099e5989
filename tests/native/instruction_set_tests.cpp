// Which instruction sets this build has and this machine can run: the choice, its refusals, and what the run compared.
#include "support.hpp"

#include <cstdlib>
#include <iostream>
#include <optional>

namespace {

struct Set {
    nnoise_isa isa;
    const char* name;
    bool in_build;
};

void PrintTo(const Set& set, std::ostream* out) { *out << set.name; }

#if defined(__x86_64__)
constexpr bool x86 = true;
#else
constexpr bool x86 = false;
#endif
#if defined(__aarch64__)
constexpr bool arm64 = true;
#else
constexpr bool arm64 = false;
#endif

// From the best to the plainest.
constexpr Set sets[] = {{NNOISE_ISA_AVX512, "avx512", x86},
                        {NNOISE_ISA_AVX2, "avx2", x86},
                        {NNOISE_ISA_NEON, "neon", arm64},
                        {NNOISE_ISA_SCALAR, "scalar", true}};

// What the compiler's own look at the processor says, which is not the library's.
bool processor_has(nnoise_isa isa) {
#if defined(__x86_64__)
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    if (isa == NNOISE_ISA_AVX2) {
        return avx2;
    }
    if (isa == NNOISE_ISA_AVX512) {
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    }
#elif defined(__aarch64__)
    if (isa == NNOISE_ISA_NEON) {
        return true; // part of the architecture
    }
#endif
    return isa == NNOISE_ISA_SCALAR;
}

struct Created {
    nnoise_status status = NNOISE_STATUS_INTERNAL;
    std::int32_t isa = -1;
    std::string error;
};

Created create(nnoise_isa isa) {
    nnoise_context_options options;
    nnoise_context_options_default(&options);
    options.isa = isa;
    options.threads = 1;
    nnoise_context* context = nullptr;
    Created created;
    created.status = nnoise_context_create(&options, &context);
    if (created.status == NNOISE_STATUS_OK) {
        nnoise_context_info info{};
        info.size = sizeof info;
        EXPECT_EQ(nnoise_context_describe(context, &info), NNOISE_STATUS_OK);
        created.isa = info.isa;
        nnoise_context_destroy(context);
    } else {
        created.error = nnoise_last_error();
    }
    return created;
}

// NNOISE_ISA for the life of the object; null: not set.
class Variable {
public:
    explicit Variable(const char* value) {
        if (const char* before = std::getenv("NNOISE_ISA"); before != nullptr) {
            before_ = before;
        }
        set(value);
    }
    ~Variable() { set(before_ ? before_->c_str() : nullptr); }

private:
    static void set(const char* value) {
        if (value == nullptr) {
            unsetenv("NNOISE_ISA");
        } else {
            setenv("NNOISE_ISA", value, 1);
        }
    }
    std::optional<std::string> before_;
};

class InstructionSets : public ::testing::TestWithParam<Set> {};

TEST_P(InstructionSets, AreUsedOrRefused) {
    const Set& set = GetParam();
    const Variable variable(set.name);
    const std::string name = set.name;
    for (const Created& created : {create(set.isa), create(NNOISE_ISA_AUTO)}) {
        if (set.in_build && processor_has(set.isa)) {
            EXPECT_EQ(created.status, NNOISE_STATUS_OK) << created.error;
            EXPECT_EQ(created.isa, set.isa);
        } else {
            EXPECT_EQ(created.status, NNOISE_STATUS_NOT_SUPPORTED);
            const std::string why = set.in_build ? "this machine lacks instruction set " + name
                                                 : "instruction set " + name + " is not in this build";
            EXPECT_NE(created.error.find(why), std::string::npos) << created.error;
        }
    }
    if (set.in_build && !processor_has(set.isa) && !HasFailure()) {
        GTEST_SKIP() << name << " is in this build and was NOT TESTED beyond its refusal: this processor lacks it";
    }
}

INSTANTIATE_TEST_SUITE_P(Every, InstructionSets, ::testing::ValuesIn(sets),
                         [](const auto& set) { return std::string(set.param.name); });

TEST(InstructionSet, IsTheBestThereIsWhereNobodyAsks) {
    nnoise_isa best = NNOISE_ISA_AUTO;
    for (const Set& set : sets) {
        if (best == NNOISE_ISA_AUTO && set.in_build && processor_has(set.isa)) {
            best = set.isa;
        }
    }
    for (const char* value : {static_cast<const char*>(nullptr), "", "auto"}) {
        const Variable variable(value);
        const Created created = create(NNOISE_ISA_AUTO);
        EXPECT_EQ(created.status, NNOISE_STATUS_OK) << created.error;
        EXPECT_EQ(created.isa, best);
    }
}

// Says at the end of a run what its comparisons with the reference covered.
class Coverage : public ::testing::Environment {
public:
    void TearDown() override {
        std::string compared, lacking;
        for (const Set& set : sets) {
            if (set.in_build && set.isa != NNOISE_ISA_SCALAR) {
                std::string& list = processor_has(set.isa) ? compared : lacking;
                list += (list.empty() ? "" : ", ") + std::string(set.name);
            }
        }
        std::cout << "Compared with the reference: " << (compared.empty() ? "nothing" : compared) << ".\n";
        if (!lacking.empty()) {
            std::cout << "NOT TESTED: " << lacking << " (in this build; this processor lacks it).\n";
        }
    }
};

const ::testing::Environment* const coverage = ::testing::AddGlobalTestEnvironment(new Coverage);

} // namespace

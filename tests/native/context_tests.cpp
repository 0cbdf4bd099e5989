// Contexts, threads, memory, the floating-point mode and the layout table.
#include "support.hpp"

#include "cpu/context.hpp"
#include "cpu/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif
#if defined(__linux__)
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

constexpr nnoise_dtype f32 = NNOISE_DTYPE_FLOAT32;

nnoise_context_info describe(const nnoise_context* context) {
    nnoise_context_info info{};
    info.size = sizeof info;
    EXPECT_EQ(nnoise_context_describe(context, &info), NNOISE_STATUS_OK) << nnoise_last_error();
    return info;
}

nnoise_memory_counters counters() {
    nnoise_memory_counters c{};
    c.size = sizeof c;
    EXPECT_EQ(nnoise_memory_counters_read(&c), NNOISE_STATUS_OK);
    return c;
}

TEST(Contexts, DescribeThemselves) {
    const test::Context context(3, NNOISE_ISA_SCALAR);
    const nnoise_context_info info = describe(context);
    EXPECT_EQ(info.device, NNOISE_DEVICE_CPU);
    EXPECT_EQ(info.threads, 3);
    EXPECT_EQ(info.isa, NNOISE_ISA_SCALAR);
    EXPECT_EQ(info.scratch_bytes, 0);

    const nnoise_context_info none = describe(nullptr);
    EXPECT_EQ(none.threads, 1);
    EXPECT_NE(none.isa, NNOISE_ISA_AUTO);
}

TEST(Contexts, DefaultsAreEveryProcessorAndTheBestSet) {
    nnoise_context* context = nullptr;
    ASSERT_EQ(nnoise_context_create(nullptr, &context), NNOISE_STATUS_OK);
    const nnoise_context_info info = describe(context);
    EXPECT_EQ(info.threads, nnoise::processor_count() > 256 ? 256 : nnoise::processor_count());
    EXPECT_NE(info.isa, NNOISE_ISA_AUTO);
    nnoise_context_destroy(context);
    nnoise_context_destroy(nullptr);
}

TEST(Contexts, ObeyTheEnvironment) {
    const auto isa_with = [](const char* value, nnoise_status expected) {
        setenv("NNOISE_ISA", value, 1);
        nnoise_context* context = nullptr;
        EXPECT_EQ(nnoise_context_create(nullptr, &context), expected) << value << ": " << nnoise_last_error();
        const std::int32_t isa = context == nullptr ? -1 : describe(context).isa;
        nnoise_context_destroy(context);
        unsetenv("NNOISE_ISA");
        return isa;
    };
    const char* saved = std::getenv("NNOISE_ISA");
    const std::string before = saved == nullptr ? "" : saved;
    EXPECT_EQ(isa_with("scalar", NNOISE_STATUS_OK), NNOISE_ISA_SCALAR);
    isa_with("pentium", NNOISE_STATUS_INVALID_ARGUMENT);
    EXPECT_NE(std::string(nnoise_last_error()).find("pentium"), std::string::npos);
#if defined(__x86_64__)
    isa_with("neon", NNOISE_STATUS_NOT_SUPPORTED);
#endif
    if (!before.empty()) {
        setenv("NNOISE_ISA", before.c_str(), 1);
    }
}

// The program starts itself again, which an emulated one cannot everywhere.
#if defined(__x86_64__)
// In a process of its own ("threadsafe" starts the program again): the first call that succeeds settles the set.
TEST(Contexts, CallsWithoutOneObeyTheEnvironmentOnce) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto calls = [] {
        float y[4] = {1, 2, 3, 4};
        int failed = 0;
        const auto expect = [&](bool ok) { failed = 2 * failed + (ok ? 0 : 1); };
        setenv("NNOISE_ISA", "pentium", 1); // refused, instead of running on another set than the one asked for
        expect(nnoise_fill(nullptr, 4, y, 0.0f) == NNOISE_STATUS_INVALID_ARGUMENT);
        expect(y[0] == 1.0f);
        setenv("NNOISE_ISA", "scalar", 1);
        expect(nnoise_fill(nullptr, 4, y, 0.0f) == NNOISE_STATUS_OK);
        expect(y[0] == 0.0f);
        setenv("NNOISE_ISA", "pentium", 1);
        expect(nnoise_fill(nullptr, 4, y, 2.0f) == NNOISE_STATUS_OK);
        expect(y[0] == 2.0f);
        expect(describe(nullptr).isa == NNOISE_ISA_SCALAR);
        std::_Exit(failed);
    };
    EXPECT_EXIT(calls(), testing::ExitedWithCode(0), "");
}
#endif

TEST(Contexts, RefuseASecondThread) {
    const test::Context context(2);
    nnoise_context* raw = context;
    raw->in_use = true; // as a call that is under way sets it
    float y[4] = {1, 2, 3, 4};
    EXPECT_EQ(nnoise_fill(context, 4, y, 0.0f), NNOISE_STATUS_BUSY);
    EXPECT_NE(std::string(nnoise_last_error()).find("in use by another thread"), std::string::npos);
    EXPECT_EQ(y[0], 1.0f);
    raw->in_use = false;
    EXPECT_EQ(nnoise_fill(context, 4, y, 0.0f), NNOISE_STATUS_OK);
    EXPECT_EQ(y[0], 0.0f);
}

// Two threads hammer one context: a call either works entirely or reports BUSY.
TEST(Contexts, OneContextSharedByMistakeIsNeverUsedTwiceAtOnce) {
    const test::Context context(2);
    constexpr std::int64_t n = 50000;
    std::vector<float> expected(n);
    ASSERT_EQ(nnoise_fill_normal(nullptr, f32, 1, n, expected.data(), test::address(), 0, 1), NNOISE_STATUS_OK);
    std::atomic<int> worked{0}, other{0};
    const auto hammer = [&] {
        std::vector<float> y(n);
        for (int i = 0; i < 200; ++i) {
            const nnoise_status status = nnoise_fill_normal(context, f32, 1, n, y.data(), test::address(), 0, 1);
            if (status == NNOISE_STATUS_OK && std::memcmp(y.data(), expected.data(), n * sizeof(float)) == 0) {
                ++worked;
            } else if (status != NNOISE_STATUS_BUSY) {
                ++other;
            }
        }
    };
    std::thread a(hammer), b(hammer);
    a.join();
    b.join();
    EXPECT_GT(worked, 0);
    EXPECT_EQ(other, 0);
}

TEST(Contexts, RunConcurrently) {
    constexpr std::int64_t n = 100000;
    std::vector<float> expected(n);
    ASSERT_EQ(nnoise_fill_normal(nullptr, f32, 1, n, expected.data(), test::address(), 0, 1), NNOISE_STATUS_OK);
    std::atomic<int> wrong{0};
    std::vector<std::thread> callers;
    for (int t = 0; t < 4; ++t) {
        callers.emplace_back([&, t] {
            const test::Context context(1 + t);
            std::vector<float> y(n);
            for (int i = 0; i < 50; ++i) {
                const nnoise_status status = nnoise_fill_normal(context, f32, 1, n, y.data(), test::address(), 0, 1);
                if (status != NNOISE_STATUS_OK || std::memcmp(y.data(), expected.data(), n * sizeof(float)) != 0) {
                    ++wrong;
                }
            }
        });
    }
    for (std::thread& caller : callers) {
        caller.join();
    }
    EXPECT_EQ(wrong, 0);
}

// Parallel regions until threads of the pool take part; `tasks` of theirs, of which `wrong` was true in some.
struct Helped {
    std::atomic<int> tasks{0}, wrong{0};

    explicit Helped(bool (*is_wrong)()) : is_wrong_(is_wrong) {
        for (int attempt = 0; attempt < 1000 && tasks == 0; ++attempt) {
            nnoise::parallel_run(
                3, 64,
                [](void* s, std::int64_t, int worker) {
                    Helped& helped = *static_cast<Helped*>(s);
                    if (worker == 0) {
                        std::this_thread::sleep_for(std::chrono::microseconds(200)); // leaves tasks to the others
                        return;
                    }
                    ++helped.tasks;
                    helped.wrong += helped.is_wrong_() ? 1 : 0;
                },
                this);
        }
    }

private:
    bool (*is_wrong_)();
};

TEST(Pool, RunsEveryTaskOnceAndNumbersWorkersApart) {
    for (const int threads : {1, 2, 3, 5, 16}) {
        struct State {
            std::atomic<int> runs[1000];
            std::atomic<bool> busy[16];
            std::atomic<int> faults;
            int threads;
        } state{};
        state.threads = threads;
        nnoise::parallel_run(
            threads, 1000,
            [](void* s, std::int64_t task, int worker) {
                State& st = *static_cast<State*>(s);
                if (worker < 0 || worker >= st.threads || st.busy[worker].exchange(true)) {
                    ++st.faults;
                }
                ++st.runs[task];
                st.busy[worker] = false;
            },
            &state);
        EXPECT_EQ(state.faults, 0) << threads;
        for (const std::atomic<int>& runs : state.runs) {
            ASSERT_EQ(runs, 1) << threads;
        }
    }
}

TEST(Pool, RangesCoverEverythingOnce) {
    for (const std::int64_t units : {0, 1, 5, 99, 100, 101, 12345}) {
        std::vector<std::atomic<int>> seen(static_cast<std::size_t>(units));
        nnoise::parallel_ranges(3, units, 10, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t i = first; i < last; ++i) {
                ++seen[static_cast<std::size_t>(i)];
            }
        });
        for (const std::atomic<int>& s : seen) {
            ASSERT_EQ(s, 1) << units;
        }
    }
}

// (ThreadSanitizer cannot follow a fork of a program with threads.)
#if defined(__linux__) && !defined(__SANITIZE_THREAD__)
TEST(Pool, WorksInAForkedChild) {
    constexpr std::int64_t n = 100000;
    const test::Context context(3);
    std::vector<float> expected(n), y(n);
    ASSERT_EQ(nnoise_fill_normal(context, f32, 1, n, expected.data(), test::address(), 0, 1), NNOISE_STATUS_OK);
    // From the newest thread: a child of QEMU 7.2 counts its new threads from the one that forked, and ends with an
    // assertion where it meets the number of a thread that its parent had.
    pid_t child = -1;
    std::thread([&] {
        child = fork();
        if (child == 0) {
            const nnoise_status status = nnoise_fill_normal(context, f32, 1, n, y.data(), test::address(), 0, 1);
            const bool right = std::memcmp(y.data(), expected.data(), n * sizeof(float)) == 0;
            const Helped helped([] { return false; }); // by threads of its own
            _exit(status == NNOISE_STATUS_OK && right && helped.tasks > 0 ? 0 : 1);
        }
    }).join();
    ASSERT_GE(child, 0);
    int result = -1;
    ASSERT_EQ(waitpid(child, &result, 0), child);
    EXPECT_TRUE(WIFEXITED(result) && WEXITSTATUS(result) == 0);
}
#endif

TEST(Memory, IsAlignedAndCounted) {
    const nnoise_memory_counters before = counters();
    void* memory = nullptr;
    ASSERT_EQ(nnoise_memory_allocate(1000, &memory), NNOISE_STATUS_OK);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 64, 0u);
    std::memset(memory, 1, 1000);
    const nnoise_memory_counters during = counters();
    EXPECT_EQ(during.allocations, before.allocations + 1);
    EXPECT_EQ(during.bytes, before.bytes + 1000);
    EXPECT_GE(during.peak_bytes, during.bytes);
    nnoise_memory_free(memory);
    const nnoise_memory_counters after = counters();
    EXPECT_EQ(after.frees, before.frees + 1);
    EXPECT_EQ(after.bytes, before.bytes);
    EXPECT_GE(after.peak_bytes, during.peak_bytes);

    void* none = &memory;
    EXPECT_EQ(nnoise_memory_allocate(0, &none), NNOISE_STATUS_OK);
    EXPECT_EQ(none, nullptr);
    nnoise_memory_free(nullptr);
    EXPECT_EQ(counters().frees, after.frees);
}

TEST(Memory, ElementwiseCallsAllocateNothing) {
    const test::Context context(3);
    std::vector<float> y(100000);
    double sum = 0;
    ASSERT_EQ(nnoise_fill_normal(context, f32, 1, 100000, y.data(), test::address(), 0, 1), NNOISE_STATUS_OK);
    const nnoise_memory_counters before = counters();
    ASSERT_EQ(nnoise_gaussian(context, f32, 100, 1000, y.data(), y.data(), test::address(), 1), NNOISE_STATUS_OK);
    ASSERT_EQ(nnoise_sum(context, 100000, y.data(), &sum), NNOISE_STATUS_OK);
    EXPECT_EQ(counters().allocations, before.allocations);
}

TEST(Memory, ContextsGiveEverythingBack) {
    const nnoise_memory_counters before = counters();
    {
        const test::Context context(4);
        EXPECT_NE(nnoise::context_scratch(*static_cast<nnoise_context*>(context), 0, 4096), nullptr);
        EXPECT_NE(nnoise::context_scratch(*static_cast<nnoise_context*>(context), 4, 100), nullptr);
        EXPECT_EQ(describe(context).scratch_bytes, 4196);
        EXPECT_NE(nnoise::context_scratch(*static_cast<nnoise_context*>(context), 0, 8192), nullptr);
        EXPECT_EQ(describe(context).scratch_bytes, 8292);
    }
    const nnoise_memory_counters after = counters();
    EXPECT_EQ(after.bytes, before.bytes);
    EXPECT_EQ(after.allocations - before.allocations, after.frees - before.frees);
}

// The thread's floating-point mode. `odd`: as a host may have set it: flush-to-zero (of inputs too) and rounding down.
struct HostMode {
#if defined(__x86_64__)
    using Word = unsigned;
    static constexpr Word flags = 0x3F; // of exceptions that have been
    static constexpr Word plain = 0x1F80;
    static Word get() { return _mm_getcsr(); }
    static void set(Word mode) { _mm_setcsr(mode); }
    static Word odd() { return (get() | 0x8040u | 0x2000u) & ~flags; }
#elif defined(__aarch64__)
    using Word = std::uint64_t;
    static constexpr Word flags = 0;
    static constexpr Word plain = 0;
    static Word get() {
        Word mode;
        __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
        return mode;
    }
    static void set(Word mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode) : "memory"); }
    // FZ, RMode, DN and AHP (the half format without infinities).
    static Word odd() { return Word{1} << 24 | Word{2} << 22 | Word{1} << 25 | Word{1} << 26; }
#endif
    const Word host = get();
    ~HostMode() { set(host); }
};

// What the mode does to 1e-41 + 0 and to 1/3.
std::vector<std::uint32_t> arithmetic() {
    volatile float tiny = 1e-41f, zero = 0.0f, one = 1.0f, three = 3.0f;
    return {test::bits(tiny + zero), test::bits(one / three)};
}

// In such a mode noise is the same, and the host finds its mode again. Pool threads are started under it too.
TEST(FloatMode, OfTheHostChangesNothingAndIsKept) {
    constexpr std::int64_t n = 200000;
    std::vector<float> x(n, 1e-41f), expected(n), y(n);
    std::vector<std::uint16_t> expected_half(n), half(n);
    const test::Context context(3);
    const auto noise = [&](nnoise_context* c, std::vector<float>& out, std::vector<std::uint16_t>& out_half) {
        EXPECT_EQ(nnoise_gaussian(c, f32, 1, n, x.data(), out.data(), test::address(), 1e-41f), NNOISE_STATUS_OK);
        // (Large enough that some are beyond float16: infinite in IEEE's format alone.)
        EXPECT_EQ(nnoise_fill_normal(c, NNOISE_DTYPE_FLOAT16, 1, n, out_half.data(), test::address(), 0.0f, 30000.0f),
                  NNOISE_STATUS_OK);
    };
    noise(context, expected, expected_half);
    EXPECT_TRUE(std::any_of(expected.begin(), expected.end(), [](float f) { return f != 0.0f && f < 1e-38f; }));
    EXPECT_NE(std::find(expected_half.begin(), expected_half.end(), 0x7C00), expected_half.end());
    const std::vector<std::uint32_t> usual = arithmetic();
    const test::Context second(5);
    const HostMode mode;
    HostMode::set(HostMode::odd());
    const HostMode::Word odd = HostMode::get();
    const std::vector<std::uint32_t> unusual = arithmetic();
    noise(second, y, half);
    const HostMode::Word after = HostMode::get();
    HostMode::set(mode.host);
    EXPECT_EQ(after & ~HostMode::flags, odd & ~HostMode::flags);
    EXPECT_NE(unusual[0], usual[0]); // the mode was in force
    EXPECT_NE(unusual[1], usual[1]);
    EXPECT_TRUE(test::same_bits(expected.data(), y.data(), n));
    EXPECT_EQ(expected_half, half);
}

// A new thread inherits its creator's mode: one that flushes to zero here. Workers compute in the library's all the
// same.
TEST(FloatMode, OfWorkersIsTheirOwn) {
    const HostMode mode;
    HostMode::set(HostMode::odd());
    const Helped helped([] { return (HostMode::get() & ~HostMode::flags) != HostMode::plain; });
    HostMode::set(mode.host);
    EXPECT_GT(helped.tasks, 0);
    EXPECT_EQ(helped.wrong, 0);
}

TEST(Layout, DescribesEveryPublicStruct) {
    const struct {
        const char* name;
        std::size_t size;
    } structs[] = {{"nnoise_address", sizeof(nnoise_address)},
                   {"nnoise_layout", sizeof(nnoise_layout)},
                   {"nnoise_context_options", sizeof(nnoise_context_options)},
                   {"nnoise_context_info", sizeof(nnoise_context_info)},
                   {"nnoise_memory_counters", sizeof(nnoise_memory_counters)},
                   {"nnoise_linear", sizeof(nnoise_linear)},
                   {"nnoise_linear_gradients", sizeof(nnoise_linear_gradients)},
                   {"nnoise_optimizer_options", sizeof(nnoise_optimizer_options)}};
    for (const auto& s : structs) {
        std::int64_t whole = -1, end = 0;
        for (std::int32_t i = 0; i < nnoise_layout_count(); ++i) {
            nnoise_layout line;
            ASSERT_EQ(nnoise_layout_entry(i, &line), NNOISE_STATUS_OK);
            if (std::string(line.struct_name) != s.name) {
                continue;
            }
            if (line.field_name == nullptr) {
                whole = line.size;
            } else {
                // Fields come in order and leave no hole: padding would be a field that nobody named.
                EXPECT_EQ(line.offset, end) << s.name << "." << line.field_name;
                end = line.offset + line.size;
            }
        }
        EXPECT_EQ(whole, static_cast<std::int64_t>(s.size)) << s.name;
        EXPECT_EQ(end, whole) << s.name;
    }
    EXPECT_EQ(nnoise_abi_version(), static_cast<std::uint32_t>(NNOISE_ABI_VERSION));
    EXPECT_EQ(nnoise_contract_version(), static_cast<std::uint32_t>(NNOISE_CONTRACT_VERSION));
    EXPECT_STREQ(nnoise_version(), NNOISE_VERSION_TEXT);
}

} // namespace

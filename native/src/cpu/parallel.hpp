// The process-wide pool of worker threads. It starts when first needed, grows to what contexts ask for, and ends with
// the library. Who runs a task never changes its result: tasks write to places of their own.
#pragma once

#include <cstdint>

namespace nnoise {

// Runs body(state, task, worker) for every task in [0, tasks), on at most `threads` threads, and returns when all are
// done. The caller is worker 0; workers number 0 .. threads - 1 and no two running at once have the same number.
// Several callers may use the pool at once. With one task or one thread nothing is woken.
void parallel_run(int threads, std::int64_t tasks, void (*body)(void* state, std::int64_t task, int worker),
                  void* state);

// Logical processors this process may run on.
int processor_count();

// How many items of `size` times `count` elements make a grain of `elements`; at least one.
inline std::int64_t items_of_grain(std::int64_t elements, std::int64_t size, std::int64_t count = 1) {
    if (size <= 0 || size >= elements / count) {
        return 1;
    }
    return elements / (size * count);
}

// Cuts [0, units) into ranges of at least `grain` units and calls f(first, last) for each.
template <class F>
void parallel_ranges(int threads, std::int64_t units, std::int64_t grain, const F& f) {
    std::int64_t tasks = grain > 1 ? units / grain : units;
    const std::int64_t most = static_cast<std::int64_t>(threads) * 16; // so that a late thread costs little
    tasks = tasks > most ? most : tasks;
    if (threads <= 1 || tasks <= 1) {
        if (units > 0) {
            f(std::int64_t{0}, units);
        }
        return;
    }
    struct State {
        const F* f;
        std::int64_t quotient, rest;
    } state{&f, units / tasks, units % tasks};
    parallel_run(
        threads, tasks,
        [](void* s, std::int64_t task, int) {
            const State& st = *static_cast<const State*>(s);
            const std::int64_t extra = task < st.rest ? task : st.rest;
            const std::int64_t first = task * st.quotient + extra;
            (*st.f)(first, first + st.quotient + (task < st.rest ? 1 : 0));
        },
        &state);
}

} // namespace nnoise

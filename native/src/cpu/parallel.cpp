#include "parallel.hpp"

#include "float_mode.hpp"

#include <atomic>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

// glibc 2.34 moved the pthread functions and gave them a new version; the old one still answers there and on older
// systems. Sanitizers replace the functions by name, so they see the plain ones.
#if defined(__GLIBC__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#if defined(__x86_64__)
__asm__(".symver pthread_create,pthread_create@GLIBC_2.2.5");
__asm__(".symver pthread_join,pthread_join@GLIBC_2.2.5");
#elif defined(__aarch64__)
__asm__(".symver pthread_create,pthread_create@GLIBC_2.17");
__asm__(".symver pthread_join,pthread_join@GLIBC_2.17");
#endif
#endif

namespace nnoise {
namespace {

constexpr int most_workers = 255;
// Pauses before a thread sleeps. A training step is a row of short parallel regions, and waking a sleeping thread costs
// more than many of them, so an idle thread watches for the next region for some hundred microseconds; where there are
// more threads than processors it gives its processor away soon.
constexpr int patient_spins = 5000;
constexpr int hasty_spins = 400;

void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    __asm__ volatile("yield");
#endif
}

// Lives on its caller's stack while it is in the pool's list or has helpers.
struct Job {
    void (*body)(void*, std::int64_t, int);
    void* state;
    std::int64_t tasks;
    int most_helpers;
    int joined = 0; // helpers that ever came: numbers the workers (under the pool's mutex)
    std::atomic<std::int64_t> next{0};
    std::atomic<int> active{0}; // helpers at work
    Job* link = nullptr;

    void work(int worker) {
        for (std::int64_t task = next.fetch_add(1, std::memory_order_relaxed); task < tasks;
             task = next.fetch_add(1, std::memory_order_relaxed)) {
            body(state, task, worker);
        }
    }
    bool wants_help() const { return joined < most_helpers && next.load(std::memory_order_relaxed) < tasks; }
};

struct Pool {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t work = PTHREAD_COND_INITIALIZER;
    pthread_cond_t done = PTHREAD_COND_INITIALIZER;
    Job* jobs = nullptr;
    int workers = 0;
    int sleeping = 0;
    bool stop = false;
    bool watches_fork = false;
    std::atomic<int> spins{hasty_spins};
    std::atomic<std::uint32_t> posted{0}; // changes with every new job: what an idle worker watches before it sleeps
    pthread_t handles[most_workers] = {};
};

constinit Pool pool;

Job* find_job() {
    for (Job* job = pool.jobs; job != nullptr; job = job->link) {
        if (job->wants_help()) {
            return job;
        }
    }
    return nullptr;
}

void* worker_main(void*) {
    const FloatMode mode;
    pthread_mutex_lock(&pool.mutex);
    while (!pool.stop) {
        if (Job* job = find_job(); job != nullptr) {
            const int number = ++job->joined;
            job->active.fetch_add(1, std::memory_order_relaxed);
            pthread_mutex_unlock(&pool.mutex);
            job->work(number);
            pthread_mutex_lock(&pool.mutex);
            // The last touch of the job: its caller may return as soon as it sees 0.
            job->active.fetch_sub(1, std::memory_order_release);
            pthread_cond_broadcast(&pool.done);
            continue;
        }
        const std::uint32_t seen = pool.posted.load(std::memory_order_relaxed);
        pthread_mutex_unlock(&pool.mutex);
        const int spins = pool.spins.load(std::memory_order_relaxed);
        for (int i = 0; i < spins && pool.posted.load(std::memory_order_relaxed) == seen; ++i) {
            pause();
        }
        pthread_mutex_lock(&pool.mutex);
        if (pool.posted.load(std::memory_order_relaxed) == seen && !pool.stop) {
            ++pool.sleeping;
            pthread_cond_wait(&pool.work, &pool.mutex);
            --pool.sleeping;
        }
    }
    pthread_mutex_unlock(&pool.mutex);
    return nullptr;
}

// A forked child has none of its parent's threads.
void after_fork() {
    pthread_mutex_init(&pool.mutex, nullptr);
    pthread_cond_init(&pool.work, nullptr);
    pthread_cond_init(&pool.done, nullptr);
    pool.jobs = nullptr;
    pool.workers = 0;
    pool.sleeping = 0;
}

// Under the mutex. Fewer workers than asked for, when the system gives no more, only cost time.
void start_workers(int wanted) {
    if (!pool.watches_fork) {
        pool.watches_fork = true;
        pthread_atfork(nullptr, nullptr, after_fork);
    }
    if (pool.workers >= wanted) {
        return;
    }
    const int processors = processor_count();
    while (pool.workers < wanted && pool.workers < most_workers && !pool.stop) {
        if (pthread_create(&pool.handles[pool.workers], nullptr, worker_main, nullptr) != 0) {
            return;
        }
        ++pool.workers;
        pool.spins.store(pool.workers < processors ? patient_spins : hasty_spins, std::memory_order_relaxed);
    }
}

[[gnu::destructor]] void stop_workers() {
    pthread_mutex_lock(&pool.mutex);
    pool.stop = true;
    pool.posted.fetch_add(1, std::memory_order_relaxed);
    const int workers = pool.workers;
    pthread_cond_broadcast(&pool.work);
    pthread_mutex_unlock(&pool.mutex);
    for (int i = 0; i < workers; ++i) {
        pthread_join(pool.handles[i], nullptr);
    }
}

} // namespace

int processor_count() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        const int count = CPU_COUNT(&set);
        if (count > 0) {
            return count;
        }
    }
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? static_cast<int>(online) : 1;
}

void parallel_run(int threads, std::int64_t tasks, void (*body)(void* state, std::int64_t task, int worker),
                  void* state) {
    if (threads <= 1 || tasks <= 1) {
        for (std::int64_t task = 0; task < tasks; ++task) {
            body(state, task, 0);
        }
        return;
    }
    Job job{.body = body,
            .state = state,
            .tasks = tasks,
            .most_helpers = static_cast<int>((tasks < threads ? tasks : threads) - 1)};
    pthread_mutex_lock(&pool.mutex);
    start_workers(job.most_helpers);
    job.link = pool.jobs;
    pool.jobs = &job;
    pool.posted.fetch_add(1, std::memory_order_relaxed);
    for (int i = 0; i < job.most_helpers && i < pool.sleeping; ++i) {
        pthread_cond_signal(&pool.work);
    }
    pthread_mutex_unlock(&pool.mutex);

    job.work(0);

    pthread_mutex_lock(&pool.mutex);
    for (Job** link = &pool.jobs; *link != nullptr; link = &(*link)->link) {
        if (*link == &job) {
            *link = job.link;
            break;
        }
    }
    pthread_mutex_unlock(&pool.mutex);
    const int spins = pool.spins.load(std::memory_order_relaxed);
    for (int i = 0; i < spins && job.active.load(std::memory_order_acquire) != 0; ++i) {
        pause();
    }
    if (job.active.load(std::memory_order_acquire) != 0) {
        pthread_mutex_lock(&pool.mutex);
        while (job.active.load(std::memory_order_acquire) != 0) {
            pthread_cond_wait(&pool.done, &pool.mutex);
        }
        pthread_mutex_unlock(&pool.mutex);
    }
}

} // namespace nnoise

// Optimiser steps over a vector layer V: gradient scaling, clipping, noise and update in one pass over memory.
#pragma once

#include "../kernels.hpp"
#include "normal-inl.hpp"

namespace nnoise::simd {

template <class V>
struct OptimizerVectors {
    using F = typename V::F;
    F gradient_scale, clip, minus_clip, noise_std, minus_rate, l2, shrink, momentum;
    F one_minus_beta1, beta2, one_minus_beta2, minus_step, inverse_correction, epsilon;
    bool decays, nesterov;

    explicit OptimizerVectors(const OptimizerConstants& c)
        : gradient_scale(V::set1(c.gradient_scale)), clip(V::set1(c.clip)), minus_clip(V::set1(-c.clip)),
          noise_std(V::set1(c.noise_std)), minus_rate(V::set1(-c.learning_rate)), l2(V::set1(c.l2)),
          shrink(V::set1(c.shrink)), momentum(V::set1(c.momentum)), one_minus_beta1(V::set1(c.one_minus_beta1)),
          beta2(V::set1(c.beta2)), one_minus_beta2(V::set1(c.one_minus_beta2)), minus_step(V::set1(-c.step_size)),
          inverse_correction(V::set1(c.inverse_correction)), epsilon(V::set1(c.epsilon)), decays(c.decays),
          nesterov(c.nesterov) {}

    [[gnu::always_inline]] F clipped(F gradient) const {
        return V::min(clip, V::max(minus_clip, V::mul(gradient_scale, gradient)));
    }
    [[gnu::always_inline]] F decayed(F g, F parameter) const { return decays ? V::fma(l2, parameter, g) : g; }
};

// Loads and stores of whole vectors, and of the first lanes of one.
template <class V>
struct Whole {
    static typename V::F load(const float* p) { return V::load(p); }
    static void store(float* p, typename V::F v) { V::store(p, v); }
};

template <class V>
struct Masked {
    typename V::M mask;
    typename V::F load(const float* p) const { return V::load_masked(p, mask); }
    void store(float* p, typename V::F v) const { V::store_masked(p, mask, v); }
};

template <class V, bool has_velocity>
struct SgdStep {
    template <class Access>
    [[gnu::always_inline]] static void update(const OptimizerVectors<V>& c, const OptimizerJob& job, std::int64_t i,
                                              typename V::F g, const Access& at) {
        using F = typename V::F;
        const F p = at.load(job.parameter + i);
        F d = c.decayed(g, p);
        if constexpr (has_velocity) {
            const F v = V::fma(c.momentum, at.load(job.first + i), d);
            at.store(job.first + i, v);
            d = c.nesterov ? V::fma(c.momentum, v, d) : v;
        }
        at.store(job.parameter + i, V::fma(c.minus_rate, d, V::mul(p, c.shrink)));
    }
};

template <class V>
struct AdamStep {
    template <class Access>
    [[gnu::always_inline]] static void update(const OptimizerVectors<V>& c, const OptimizerJob& job, std::int64_t i,
                                              typename V::F g, const Access& at) {
        using F = typename V::F;
        const F p = at.load(job.parameter + i);
        const F m0 = at.load(job.first + i);
        const F v0 = at.load(job.second + i);
        const F d = c.decayed(g, p);
        const F m = V::fma(c.one_minus_beta1, V::sub(d, m0), m0);
        const F v = V::fma(c.one_minus_beta2, V::mul(d, d), V::mul(c.beta2, v0));
        at.store(job.first + i, m);
        at.store(job.second + i, v);
        const F denominator = V::fma(V::sqrt(v), c.inverse_correction, c.epsilon);
        at.store(job.parameter + i, V::fma(c.minus_step, V::div(m, denominator), V::mul(p, c.shrink)));
    }
};

template <class V, class Step, bool noise>
void optimizer_elements(const OptimizerJob& job, std::int64_t first, std::int64_t last) {
    using F = typename V::F;
    constexpr int vectors = 2; // more would crowd the update out of the registers
    constexpr std::int64_t group = 4 * vectors * V::width;
    const OptimizerVectors<V> c(job.constants);
    const PhiloxKeys<V> keys(job.address.seed);
    const RowBlocks<V> row(RowAddress{job.address.seed, job.address.site, job.address.step, job.address.first_row});
    for (std::int64_t begin = first; begin < last; begin += group) {
        F eps[4 * vectors];
        if constexpr (noise) {
            normals_in_row<V, vectors>(keys, row, static_cast<std::uint32_t>(begin >> 2), eps);
        }
#pragma GCC unroll 8
        for (int k = 0; k < 4 * vectors; ++k) {
            const std::int64_t i = begin + k * V::width;
            const std::int64_t left = last - i;
            if (left >= V::width) {
                F g = c.clipped(V::load(job.gradient + i));
                if constexpr (noise) {
                    g = V::fma(c.noise_std, eps[k], g);
                }
                Step::update(c, job, i, g, Whole<V>{});
            } else if (left > 0) {
                const Masked<V> at{V::tail_mask(static_cast<int>(left))};
                F g = c.clipped(at.load(job.gradient + i));
                if constexpr (noise) {
                    g = V::fma(c.noise_std, eps[k], g);
                }
                Step::update(c, job, i, g, at);
            }
        }
    }
}

template <class V, class Step>
void optimizer_step(const OptimizerJob& job, std::int64_t first, std::int64_t last) {
    if (job.constants.noise_std == 0.0f) {
        optimizer_elements<V, Step, false>(job, first, last);
    } else {
        optimizer_elements<V, Step, true>(job, first, last);
    }
}

template <class V>
void sgd_kernel(const OptimizerJob& job, std::int64_t first, std::int64_t last) {
    if (job.first == nullptr) {
        optimizer_step<V, SgdStep<V, false>>(job, first, last);
    } else {
        optimizer_step<V, SgdStep<V, true>>(job, first, last);
    }
}

template <class V>
void adamw_kernel(const OptimizerJob& job, std::int64_t first, std::int64_t last) {
    optimizer_step<V, AdamStep<V>>(job, first, last);
}

} // namespace nnoise::simd

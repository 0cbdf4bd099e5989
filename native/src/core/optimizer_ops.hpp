// One element of an optimiser step. The constants are made once a call, in double, and rounded once.
#pragma once

#include "platform.hpp"

#include <nativenoise/optimizer.h>

namespace nnoise {

struct OptimizerConstants {
    float gradient_scale;
    float clip;
    float noise_std;
    float learning_rate;
    float l2;     // weight_decay added to the gradient; 0 when decoupled
    float shrink; // 1 - lr weight_decay when decoupled, else 1
    float momentum;
    float one_minus_beta1;
    float beta2;
    float one_minus_beta2;
    float step_size;          // lr / (1 - beta1^t)
    float inverse_correction; // 1 / sqrt(1 - beta2^t)
    float epsilon;
    bool nesterov;
    bool decays; // l2 != 0: 0 times an infinite parameter must not appear
};

// base^n by squaring: a fixed sequence of multiplications, where pow of libm differs from one system to the next.
NNOISE_HD double power(double base, std::uint64_t n) {
    double result = 1.0;
    for (; n != 0; n >>= 1) {
        if ((n & 1) != 0) {
            result *= base;
        }
        base *= base;
    }
    return result;
}

NNOISE_HD OptimizerConstants optimizer_constants(const nnoise_optimizer_options& o) {
    const double lr = static_cast<double>(o.learning_rate);
    const double beta1 = static_cast<double>(o.beta1);
    const double beta2 = static_cast<double>(o.beta2);
    const bool decoupled = o.decoupled != 0;
    OptimizerConstants c;
    c.gradient_scale = o.gradient_scale;
    c.clip = o.clip_value;
    c.noise_std = o.noise_std;
    c.learning_rate = o.learning_rate;
    c.l2 = decoupled ? 0.0f : o.weight_decay;
    c.shrink = decoupled ? static_cast<float>(1.0 - lr * static_cast<double>(o.weight_decay)) : 1.0f;
    c.momentum = o.momentum;
    c.one_minus_beta1 = static_cast<float>(1.0 - beta1);
    c.beta2 = o.beta2;
    c.one_minus_beta2 = static_cast<float>(1.0 - beta2);
    c.step_size = static_cast<float>(lr / (1.0 - power(beta1, o.step)));
    c.inverse_correction = static_cast<float>(1.0 / __builtin_sqrt(1.0 - power(beta2, o.step)));
    c.epsilon = o.epsilon;
    c.nesterov = o.nesterov != 0;
    c.decays = c.l2 != 0.0f;
    return c;
}

// Scaled and clipped; a NaN passes. Noise, when there is any, is added next: fma(noise_std, eps, g).
NNOISE_HD float clipped_gradient(const OptimizerConstants& c, float gradient) {
    float g = c.gradient_scale * gradient;
    g = -c.clip > g ? -c.clip : g;
    return c.clip < g ? c.clip : g;
}

// velocity may be null (no momentum).
NNOISE_HD void sgd_update(const OptimizerConstants& c, float g, float* parameter, float* velocity) {
    float d = c.decays ? fma32(c.l2, *parameter, g) : g;
    if (velocity != nullptr) {
        const float v = fma32(c.momentum, *velocity, d);
        *velocity = v;
        d = c.nesterov ? fma32(c.momentum, v, d) : v;
    }
    *parameter = fma32(-c.learning_rate, d, *parameter * c.shrink);
}

NNOISE_HD void adamw_update(const OptimizerConstants& c, float g, float* parameter, float* first, float* second) {
    const float d = c.decays ? fma32(c.l2, *parameter, g) : g;
    const float m = fma32(c.one_minus_beta1, d - *first, *first);
    const float v = fma32(c.one_minus_beta2, d * d, c.beta2 * *second);
    *first = m;
    *second = v;
    const float denominator = fma32(sqrt32(v), c.inverse_correction, c.epsilon);
    *parameter = fma32(-c.step_size, m / denominator, *parameter * c.shrink);
}

} // namespace nnoise

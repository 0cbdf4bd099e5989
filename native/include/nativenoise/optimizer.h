/* Optimiser steps with clipping and gradient noise fused: one pass over memory. For each element i, in this order:
     g = gradient_scale * gradient[i]; g = min(max(g, -clip_value), clip_value); g = fma(noise_std, eps_i, g);
   then the update. eps comes from noise_address, row 0 of the call, element i. float32. */
#ifndef NATIVENOISE_OPTIMIZER_H
#define NATIVENOISE_OPTIMIZER_H

#include "context.h"
#include "export.h"
#include "status.h"
#include "types.h"

#include <stdint.h>

NNOISE_BEGIN

typedef struct nnoise_optimizer_options {
    uint32_t size;        /* sizeof(nnoise_optimizer_options), set by nnoise_optimizer_options_default */
    int32_t decoupled;    /* weight decay: 0 adds weight_decay * p to g (L2), 1 multiplies p by 1 - lr weight_decay (AdamW) (0) */
    int32_t nesterov;     /* SGD (0) */
    uint32_t reserved;    /* 0 */
    uint64_t step;        /* AdamW: number of this step, from 1, for the bias correction (1) */
    float learning_rate;  /* >= 0, finite (0.001) */
    float weight_decay;   /* >= 0, finite (0) */
    float momentum;       /* SGD, in [0, 1] (0) */
    float beta1;          /* AdamW, in [0, 1) (0.9) */
    float beta2;          /* AdamW, in [0, 1) (0.999) */
    float epsilon;        /* AdamW, >= 0, finite (1e-8) */
    float gradient_scale; /* finite (1): unscaling, or min(1, max_norm / norm) for clipping by global norm */
    float clip_value;     /* > 0, may be infinite: off (infinity) */
    float noise_std;      /* >= 0, finite (0): sqrt(eta / (1 + t)^gamma) in Neelakantan 2015 */
    uint32_t reserved2;   /* 0 */
    nnoise_address noise_address;
} nnoise_optimizer_options;

/* Fills in the defaults. NULL_POINTER. */
NNOISE_API nnoise_status nnoise_optimizer_options_default(nnoise_optimizer_options* options);

/* SGD: d = g (+ weight_decay p); with velocity v = momentum v + d, d = nesterov ? d + momentum v : v; p -= lr d.
   velocity may be null when momentum is 0. Statuses: NULL_POINTER, INVALID_SHAPE, INVALID_ARGUMENT, OVERLAP,
   OUT_OF_RANGE, BUSY. A null context runs on the caller's thread. */
NNOISE_API nnoise_status nnoise_sgd_step(nnoise_context* context, const nnoise_optimizer_options* options, int64_t n,
                                         float* parameter, const float* gradient, float* velocity);

/* Adam and AdamW: m += (1 - beta1)(g - m); v = beta2 v + (1 - beta2) g^2;
   p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon). Statuses as above. */
NNOISE_API nnoise_status nnoise_adamw_step(nnoise_context* context, const nnoise_optimizer_options* options, int64_t n,
                                           float* parameter, const float* gradient, float* first_moment,
                                           float* second_moment);

NNOISE_END

#endif

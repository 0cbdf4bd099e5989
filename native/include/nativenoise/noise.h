/* Element-wise noise. eps ~ N(0, 1), w the element's word; x, y, dy, dx row-major [rows, columns], of the dtype given:
   halves are widened exactly, computed in float32 and rounded once, to nearest even.
   In place (y == x, dx == dy) is fine; partly overlapping buffers are refused. A magnitude or probability of exactly 0
   copies the input bit for bit. NaN in the data passes through. Additive noise has the identity as its backward.
   Statuses of every call: NULL_POINTER, INVALID_SHAPE, OVERLAP, OUT_OF_RANGE, BUSY, INVALID_ARGUMENT (unknown dtype;
   std negative, NaN or infinite; probability outside [0, 1]; ...). */
#ifndef NATIVENOISE_NOISE_H
#define NATIVENOISE_NOISE_H

#include "context.h"
#include "export.h"
#include "status.h"
#include "types.h"

#include <stdint.h>

NNOISE_BEGIN

/* y = x + std eps */
NNOISE_API nnoise_status nnoise_gaussian(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                         const void* x, void* y, nnoise_address address, float std);

/* y = x + std |x| eps */
NNOISE_API nnoise_status nnoise_gaussian_relative(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                                  int64_t columns, const void* x, void* y, nnoise_address address,
                                                  float std);

/* dx = dy (1 + sign(x) std eps), sign(0) = 0 */
NNOISE_API nnoise_status nnoise_gaussian_relative_backward(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                                           int64_t columns, const void* x, const void* dy, void* dx,
                                                           nnoise_address address, float std);

/* y = x (1 + std eps); its own backward with dy for x */
NNOISE_API nnoise_status nnoise_gaussian_multiplicative(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                                        int64_t columns, const void* x, void* y, nnoise_address address,
                                                        float std);

/* y = x + U[low, high); low and high finite, low <= high */
NNOISE_API nnoise_status nnoise_uniform(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                        const void* x, void* y, nnoise_address address, float low, float high);

/* y = salt with probability p/2, pepper with probability p/2, else x; salt and pepper finite */
NNOISE_API nnoise_status nnoise_salt_and_pepper(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                                int64_t columns, const void* x, void* y, nnoise_address address,
                                                float probability, float salt, float pepper);

/* dx = 0 where replaced, else dy */
NNOISE_API nnoise_status nnoise_salt_and_pepper_backward(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                                         int64_t columns, const void* dy, void* dx,
                                                         nnoise_address address, float probability);

/* y = x / (1 - p) with probability 1 - p, else 0 (inverted dropout); p = 1 gives zeros; its own backward */
NNOISE_API nnoise_status nnoise_dropout(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                        const void* x, void* y, nnoise_address address, float probability);

/* Every kind, for nnoise_noise_forward and nnoise_noise_backward. In brackets the fields of nnoise_noise that it reads.
 */
typedef enum nnoise_noise_kind {
    NNOISE_NOISE_GAUSSIAN = 0,                /* x + std eps [std] */
    NNOISE_NOISE_GAUSSIAN_RELATIVE = 1,       /* x + std |x| eps [std] */
    NNOISE_NOISE_GAUSSIAN_MULTIPLICATIVE = 2, /* x (1 + std eps): speckle [std] */
    NNOISE_NOISE_UNIFORM = 3,                 /* x + U[low, high) [low, high] */
    NNOISE_NOISE_SALT_AND_PEPPER = 4,         /* salt, pepper or x [probability, salt, pepper] */
    NNOISE_NOISE_DROPOUT = 5,                 /* 0 or x / (1 - p) [probability] */
    NNOISE_NOISE_LAPLACE = 6,                 /* x + std L, L of density exp(-|v|) / 2: std is its scale [std] */
    NNOISE_NOISE_STUDENT_T = 7,    /* x + std T, T of Student's t with `degrees`: std is its scale [std, degrees] */
    NNOISE_NOISE_POISSON = 8,      /* Poisson(peak x) / peak: shot noise; x >= 0 [peak] */
    NNOISE_NOISE_GAUSSIAN_SNR = 9, /* x + s eps, s = rms(row) 10^(-snr_db / 20) [snr_db] */
    NNOISE_NOISE_PINK = 10,        /* x + std P, P of variance 1 and spectrum 1/f along the last axis [std] */
    NNOISE_NOISE_BROWN = 11        /* x + std B, B of variance 1 and spectrum 1/f^2 along the last axis [std] */
} nnoise_noise_kind;

/* A kind with its magnitudes, which elements share a draw, and which rows get any noise. */
typedef struct nnoise_noise {
    uint32_t size; /* sizeof(nnoise_noise), set by nnoise_noise_default */
    int32_t kind;  /* nnoise_noise_kind */
    float std;     /* finite, >= 0 */
    float low;     /* low <= high, both finite */
    float high;
    float probability; /* in [0, 1] */
    float salt;        /* finite */
    float pepper;      /* finite */
    float degrees;     /* at least 1, finite */
    float peak;        /* events at x = 1; finite, > 0 */
    float snr_db;      /* signal-to-noise ratio in decibels, finite */
    float
        apply_probability; /* in [0, 1]: a row gets noise with this probability, else it passes unchanged; 1 = always */
    uint32_t apply_site;   /* where that decision is drawn (purpose `apply`), element 0 of the row */
    uint32_t shared_axes;  /* bit i: the noise is the same along axis i of a row */
    int32_t axes;          /* axes of a row, 0 to 4; 0 = one axis of `columns` elements, not shared */
    uint32_t reserved;     /* 0 */
    int64_t axis_length[4]; /* their lengths, outermost first; the product is `columns` */
} nnoise_noise;

/* Fills in the defaults: std 0.1, low -0.1, high 0.1, probability 0.05 (dropout: 0.5), salt 1, pepper 0, degrees 5,
   peak 255, snr_db 20, every row, no shared axis. INVALID_ARGUMENT: unknown kind. NULL_POINTER. */
NNOISE_API nnoise_status nnoise_noise_default(int32_t kind, nnoise_noise* noise);

/* y = x with noise. INVALID_ARGUMENT: a wrong size, an unknown kind, a field that the kind reads outside its range, an
   axis below 1 long, a product of the axes that is not `columns`; for PINK and BROWN a last axis that is shared; for
   POISSON a negative or infinite x or a rate peak x above 2^23, of which the first is named. */
NNOISE_API nnoise_status nnoise_noise_forward(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                              int64_t columns, const void* x, void* y, nnoise_address address,
                                              const nnoise_noise* noise);

/* dx from dy, drawing the noise of the forward call again; x, the forward call's input, is read by GAUSSIAN_RELATIVE
   alone and may be null for the others. */
NNOISE_API nnoise_status nnoise_noise_backward(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                               int64_t columns, const void* x, const void* dy, void* dx,
                                               nnoise_address address, const nnoise_noise* noise);

NNOISE_END

#endif

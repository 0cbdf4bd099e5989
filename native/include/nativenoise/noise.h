/* Element-wise noise. eps ~ N(0, 1), w the element's word; x, y, dy, dx row-major [rows, columns].
   In place (y == x, dx == dy) is fine; partly overlapping buffers are refused. A magnitude or probability of exactly 0
   copies the input bit for bit. NaN in the data passes through. Additive noise has the identity as its backward.
   Statuses of every call: NULL_POINTER, INVALID_SHAPE, OVERLAP, OUT_OF_RANGE, NOT_SUPPORTED (dtype), BUSY,
   INVALID_ARGUMENT (std negative, NaN or infinite; probability outside [0, 1]; ...). */
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
                                                        int64_t columns, const void* x, void* y,
                                                        nnoise_address address, float std);

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

NNOISE_END

#endif

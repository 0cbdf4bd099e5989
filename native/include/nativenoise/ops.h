/* Activations, losses, reductions and plain element-wise arithmetic, float32. Reductions run over fixed-size chunks in a
   fixed tree, so their bits depend on the data alone, not on threads or instruction set.
   In place is fine unless said otherwise; partly overlapping buffers are refused. A null context runs on the caller's
   thread. Statuses of every call: NULL_POINTER, INVALID_SHAPE, OVERLAP, BUSY; others where named. */
#ifndef NATIVENOISE_OPS_H
#define NATIVENOISE_OPS_H

#include "context.h"
#include "export.h"
#include "status.h"
#include "types.h"

#include <stdint.h>

NNOISE_BEGIN

/* y[i] = value */
NNOISE_API nnoise_status nnoise_fill(nnoise_context* context, int64_t n, float* y, float value);

/* y[i] = alpha x[i] + beta y[i] (fma(alpha, x, beta y)); beta = 0 overwrites and does not read y */
NNOISE_API nnoise_status nnoise_axpby(nnoise_context* context, int64_t n, float alpha, const float* x, float beta,
                                      float* y);

/* y[i] = a[i] b[i] */
NNOISE_API nnoise_status nnoise_multiply(nnoise_context* context, int64_t n, const float* a, const float* b, float* y);

/* y[r, c] = x[r, c] + row[c] */
NNOISE_API nnoise_status nnoise_add_row(nnoise_context* context, int64_t rows, int64_t columns, const float* x,
                                        const float* row, float* y);

/* out[c] = sum over r of x[r, c], added to out when accumulate != 0 */
NNOISE_API nnoise_status nnoise_column_sum(nnoise_context* context, int64_t rows, int64_t columns, const float* x,
                                           float* out, int32_t accumulate);

/* sum of x[i], accumulated in double */
NNOISE_API nnoise_status nnoise_sum(nnoise_context* context, int64_t n, const float* x, double* result);

/* sum of x[i]^2, accumulated in double */
NNOISE_API nnoise_status nnoise_sum_squares(nnoise_context* context, int64_t n, const float* x, double* result);

/* index of the first largest element of each row (a NaN counts as largest); columns >= 1 when rows > 0 */
NNOISE_API nnoise_status nnoise_argmax(nnoise_context* context, int64_t rows, int64_t columns, const float* x,
                                       int32_t* index);

/* y = activation(x). INVALID_ARGUMENT: unknown activation. */
NNOISE_API nnoise_status nnoise_activation_forward(nnoise_context* context, nnoise_activation activation, int64_t n,
                                                   const float* x, float* y);

/* dx = dy activation'(x), where `saved` is the forward's output y for RELU, TANH and SIGMOID and its input x for GELU.
   INVALID_ARGUMENT: unknown activation. */
NNOISE_API nnoise_status nnoise_activation_backward(nnoise_context* context, nnoise_activation activation, int64_t n,
                                                    const float* saved, const float* dy, float* dx);

/* probabilities[r, :] = softmax(logits[r, :]), with the row's maximum subtracted first */
NNOISE_API nnoise_status nnoise_softmax(nnoise_context* context, int64_t rows, int64_t classes, const float* logits,
                                        float* probabilities);

/* *loss = sum over r of -ln softmax(logits[r, :])[labels[r]] / rows (0 when rows is 0), and, where dlogits is not null,
   dlogits[r, c] = (softmax(logits[r, :])[c] - [c == labels[r]]) scale. With scale = 1 / rows that is the gradient of
   the mean; a piece of a larger batch passes 1 / (rows of the whole). losses (nullable) gets each row's loss.
   INVALID_LABEL: a label outside [0, classes); nothing is written. INVALID_ARGUMENT: scale not finite. */
NNOISE_API nnoise_status nnoise_softmax_cross_entropy(nnoise_context* context, int64_t rows, int64_t classes,
                                                      const float* logits, const int32_t* labels, float scale,
                                                      float* dlogits, float* losses, double* loss);

/* *loss = sum of (y[i] - t[i])^2 / n (0 when n is 0), and, where dy is not null, dy[i] = 2 (y[i] - t[i]) scale;
   scale = 1 / n gives the gradient of the mean. INVALID_ARGUMENT: scale not finite. */
NNOISE_API nnoise_status nnoise_mean_squared_error(nnoise_context* context, int64_t n, const float* y, const float* t,
                                                   float scale, float* dy, double* loss);

/* c[m, n] = op(a) op(b), added to c when accumulate != 0; op is the transpose where the flag is not 0, so that a is
   [m, k] or [k, m] and b is [k, n] or [n, k], row-major and contiguous. c may not overlap a or b. Needs a context.
   OUT_OF_MEMORY. */
NNOISE_API nnoise_status nnoise_matmul(nnoise_context* context, int32_t transpose_a, int32_t transpose_b, int64_t m,
                                       int64_t n, int64_t k, const float* a, const float* b, float* c,
                                       int32_t accumulate);

NNOISE_END

#endif

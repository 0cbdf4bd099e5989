/* Words, uniforms and normals, and the hash that names a site. docs/noise-contract.md has every definition.
   All buffers are row-major [rows, columns]. n = 0 is fine. Statuses of every fill: NULL_POINTER (out), INVALID_SHAPE,
   OUT_OF_RANGE, NOT_SUPPORTED (dtype), BUSY. */
#ifndef NATIVENOISE_RNG_H
#define NATIVENOISE_RNG_H

#include "context.h"
#include "export.h"
#include "status.h"
#include "types.h"

#include <stdint.h>

NNOISE_BEGIN

/* Hash of a site's UTF-8 name (contract section 3). INVALID_SHAPE: length < 0. NULL_POINTER: name null with length > 0. */
NNOISE_API nnoise_status nnoise_site_hash(const char* name, int64_t length, uint32_t* site);

/* The site of the j-th further word of a kind that needs more than one word an element; j = 0 is the site itself. */
NNOISE_API uint32_t nnoise_site_salt(uint32_t site, uint32_t j);

/* out[r, e] = the 32-bit word of element e of row r. */
NNOISE_API nnoise_status nnoise_words(nnoise_context* context, int64_t rows, int64_t columns, uint32_t* out,
                                      nnoise_address address);

/* out[r, e] ~ U[low, high); low == high gives low. INVALID_ARGUMENT: low > high, either not finite, high - low not finite. */
NNOISE_API nnoise_status nnoise_fill_uniform(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                             void* out, nnoise_address address, float low, float high);

/* out[r, e] = fma(std, N(0, 1), mean). INVALID_ARGUMENT: std negative or not finite, mean not finite. */
NNOISE_API nnoise_status nnoise_fill_normal(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                            void* out, nnoise_address address, float mean, float std);

/* out[r, e] = +1 or -1, one bit an element (contract section 7). */
NNOISE_API nnoise_status nnoise_fill_signs(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                           void* out, nnoise_address address);

NNOISE_END

#endif

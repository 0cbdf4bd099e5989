/* Types shared by all operations. Fixed-width fields only. */
#ifndef NATIVENOISE_TYPES_H
#define NATIVENOISE_TYPES_H

#include "export.h"

#include <stdint.h>

NNOISE_BEGIN

/* Element type of the buffers of an element-wise operation. */
typedef enum nnoise_dtype {
    NNOISE_DTYPE_FLOAT32 = 0,
    NNOISE_DTYPE_FLOAT16 = 1,
    NNOISE_DTYPE_BFLOAT16 = 2
} nnoise_dtype;

typedef enum nnoise_device {
    NNOISE_DEVICE_CPU = 0,
    NNOISE_DEVICE_CUDA = 1
} nnoise_device;

/* Instruction set of a CPU context. Every set gives the same bits. */
typedef enum nnoise_isa {
    NNOISE_ISA_AUTO = 0,   /* the best that processor and operating system offer */
    NNOISE_ISA_SCALAR = 1, /* the plain reference */
    NNOISE_ISA_AVX2 = 2,   /* AVX2, FMA and F16C */
    NNOISE_ISA_AVX512 = 3, /* AVX-512 F, DQ, VL, BW */
    NNOISE_ISA_NEON = 4
} nnoise_isa;

/* Activation functions. GELU is the tanh form, 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
typedef enum nnoise_activation {
    NNOISE_ACTIVATION_NONE = 0,
    NNOISE_ACTIVATION_RELU = 1,
    NNOISE_ACTIVATION_TANH = 2,
    NNOISE_ACTIVATION_SIGMOID = 3,
    NNOISE_ACTIVATION_GELU = 4
} nnoise_activation;

/* Where noise lives: noise = f(seed, site, step, row, element), docs/noise-contract.md.
   Row r of a call has step + r * step_stride and first_row + r * row_stride, as 32-bit numbers that may not pass
   2^32 - 1 (NNOISE_STATUS_OUT_OF_RANGE). Ordinary use: step_stride 0, row_stride 1. */
typedef struct nnoise_address {
    uint64_t seed;        /* the Philox key */
    uint32_t site;        /* nnoise_site_hash of the place */
    uint32_t step;        /* optimiser step; draw number in Monte Carlo evaluation */
    uint32_t step_stride; /* step increment from row to row */
    uint32_t first_row;   /* global row of the call's first row */
    uint32_t row_stride;  /* row increment from row to row */
    uint32_t reserved;    /* 0 */
} nnoise_address;

/* One line of the table that describes the ABI's structs, for binding tests. */
typedef struct nnoise_layout {
    const char* struct_name;
    const char* field_name; /* null on the line that gives the whole struct */
    int64_t offset;
    int64_t size;
} nnoise_layout;

NNOISE_END

#endif

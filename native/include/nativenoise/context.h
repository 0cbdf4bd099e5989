/* Contexts (a device with its threads and scratch) and memory. */
#ifndef NATIVENOISE_CONTEXT_H
#define NATIVENOISE_CONTEXT_H

#include "export.h"
#include "status.h"
#include "types.h"

#include <stdint.h>

NNOISE_BEGIN

/* A context is one device. It may be used from one thread at a time (a second one gets NNOISE_STATUS_BUSY); different
   contexts run concurrently. CPU contexts share one process-wide pool of worker threads, started when first needed.
   Element-wise operations accept a null context and then run on the caller's thread with the best instruction set, or
   with the one that NNOISE_ISA names: INVALID_ARGUMENT where it names none, NOT_SUPPORTED where this machine lacks it.
   The first such call that succeeds settles the set for the rest of the process; every new context asks again. */
typedef struct nnoise_context nnoise_context;

typedef struct nnoise_context_options {
    uint32_t size;        /* sizeof(nnoise_context_options), set by nnoise_context_options_default */
    int32_t device;       /* nnoise_device (CPU) */
    int32_t device_index; /* 0 */
    int32_t threads;      /* 0 = one per logical processor, at most 256; 1 = the caller's thread alone */
    int32_t isa;          /* nnoise_isa (AUTO, which the environment variable NNOISE_ISA = scalar|avx2|... overrides) */
    int32_t reserved;     /* 0 */
    void* stream;         /* CUDA stream, or null */
} nnoise_context_options;

typedef struct nnoise_context_info {
    uint32_t size;
    int32_t device;
    int32_t device_index;
    int32_t threads;
    int32_t isa;      /* the set in use, never AUTO */
    int32_t reserved;
    int64_t scratch_bytes; /* scratch this context holds now */
} nnoise_context_info;

/* Native memory of the process: tensors and scratch. */
typedef struct nnoise_memory_counters {
    uint32_t size;
    uint32_t reserved;
    uint64_t allocations; /* calls that allocated, since the process began */
    uint64_t frees;
    uint64_t bytes;       /* held now */
    uint64_t peak_bytes;  /* most ever held */
} nnoise_memory_counters;

/* Fills in the defaults. NULL_POINTER. */
NNOISE_API nnoise_status nnoise_context_options_default(nnoise_context_options* options);

/* Creates a context; null options mean the defaults. INVALID_ARGUMENT: threads outside [0, 256], unknown device or isa,
   wrong size. NOT_SUPPORTED: an isa this machine lacks, a device this build lacks. OUT_OF_MEMORY. NULL_POINTER. */
NNOISE_API nnoise_status nnoise_context_create(const nnoise_context_options* options, nnoise_context** context);

/* Destroys a context; null is fine. */
NNOISE_API void nnoise_context_destroy(nnoise_context* context);

/* Describes a context; null context: what calls without a context use. `info->size` must be set (else
   INVALID_ARGUMENT). NULL_POINTER: info. */
NNOISE_API nnoise_status nnoise_context_describe(const nnoise_context* context, nnoise_context_info* info);

/* 64-byte aligned memory of at least `bytes` bytes (0 gives null), contents undefined. INVALID_SHAPE: bytes < 0. OUT_OF_MEMORY.
   NULL_POINTER. */
NNOISE_API nnoise_status nnoise_memory_allocate(int64_t bytes, void** memory);

/* Frees memory from nnoise_memory_allocate; null is fine. */
NNOISE_API void nnoise_memory_free(void* memory);

/* The process's counters. `counters->size` must be set (else INVALID_ARGUMENT). NULL_POINTER. */
NNOISE_API nnoise_status nnoise_memory_counters_read(nnoise_memory_counters* counters);

NNOISE_END

#endif

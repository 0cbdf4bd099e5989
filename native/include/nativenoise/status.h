/* What every call returns, and how to learn more about a failure. */
#ifndef NATIVENOISE_STATUS_H
#define NATIVENOISE_STATUS_H

#include "export.h"

#include <stdint.h>

NNOISE_BEGIN

/* Values are fixed; a number that falls out of use is never given to another meaning. */
typedef enum nnoise_status {
    NNOISE_STATUS_OK = 0,
    NNOISE_STATUS_INVALID_ARGUMENT = 1, /* a value outside its documented range (NaN, negative, unknown enum, ...) */
    NNOISE_STATUS_NULL_POINTER = 2,     /* a required pointer was null */
    NNOISE_STATUS_INVALID_SHAPE = 3,    /* a negative size, or sizes whose product overflows */
    NNOISE_STATUS_OVERLAP = 4,          /* buffers overlap in part (fully equal is in place and fine where documented) */
    NNOISE_STATUS_OUT_OF_MEMORY = 5,    /* an allocation failed; nothing was changed */
    NNOISE_STATUS_NOT_SUPPORTED = 6,    /* this build, processor or device cannot do what was asked for */
    NNOISE_STATUS_OUT_OF_RANGE = 7,     /* an address field (step, row, element) would pass its last value */
    NNOISE_STATUS_INVALID_LABEL = 8,    /* a class label outside [0, classes) */
    NNOISE_STATUS_BUSY = 9,             /* the context is in use by another thread */
    NNOISE_STATUS_INTERNAL = 10         /* a fault of the library */
} nnoise_status;

/* A short constant English text for a status; "unknown status" for any other number. Never null. */
NNOISE_API const char* nnoise_status_text(nnoise_status status);

/* What was wrong with the last failed call on this thread, naming the argument, its value and what was expected.
   Empty when no call has failed. The text belongs to the library and lives until the thread's next failing call. */
NNOISE_API const char* nnoise_last_error(void);

NNOISE_END

#endif

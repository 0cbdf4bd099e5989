/* Versions. The ABI number changes whenever a signature, struct or enum value changes in an incompatible way; the
   contract number whenever one bit of any noise changes. */
#ifndef NATIVENOISE_VERSION_H
#define NATIVENOISE_VERSION_H

#include "export.h"
#include "status.h"
#include "types.h"

#include <stdint.h>

#define NNOISE_ABI_VERSION 1
#define NNOISE_CONTRACT_VERSION 0

NNOISE_BEGIN

/* NNOISE_ABI_VERSION of the library that was loaded. */
NNOISE_API uint32_t nnoise_abi_version(void);

/* NNOISE_CONTRACT_VERSION of the library that was loaded. */
NNOISE_API uint32_t nnoise_contract_version(void);

/* The library's version, "major.minor.patch". */
NNOISE_API const char* nnoise_version(void);

/* Number of lines in the layout table. */
NNOISE_API int32_t nnoise_layout_count(void);

/* Line `index` of the layout table. INVALID_ARGUMENT: index outside [0, nnoise_layout_count()). NULL_POINTER. */
NNOISE_API nnoise_status nnoise_layout_entry(int32_t index, nnoise_layout* layout);

NNOISE_END

#endif

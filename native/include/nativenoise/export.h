/* Export macro and linkage of the C ABI. C11 only; no other header of the project is needed. */
#ifndef NATIVENOISE_EXPORT_H
#define NATIVENOISE_EXPORT_H

/* A binding generator or a static build may define NNOISE_API (empty) beforehand. */
#ifndef NNOISE_API
#if defined(_WIN32)
#if defined(NNOISE_BUILDING)
#define NNOISE_API __declspec(dllexport)
#else
#define NNOISE_API __declspec(dllimport)
#endif
#else
#define NNOISE_API __attribute__((visibility("default")))
#endif
#endif

#ifdef __cplusplus
#define NNOISE_BEGIN extern "C" {
#define NNOISE_END }
#else
#define NNOISE_BEGIN
#define NNOISE_END
#endif

#endif

// Statuses as text.
#include "guard.hpp"

extern "C" {

const char* nnoise_last_error(void) { return nnoise::last_error(); }

const char* nnoise_status_text(nnoise_status status) {
    switch (static_cast<int>(status)) {
    case NNOISE_STATUS_OK:
        return "ok";
    case NNOISE_STATUS_INVALID_ARGUMENT:
        return "invalid argument";
    case NNOISE_STATUS_NULL_POINTER:
        return "null pointer";
    case NNOISE_STATUS_INVALID_SHAPE:
        return "invalid shape";
    case NNOISE_STATUS_OVERLAP:
        return "overlapping buffers";
    case NNOISE_STATUS_OUT_OF_MEMORY:
        return "out of memory";
    case NNOISE_STATUS_NOT_SUPPORTED:
        return "not supported";
    case NNOISE_STATUS_OUT_OF_RANGE:
        return "noise address out of range";
    case NNOISE_STATUS_INVALID_LABEL:
        return "invalid label";
    case NNOISE_STATUS_BUSY:
        return "context is busy";
    case NNOISE_STATUS_INTERNAL:
        return "internal error";
    default:
        return "unknown status";
    }
}

} // extern "C"

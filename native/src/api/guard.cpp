#include "guard.hpp"

#include "../cpu/dispatch.hpp"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

namespace nnoise {
namespace {

constexpr std::uint64_t field_limit = 0xFFFFFFFFu; // last value of a 32-bit address field

thread_local char error_text[512];

bool finite(float v) { return __builtin_isfinite(v); }

// start + (rows - 1) stride, or UINT64_MAX when it does not fit into 64 bits.
std::uint64_t last_value(std::uint32_t start, std::uint32_t stride, std::int64_t rows) {
    std::uint64_t last = 0;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(rows - 1), static_cast<std::uint64_t>(stride), &last) ||
        __builtin_add_overflow(last, static_cast<std::uint64_t>(start), &last)) {
        return UINT64_MAX;
    }
    return last;
}

} // namespace

nnoise_status fail(nnoise_status status, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error_text, sizeof error_text, format, arguments);
    va_end(arguments);
    return status;
}

NumberText::NumberText(float value) {
    if (value != value) {
        snprintf(text_, sizeof text_, "nan"); // printf shows a NaN's sign bit as well, which says nothing
        return;
    }
    for (int digits = 6; digits <= 9; ++digits) {
        snprintf(text_, sizeof text_, "%.*g", digits, static_cast<double>(value));
        if (strtof(text_, nullptr) == value) {
            break;
        }
    }
    for (char* c = text_; *c != '\0'; ++c) {
        const bool expected = (*c >= '0' && *c <= '9') || *c == '-' || *c == '+' || (*c >= 'a' && *c <= 'z');
        if (!expected) {
            *c = '.';
        }
    }
}

Call::Call(nnoise_context* context, const char* name)
    : context_(nullptr), name_(name), status_(NNOISE_STATUS_OK), threads_(1), isa_(NNOISE_ISA_SCALAR) {
    if (context == nullptr) {
        status_ = default_isa(name, &isa_);
        return;
    }
    if (context->in_use.exchange(true, std::memory_order_acquire)) {
        status_ =
            fail(NNOISE_STATUS_BUSY, "%s: the context is in use by another thread; give each thread its own", name);
        return;
    }
    context_ = context;
    threads_ = context->threads;
    isa_ = context->isa;
}

Call::~Call() {
    if (context_ != nullptr) {
        context_->in_use.store(false, std::memory_order_release);
    }
}

nnoise_status check_pointer(const char* call, const char* name, const void* pointer) {
    if (pointer == nullptr) {
        return fail(NNOISE_STATUS_NULL_POINTER, "%s: %s is null", call, name);
    }
    return NNOISE_STATUS_OK;
}

nnoise_status check_size(const char* call, const char* name, std::int64_t size) {
    if (size < 0) {
        return fail(NNOISE_STATUS_INVALID_SHAPE, "%s: %s is %lld; expected at least 0", call, name,
                    static_cast<long long>(size));
    }
    if (size > INT64_MAX / 8) {
        return fail(NNOISE_STATUS_INVALID_SHAPE, "%s: %s is %lld; so many elements have no address", call, name,
                    static_cast<long long>(size));
    }
    return NNOISE_STATUS_OK;
}

nnoise_status check_matrix(const char* call, const char* rows_name, std::int64_t rows, const char* columns_name,
                           std::int64_t columns, std::int64_t item_bytes, std::int64_t* count) {
    NNOISE_TRY(check_size(call, rows_name, rows));
    NNOISE_TRY(check_size(call, columns_name, columns));
    std::int64_t bytes = 0;
    if (__builtin_mul_overflow(rows, columns, count) || __builtin_mul_overflow(*count, item_bytes, &bytes)) {
        return fail(NNOISE_STATUS_INVALID_SHAPE, "%s: %s x %s is %lld x %lld; the product overflows", call, rows_name,
                    columns_name, static_cast<long long>(rows), static_cast<long long>(columns));
    }
    return NNOISE_STATUS_OK;
}

nnoise_status check_dtype(const char* call, nnoise_dtype dtype) {
    switch (static_cast<int>(dtype)) {
    case NNOISE_DTYPE_FLOAT32:
    case NNOISE_DTYPE_FLOAT16:
    case NNOISE_DTYPE_BFLOAT16:
        return NNOISE_STATUS_OK;
    default:
        return fail(NNOISE_STATUS_INVALID_ARGUMENT,
                    "%s: dtype is %d; expected FLOAT32 (0), FLOAT16 (1) or BFLOAT16 (2)", call,
                    static_cast<int>(dtype));
    }
}

nnoise_status check_finite(const char* call, const char* name, float value) {
    if (!finite(value)) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: %s is %s; expected a finite number", call, name,
                    NumberText(value).c_str());
    }
    return NNOISE_STATUS_OK;
}

nnoise_status check_not_negative(const char* call, const char* name, float value) {
    if (!finite(value) || value < 0.0f) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: %s is %s; expected a finite number >= 0", call, name,
                    NumberText(value).c_str());
    }
    return NNOISE_STATUS_OK;
}

nnoise_status check_probability(const char* call, const char* name, float value) {
    if (!(value >= 0.0f && value <= 1.0f)) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: %s is %s; expected a probability in [0, 1]", call, name,
                    NumberText(value).c_str());
    }
    return NNOISE_STATUS_OK;
}

nnoise_status check_address(const char* call, const char* name, const nnoise_address& address, std::int64_t rows,
                            std::int64_t columns, std::int64_t elements_per_word) {
    if (address.reserved != 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: %s.reserved is %u; expected 0", call, name, address.reserved);
    }
    if (rows <= 0 || columns <= 0) {
        return NNOISE_STATUS_OK;
    }
    const std::int64_t most = (std::int64_t{1} << 34) * elements_per_word;
    if (columns > most) {
        return fail(NNOISE_STATUS_OUT_OF_RANGE, "%s: a row has %lld elements; %s can number %lld", call,
                    static_cast<long long>(columns), name, static_cast<long long>(most));
    }
    if (last_value(address.step, address.step_stride, rows) > field_limit) {
        return fail(NNOISE_STATUS_OUT_OF_RANGE,
                    "%s: %s.step is %u with stride %u over %lld rows; the last row's step would pass 4294967295", call,
                    name, address.step, address.step_stride, static_cast<long long>(rows));
    }
    if (last_value(address.first_row, address.row_stride, rows) > field_limit) {
        return fail(NNOISE_STATUS_OUT_OF_RANGE,
                    "%s: %s.first_row is %u with stride %u over %lld rows; the last row would pass 4294967295", call,
                    name, address.first_row, address.row_stride, static_cast<long long>(rows));
    }
    return NNOISE_STATUS_OK;
}

nnoise_status check_struct_size(const char* call, const char* name, std::uint32_t size, std::uint32_t expected) {
    if (size != expected) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: %s is %u; expected %u (built against another version?)", call,
                    name, size, expected);
    }
    return NNOISE_STATUS_OK;
}

bool overlaps(const void* a, std::int64_t bytes_a, const void* b, std::int64_t bytes_b) {
    if (a == nullptr || b == nullptr || bytes_a <= 0 || bytes_b <= 0) {
        return false;
    }
    const std::uintptr_t start_a = reinterpret_cast<std::uintptr_t>(a);
    const std::uintptr_t start_b = reinterpret_cast<std::uintptr_t>(b);
    return start_a < start_b + static_cast<std::uintptr_t>(bytes_b) &&
           start_b < start_a + static_cast<std::uintptr_t>(bytes_a);
}

nnoise_status check_overlap(const char* call, const char* name_a, const void* a, std::int64_t bytes_a,
                            const char* name_b, const void* b, std::int64_t bytes_b, Aliasing aliasing) {
    if (!overlaps(a, bytes_a, b, bytes_b) || (aliasing == Aliasing::in_place_allowed && a == b)) {
        return NNOISE_STATUS_OK;
    }
    return fail(NNOISE_STATUS_OVERLAP,
                aliasing == Aliasing::in_place_allowed
                    ? "%s: %s and %s overlap in part; expected the same buffer or separate ones"
                    : "%s: %s and %s overlap; expected separate buffers",
                call, name_a, name_b);
}

const char* last_error() { return error_text; }

} // namespace nnoise

// What every call of the C ABI does first: take the context, set the floating-point mode, check each argument and say
// what is wrong with it. All checks come before anything is written.
#pragma once

#include "../cpu/context.hpp"
#include "../cpu/float_mode.hpp"

#include <nativenoise/nativenoise.h>

#include <cstdint>

// Returns from the call when a check fails.
#define NNOISE_TRY(expression)                                                                                         \
    do {                                                                                                               \
        if (const nnoise_status nnoise_try_status = (expression); nnoise_try_status != NNOISE_STATUS_OK) {             \
            return nnoise_try_status;                                                                                  \
        }                                                                                                              \
    } while (false)

namespace nnoise {

// Writes the thread's error text and returns `status`.
[[gnu::format(printf, 2, 3)]] nnoise_status fail(nnoise_status status, const char* format, ...);

const char* last_error(); // the thread's error text

// A number for an error text: the fewest digits that read back as the same float, '.' whatever the locale.
class NumberText {
public:
    explicit NumberText(float value);
    const char* c_str() const { return text_; }

private:
    char text_[32];
};

// One call: holds the context and the floating-point mode until it goes out of scope.
class Call {
public:
    // A null context stands for the caller's thread and the machine's best instruction set.
    Call(nnoise_context* context, const char* name);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    nnoise_status status() const { return status_; } // BUSY, or a wrong NNOISE_ISA
    const char* name() const { return name_; }
    int threads() const { return threads_; }
    nnoise_isa isa() const { return isa_; }

private:
    nnoise_context* context_;
    const char* name_;
    nnoise_status status_;
    int threads_;
    nnoise_isa isa_;
    FloatMode mode_;
};

// Checks. `call` is the function's name, `name` the argument's.
nnoise_status check_pointer(const char* call, const char* name, const void* pointer);
nnoise_status check_size(const char* call, const char* name, std::int64_t size);
// Both sizes, and that rows * columns items of item_bytes bytes can exist; the number of items goes to *count.
nnoise_status check_matrix(const char* call, const char* rows_name, std::int64_t rows, const char* columns_name,
                           std::int64_t columns, std::int64_t item_bytes, std::int64_t* count);
nnoise_status check_dtype(const char* call, nnoise_dtype dtype);
nnoise_status check_finite(const char* call, const char* name, float value);
nnoise_status check_not_negative(const char* call, const char* name, float value); // finite and >= 0
nnoise_status check_probability(const char* call, const char* name, float value);
// Rows with `columns` elements each must fit into the address fields; elements_per_word is 1, or 32 for signs.
nnoise_status check_address(const char* call, const char* name, const nnoise_address& address, std::int64_t rows,
                            std::int64_t columns, std::int64_t elements_per_word = 1);
nnoise_status check_struct_size(const char* call, const char* name, std::uint32_t size, std::uint32_t expected);

bool overlaps(const void* a, std::int64_t bytes_a, const void* b, std::int64_t bytes_b);

enum class Aliasing {
    in_place_allowed, // the same start is fine, anything else that overlaps is not
    separate,         // no byte in common
};
nnoise_status check_overlap(const char* call, const char* name_a, const void* a, std::int64_t bytes_a,
                            const char* name_b, const void* b, std::int64_t bytes_b,
                            Aliasing aliasing = Aliasing::in_place_allowed);

} // namespace nnoise

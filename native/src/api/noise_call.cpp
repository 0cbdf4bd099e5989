#include "noise_call.hpp"

#include "../cpu/dispatch.hpp"
#include "../cpu/parallel.hpp"

#include <string.h>

namespace nnoise {
namespace {

constexpr std::int64_t grain_elements = 16384; // ten to twenty microseconds of work: more than a wake-up costs
constexpr std::int64_t copy_grain = 262144;
constexpr std::int64_t stream_bytes = std::int64_t{32} << 20; // outputs that large are not in a cache afterwards

} // namespace

nnoise_status prepare_noise(const char* call, const NoiseShape& shape, const NoiseBuffers& b,
                            const nnoise_address& address, std::int64_t elements_per_word, NoiseJob* job) {
    NNOISE_TRY(check_dtype(call, shape.dtype));
    const std::int64_t item = bytes_of(shape.dtype);
    std::int64_t count = 0;
    NNOISE_TRY(check_matrix(call, "rows", shape.rows, "columns", shape.columns, item, &count));
    NNOISE_TRY(check_address(call, "address", address, shape.rows, shape.columns, elements_per_word));
    const std::int64_t bytes = count * item;
    if (count > 0) {
        if (b.x_name != nullptr) {
            NNOISE_TRY(check_pointer(call, b.x_name, b.x));
            NNOISE_TRY(check_overlap(call, b.x_name, b.x, bytes, b.y_name, b.y, bytes));
        }
        if (b.dy_name != nullptr) {
            NNOISE_TRY(check_pointer(call, b.dy_name, b.dy));
            NNOISE_TRY(check_overlap(call, b.dy_name, b.dy, bytes, b.y_name, b.y, bytes));
        }
        NNOISE_TRY(check_pointer(call, b.y_name, b.y));
    }
    job->address = address;
    job->dtype = shape.dtype;
    job->columns = shape.columns;
    job->pieces_per_row = (shape.columns + piece_elements - 1) / piece_elements;
    job->line = shape.columns;
    job->x = b.x;
    job->dy = b.dy;
    job->y = b.y;
    const bool aligned =
        reinterpret_cast<std::uintptr_t>(b.y) % 64 == 0 && (shape.rows == 1 || shape.columns % 16 == 0);
    job->stream = bytes >= stream_bytes && aligned && b.y != b.x && b.y != b.dy;
    return NNOISE_STATUS_OK;
}

namespace {

// The units of a job, and how many of them are worth a thread.
struct Units {
    std::int64_t count;
    std::int64_t grain;
};

Units units_of(NoiseUnit unit, std::int64_t rows, const NoiseJob& job, int threads) {
    if (unit == NoiseUnit::piece) {
        const std::int64_t in_piece = job.columns < piece_elements ? job.columns : piece_elements;
        // Small calls are many and have one thread; they are spared the division.
        const std::int64_t grain = threads == 1 ? 1 : (grain_elements + in_piece - 1) / in_piece;
        return {rows * job.pieces_per_row, grain};
    }
    if (unit == NoiseUnit::row) {
        return {rows, items_of_grain(grain_elements, job.columns)};
    }
    // Lines lie in the lanes of vectors: few lines a task would leave lanes empty.
    constexpr std::int64_t lanes = 16;
    const std::int64_t lines = rows * (job.columns / job.line);
    const std::int64_t grain = items_of_grain(grain_elements, job.line);
    const std::int64_t fair = lines / threads;
    const std::int64_t least = fair < lanes ? fair : lanes;
    return {lines, grain > least ? grain : (least > 0 ? least : 1)};
}

} // namespace

void run_noise(const Call& call, NoiseKind kind, std::int64_t rows, const NoiseJob& job) {
    if (rows == 0 || job.columns == 0) {
        return;
    }
    const Kernels& kernels = kernels_of(call.isa());
    const int index = static_cast<int>(kind);
    const NoiseKernel kernel = job.plain() ? kernels.noise[index] : kernels.noise_general[index];
    const Units units = units_of(unit_of(kind), rows, job, call.threads());
    parallel_ranges(call.threads(), units.count, units.grain,
                    [&](std::int64_t first, std::int64_t last) { kernel(job, first, last); });
}

void run_copy(const Call& call, std::int64_t rows, const NoiseJob& job) {
    const unsigned char* from = static_cast<const unsigned char*>(job.dy != nullptr ? job.dy : job.x);
    unsigned char* to = static_cast<unsigned char*>(job.y);
    const std::int64_t item = bytes_of(job.dtype);
    const std::int64_t n = rows * job.columns;
    if (n == 0 || from == to) {
        return;
    }
    parallel_ranges(call.threads(), n, copy_grain, [&](std::int64_t first, std::int64_t last) {
        memcpy(to + first * item, from + first * item, static_cast<std::size_t>((last - first) * item));
    });
}

nnoise_status check_range(const char* call, float low, float high) {
    NNOISE_TRY(check_finite(call, "low", low));
    NNOISE_TRY(check_finite(call, "high", high));
    if (low > high) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: low is %s and high is %s; expected low <= high", call,
                    NumberText(low).c_str(), NumberText(high).c_str());
    }
    if (!__builtin_isfinite(high - low)) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: low is %s and high is %s; expected a finite span", call,
                    NumberText(low).c_str(), NumberText(high).c_str());
    }
    return NNOISE_STATUS_OK;
}

} // namespace nnoise

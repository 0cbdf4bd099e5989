// Element-wise noise, forward and backward.
#include "noise_call.hpp"

#include "../core/poisson.hpp"
#include "../core/snr.hpp"
#include "../cpu/parallel.hpp"

#include <atomic>

using namespace nnoise;

namespace {

constexpr std::int64_t scan_grain = 262144;
constexpr std::int64_t scan_block = 4096;

constexpr nnoise_noise defaults(nnoise_noise_kind kind) {
    nnoise_noise n = {};
    n.size = sizeof n;
    n.kind = kind;
    n.std = 0.1f;
    n.low = -0.1f;
    n.high = 0.1f;
    n.probability = kind == NNOISE_NOISE_DROPOUT ? 0.5f : 0.05f;
    n.salt = 1.0f;
    n.degrees = 5.0f;
    n.peak = 255.0f;
    n.snr_db = 20.0f;
    n.apply_probability = 1.0f;
    return n;
}

bool known(int kind) { return kind >= NNOISE_NOISE_GAUSSIAN && kind <= NNOISE_NOISE_BROWN; }

nnoise_status check_kind(const char* call, const char* name, int kind) {
    return known(kind)
               ? NNOISE_STATUS_OK
               : fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: %s is %d; expected an nnoise_noise_kind", call, name, kind);
}

// The fields that the kind reads.
nnoise_status check_magnitudes(const char* call, const nnoise_noise& n) {
    switch (n.kind) {
    case NNOISE_NOISE_UNIFORM:
        return check_range(call, n.low, n.high);
    case NNOISE_NOISE_SALT_AND_PEPPER:
        NNOISE_TRY(check_probability(call, "probability", n.probability));
        NNOISE_TRY(check_finite(call, "salt", n.salt));
        return check_finite(call, "pepper", n.pepper);
    case NNOISE_NOISE_DROPOUT:
        return check_probability(call, "probability", n.probability);
    case NNOISE_NOISE_STUDENT_T:
        NNOISE_TRY(check_not_negative(call, "std", n.std));
        if (!(n.degrees >= 1.0f) || !__builtin_isfinite(n.degrees)) {
            return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: degrees is %s; expected a finite number >= 1", call,
                        NumberText(n.degrees).c_str());
        }
        return NNOISE_STATUS_OK;
    case NNOISE_NOISE_POISSON:
        if (!(n.peak > 0.0f) || !__builtin_isfinite(n.peak)) {
            return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: peak is %s; expected a finite number > 0", call,
                        NumberText(n.peak).c_str());
        }
        return NNOISE_STATUS_OK;
    case NNOISE_NOISE_GAUSSIAN_SNR:
        return check_finite(call, "snr_db", n.snr_db);
    default:
        return check_not_negative(call, "std", n.std);
    }
}

nnoise_status check_axes(const char* call, const nnoise_noise& n, std::int64_t columns) {
    NNOISE_TRY(check_probability(call, "apply_probability", n.apply_probability));
    if (n.axes < 0 || n.axes > SharedAxes::max_axes) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: axes is %d; expected 0 to %d", call, n.axes,
                    SharedAxes::max_axes);
    }
    if ((n.shared_axes >> n.axes) != 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: shared_axes is 0x%x; expected bits of %d axes alone", call,
                    n.shared_axes, n.axes);
    }
    std::int64_t product = 1;
    for (int i = 0; i < n.axes; ++i) {
        if (n.axis_length[i] < 1 || __builtin_mul_overflow(product, n.axis_length[i], &product)) {
            return fail(NNOISE_STATUS_INVALID_ARGUMENT,
                        "%s: axis_length[%d] is %lld; expected at least 1, and a product of %lld", call, i,
                        static_cast<long long>(n.axis_length[i]), static_cast<long long>(columns));
        }
    }
    if (n.axes > 0 && product != columns) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT, "%s: the axis lengths' product is %lld; expected columns = %lld",
                    call, static_cast<long long>(product), static_cast<long long>(columns));
    }
    return NNOISE_STATUS_OK;
}

bool runs_along_lines(const nnoise_noise& n) { return n.kind == NNOISE_NOISE_PINK || n.kind == NNOISE_NOISE_BROWN; }

// A noise along the last axis has nothing left to run along when that axis is shared.
nnoise_status check_line(const char* call, const nnoise_noise& n) {
    if (runs_along_lines(n) && n.axes > 0 && (n.shared_axes >> (n.axes - 1)) != 0) {
        return fail(NNOISE_STATUS_INVALID_ARGUMENT,
                    "%s: shared_axes is 0x%x; pink and brown noise run along the last axis, which cannot be shared",
                    call, n.shared_axes);
    }
    return NNOISE_STATUS_OK;
}

// Poisson noise has no meaning for negative data, nor for rates whose counts a float could not hold: the first such
// element is named, and nothing has been written.
nnoise_status check_rates(const Call& call, std::int64_t rows, const NoiseJob& job) {
    constexpr std::int64_t none = INT64_MAX;
    const std::int64_t n = rows * job.columns;
    std::atomic<std::int64_t> first_bad{none};
    parallel_ranges(call.threads(), n, scan_grain, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t begin = first; begin < last; begin += scan_block) {
            const std::int64_t end = last - begin < scan_block ? last : begin + scan_block;
            bool good = true; // without a branch first
            for (std::int64_t i = begin; i < end; ++i) {
                const float x = load_element(job.x, job.dtype, i);
                good &= poisson_takes(x, job.peak * x);
            }
            for (std::int64_t i = begin; i < end && !good; ++i) {
                const float x = load_element(job.x, job.dtype, i);
                if (!poisson_takes(x, job.peak * x)) {
                    std::int64_t seen = first_bad.load();
                    while (i < seen && !first_bad.compare_exchange_weak(seen, i)) {
                    }
                    return;
                }
            }
        }
    });
    const std::int64_t bad = first_bad.load();
    if (bad == none) {
        return NNOISE_STATUS_OK;
    }
    return fail(NNOISE_STATUS_INVALID_ARGUMENT,
                "%s: x[%lld] is %s with peak %s; Poisson noise takes x >= 0 and rates peak x up to %s", call.name(),
                static_cast<long long>(bad), NumberText(load_element(job.x, job.dtype, bad)).c_str(),
                NumberText(job.peak).c_str(), NumberText(poisson_largest_rate).c_str());
}

// What a kind runs and with what; `copies`: no kernel, the data pass unchanged.
struct Plan {
    NoiseKind kernel;
    bool copies;
};

Plan plan(const nnoise_noise& n, bool backward, NoiseJob& job) {
    switch (n.kind) {
    case NNOISE_NOISE_UNIFORM:
        job.range = uniform_range(n.low, n.high);
        return {NoiseKind::uniform, backward || (n.low == 0.0f && n.high == 0.0f)};
    case NNOISE_NOISE_SALT_AND_PEPPER:
        job.thresholds = salt_pepper_thresholds(n.probability);
        job.salt = n.salt;
        job.pepper = n.pepper;
        return {backward ? NoiseKind::salt_and_pepper_backward : NoiseKind::salt_and_pepper, job.thresholds.both == 0};
    case NNOISE_NOISE_DROPOUT:
        job.limit = threshold(static_cast<double>(n.probability));
        job.scale = dropout_scale(n.probability);
        return {NoiseKind::dropout, job.limit == 0};
    case NNOISE_NOISE_POISSON:
        job.peak = n.peak;
        return {NoiseKind::poisson, backward};
    case NNOISE_NOISE_GAUSSIAN_SNR:
        job.amplitude = snr_amplitude(n.snr_db);
        return {NoiseKind::gaussian_snr, backward};
    default:
        break;
    }
    job.std = n.std;
    const bool zero = n.std == 0.0f;
    if (n.kind == NNOISE_NOISE_STUDENT_T) {
        job.student = student_t_of(n.degrees);
        return {NoiseKind::student_t, zero || backward};
    }
    if (n.kind == NNOISE_NOISE_LAPLACE) {
        return {NoiseKind::laplace, zero || backward};
    }
    if (runs_along_lines(n)) {
        job.line = n.axes > 0 ? n.axis_length[n.axes - 1] : job.columns;
        return {n.kind == NNOISE_NOISE_PINK ? NoiseKind::pink : NoiseKind::brown, zero || backward};
    }
    if (n.kind == NNOISE_NOISE_GAUSSIAN_RELATIVE) {
        return {backward ? NoiseKind::gaussian_relative_backward : NoiseKind::gaussian_relative, zero};
    }
    if (n.kind == NNOISE_NOISE_GAUSSIAN_MULTIPLICATIVE) {
        return {NoiseKind::gaussian_multiplicative, zero};
    }
    return {NoiseKind::gaussian, zero || backward};
}

bool backward_reads_x(const nnoise_noise& n) { return n.kind == NNOISE_NOISE_GAUSSIAN_RELATIVE; }

nnoise_status run(nnoise_context* context, const char* name, const NoiseShape& shape, const NoiseBuffers& buffers,
                  const nnoise_address& address, const nnoise_noise& noise, bool backward) {
    const Call call(context, name);
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_magnitudes(name, noise));
    NNOISE_TRY(check_axes(name, noise, shape.columns));
    NNOISE_TRY(check_line(name, noise));
    NoiseJob job;
    NNOISE_TRY(prepare_noise(name, shape, buffers, address, 1, &job));
    job.choice = RowChoice{threshold(static_cast<double>(noise.apply_probability)), noise.apply_site};
    if (noise.shared_axes != 0) {
        job.shared = shared_axes(noise.axes, noise.axis_length, noise.shared_axes);
    }
    const Plan p = plan(noise, backward, job);
    if (noise.kind == NNOISE_NOISE_POISSON && !backward) {
        NNOISE_TRY(check_rates(call, shape.rows, job));
    }
    if (p.copies || job.choice.limit == 0) {
        run_copy(call, shape.rows, job);
    } else {
        run_noise(call, p.kernel, shape.rows, job);
    }
    return NNOISE_STATUS_OK;
}

nnoise_status run_forward(nnoise_context* context, const char* name, const NoiseShape& shape, const void* x, void* y,
                          const nnoise_address& address, const nnoise_noise& noise) {
    return run(context, name, shape, NoiseBuffers{"x", x, nullptr, nullptr, "y", y}, address, noise, false);
}

// Kinds that do not read x have one input, dy.
nnoise_status run_backward(nnoise_context* context, const char* name, const NoiseShape& shape, const void* x,
                           const void* dy, void* dx, const nnoise_address& address, const nnoise_noise& noise) {
    const NoiseBuffers buffers = backward_reads_x(noise) ? NoiseBuffers{"x", x, "dy", dy, "dx", dx}
                                                         : NoiseBuffers{"dy", dy, nullptr, nullptr, "dx", dx};
    return run(context, name, shape, buffers, address, noise, true);
}

nnoise_noise with_std(nnoise_noise_kind kind, float std) {
    nnoise_noise n = defaults(kind);
    n.std = std;
    return n;
}

nnoise_noise with_probability(nnoise_noise_kind kind, float probability) {
    nnoise_noise n = defaults(kind);
    n.probability = probability;
    return n;
}

nnoise_status check_noise(const char* call, const nnoise_noise* noise) {
    NNOISE_TRY(check_pointer(call, "noise", noise));
    NNOISE_TRY(check_struct_size(call, "noise->size", noise->size, sizeof(nnoise_noise)));
    return check_kind(call, "noise->kind", noise->kind);
}

} // namespace

extern "C" {

nnoise_status nnoise_noise_default(int32_t kind, nnoise_noise* noise) {
    constexpr const char* call = "nnoise_noise_default";
    NNOISE_TRY(check_pointer(call, "noise", noise));
    NNOISE_TRY(check_kind(call, "kind", kind));
    *noise = defaults(static_cast<nnoise_noise_kind>(kind));
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_noise_forward(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                   const void* x, void* y, nnoise_address address, const nnoise_noise* noise) {
    constexpr const char* call = "nnoise_noise_forward";
    NNOISE_TRY(check_noise(call, noise));
    return run_forward(context, call, {dtype, rows, columns}, x, y, address, *noise);
}

nnoise_status nnoise_noise_backward(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                    const void* x, const void* dy, void* dx, nnoise_address address,
                                    const nnoise_noise* noise) {
    constexpr const char* call = "nnoise_noise_backward";
    NNOISE_TRY(check_noise(call, noise));
    return run_backward(context, call, {dtype, rows, columns}, x, dy, dx, address, *noise);
}

nnoise_status nnoise_gaussian(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, const void* x,
                              void* y, nnoise_address address, float std) {
    return run_forward(context, "nnoise_gaussian", {dtype, rows, columns}, x, y, address,
                       with_std(NNOISE_NOISE_GAUSSIAN, std));
}

nnoise_status nnoise_gaussian_relative(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                       const void* x, void* y, nnoise_address address, float std) {
    return run_forward(context, "nnoise_gaussian_relative", {dtype, rows, columns}, x, y, address,
                       with_std(NNOISE_NOISE_GAUSSIAN_RELATIVE, std));
}

nnoise_status nnoise_gaussian_relative_backward(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                                int64_t columns, const void* x, const void* dy, void* dx,
                                                nnoise_address address, float std) {
    return run_backward(context, "nnoise_gaussian_relative_backward", {dtype, rows, columns}, x, dy, dx, address,
                        with_std(NNOISE_NOISE_GAUSSIAN_RELATIVE, std));
}

nnoise_status nnoise_gaussian_multiplicative(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                             const void* x, void* y, nnoise_address address, float std) {
    return run_forward(context, "nnoise_gaussian_multiplicative", {dtype, rows, columns}, x, y, address,
                       with_std(NNOISE_NOISE_GAUSSIAN_MULTIPLICATIVE, std));
}

nnoise_status nnoise_uniform(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, const void* x,
                             void* y, nnoise_address address, float low, float high) {
    nnoise_noise noise = defaults(NNOISE_NOISE_UNIFORM);
    noise.low = low;
    noise.high = high;
    return run_forward(context, "nnoise_uniform", {dtype, rows, columns}, x, y, address, noise);
}

nnoise_status nnoise_salt_and_pepper(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                     const void* x, void* y, nnoise_address address, float probability, float salt,
                                     float pepper) {
    nnoise_noise noise = with_probability(NNOISE_NOISE_SALT_AND_PEPPER, probability);
    noise.salt = salt;
    noise.pepper = pepper;
    return run_forward(context, "nnoise_salt_and_pepper", {dtype, rows, columns}, x, y, address, noise);
}

nnoise_status nnoise_salt_and_pepper_backward(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                              int64_t columns, const void* dy, void* dx, nnoise_address address,
                                              float probability) {
    return run_backward(context, "nnoise_salt_and_pepper_backward", {dtype, rows, columns}, nullptr, dy, dx, address,
                        with_probability(NNOISE_NOISE_SALT_AND_PEPPER, probability));
}

nnoise_status nnoise_dropout(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, const void* x,
                             void* y, nnoise_address address, float probability) {
    return run_forward(context, "nnoise_dropout", {dtype, rows, columns}, x, y, address,
                       with_probability(NNOISE_NOISE_DROPOUT, probability));
}

} // extern "C"

// Element-wise noise, forward and backward.
#include "noise_call.hpp"

using namespace nnoise;

namespace {

constexpr NoiseBuffers forward(const void* x, void* y) { return NoiseBuffers{"x", x, nullptr, nullptr, "y", y}; }

// The kinds whose only magnitude is std.
nnoise_status run_std(nnoise_context* context, const char* name, NoiseKind kind, nnoise_dtype dtype, std::int64_t rows,
                      std::int64_t columns, const NoiseBuffers& buffers, const nnoise_address& address, float std) {
    const Call call(context, name);
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_float32(name, dtype));
    NNOISE_TRY(check_not_negative(name, "std", std));
    NoiseJob job;
    NNOISE_TRY(prepare_noise(name, rows, columns, buffers, address, 1, &job));
    if (std == 0.0f) {
        run_copy(call, rows * columns, job.dy != nullptr ? job.dy : job.x, job.y);
        return NNOISE_STATUS_OK;
    }
    job.std = std;
    run_noise(call, kind, rows, job);
    return NNOISE_STATUS_OK;
}

} // namespace

extern "C" {

nnoise_status nnoise_gaussian(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, const void* x,
                              void* y, nnoise_address address, float std) {
    return run_std(context, "nnoise_gaussian", NoiseKind::gaussian, dtype, rows, columns, forward(x, y), address, std);
}

nnoise_status nnoise_gaussian_relative(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                       const void* x, void* y, nnoise_address address, float std) {
    return run_std(context, "nnoise_gaussian_relative", NoiseKind::gaussian_relative, dtype, rows, columns,
                   forward(x, y), address, std);
}

nnoise_status nnoise_gaussian_relative_backward(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                                int64_t columns, const void* x, const void* dy, void* dx,
                                                nnoise_address address, float std) {
    return run_std(context, "nnoise_gaussian_relative_backward", NoiseKind::gaussian_relative_backward, dtype, rows,
                   columns, NoiseBuffers{"x", x, "dy", dy, "dx", dx}, address, std);
}

nnoise_status nnoise_gaussian_multiplicative(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                             const void* x, void* y, nnoise_address address, float std) {
    return run_std(context, "nnoise_gaussian_multiplicative", NoiseKind::gaussian_multiplicative, dtype, rows, columns,
                   forward(x, y), address, std);
}

nnoise_status nnoise_uniform(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, const void* x,
                             void* y, nnoise_address address, float low, float high) {
    const Call call(context, "nnoise_uniform");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_float32(call.name(), dtype));
    NNOISE_TRY(check_range(call.name(), low, high));
    NoiseJob job;
    NNOISE_TRY(prepare_noise(call.name(), rows, columns, forward(x, y), address, 1, &job));
    if (low == 0.0f && high == 0.0f) {
        run_copy(call, rows * columns, job.x, job.y);
        return NNOISE_STATUS_OK;
    }
    job.range = uniform_range(low, high);
    run_noise(call, NoiseKind::uniform, rows, job);
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_salt_and_pepper(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns,
                                     const void* x, void* y, nnoise_address address, float probability, float salt,
                                     float pepper) {
    const Call call(context, "nnoise_salt_and_pepper");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_float32(call.name(), dtype));
    NNOISE_TRY(check_probability(call.name(), "probability", probability));
    NNOISE_TRY(check_finite(call.name(), "salt", salt));
    NNOISE_TRY(check_finite(call.name(), "pepper", pepper));
    NoiseJob job;
    NNOISE_TRY(prepare_noise(call.name(), rows, columns, forward(x, y), address, 1, &job));
    job.thresholds = salt_pepper_thresholds(probability);
    job.salt = salt;
    job.pepper = pepper;
    if (job.thresholds.both == 0) {
        run_copy(call, rows * columns, job.x, job.y);
        return NNOISE_STATUS_OK;
    }
    run_noise(call, NoiseKind::salt_and_pepper, rows, job);
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_salt_and_pepper_backward(nnoise_context* context, nnoise_dtype dtype, int64_t rows,
                                              int64_t columns, const void* dy, void* dx, nnoise_address address,
                                              float probability) {
    const Call call(context, "nnoise_salt_and_pepper_backward");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_float32(call.name(), dtype));
    NNOISE_TRY(check_probability(call.name(), "probability", probability));
    NoiseJob job;
    const NoiseBuffers buffers{"dy", dy, nullptr, nullptr, "dx", dx};
    NNOISE_TRY(prepare_noise(call.name(), rows, columns, buffers, address, 1, &job));
    job.thresholds = salt_pepper_thresholds(probability);
    if (job.thresholds.both == 0) {
        run_copy(call, rows * columns, job.x, job.y);
        return NNOISE_STATUS_OK;
    }
    run_noise(call, NoiseKind::salt_and_pepper_backward, rows, job);
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_dropout(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, const void* x,
                             void* y, nnoise_address address, float probability) {
    const Call call(context, "nnoise_dropout");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_float32(call.name(), dtype));
    NNOISE_TRY(check_probability(call.name(), "probability", probability));
    NoiseJob job;
    NNOISE_TRY(prepare_noise(call.name(), rows, columns, forward(x, y), address, 1, &job));
    job.limit = threshold(static_cast<double>(probability));
    job.scale = dropout_scale(probability);
    if (job.limit == 0) {
        run_copy(call, rows * columns, job.x, job.y);
        return NNOISE_STATUS_OK;
    }
    run_noise(call, NoiseKind::dropout, rows, job);
    return NNOISE_STATUS_OK;
}

} // extern "C"

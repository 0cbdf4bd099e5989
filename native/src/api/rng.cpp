// Words, uniforms, normals, signs and sites.
#include "noise_call.hpp"

using namespace nnoise;

namespace {

constexpr NoiseBuffers output(void* out) { return NoiseBuffers{nullptr, nullptr, nullptr, nullptr, "out", out}; }

} // namespace

extern "C" {

nnoise_status nnoise_site_hash(const char* name, int64_t length, uint32_t* site) {
    constexpr const char* call = "nnoise_site_hash";
    NNOISE_TRY(check_size(call, "length", length));
    if (length > 0) {
        NNOISE_TRY(check_pointer(call, "name", name));
    }
    NNOISE_TRY(check_pointer(call, "site", site));
    *site = site_hash(reinterpret_cast<const unsigned char*>(name), length);
    return NNOISE_STATUS_OK;
}

uint32_t nnoise_site_salt(uint32_t site, uint32_t j) { return site_salt(site, j); }

nnoise_status nnoise_words(nnoise_context* context, int64_t rows, int64_t columns, uint32_t* out,
                           nnoise_address address) {
    const Call call(context, "nnoise_words");
    NNOISE_TRY(call.status());
    NoiseJob job;
    NNOISE_TRY(prepare_noise(call.name(), {NNOISE_DTYPE_FLOAT32, rows, columns}, output(out), address, 1, &job));
    run_noise(call, NoiseKind::words, rows, job);
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_fill_uniform(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, void* out,
                                  nnoise_address address, float low, float high) {
    const Call call(context, "nnoise_fill_uniform");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_range(call.name(), low, high));
    NoiseJob job;
    NNOISE_TRY(prepare_noise(call.name(), {dtype, rows, columns}, output(out), address, 1, &job));
    job.range = uniform_range(low, high);
    run_noise(call, NoiseKind::fill_uniform, rows, job);
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_fill_normal(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, void* out,
                                 nnoise_address address, float mean, float std) {
    const Call call(context, "nnoise_fill_normal");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_finite(call.name(), "mean", mean));
    NNOISE_TRY(check_not_negative(call.name(), "std", std));
    NoiseJob job;
    NNOISE_TRY(prepare_noise(call.name(), {dtype, rows, columns}, output(out), address, 1, &job));
    job.mean = mean;
    job.std = std;
    run_noise(call, NoiseKind::fill_normal, rows, job);
    return NNOISE_STATUS_OK;
}

nnoise_status nnoise_fill_signs(nnoise_context* context, nnoise_dtype dtype, int64_t rows, int64_t columns, void* out,
                                nnoise_address address) {
    const Call call(context, "nnoise_fill_signs");
    NNOISE_TRY(call.status());
    NoiseJob job;
    NNOISE_TRY(prepare_noise(call.name(), {dtype, rows, columns}, output(out), address, 32, &job));
    run_noise(call, NoiseKind::fill_signs, rows, job);
    return NNOISE_STATUS_OK;
}

} // extern "C"

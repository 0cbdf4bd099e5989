#include "gemm.hpp"
#include "linear.hpp"
#include "parallel.hpp"

namespace nnoise {

nnoise_status kl_divergence(nnoise_context& context, std::int64_t n, const float* mean, const float* log_variance,
                            float prior_mean, float prior_std, double* kl) {
    const LinearKernels& table = linear_kernels(context.isa);
    const KlPrior prior = kl_prior(prior_mean, prior_std);
    const std::int64_t chunks = n / kl_chunk + (n % kl_chunk != 0 ? 1 : 0);
    const std::int64_t bytes = chunks * static_cast<std::int64_t>(sizeof(double));
    double* sums = reinterpret_cast<double*>(context_scratch(context, context.threads, bytes));
    if (sums == nullptr && chunks > 0) {
        return NNOISE_STATUS_OUT_OF_MEMORY;
    }
    parallel_ranges(context.threads, chunks, 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t c = first; c < last; ++c) {
            const std::int64_t at = c * kl_chunk;
            const std::int64_t count = n - at < kl_chunk ? n - at : kl_chunk;
            sums[c] = table.kl_sum(prior, count, mean + at, log_variance + at);
        }
    });
    PairwiseSum sum;
    for (std::int64_t c = 0; c < chunks; ++c) {
        sum.add(sums[c]);
    }
    *kl = sum.total();
    return NNOISE_STATUS_OK;
}

nnoise_status kl_divergence_backward(nnoise_context& context, std::int64_t n, const float* mean,
                                     const float* log_variance, float prior_mean, float prior_std, float scale,
                                     float* dmean, float* dlog_variance) {
    const LinearKernels& table = linear_kernels(context.isa);
    const KlPrior prior = kl_prior(prior_mean, prior_std);
    parallel_ranges(context.threads, n, kl_chunk, [&](std::int64_t first, std::int64_t last) {
        table.kl_gradient(prior, static_cast<double>(scale), last - first, mean + first, log_variance + first,
                          dmean + first, dlog_variance + first);
    });
    return NNOISE_STATUS_OK;
}

} // namespace nnoise

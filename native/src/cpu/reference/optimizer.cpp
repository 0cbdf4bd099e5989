// The plain reference of the optimiser steps.
#include "reference.hpp"

namespace nnoise::reference {
namespace {

float noisy_gradient(const OptimizerJob& job, std::int64_t i) {
    const float g = clipped_gradient(job.constants, job.gradient[i]);
    if (job.constants.noise_std == 0.0f) {
        return g;
    }
    const RowAddress row{job.address.seed, job.address.site, job.address.step, job.address.first_row};
    return fma32(job.constants.noise_std, normal_at(row, static_cast<std::uint64_t>(i)), g);
}

} // namespace

void sgd(const OptimizerJob& job, std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
        sgd_update(job.constants, noisy_gradient(job, i), job.parameter + i,
                   job.first == nullptr ? nullptr : job.first + i);
    }
}

void adamw(const OptimizerJob& job, std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
        adamw_update(job.constants, noisy_gradient(job, i), job.parameter + i, job.first + i, job.second + i);
    }
}

} // namespace nnoise::reference

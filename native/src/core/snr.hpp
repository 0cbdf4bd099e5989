// Gaussian noise by signal-to-noise ratio: contract section 6.
#pragma once

#include "chunks.hpp"
#include "exp.hpp"

namespace nnoise {

// 10^(-snr / 20) = exp(-snr ln(10) / 20), once a call.
NNOISE_HD double snr_amplitude(float snr_db) { return exp64(-(static_cast<double>(snr_db) * 0x1.d791c5f888823p-4)); }

// A row's standard deviation from the sum of its squares, which is made in the order of chunks.hpp. 0 copies the row.
NNOISE_HD float snr_std(double sum_of_squares, std::int64_t columns, double amplitude) {
    if (sum_of_squares == 0.0) {
        return 0.0f; // whatever the amplitude, which may be infinite
    }
    return static_cast<float>(__builtin_sqrt(sum_of_squares / static_cast<double>(columns)) * amplitude);
}

} // namespace nnoise

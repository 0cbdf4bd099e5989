// The table of kernels.hpp over a vector layer V.
#pragma once

#include "colored-inl.hpp"
#include "heavy_tails-inl.hpp"
#include "ops-inl.hpp"
#include "optimizer-inl.hpp"
#include "poisson-inl.hpp"
#include "snr-inl.hpp"

namespace nnoise::simd {

template <class V>
class KernelTable {
    struct Entry {
        NoiseKernel plain;
        NoiseKernel general;
    };
    template <class Kind>
    static constexpr Entry entry() {
        return Entry{noise_kernel<V, Kind>, noise_general_kernel<V, Kind>};
    }

public:
    static constexpr Kernels table() {
        Kernels k = {};
        const auto set = [&](NoiseKind kind, Entry e) {
            k.noise[static_cast<int>(kind)] = e.plain;
            k.noise_general[static_cast<int>(kind)] = e.general;
        };
        set(NoiseKind::words, Entry{noise_kernel<V, WordsKind<V>>, nullptr});
        set(NoiseKind::fill_uniform, entry<FillUniformKind<V>>());
        set(NoiseKind::fill_normal, entry<FillNormalKind<V>>());
        set(NoiseKind::fill_signs, Entry{signs_kernel<V>, signs_general_kernel<V>});
        set(NoiseKind::gaussian, entry<GaussianKind<V>>());
        set(NoiseKind::gaussian_relative, entry<GaussianRelativeKind<V>>());
        set(NoiseKind::gaussian_relative_backward, entry<GaussianRelativeBackwardKind<V>>());
        set(NoiseKind::gaussian_multiplicative, entry<GaussianMultiplicativeKind<V>>());
        set(NoiseKind::uniform, entry<UniformKind<V>>());
        set(NoiseKind::salt_and_pepper, entry<SaltPepperKind<V>>());
        set(NoiseKind::salt_and_pepper_backward, entry<SaltPepperBackwardKind<V>>());
        set(NoiseKind::dropout, entry<DropoutKind<V>>());
        set(NoiseKind::laplace, entry<LaplaceKind<V>>());
        set(NoiseKind::student_t, entry<StudentTKind<V>>());
        set(NoiseKind::poisson, Entry{poisson_kernel<V>, poisson_kernel<V>});
        set(NoiseKind::gaussian_snr, Entry{snr_kernel<V>, snr_kernel<V>});
        set(NoiseKind::pink, Entry{pink_kernel<V>, pink_kernel<V>});
        set(NoiseKind::brown, Entry{brown_kernel<V>, brown_kernel<V>});
        k.sgd = sgd_kernel<V>;
        k.adamw = adamw_kernel<V>;
        k.fill = fill<V>;
        k.axpby = axpby<V>;
        k.multiply = multiply<V>;
        k.add = add<V>;
        k.activation_forward = activation_forward<V>;
        k.activation_backward = activation_backward<V>;
        k.sum = sum<V>;
        k.sum_squares = sum_squares<V>;
        k.squared_error = squared_error<V>;
        k.column_sum = column_sum<V>;
        k.softmax = softmax<V>;
        k.cross_entropy = cross_entropy<V>;
        return k;
    }
};

} // namespace nnoise::simd

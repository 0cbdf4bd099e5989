// The kernels of kernels.hpp for AVX2, FMA and F16C.
#include "noise-inl.hpp"
#include "ops-inl.hpp"
#include "optimizer-inl.hpp"
#include "vec_avx2.hpp"

namespace nnoise {

using V = simd::Avx2;

extern const Kernels avx2_kernels = {
    .noise = {simd::noise_kernel<V, simd::WordsKind<V>>, simd::noise_kernel<V, simd::FillUniformKind<V>>,
              simd::noise_kernel<V, simd::FillNormalKind<V>>, simd::signs_kernel<V>,
              simd::noise_kernel<V, simd::GaussianKind<V>>, simd::noise_kernel<V, simd::GaussianRelativeKind<V>>,
              simd::noise_kernel<V, simd::GaussianRelativeBackwardKind<V>>,
              simd::noise_kernel<V, simd::GaussianMultiplicativeKind<V>>, simd::noise_kernel<V, simd::UniformKind<V>>,
              simd::noise_kernel<V, simd::SaltPepperKind<V>>, simd::noise_kernel<V, simd::SaltPepperBackwardKind<V>>,
              simd::noise_kernel<V, simd::DropoutKind<V>>},
    .sgd = simd::sgd_kernel<V>,
    .adamw = simd::adamw_kernel<V>,
    .fill = simd::fill<V>,
    .axpby = simd::axpby<V>,
    .multiply = simd::multiply<V>,
    .add = simd::add<V>,
    .activation_forward = simd::activation_forward<V>,
    .activation_backward = simd::activation_backward<V>,
    .sum = simd::sum<V>,
    .sum_squares = simd::sum_squares<V>,
    .squared_error = simd::squared_error<V>,
    .column_sum = simd::column_sum<V>,
    .softmax = simd::softmax<V>,
    .cross_entropy = simd::cross_entropy<V>,
};

} // namespace nnoise

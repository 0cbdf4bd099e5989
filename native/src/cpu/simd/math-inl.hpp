// exp, expm1, tanh, sigmoid and GELU over a vector layer V: the operations of core/exp.hpp and core/math.hpp in their
// order.
#pragma once

#include "../../core/math.hpp"

namespace nnoise::simd {

template <class V>
struct ExpVectors {
    typename V::F n, f, slope;
};

template <class V>
[[gnu::always_inline]] inline ExpVectors<V> exp_parts(typename V::F x) {
    using F = typename V::F;
    const F magic = V::set1(round_magic);
    const F n = V::sub(V::add(V::mul(x, V::set1(exp_log2e)), magic), magic);
    F f = V::fma(n, V::set1(-exp_ln2_high), x);
    f = V::fma(n, V::set1(-exp_ln2_low), f);
    F p = V::set1(exp_c6);
    p = V::fma(p, f, V::set1(exp_c5));
    p = V::fma(p, f, V::set1(exp_c4));
    p = V::fma(p, f, V::set1(exp_c3));
    p = V::fma(p, f, V::set1(exp_c2));
    p = V::fma(p, f, V::set1(1.0f));
    return ExpVectors<V>{n, f, p};
}

template <class V>
[[gnu::always_inline]] inline typename V::F exp(typename V::F x) {
    using F = typename V::F;
    using I = typename V::I;
    const F largest = V::set1(exp_largest);
    const F smallest = V::set1(exp_smallest);
    const F c = V::max(smallest, V::min(largest, x)); // a NaN stays
    const ExpVectors<V> e = exp_parts<V>(c);
    const F p = V::fma(e.slope, e.f, V::set1(1.0f));
    const I whole = V::to_int(e.n);
    const I half = V::template shift_right_signed<1>(whole);
    const I bias = V::set1(std::uint32_t{127});
    const F a = V::as_float(V::template shift_left<23>(V::add(half, bias)));
    const F b = V::as_float(V::template shift_left<23>(V::add(V::sub(whole, half), bias)));
    F r = V::mul(V::mul(p, a), b);
    r = V::select(V::less(largest, x), r, V::set1(__builtin_inff()));
    return V::select(V::less(x, smallest), r, V::zero());
}

template <class V>
[[gnu::always_inline]] inline typename V::F expm1_positive(typename V::F a) {
    using F = typename V::F;
    const ExpVectors<V> e = exp_parts<V>(a);
    const F q = V::mul(e.slope, e.f);
    const F scale = V::as_float(V::template shift_left<23>(V::add(V::to_int(e.n), V::set1(std::uint32_t{127}))));
    return V::fma(scale, q, V::sub(scale, V::set1(1.0f)));
}

template <class V>
[[gnu::always_inline]] inline typename V::F sigmoid(typename V::F x) {
    using F = typename V::F;
    const F one = V::set1(1.0f);
    const F e = exp<V>(V::as_float(V::bit_or(V::as_int(x), V::set1(0x80000000u)))); // -|x|
    return V::div(V::select(V::less(x, V::zero()), one, e), V::add(one, e));
}

template <class V>
[[gnu::always_inline]] inline typename V::F tanh(typename V::F x) {
    using F = typename V::F;
    const F a = V::abs(x);
    const F z = V::mul(x, x);
    F p = V::set1(tanh_t4);
    p = V::fma(p, z, V::set1(tanh_t3));
    p = V::fma(p, z, V::set1(tanh_t2));
    p = V::fma(p, z, V::set1(tanh_t1));
    p = V::fma(p, z, V::set1(tanh_t0));
    const F near = V::fma(V::mul(p, z), a, a);
    const F one = V::set1(1.0f);
    const F e = exp<V>(V::mul(V::set1(-2.0f), a));
    const F far = V::div(V::sub(one, e), V::add(one, e));
    const F magnitude = V::select(V::less(a, V::set1(tanh_switch)), far, near);
    return V::as_float(V::bit_or(V::as_int(magnitude), V::bit_and(V::as_int(x), V::set1(0x80000000u))));
}

template <class V>
[[gnu::always_inline]] inline typename V::F gelu(typename V::F x) {
    return V::mul(x, sigmoid<V>(V::mul(V::fma(V::mul(x, x), V::set1(gelu_cubic), V::set1(gelu_linear)), x)));
}

template <class V>
[[gnu::always_inline]] inline typename V::F gelu_gradient(typename V::F x) {
    using F = typename V::F;
    const F c = V::min(V::set1(gelu_limit), V::max(V::set1(-gelu_limit), x));
    const F square = V::mul(c, c);
    const F s = sigmoid<V>(V::mul(V::fma(square, V::set1(gelu_cubic), V::set1(gelu_linear)), c));
    const F slope = V::mul(V::fma(square, V::set1(gelu_slope), V::set1(gelu_linear)), c);
    return V::fma(V::mul(s, V::sub(V::set1(1.0f), s)), slope, s);
}

// Activations as types, so that a kernel chooses once and its loop has no branch.
template <class V, int kind>
[[gnu::always_inline]] inline typename V::F activation(typename V::F x) {
    if constexpr (kind == NNOISE_ACTIVATION_RELU) {
        return V::max(V::zero(), x);
    } else if constexpr (kind == NNOISE_ACTIVATION_TANH) {
        return tanh<V>(x);
    } else if constexpr (kind == NNOISE_ACTIVATION_SIGMOID) {
        return sigmoid<V>(x);
    } else if constexpr (kind == NNOISE_ACTIVATION_GELU) {
        return gelu<V>(x);
    } else {
        return x;
    }
}

template <class V, int kind>
[[gnu::always_inline]] inline typename V::F activation_gradient(typename V::F saved, typename V::F dy) {
    using F = typename V::F;
    if constexpr (kind == NNOISE_ACTIVATION_RELU) {
        return V::select(V::less_equal(saved, V::zero()), dy, V::zero());
    } else if constexpr (kind == NNOISE_ACTIVATION_TANH) {
        const F minus = V::as_float(V::bit_xor(V::as_int(saved), V::set1(0x80000000u)));
        return V::mul(dy, V::fma(minus, saved, V::set1(1.0f)));
    } else if constexpr (kind == NNOISE_ACTIVATION_SIGMOID) {
        return V::mul(dy, V::mul(saved, V::sub(V::set1(1.0f), saved)));
    } else if constexpr (kind == NNOISE_ACTIVATION_GELU) {
        return V::mul(dy, gelu_gradient<V>(saved));
    } else {
        return dy;
    }
}

} // namespace nnoise::simd

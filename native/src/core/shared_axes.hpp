// Noise that is the same along some axes of a row: contract section 6. The noise then has the shape of the row with
// those axes of length 1, and its elements are counted in row-major order of that shape.
#pragma once

#include "platform.hpp"

namespace nnoise {

// Neighbouring axes that are both shared, or both not, count as one, so that no more than max_axes remain.
struct SharedAxes {
    static constexpr int max_axes = 4;

    int axes = 0; // 0: nothing is shared, and noise_element(e) = e
    std::int64_t length[max_axes] = {};
    std::int64_t noise_stride[max_axes] = {}; // 0 along shared axes

    NNOISE_MEMBER bool any() const { return axes != 0; }

    NNOISE_MEMBER std::int64_t noise_element(std::int64_t e) const {
        if (axes == 0) {
            return e;
        }
        std::int64_t at = 0;
        for (int i = axes - 1; i >= 0; --i) {
            at += e % length[i] * noise_stride[i];
            e /= length[i];
        }
        return at;
    }

    // Elements from e on whose noise elements are consecutive, or all the same where the last axis is shared.
    NNOISE_MEMBER std::int64_t run(std::int64_t e) const { return length[axes - 1] - e % length[axes - 1]; }
    NNOISE_MEMBER bool last_is_shared() const { return noise_stride[axes - 1] == 0; }
};

// From the row's axis lengths, outermost first, and a bit mask of the shared ones (bit i: axis i).
NNOISE_HD SharedAxes shared_axes(int axes, const std::int64_t* length, std::uint32_t shared) {
    SharedAxes s;
    bool is_shared[SharedAxes::max_axes] = {};
    bool any = false;
    for (int i = 0; i < axes; ++i) {
        const bool now = ((shared >> i) & 1u) != 0;
        if (length[i] == 1) {
            continue;
        }
        any = any || now;
        if (s.axes > 0 && is_shared[s.axes - 1] == now) {
            s.length[s.axes - 1] *= length[i];
        } else {
            s.length[s.axes] = length[i];
            is_shared[s.axes] = now;
            ++s.axes;
        }
    }
    if (!any) {
        s.axes = 0;
        return s;
    }
    std::int64_t stride = 1;
    for (int i = s.axes - 1; i >= 0; --i) {
        s.noise_stride[i] = is_shared[i] ? 0 : stride;
        stride *= is_shared[i] ? 1 : s.length[i];
    }
    return s;
}

} // namespace nnoise

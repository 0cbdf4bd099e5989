// nnoise_matmul.
#include "../cpu/gemm.hpp"
#include "../cpu/linear_plan.hpp"
#include "guard.hpp"

using namespace nnoise;

nnoise_status nnoise_matmul(nnoise_context* context, int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n,
                            int64_t k, const float* a, const float* b, float* c, int32_t accumulate) {
    const Call call(context, "nnoise_matmul");
    NNOISE_TRY(call.status());
    NNOISE_TRY(check_pointer(call.name(), "context", context));
    const int64_t item = static_cast<int64_t>(sizeof(float));
    int64_t a_count = 0;
    int64_t b_count = 0;
    int64_t c_count = 0;
    NNOISE_TRY(check_matrix(call.name(), "m", m, "k", k, item, &a_count));
    NNOISE_TRY(check_matrix(call.name(), "k", k, "n", n, item, &b_count));
    NNOISE_TRY(check_matrix(call.name(), "m", m, "n", n, item, &c_count));
    if (a_count > 0) {
        NNOISE_TRY(check_pointer(call.name(), "a", a));
    }
    if (b_count > 0) {
        NNOISE_TRY(check_pointer(call.name(), "b", b));
    }
    if (c_count == 0) {
        return NNOISE_STATUS_OK;
    }
    NNOISE_TRY(check_pointer(call.name(), "c", c));
    NNOISE_TRY(check_overlap(call.name(), "c", c, c_count * item, "a", a, a_count * item, Aliasing::separate));
    NNOISE_TRY(check_overlap(call.name(), "c", c, c_count * item, "b", b, b_count * item, Aliasing::separate));
    MatrixProduct p;
    p.m = m;
    p.n = n;
    p.k = k;
    p.left = plain_matrix(a, transpose_a != 0 ? m : k);
    p.left_transposed = transpose_a != 0;
    p.right = plain_matrix(b, transpose_b != 0 ? k : n);
    p.right_transposed = transpose_b != 0;
    p.c = c;
    p.c_stride = n;
    p.accumulate = accumulate != 0;
    if (!reserve_product_scratch(*context)) {
        return fail(NNOISE_STATUS_OUT_OF_MEMORY, "%s: no memory for the threads' scratch", call.name());
    }
    run_product(*context, p);
    return NNOISE_STATUS_OK;
}

// Every documented status, what the text says, and that a refused call writes nothing.
#include "support.hpp"

#include <functional>

// A request for too much memory is a case here, not a fault of the test.
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }
#elif defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_options() { return "allocator_may_return_null=1"; }
#endif

namespace {

constexpr nnoise_dtype f32 = NNOISE_DTYPE_FLOAT32;
constexpr float nan = __builtin_nanf("");
constexpr float inf = __builtin_inff();

// What the bad calls use: four buffers of 64 floats, all of which must keep their contents.
struct World {
    float x[64], y[64], z[64], w[64];
    std::int32_t labels[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    double result = 42;
    nnoise_optimizer_options options;
    nnoise_address address = test::address();

    World() {
        for (int i = 0; i < 64; ++i) {
            x[i] = y[i] = z[i] = w[i] = static_cast<float>(i) * 0.25f;
        }
        nnoise_optimizer_options_default(&options);
    }
};

struct BadCall {
    const char* name;
    nnoise_status status;
    const char* says; // a part of the error text
    std::function<nnoise_status(World&)> run;
};

void PrintTo(const BadCall& call, std::ostream* os) { *os << call.name; }

nnoise_status with_address(World& w, std::function<void(nnoise_address&)> change, std::int64_t rows = 2,
                           std::int64_t columns = 4) {
    change(w.address);
    return nnoise_gaussian(nullptr, f32, rows, columns, w.x, w.y, w.address, 0.1f);
}

nnoise_status adam_with(World& w, std::function<void(nnoise_optimizer_options&)> change) {
    change(w.options);
    return nnoise_adamw_step(nullptr, &w.options, 8, w.x, w.y, w.z, w.w);
}

nnoise_status sgd_with(World& w, std::function<void(nnoise_optimizer_options&)> change) {
    change(w.options);
    return nnoise_sgd_step(nullptr, &w.options, 8, w.x, w.y, w.z);
}

// nnoise_noise_forward over 1 x 8 with a descriptor that `change` spoiled.
nnoise_status forward_with(World& w, int kind, std::function<void(nnoise_noise&)> change) {
    nnoise_noise noise;
    EXPECT_EQ(nnoise_noise_default(kind, &noise), NNOISE_STATUS_OK) << nnoise_last_error();
    change(noise);
    return nnoise_noise_forward(nullptr, NNOISE_DTYPE_FLOAT32, 1, 8, w.x, w.y, w.address, &noise);
}

// Poisson noise of peak 100 over four values, into w.y, which must stay as it is.
nnoise_status poisson_of(World& w, std::vector<float> x, float peak = 100.0f) {
    nnoise_noise noise;
    EXPECT_EQ(nnoise_noise_default(NNOISE_NOISE_POISSON, &noise), NNOISE_STATUS_OK);
    noise.peak = peak;
    return nnoise_noise_forward(nullptr, f32, 1, static_cast<std::int64_t>(x.size()), x.data(), w.y, w.address, &noise);
}

nnoise_status create_with(std::function<void(nnoise_context_options&)> change) {
    nnoise_context_options options;
    nnoise_context_options_default(&options);
    change(options);
    nnoise_context* context = nullptr;
    const nnoise_status status = nnoise_context_create(&options, &context);
    EXPECT_EQ(context, nullptr);
    nnoise_context_destroy(context);
    return status;
}

constexpr nnoise_status invalid = NNOISE_STATUS_INVALID_ARGUMENT;
constexpr nnoise_status null_pointer = NNOISE_STATUS_NULL_POINTER;
constexpr nnoise_status shape = NNOISE_STATUS_INVALID_SHAPE;
constexpr nnoise_status overlap = NNOISE_STATUS_OVERLAP;
constexpr nnoise_status range = NNOISE_STATUS_OUT_OF_RANGE;
constexpr nnoise_status unsupported = NNOISE_STATUS_NOT_SUPPORTED;

const BadCall noise_calls[] = {
    {"std_negative", invalid, "nnoise_gaussian: std is -0.1; expected a finite number >= 0",
     [](World& w) { return nnoise_gaussian(nullptr, f32, 1, 8, w.x, w.y, w.address, -0.1f); }},
    {"std_nan", invalid, "std is nan",
     [](World& w) { return nnoise_gaussian(nullptr, f32, 1, 8, w.x, w.y, w.address, nan); }},
    {"std_nan_with_sign", invalid, "std is nan", // as 0 / 0 gives it on x86, and .NET's NaN
     [](World& w) { return nnoise_gaussian(nullptr, f32, 1, 8, w.x, w.y, w.address, -nan); }},
    {"std_infinite", invalid, "std is inf",
     [](World& w) { return nnoise_gaussian_relative(nullptr, f32, 1, 8, w.x, w.y, w.address, inf); }},
    {"std_negative_multiplicative", invalid, "std is -2",
     [](World& w) { return nnoise_gaussian_multiplicative(nullptr, f32, 1, 8, w.x, w.y, w.address, -2.0f); }},
    {"std_negative_backward", invalid, "nnoise_gaussian_relative_backward: std is -2",
     [](World& w) { return nnoise_gaussian_relative_backward(nullptr, f32, 1, 8, w.x, w.y, w.z, w.address, -2.0f); }},
    {"fill_normal_std", invalid, "std is -1",
     [](World& w) { return nnoise_fill_normal(nullptr, f32, 1, 8, w.y, w.address, 0.0f, -1.0f); }},
    {"fill_normal_mean", invalid, "mean is inf",
     [](World& w) { return nnoise_fill_normal(nullptr, f32, 1, 8, w.y, w.address, inf, 1.0f); }},
    {"low_above_high", invalid, "low is 1 and high is -1; expected low <= high",
     [](World& w) { return nnoise_uniform(nullptr, f32, 1, 8, w.x, w.y, w.address, 1.0f, -1.0f); }},
    {"low_nan", invalid, "low is nan",
     [](World& w) { return nnoise_uniform(nullptr, f32, 1, 8, w.x, w.y, w.address, nan, 1.0f); }},
    {"high_infinite", invalid, "high is inf",
     [](World& w) { return nnoise_fill_uniform(nullptr, f32, 1, 8, w.y, w.address, 0.0f, inf); }},
    {"span_infinite", invalid, "expected a finite span",
     [](World& w) { return nnoise_fill_uniform(nullptr, f32, 1, 8, w.y, w.address, -3e38f, 3e38f); }},
    {"probability_above_1", invalid, "probability is 1.5; expected a probability in [0, 1]",
     [](World& w) { return nnoise_dropout(nullptr, f32, 1, 8, w.x, w.y, w.address, 1.5f); }},
    {"probability_negative", invalid, "probability is -0.25",
     [](World& w) { return nnoise_salt_and_pepper(nullptr, f32, 1, 8, w.x, w.y, w.address, -0.25f, 1, 0); }},
    {"probability_nan", invalid, "probability is nan",
     [](World& w) { return nnoise_salt_and_pepper_backward(nullptr, f32, 1, 8, w.x, w.y, w.address, nan); }},
    {"salt_nan", invalid, "salt is nan",
     [](World& w) { return nnoise_salt_and_pepper(nullptr, f32, 1, 8, w.x, w.y, w.address, 0.5f, nan, 0); }},
    {"pepper_infinite", invalid, "pepper is -inf",
     [](World& w) { return nnoise_salt_and_pepper(nullptr, f32, 1, 8, w.x, w.y, w.address, 0.5f, 1, -inf); }},
    {"noise_null", null_pointer, "noise is null",
     [](World& w) { return nnoise_noise_forward(nullptr, f32, 1, 8, w.x, w.y, w.address, nullptr); }},
    {"noise_size", invalid, "noise->size is 3",
     [](World& w) { return forward_with(w, NNOISE_NOISE_GAUSSIAN, [](auto& n) { n.size = 3; }); }},
    {"noise_kind", invalid, "noise->kind is 99",
     [](World& w) { return forward_with(w, NNOISE_NOISE_GAUSSIAN, [](auto& n) { n.kind = 99; }); }},
    {"noise_kind_default", invalid, "kind is -1",
     [](World&) {
         nnoise_noise n;
         return nnoise_noise_default(-1, &n);
     }},
    {"noise_std", invalid, "nnoise_noise_forward: std is -1",
     [](World& w) { return forward_with(w, NNOISE_NOISE_GAUSSIAN, [](auto& n) { n.std = -1.0f; }); }},
    {"noise_apply_probability", invalid, "apply_probability is 1.5",
     [](World& w) { return forward_with(w, NNOISE_NOISE_UNIFORM, [](auto& n) { n.apply_probability = 1.5f; }); }},
    {"noise_axes", invalid, "axes is 5",
     [](World& w) { return forward_with(w, NNOISE_NOISE_UNIFORM, [](auto& n) { n.axes = 5; }); }},
    {"noise_shared_axes", invalid, "shared_axes is 0x4",
     [](World& w) {
         return forward_with(w, NNOISE_NOISE_UNIFORM, [](auto& n) {
             n.axes = 2;
             n.axis_length[0] = 2;
             n.axis_length[1] = 4;
             n.shared_axes = 4;
         });
     }},
    {"noise_axis_length", invalid, "axis_length[1] is 0",
     [](World& w) {
         return forward_with(w, NNOISE_NOISE_UNIFORM, [](auto& n) {
             n.axes = 2;
             n.axis_length[0] = 8;
         });
     }},
    {"noise_axes_product", invalid, "the axis lengths' product is 6; expected columns = 8",
     [](World& w) {
         return forward_with(w, NNOISE_NOISE_UNIFORM, [](auto& n) {
             n.axes = 2;
             n.axis_length[0] = 2;
             n.axis_length[1] = 3;
         });
     }},
    {"laplace_std", invalid, "std is -1; expected a finite number >= 0",
     [](World& w) { return forward_with(w, NNOISE_NOISE_LAPLACE, [](auto& n) { n.std = -1.0f; }); }},
    {"student_t_std", invalid, "std is nan",
     [](World& w) { return forward_with(w, NNOISE_NOISE_STUDENT_T, [](auto& n) { n.std = nan; }); }},
    {"student_t_degrees", invalid, "degrees is 0.5; expected a finite number >= 1",
     [](World& w) { return forward_with(w, NNOISE_NOISE_STUDENT_T, [](auto& n) { n.degrees = 0.5f; }); }},
    {"student_t_degrees_nan", invalid, "degrees is nan",
     [](World& w) { return forward_with(w, NNOISE_NOISE_STUDENT_T, [](auto& n) { n.degrees = nan; }); }},
    {"student_t_degrees_infinite", invalid, "degrees is inf",
     [](World& w) { return forward_with(w, NNOISE_NOISE_STUDENT_T, [](auto& n) { n.degrees = inf; }); }},
    {"poisson_peak_zero", invalid, "peak is 0; expected a finite number > 0",
     [](World& w) { return forward_with(w, NNOISE_NOISE_POISSON, [](auto& n) { n.peak = 0.0f; }); }},
    {"poisson_peak_negative", invalid, "peak is -3",
     [](World& w) { return forward_with(w, NNOISE_NOISE_POISSON, [](auto& n) { n.peak = -3.0f; }); }},
    {"poisson_peak_nan", invalid, "peak is nan",
     [](World& w) { return forward_with(w, NNOISE_NOISE_POISSON, [](auto& n) { n.peak = nan; }); }},
    {"poisson_peak_infinite", invalid, "peak is inf",
     [](World& w) { return forward_with(w, NNOISE_NOISE_POISSON, [](auto& n) { n.peak = inf; }); }},
    {"poisson_negative", invalid,
     "x[2] is -0.5 with peak 100; Poisson noise takes x >= 0 and rates peak x up to 8388608",
     [](World& w) {
         return poisson_of(w, {1.0f, 0.0f, -0.5f, -1.0f});
     }},
    {"poisson_negative_tiny", invalid, "x[0] is -1.4013e-45",
     [](World& w) {
         return poisson_of(w, {-1e-45f, 0.0f}, 1e-3f);
     }}, // the product would be -0
    {"poisson_negative_infinite", invalid, "x[1] is -inf",
     [](World& w) {
         return poisson_of(w, {1.0f, -inf});
     }},
    {"poisson_infinite", invalid, "x[3] is inf",
     [](World& w) {
         return poisson_of(w, {1.0f, nan, -0.0f, inf});
     }},
    {"poisson_rate", invalid, "x[1] is 84000 with peak 100",
     [](World& w) {
         return poisson_of(w, {83000, 84000});
     }},
    {"poisson_rate_overflow", invalid, "x[0] is 1e+10", [](World& w) { return poisson_of(w, {1e10f}, 1e30f); }},
    {"poisson_bfloat16", invalid, "x[5] is -2",
     [](World& w) {
         nnoise_noise noise;
         nnoise_noise_default(NNOISE_NOISE_POISSON, &noise);
         const std::uint16_t x[8] = {0, 0x3F80, 0, 0, 0, 0xC000, 0, 0xC000};
         return nnoise_noise_forward(nullptr, NNOISE_DTYPE_BFLOAT16, 2, 4, x, w.y, w.address, &noise);
     }},
    {"poisson_on_threads", invalid, "x[70000] is -1", // the first of two, whichever thread finds one
     [](World& w) {
         const test::Context context(3);
         nnoise_noise noise;
         nnoise_noise_default(NNOISE_NOISE_POISSON, &noise);
         std::vector<float> x(2000000, 0.5f);
         x[70000] = x[1900000] = -1.0f;
         EXPECT_EQ(nnoise_noise_forward(context, f32, 1, 2000000, x.data(), x.data(), w.address, &noise), invalid);
         EXPECT_EQ(std::count(x.begin(), x.end(), 0.5f), 1999998);
         return nnoise_noise_forward(context, f32, 4, 500000, x.data(), x.data(), w.address, &noise);
     }},
    {"snr_nan", invalid, "snr_db is nan; expected a finite number",
     [](World& w) { return forward_with(w, NNOISE_NOISE_GAUSSIAN_SNR, [](auto& n) { n.snr_db = nan; }); }},
    {"snr_infinite", invalid, "snr_db is inf",
     [](World& w) { return forward_with(w, NNOISE_NOISE_GAUSSIAN_SNR, [](auto& n) { n.snr_db = inf; }); }},
    {"pink_std", invalid, "std is inf",
     [](World& w) { return forward_with(w, NNOISE_NOISE_PINK, [](auto& n) { n.std = inf; }); }},
    {"brown_std", invalid, "std is -0.1",
     [](World& w) { return forward_with(w, NNOISE_NOISE_BROWN, [](auto& n) { n.std = -0.1f; }); }},
    {"pink_last_axis_shared", invalid,
     "shared_axes is 0x2; pink and brown noise run along the last axis, which cannot be shared",
     [](World& w) {
         return forward_with(w, NNOISE_NOISE_PINK, [](auto& n) {
             n.axes = 2;
             n.axis_length[0] = 2;
             n.axis_length[1] = 4;
             n.shared_axes = 2;
         });
     }},
    {"brown_last_axis_shared", invalid, "shared_axes is 0x1; pink and brown",
     [](World& w) {
         return forward_with(w, NNOISE_NOISE_BROWN, [](auto& n) {
             n.axes = 1;
             n.axis_length[0] = 8;
             n.shared_axes = 1;
         });
     }},
    {"student_t_backward", invalid, "nnoise_noise_backward: degrees is 0",
     [](World& w) {
         nnoise_noise noise;
         nnoise_noise_default(NNOISE_NOISE_STUDENT_T, &noise);
         noise.degrees = 0.0f;
         return nnoise_noise_backward(nullptr, f32, 1, 8, nullptr, w.x, w.y, w.address, &noise);
     }},
    {"dtype_unknown", invalid, "dtype is 9",
     [](World& w) { return nnoise_dropout(nullptr, static_cast<nnoise_dtype>(9), 1, 8, w.x, w.y, w.address, 0.5f); }},
    {"x_null", null_pointer, "nnoise_gaussian: x is null",
     [](World& w) { return nnoise_gaussian(nullptr, f32, 1, 8, nullptr, w.y, w.address, 0.1f); }},
    {"y_null", null_pointer, "y is null",
     [](World& w) { return nnoise_gaussian(nullptr, f32, 1, 8, w.x, nullptr, w.address, 0.1f); }},
    {"dy_null", null_pointer, "dy is null",
     [](World& w) {
         return nnoise_gaussian_relative_backward(nullptr, f32, 1, 8, w.x, nullptr, w.y, w.address, 0.1f);
     }},
    {"words_null", null_pointer, "out is null",
     [](World& w) { return nnoise_words(nullptr, 1, 8, nullptr, w.address); }},
    {"rows_negative", shape, "rows is -1; expected at least 0",
     [](World& w) { return nnoise_gaussian(nullptr, f32, -1, 8, w.x, w.y, w.address, 0.1f); }},
    {"columns_negative", shape, "columns is -8",
     [](World& w) { return nnoise_words(nullptr, 1, -8, reinterpret_cast<std::uint32_t*>(w.y), w.address); }},
    {"shape_overflows", shape, "the product overflows",
     [](World& w) {
         return nnoise_gaussian(nullptr, f32, std::int64_t{1} << 40, std::int64_t{1} << 30, w.x, w.y, w.address, 0.1f);
     }},
    {"overlap_forward", overlap, "x and y overlap in part",
     [](World& w) { return nnoise_gaussian(nullptr, f32, 2, 8, w.x, w.x + 1, w.address, 0.1f); }},
    {"overlap_backward", overlap, "dy and dx overlap in part",
     [](World& w) {
         return nnoise_gaussian_relative_backward(nullptr, f32, 2, 8, w.x, w.y + 4, w.y, w.address, 0.1f);
     }},
    {"step_passes_its_last", range, "address.step is 4294967295 with stride 1 over 2 rows",
     [](World& w) {
         return with_address(w, [](nnoise_address& a) {
             a.step = ~0u;
             a.step_stride = 1;
         });
     }},
    {"row_passes_its_last", range, "address.first_row is 4294967295 with stride 1 over 2 rows",
     [](World& w) { return with_address(w, [](nnoise_address& a) { a.first_row = ~0u; }); }},
    {"row_stride_overflows_64_bits", range, "first_row",
     [](World& w) {
         w.address.row_stride = ~0u;
         return nnoise_words(nullptr, (std::int64_t{1} << 59), 1, reinterpret_cast<std::uint32_t*>(w.y), w.address);
     }},
    {"row_too_long", range, "a row has 17179869185 elements",
     [](World& w) {
         return nnoise_words(nullptr, 1, (std::int64_t{1} << 34) + 1, reinterpret_cast<std::uint32_t*>(w.y), w.address);
     }},
    {"signs_row_too_long", range, "a row has 549755813889 elements",
     [](World& w) { return nnoise_fill_signs(nullptr, f32, 1, (std::int64_t{1} << 39) + 1, w.y, w.address); }},
    {"address_reserved", invalid, "address.reserved is 1; expected 0",
     [](World& w) { return with_address(w, [](nnoise_address& a) { a.reserved = 1; }); }},
    {"site_name_null", null_pointer, "name is null",
     [](World& w) { return nnoise_site_hash(nullptr, 3, reinterpret_cast<std::uint32_t*>(w.y)); }},
    {"site_null", null_pointer, "site is null", [](World&) { return nnoise_site_hash("a", 1, nullptr); }},
    {"site_length", shape, "length is -1",
     [](World& w) { return nnoise_site_hash("a", -1, reinterpret_cast<std::uint32_t*>(w.y)); }},
};

const BadCall operation_calls[] = {
    {"fill_null", null_pointer, "y is null", [](World&) { return nnoise_fill(nullptr, 8, nullptr, 1.0f); }},
    {"fill_n", shape, "n is -1", [](World& w) { return nnoise_fill(nullptr, -1, w.y, 1.0f); }},
    {"n_without_address", shape, "so many elements",
     [](World& w) { return nnoise_fill(nullptr, INT64_MAX, w.y, 1.0f); }},
    {"axpby_null", null_pointer, "x is null",
     [](World& w) { return nnoise_axpby(nullptr, 8, 1.0f, nullptr, 1.0f, w.y); }},
    {"axpby_overlap", overlap, "x and y", [](World& w) { return nnoise_axpby(nullptr, 8, 1, w.x, 1, w.x + 4); }},
    {"multiply_null", null_pointer, "b is null",
     [](World& w) { return nnoise_multiply(nullptr, 8, w.x, nullptr, w.y); }},
    {"multiply_overlap", overlap, "b and y", [](World& w) { return nnoise_multiply(nullptr, 8, w.x, w.y + 1, w.y); }},
    {"add_row_null", null_pointer, "row is null",
     [](World& w) { return nnoise_add_row(nullptr, 2, 8, w.x, nullptr, w.y); }},
    {"add_row_overlap", overlap, "row and y", [](World& w) { return nnoise_add_row(nullptr, 2, 8, w.x, w.y, w.y); }},
    {"column_sum_null", null_pointer, "out is null",
     [](World& w) { return nnoise_column_sum(nullptr, 2, 8, w.x, nullptr, 0); }},
    {"column_sum_overlap", overlap, "x and out",
     [](World& w) { return nnoise_column_sum(nullptr, 2, 8, w.x, w.x, 0); }},
    {"sum_null", null_pointer, "result is null", [](World& w) { return nnoise_sum(nullptr, 8, w.x, nullptr); }},
    {"sum_squares_null", null_pointer, "x is null",
     [](World& w) { return nnoise_sum_squares(nullptr, 8, nullptr, &w.result); }},
    {"sum_n", shape, "n is -3", [](World& w) { return nnoise_sum(nullptr, -3, w.x, &w.result); }},
    {"argmax_no_columns", shape, "columns is 0", [](World& w) { return nnoise_argmax(nullptr, 2, 0, w.x, w.labels); }},
    {"argmax_null", null_pointer, "index is null", [](World& w) { return nnoise_argmax(nullptr, 2, 4, w.x, nullptr); }},
    {"activation_unknown", invalid, "activation is 7",
     [](World& w) { return nnoise_activation_forward(nullptr, static_cast<nnoise_activation>(7), 8, w.x, w.y); }},
    {"activation_backward_unknown", invalid, "activation is -1",
     [](World& w) {
         return nnoise_activation_backward(nullptr, static_cast<nnoise_activation>(-1), 8, w.x, w.y, w.z);
     }},
    {"activation_overlap", overlap, "x and y",
     [](World& w) { return nnoise_activation_forward(nullptr, NNOISE_ACTIVATION_TANH, 8, w.x, w.x + 2); }},
    {"activation_backward_null", null_pointer, "saved is null",
     [](World& w) { return nnoise_activation_backward(nullptr, NNOISE_ACTIVATION_TANH, 8, nullptr, w.y, w.z); }},
    {"softmax_null", null_pointer, "probabilities is null",
     [](World& w) { return nnoise_softmax(nullptr, 2, 8, w.x, nullptr); }},
    {"softmax_overlap", overlap, "logits and probabilities",
     [](World& w) { return nnoise_softmax(nullptr, 2, 8, w.x, w.x + 1); }},
    {"label_too_large", NNOISE_STATUS_INVALID_LABEL, "labels[4] is 4; expected 0 to 3",
     [](World& w) { return nnoise_softmax_cross_entropy(nullptr, 8, 4, w.x, w.labels, 1, w.y, w.z, &w.result); }},
    {"label_negative", NNOISE_STATUS_INVALID_LABEL, "labels[1] is -1",
     [](World& w) {
         const std::int32_t bad[] = {0, -1};
         return nnoise_softmax_cross_entropy(nullptr, 2, 4, w.x, bad, 1, w.y, w.z, &w.result);
     }},
    {"labels_null", null_pointer, "labels is null",
     [](World& w) { return nnoise_softmax_cross_entropy(nullptr, 2, 4, w.x, nullptr, 1, w.y, w.z, &w.result); }},
    {"loss_null", null_pointer, "loss is null",
     [](World& w) { return nnoise_softmax_cross_entropy(nullptr, 2, 4, w.x, w.labels, 1, w.y, w.z, nullptr); }},
    {"cross_entropy_scale", invalid, "scale is nan",
     [](World& w) { return nnoise_softmax_cross_entropy(nullptr, 2, 4, w.x, w.labels, nan, w.y, w.z, &w.result); }},
    {"cross_entropy_overlap", overlap, "logits and dlogits",
     [](World& w) { return nnoise_softmax_cross_entropy(nullptr, 2, 4, w.x, w.labels, 1, w.x + 1, w.z, &w.result); }},
    {"losses_overlap", overlap, "dlogits and losses",
     [](World& w) { return nnoise_softmax_cross_entropy(nullptr, 2, 4, w.x, w.labels, 1, w.y, w.y, &w.result); }},
    {"loss_inside_logits", overlap, "logits and loss",
     [](World& w) {
         return nnoise_softmax_cross_entropy(nullptr, 2, 4, w.x, w.labels, 1, w.y, w.z, reinterpret_cast<double*>(w.x));
     }},
    {"loss_inside_dlogits", overlap, "dlogits and loss",
     [](World& w) {
         return nnoise_softmax_cross_entropy(nullptr, 2, 4, w.x, w.labels, 1, w.y, w.z, reinterpret_cast<double*>(w.y));
     }},
    {"squared_error_loss_inside_dy", overlap, "dy and loss",
     [](World& w) { return nnoise_mean_squared_error(nullptr, 8, w.x, w.y, 1, w.z, reinterpret_cast<double*>(w.z)); }},
    {"squared_error_null", null_pointer, "t is null",
     [](World& w) { return nnoise_mean_squared_error(nullptr, 8, w.x, nullptr, 1, w.y, &w.result); }},
    {"squared_error_overlap", overlap, "y and dy",
     [](World& w) { return nnoise_mean_squared_error(nullptr, 8, w.x, w.y, 1, w.x + 3, &w.result); }},
};

const BadCall optimizer_calls[] = {
    {"options_null", null_pointer, "options is null",
     [](World& w) { return nnoise_sgd_step(nullptr, nullptr, 8, w.x, w.y, w.z); }},
    {"options_size", invalid, "options.size is 4; expected 96",
     [](World& w) { return sgd_with(w, [](auto& o) { o.size = 4; }); }},
    {"options_reserved", invalid, "reserved", [](World& w) { return sgd_with(w, [](auto& o) { o.reserved2 = 1; }); }},
    {"learning_rate", invalid, "options.learning_rate is -1",
     [](World& w) { return adam_with(w, [](auto& o) { o.learning_rate = -1; }); }},
    {"weight_decay", invalid, "options.weight_decay is nan",
     [](World& w) { return adam_with(w, [](auto& o) { o.weight_decay = nan; }); }},
    {"momentum", invalid, "options.momentum is 1.5; expected a number in [0, 1]",
     [](World& w) { return sgd_with(w, [](auto& o) { o.momentum = 1.5f; }); }},
    {"beta1", invalid, "options.beta1 is 1; expected a number in [0, 1)",
     [](World& w) { return adam_with(w, [](auto& o) { o.beta1 = 1; }); }},
    {"beta2", invalid, "options.beta2 is -0.5",
     [](World& w) { return adam_with(w, [](auto& o) { o.beta2 = -0.5f; }); }},
    {"epsilon", invalid, "options.epsilon is -1",
     [](World& w) { return adam_with(w, [](auto& o) { o.epsilon = -1; }); }},
    {"gradient_scale", invalid, "options.gradient_scale is inf",
     [](World& w) { return adam_with(w, [](auto& o) { o.gradient_scale = inf; }); }},
    {"clip_value", invalid, "options.clip_value is 0",
     [](World& w) { return adam_with(w, [](auto& o) { o.clip_value = 0; }); }},
    {"noise_std", invalid, "options.noise_std is -1",
     [](World& w) { return adam_with(w, [](auto& o) { o.noise_std = -1; }); }},
    {"step_0", invalid, "options.step is 0", [](World& w) { return adam_with(w, [](auto& o) { o.step = 0; }); }},
    {"parameter_null", null_pointer, "parameter is null",
     [](World& w) { return nnoise_sgd_step(nullptr, &w.options, 8, nullptr, w.y, w.z); }},
    {"gradient_null", null_pointer, "gradient is null",
     [](World& w) { return nnoise_adamw_step(nullptr, &w.options, 8, w.x, nullptr, w.z, w.w); }},
    {"velocity_null", null_pointer, "velocity is null; it may be only when options.momentum is 0, not 0.9",
     [](World& w) {
         w.options.momentum = 0.9f;
         return nnoise_sgd_step(nullptr, &w.options, 8, w.x, w.y, nullptr);
     }},
    {"second_moment_null", null_pointer, "second_moment is null",
     [](World& w) { return nnoise_adamw_step(nullptr, &w.options, 8, w.x, w.y, w.z, nullptr); }},
    {"moments_equal", overlap, "first_moment and second_moment",
     [](World& w) { return nnoise_adamw_step(nullptr, &w.options, 8, w.x, w.y, w.z, w.z); }},
    {"gradient_overlaps", overlap, "gradient and parameter",
     [](World& w) { return nnoise_sgd_step(nullptr, &w.options, 8, w.x, w.x + 1, w.z); }},
    {"optimizer_n", shape, "n is -1", [](World& w) { return nnoise_sgd_step(nullptr, &w.options, -1, w.x, w.y, w.z); }},
    {"gradient_too_long", range, "options.noise_address",
     [](World& w) { return nnoise_sgd_step(nullptr, &w.options, (std::int64_t{1} << 34) + 1, w.x, w.y, w.z); }},
    {"options_default_null", null_pointer, "options is null",
     [](World&) { return nnoise_optimizer_options_default(nullptr); }},
};

const BadCall context_calls[] = {
    {"threads_negative", invalid, "options.threads is -1; expected 0 to 256",
     [](World&) { return create_with([](auto& o) { o.threads = -1; }); }},
    {"threads_too_many", invalid, "options.threads is 257",
     [](World&) { return create_with([](auto& o) { o.threads = 257; }); }},
    {"device_unknown", invalid, "options.device is 5",
     [](World&) { return create_with([](auto& o) { o.device = 5; }); }},
    {"device_cuda", unsupported, "CUDA", [](World&) { return create_with([](auto& o) { o.device = 1; }); }},
    {"device_index", invalid, "options.device_index is 1",
     [](World&) { return create_with([](auto& o) { o.device_index = 1; }); }},
    {"isa_unknown", invalid, "isa is 77", [](World&) { return create_with([](auto& o) { o.isa = 77; }); }},
    {"isa_neon_or_avx2", unsupported, "instruction set",
     [](World&) {
#if defined(__x86_64__)
         return create_with([](auto& o) { o.isa = NNOISE_ISA_NEON; });
#else
         return create_with([](auto& o) { o.isa = NNOISE_ISA_AVX2; });
#endif
     }},
    {"context_size", invalid, "options.size is 1", [](World&) { return create_with([](auto& o) { o.size = 1; }); }},
    {"context_reserved", invalid, "options.reserved is 3",
     [](World&) { return create_with([](auto& o) { o.reserved = 3; }); }},
    {"context_stream", invalid, "options.stream",
     [](World& w) { return create_with([&](auto& o) { o.stream = &w; }); }},
    {"context_null", null_pointer, "context is null", [](World&) { return nnoise_context_create(nullptr, nullptr); }},
    {"context_options_null", null_pointer, "options is null",
     [](World&) { return nnoise_context_options_default(nullptr); }},
    {"info_null", null_pointer, "info is null", [](World&) { return nnoise_context_describe(nullptr, nullptr); }},
    {"info_size", invalid, "info.size is 0",
     [](World&) {
         nnoise_context_info info{};
         return nnoise_context_describe(nullptr, &info);
     }},
    {"memory_null", null_pointer, "memory is null", [](World&) { return nnoise_memory_allocate(8, nullptr); }},
    {"memory_negative", shape, "bytes is -8",
     [](World&) {
         void* memory = nullptr;
         return nnoise_memory_allocate(-8, &memory);
     }},
    {"memory_out", NNOISE_STATUS_OUT_OF_MEMORY, "no memory for 4611686018427387904 bytes",
     [](World&) {
         void* memory = nullptr;
         return nnoise_memory_allocate(std::int64_t{1} << 62, &memory);
     }},
    {"counters_null", null_pointer, "counters is null", [](World&) { return nnoise_memory_counters_read(nullptr); }},
    {"counters_size", invalid, "counters.size is 0",
     [](World&) {
         nnoise_memory_counters counters{};
         return nnoise_memory_counters_read(&counters);
     }},
    {"layout_null", null_pointer, "layout is null", [](World&) { return nnoise_layout_entry(0, nullptr); }},
    {"layout_index", invalid, "index is -1",
     [](World&) {
         nnoise_layout layout;
         return nnoise_layout_entry(-1, &layout);
     }},
};

class Refused : public ::testing::TestWithParam<BadCall> {};

TEST_P(Refused, SaysWhyAndWritesNothing) {
    World world;
    const World before = world;
    EXPECT_EQ(GetParam().run(world), GetParam().status) << nnoise_last_error();
    EXPECT_NE(std::string(nnoise_last_error()).find(GetParam().says), std::string::npos) << nnoise_last_error();
    EXPECT_EQ(std::memcmp(world.x, before.x, sizeof world.x), 0);
    EXPECT_EQ(std::memcmp(world.y, before.y, sizeof world.y), 0);
    EXPECT_EQ(std::memcmp(world.z, before.z, sizeof world.z), 0);
    EXPECT_EQ(std::memcmp(world.w, before.w, sizeof world.w), 0);
    EXPECT_EQ(world.result, before.result);
}

std::string name_of(const ::testing::TestParamInfo<BadCall>& parameter) { return parameter.param.name; }

INSTANTIATE_TEST_SUITE_P(Noise, Refused, ::testing::ValuesIn(noise_calls), name_of);
INSTANTIATE_TEST_SUITE_P(Operations, Refused, ::testing::ValuesIn(operation_calls), name_of);
INSTANTIATE_TEST_SUITE_P(Optimizers, Refused, ::testing::ValuesIn(optimizer_calls), name_of);
INSTANTIATE_TEST_SUITE_P(Contexts, Refused, ::testing::ValuesIn(context_calls), name_of);

TEST(Status, EveryStatusHasAText) {
    for (int s = NNOISE_STATUS_OK; s <= NNOISE_STATUS_INTERNAL; ++s) {
        EXPECT_STRNE(nnoise_status_text(static_cast<nnoise_status>(s)), "unknown status") << s;
    }
    EXPECT_STREQ(nnoise_status_text(static_cast<nnoise_status>(1000)), "unknown status");
}

// Nothing to do is no error, and buffers that were never allocated are null.
TEST(Empty, ShapesAreFineAndNeedNoBuffers) {
    const nnoise_address a = test::address();
    nnoise_optimizer_options options;
    nnoise_optimizer_options_default(&options);
    options.momentum = 0.9f;
    double result = -1;
    EXPECT_EQ(nnoise_gaussian(nullptr, f32, 0, 8, nullptr, nullptr, a, 0.1f), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_gaussian(nullptr, f32, 8, 0, nullptr, nullptr, a, 0.1f), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_words(nullptr, 0, 0, nullptr, a), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_fill_signs(nullptr, f32, 0, 5, nullptr, a), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_multiply(nullptr, 0, nullptr, nullptr, nullptr), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_argmax(nullptr, 0, 0, nullptr, nullptr), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_softmax(nullptr, 0, 10, nullptr, nullptr), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_column_sum(nullptr, 5, 0, nullptr, nullptr, 0), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_sgd_step(nullptr, &options, 0, nullptr, nullptr, nullptr), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_adamw_step(nullptr, &options, 0, nullptr, nullptr, nullptr, nullptr), NNOISE_STATUS_OK);
    EXPECT_EQ(nnoise_sum(nullptr, 0, nullptr, &result), NNOISE_STATUS_OK);
    EXPECT_EQ(result, 0.0);
    result = -1;
    EXPECT_EQ(nnoise_softmax_cross_entropy(nullptr, 0, 10, nullptr, nullptr, 1, nullptr, nullptr, &result),
              NNOISE_STATUS_OK);
    EXPECT_EQ(result, 0.0);
    result = -1;
    EXPECT_EQ(nnoise_mean_squared_error(nullptr, 0, nullptr, nullptr, 1, nullptr, &result), NNOISE_STATUS_OK);
    EXPECT_EQ(result, 0.0);
    std::vector<float> column(200, 5.0f);
    EXPECT_EQ(nnoise_column_sum(nullptr, 0, 200, nullptr, column.data(), 1), NNOISE_STATUS_OK);
    EXPECT_EQ(column, std::vector<float>(200, 5.0f));
    EXPECT_EQ(nnoise_column_sum(nullptr, 0, 200, nullptr, column.data(), 0), NNOISE_STATUS_OK);
    EXPECT_EQ(column, std::vector<float>(200, 0.0f));
}

} // namespace

// Every kernel gives the reference's bits: for every length, alignment, thread count, in place or not, and writes
// nothing outside its output.
#include "support.hpp"

#include <functional>

namespace {

using test::Buffer;

constexpr nnoise_dtype f32 = NNOISE_DTYPE_FLOAT32;

// A call over [rows, columns]: `in` are inputs of rows * columns floats, `out` outputs of as many, which start with
// values of their own (accumulating calls read them).
struct Shape {
    std::int64_t rows;
    std::int64_t columns;
    nnoise_address address;
    std::int64_t n() const { return rows * columns; }
};

struct Operation {
    const char* name;
    int inputs;
    int outputs;
    bool in_place; // output 0 may be input 0 .. inputs - 1
    std::function<nnoise_status(nnoise_context*, const Shape&, const float* const* in, float* const* out)> run;
};

void PrintTo(const Operation& operation, std::ostream* os) { *os << operation.name; }

using In = const float* const*;
using Out = float* const*;

std::vector<std::int32_t> labels_of(const Shape& s) {
    std::vector<std::int32_t> labels(static_cast<std::size_t>(s.rows));
    for (std::size_t r = 0; r < labels.size(); ++r) {
        labels[r] = static_cast<std::int32_t>((r * 7 + 3) % static_cast<std::size_t>(s.columns));
    }
    return labels;
}

// A double result goes into the first two floats of an output, which always has room: see `room`.
void keep(float* out, double value) { std::memcpy(out, &value, sizeof value); }

Operation activation(const char* name, nnoise_activation kind) {
    return {name, 1, 1, true, [kind](nnoise_context* c, const Shape& s, In in, Out out) {
                return nnoise_activation_forward(c, kind, s.n(), in[0], out[0]);
            }};
}

Operation activation_backward(const char* name, nnoise_activation kind) {
    return {name, 2, 1, true, [kind](nnoise_context* c, const Shape& s, In in, Out out) {
                return nnoise_activation_backward(c, kind, s.n(), in[0], in[1], out[0]);
            }};
}

Operation salt_and_pepper(const char* name, float p) {
    return {name, 1, 1, true, [p](nnoise_context* c, const Shape& s, In in, Out out) {
                return nnoise_salt_and_pepper(c, f32, s.rows, s.columns, in[0], out[0], s.address, p, 1.5f, -0.5f);
            }};
}

Operation dropout(const char* name, float p) {
    return {name, 1, 1, true, [p](nnoise_context* c, const Shape& s, In in, Out out) {
                return nnoise_dropout(c, f32, s.rows, s.columns, in[0], out[0], s.address, p);
            }};
}

Operation optimizer(const char* name, bool adam, bool has_velocity,
                    std::function<void(nnoise_optimizer_options&)> set) {
    return {name, 1, adam ? 3 : (has_velocity ? 2 : 1), false,
            [adam, has_velocity, set](nnoise_context* c, const Shape& s, In in, Out out) {
                nnoise_optimizer_options o;
                nnoise_optimizer_options_default(&o);
                o.learning_rate = 0.01f;
                o.noise_address = s.address;
                set(o);
                if (adam) {
                    for (std::int64_t i = 0; i < s.n(); ++i) {
                        out[2][i] = out[2][i] < 0.0f ? -out[2][i] : out[2][i]; // a second moment is not negative
                    }
                    return nnoise_adamw_step(c, &o, s.n(), out[0], in[0], out[1], out[2]);
                }
                return nnoise_sgd_step(c, &o, s.n(), out[0], in[0], has_velocity ? out[1] : nullptr);
            }};
}

std::vector<Operation> operations() {
    return {
        {"words", 0, 1, false,
         [](nnoise_context* c, const Shape& s, In, Out out) {
             return nnoise_words(c, s.rows, s.columns, reinterpret_cast<std::uint32_t*>(out[0]), s.address);
         }},
        {"fill_uniform", 0, 1, false,
         [](nnoise_context* c, const Shape& s, In, Out out) {
             return nnoise_fill_uniform(c, f32, s.rows, s.columns, out[0], s.address, -0.3f, 1.7f);
         }},
        {"fill_uniform_equal_ends", 0, 1, false,
         [](nnoise_context* c, const Shape& s, In, Out out) {
             return nnoise_fill_uniform(c, f32, s.rows, s.columns, out[0], s.address, -0.0f, -0.0f);
         }},
        {"fill_normal", 0, 1, false,
         [](nnoise_context* c, const Shape& s, In, Out out) {
             return nnoise_fill_normal(c, f32, s.rows, s.columns, out[0], s.address, 0.25f, 1.5f);
         }},
        {"fill_signs", 0, 1, false,
         [](nnoise_context* c, const Shape& s, In, Out out) {
             return nnoise_fill_signs(c, f32, s.rows, s.columns, out[0], s.address);
         }},
        {"gaussian", 1, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_gaussian(c, f32, s.rows, s.columns, in[0], out[0], s.address, 0.1f);
         }},
        {"gaussian_std_0", 1, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_gaussian(c, f32, s.rows, s.columns, in[0], out[0], s.address, 0.0f);
         }},
        {"gaussian_relative", 1, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_gaussian_relative(c, f32, s.rows, s.columns, in[0], out[0], s.address, 0.1f);
         }},
        {"gaussian_relative_backward", 2, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_gaussian_relative_backward(c, f32, s.rows, s.columns, in[0], in[1], out[0], s.address, 0.1f);
         }},
        {"gaussian_multiplicative", 1, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_gaussian_multiplicative(c, f32, s.rows, s.columns, in[0], out[0], s.address, 0.1f);
         }},
        {"uniform", 1, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_uniform(c, f32, s.rows, s.columns, in[0], out[0], s.address, -0.1f, 0.1f);
         }},
        salt_and_pepper("salt_and_pepper_tiny", 0x1p-32f), // no word is salt, one in 2^32 is pepper
        salt_and_pepper("salt_and_pepper", 0.3f),
        salt_and_pepper("salt_and_pepper_all", 1.0f),
        {"salt_and_pepper_backward", 1, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_salt_and_pepper_backward(c, f32, s.rows, s.columns, in[0], out[0], s.address, 0.3f);
         }},
        dropout("dropout_none", 0.0f),
        dropout("dropout_tiny", 0x1p-32f),
        dropout("dropout", 0.4f),
        dropout("dropout_all", 1.0f),

        {"fill", 0, 1, false,
         [](nnoise_context* c, const Shape& s, In, Out out) { return nnoise_fill(c, s.n(), out[0], 2.5f); }},
        {"axpby", 1, 1, false, // in place it reads the output twice: Arithmetic.AxpbyInPlace
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_axpby(c, s.n(), 1.7f, in[0], -0.3f, out[0]);
         }},
        {"axpby_overwrite", 1, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_axpby(c, s.n(), 1.7f, in[0], 0.0f, out[0]);
         }},
        {"multiply", 2, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_multiply(c, s.n(), in[0], in[1], out[0]);
         }},
        {"add_row", 2, 1, false,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_add_row(c, s.rows, s.columns, in[0], in[1], out[0]);
         }},
        {"column_sum", 1, 1, false,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_column_sum(c, s.rows, s.columns, in[0], out[0], 0);
         }},
        {"column_sum_accumulate", 1, 1, false,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_column_sum(c, s.rows, s.columns, in[0], out[0], 1);
         }},
        {"sum", 1, 1, false,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             double result = -1;
             const nnoise_status status = nnoise_sum(c, s.n(), in[0], &result);
             keep(out[0], result);
             return status;
         }},
        {"sum_squares", 1, 1, false,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             double result = -1;
             const nnoise_status status = nnoise_sum_squares(c, s.n(), in[0], &result);
             keep(out[0], result);
             return status;
         }},
        {"mean_squared_error", 2, 2, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             double result = -1;
             const nnoise_status status = nnoise_mean_squared_error(c, s.n(), in[0], in[1], 0.3f, out[0], &result);
             keep(out[1], result);
             return status;
         }},
        {"mean_squared_error_alone", 2, 1, false,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             double result = -1;
             const nnoise_status status = nnoise_mean_squared_error(c, s.n(), in[0], in[1], 0.3f, nullptr, &result);
             keep(out[0], result);
             return status;
         }},
        {"argmax", 1, 1, false,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             if (s.columns == 0) {
                 return NNOISE_STATUS_OK;
             }
             return nnoise_argmax(c, s.rows, s.columns, in[0], reinterpret_cast<std::int32_t*>(out[0]));
         }},
        {"softmax", 1, 1, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             return nnoise_softmax(c, s.rows, s.columns, in[0], out[0]);
         }},
        {"softmax_cross_entropy", 1, 3, true,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             if (s.columns == 0) {
                 return NNOISE_STATUS_OK;
             }
             double loss = -1;
             const nnoise_status status = nnoise_softmax_cross_entropy(c, s.rows, s.columns, in[0], labels_of(s).data(),
                                                                       0.01f, out[0], out[1], &loss);
             keep(out[2], loss);
             return status;
         }},
        {"softmax_cross_entropy_alone", 1, 1, false,
         [](nnoise_context* c, const Shape& s, In in, Out out) {
             if (s.columns == 0) {
                 return NNOISE_STATUS_OK;
             }
             double loss = -1;
             const nnoise_status status = nnoise_softmax_cross_entropy(c, s.rows, s.columns, in[0], labels_of(s).data(),
                                                                       0.01f, nullptr, nullptr, &loss);
             keep(out[0], loss);
             return status;
         }},
        activation("no_activation", NNOISE_ACTIVATION_NONE),
        activation("relu", NNOISE_ACTIVATION_RELU),
        activation("tanh", NNOISE_ACTIVATION_TANH),
        activation("sigmoid", NNOISE_ACTIVATION_SIGMOID),
        activation("gelu", NNOISE_ACTIVATION_GELU),
        activation_backward("no_activation_backward", NNOISE_ACTIVATION_NONE),
        activation_backward("relu_backward", NNOISE_ACTIVATION_RELU),
        activation_backward("tanh_backward", NNOISE_ACTIVATION_TANH),
        activation_backward("sigmoid_backward", NNOISE_ACTIVATION_SIGMOID),
        activation_backward("gelu_backward", NNOISE_ACTIVATION_GELU),

        optimizer("sgd", false, false, [](nnoise_optimizer_options&) {}),
        optimizer("sgd_clip_noise_decay", false, false,
                  [](nnoise_optimizer_options& o) {
                      o.clip_value = 0.5f;
                      o.noise_std = 0.05f;
                      o.weight_decay = 0.02f;
                      o.gradient_scale = 0.7f;
                  }),
        optimizer("sgd_momentum", false, true, [](nnoise_optimizer_options& o) { o.momentum = 0.9f; }),
        optimizer("sgd_nesterov_noise_decoupled", false, true,
                  [](nnoise_optimizer_options& o) {
                      o.momentum = 0.9f;
                      o.nesterov = 1;
                      o.noise_std = 0.1f;
                      o.weight_decay = 0.02f;
                      o.decoupled = 1;
                  }),
        optimizer("adam", true, true, [](nnoise_optimizer_options&) {}),
        optimizer("adam_l2_step_1000", true, true,
                  [](nnoise_optimizer_options& o) {
                      o.weight_decay = 0.02f;
                      o.step = 1000;
                  }),
        optimizer("adamw_clip_noise", true, true,
                  [](nnoise_optimizer_options& o) {
                      o.decoupled = 1;
                      o.weight_decay = 0.02f;
                      o.clip_value = 0.25f;
                      o.noise_std = 0.1f;
                      o.step = 3;
                  }),
    };
}

// Those whose output may be an input. (The status tests cover refusals.)
std::vector<Operation> in_place_operations() {
    std::vector<Operation> all = operations();
    std::erase_if(all, [](const Operation& operation) { return !operation.in_place; });
    return all;
}

// Outputs hold at least a double, and column sums and rows of results fit.
std::int64_t room(const Shape& s) { return s.n() + s.rows + s.columns + 2; }

struct Setting {
    int offset;   // floats from a 64-byte boundary, differing between buffers
    int in_place; // -1: not, else the input that is output 0
};

std::vector<std::vector<float>> reference(const Operation& operation, const Shape& shape, bool specials) {
    static const test::Context scalar(1, NNOISE_ISA_SCALAR);
    std::vector<std::vector<float>> in, out;
    const float* inputs[2] = {};
    float* outputs[3] = {};
    for (int i = 0; i < operation.inputs; ++i) {
        in.push_back(test::values(shape.n(), static_cast<std::uint32_t>(i + 1), specials));
    }
    for (int i = 0; i < operation.outputs; ++i) {
        out.push_back(test::values(room(shape), static_cast<std::uint32_t>(i + 11)));
    }
    for (int i = 0; i < operation.inputs; ++i) {
        inputs[i] = in[static_cast<std::size_t>(i)].data();
    }
    for (int i = 0; i < operation.outputs; ++i) {
        outputs[i] = out[static_cast<std::size_t>(i)].data();
    }
    EXPECT_EQ(operation.run(scalar, shape, inputs, outputs), NNOISE_STATUS_OK) << nnoise_last_error();
    return out;
}

void compare(const Operation& operation, const Shape& shape, const Setting& setting, nnoise_context* context,
             const std::vector<std::vector<float>>& expected, bool specials) {
    std::vector<Buffer> in, out;
    in.reserve(2);
    out.reserve(3);
    const float* inputs[2] = {};
    float* outputs[3] = {};
    for (int i = 0; i < operation.outputs; ++i) {
        out.emplace_back(room(shape), (setting.offset + 2 * i) % 4);
        out.back() = test::values(room(shape), static_cast<std::uint32_t>(i + 11));
        outputs[i] = out.back().data();
    }
    for (int i = 0; i < operation.inputs; ++i) {
        in.emplace_back(shape.n(), (setting.offset + i) % 4);
        in.back() = test::values(shape.n(), static_cast<std::uint32_t>(i + 1), specials);
        inputs[i] = in.back().data();
        if (setting.in_place == i) {
            std::memcpy(outputs[0], inputs[i], static_cast<std::size_t>(shape.n()) * sizeof(float));
            inputs[i] = outputs[0];
        }
    }
    ASSERT_EQ(operation.run(context, shape, inputs, outputs), NNOISE_STATUS_OK) << nnoise_last_error();
    for (int i = 0; i < operation.outputs; ++i) {
        const Buffer& actual = out[static_cast<std::size_t>(i)];
        // In place, what lies behind the n elements of output 0 is compared as well: it keeps its own values.
        ASSERT_TRUE(test::same_bits(expected[static_cast<std::size_t>(i)].data(), actual.data(), room(shape)))
            << "output " << i << ", [" << shape.rows << ", " << shape.columns << "], offset " << setting.offset
            << ", in place " << setting.in_place;
        ASSERT_TRUE(actual.check()) << "output " << i;
    }
    for (const Buffer& buffer : in) {
        ASSERT_TRUE(buffer.check());
    }
}

class Parity : public ::testing::TestWithParam<Operation> {};
class ParityInPlace : public Parity {};

TEST_P(Parity, EveryLengthAndAlignment) {
    const Operation& operation = GetParam();
    for (const nnoise_isa isa : test::fast_sets()) {
        const test::Context context(1, isa);
        for (std::int64_t n = 0; n <= 257; ++n) {
            const Shape shape{1, n, test::address()};
            const auto expected = reference(operation, shape, true);
            for (int offset = 0; offset < 4; ++offset) {
                compare(operation, shape, {offset, -1}, context, expected, true);
                if (HasFatalFailure()) {
                    return;
                }
            }
        }
    }
}

TEST_P(ParityInPlace, GivesTheSame) {
    const Operation& operation = GetParam();
    for (const nnoise_isa isa : test::fast_sets()) {
        const test::Context context(2, isa);
        for (const std::int64_t n : {1, 7, 31, 32, 33, 64, 100, 257, 1025, 40000}) {
            const Shape shape{1, n, test::address()};
            const auto expected = reference(operation, shape, true);
            for (int i = 0; i < operation.inputs; ++i) {
                compare(operation, shape, {static_cast<int>(n % 4), i}, context, expected, true);
                if (HasFatalFailure()) {
                    return;
                }
            }
        }
    }
}

TEST_P(Parity, RowsAndStrides) {
    const Operation& operation = GetParam();
    const nnoise_address strided = test::address(0xFEDCBA9876543210u, 5, 0xFFFFFF00u, 2, 0xFFFFFFF0u, 0);
    const nnoise_address rows = test::address(1, 0xFFFFFFFFu, 0, 0, 0xFFFFFF00u, 3);
    for (const nnoise_isa isa : test::fast_sets()) {
        const test::Context context(3, isa);
        for (const std::int64_t columns : {1, 2, 3, 4, 5, 8, 10, 15, 16, 31, 33, 64, 65, 130, 784, 1024, 1300}) {
            for (const std::int64_t r : {2, 7, 65}) {
                for (const nnoise_address& a : {strided, rows}) {
                    const Shape shape{r, columns, a};
                    compare(operation, shape, {static_cast<int>(columns % 4), -1}, context,
                            reference(operation, shape, false), false);
                    if (HasFatalFailure()) {
                        return;
                    }
                }
            }
        }
    }
}

TEST_P(Parity, EveryThreadCount) {
    const Operation& operation = GetParam();
    const std::vector<Shape> shapes = {
        {1, 300007, test::address()},
        {130, 1031, test::address()},
        {9001, 10, test::address()},
        {300, 256, test::address()},
    };
    for (const Shape& shape : shapes) {
        const auto expected = reference(operation, shape, false);
        for (const nnoise_isa isa : test::fast_sets()) {
            for (int threads = 1; threads <= 5; ++threads) {
                const test::Context context(threads, isa);
                compare(operation, shape, {threads % 4, -1}, context, expected, false);
                if (HasFatalFailure()) {
                    return;
                }
            }
        }
        const test::Context scalar(3, NNOISE_ISA_SCALAR);
        compare(operation, shape, {0, -1}, scalar, expected, false);
        if (HasFatalFailure()) {
            return;
        }
    }
}

std::string name_of(const ::testing::TestParamInfo<Operation>& parameter) { return parameter.param.name; }

INSTANTIATE_TEST_SUITE_P(Kernels, Parity, ::testing::ValuesIn(operations()), name_of);
INSTANTIATE_TEST_SUITE_P(Kernels, ParityInPlace, ::testing::ValuesIn(in_place_operations()), name_of);

// Outputs beyond the caches are stored around them; the bits stay the same, and so do the neighbours.
TEST(LargeOutputs, StreamedStoresGiveTheSameBits) {
    constexpr std::int64_t columns = 1024, rows = 9000; // 36 MB
    const test::Context context(2);
    Buffer x(rows * columns), streamed(rows * columns), stored(rows * columns, 1);
    x = test::values(rows * columns, 5);
    ASSERT_EQ(nnoise_gaussian(context, f32, rows, columns, x.data(), streamed.data(), test::address(), 0.1f),
              NNOISE_STATUS_OK);
    ASSERT_EQ(nnoise_gaussian(context, f32, rows, columns, x.data(), stored.data(), test::address(), 0.1f),
              NNOISE_STATUS_OK);
    EXPECT_TRUE(test::same_bits(stored.data(), streamed.data(), rows * columns));
    EXPECT_TRUE(streamed.check());
    const test::Context scalar(2, NNOISE_ISA_SCALAR);
    ASSERT_EQ(nnoise_gaussian(scalar, f32, 3, columns, x.data(), stored.data(), test::address(), 0.1f),
              NNOISE_STATUS_OK);
    EXPECT_TRUE(test::same_bits(stored.data(), streamed.data(), 3 * columns));
}

} // namespace

using static NativeNoise.Tests.GradientCheck;

namespace NativeNoise.Tests;

/// <summary>Gradients of every operation, by central differences, and values where they are known in closed form.</summary>
public sealed class OperationGradientTests
{
    private static readonly NoiseKey Key = NoiseKey.ForSite(3, "ops", step: 2, firstRow: 5);
    private static readonly int[] Labels = [2, 0, 1];

    public static TheoryData<string> Unary =>
    [
        "tanh", "sigmoid", "gelu", "scale", "sum", "mean", "reshape", "flatten", "gaussian", "relative", "multiplicative",
        "uniform", "saltpepper", "dropout", "crossentropy", "crossentropy-scaled", "mse", "mse-span", "chain",
    ];

    [Theory]
    [MemberData(nameof(Unary))]
    public void Backward_of_a_unary_operation_agrees_with_differences(string operation)
    {
        using Tensor x = Input(operation, 3, 4);
        Verify(() => Apply(operation, x), [x]);
    }

    [Fact]
    public void Relu_passes_the_gradient_where_the_input_is_positive()
    {
        using Tensor x = Tensor.From([-2f, -0f, 0f, 0.5f, 3f]);
        x.RequiresGrad = true;
        using Tensor y = Functional.Relu(x);
        Assert.Equal([0f, 0f, 0f, 0.5f, 3f], y.ToArray());
        using Tensor dy = Tensor.From([1f, 2f, 3f, 4f, 5f]);
        y.Backward(dy);
        Assert.Equal([0f, 0f, 0f, 4f, 5f], x.Grad!.ToArray());
    }

    [Fact]
    public void Add_and_multiply_agree_with_differences()
    {
        using Tensor a = Input("a", 3, 4), b = Input("b", 3, 4), row = Input("row", 4);
        Verify(() => a + b, [a, b]);
        Verify(() => a + row, [a, row]);
        Verify(() => a * b, [a, b]);
        Verify(() => a * a, [a]);
        Verify(() => a + a, [a]);
        Verify(() => ((a + b) * a) + row, [a, b, row]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Matrix_products_agree_with_differences(bool transposeA, bool transposeB)
    {
        using Tensor a = transposeA ? Input("ma", 5, 3) : Input("ma", 3, 5);
        using Tensor b = transposeB ? Input("mb", 4, 5) : Input("mb", 5, 4);
        Verify(() => Functional.MatMul(a, b, transposeA, transposeB), [a, b]);
    }

    [Fact]
    public void A_matrix_product_has_known_values()
    {
        using Tensor a = Tensor.From([1, 2, 3, 4, 5, 6], 2, 3);
        using Tensor b = Tensor.From([1, 0, 0, 1, 1, 1], 3, 2);
        using Tensor c = Functional.MatMul(a, b);
        Assert.Equal([2, 2], c.Shape.ToArray());
        Assert.Equal([4f, 5f, 10f, 11f], c.ToArray());
    }

    [Theory]
    [InlineData(Activation.None)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Gelu)]
    public void Linear_agrees_with_differences(Activation activation)
    {
        using Tensor x = Input("x", 3, 4), w = Input("w", 5, 4), b = Input("b", 5);
        Verify(() => Functional.Linear(x, w, b, activation), [x, w, b]);
        Verify(() => Functional.Linear(x, w, null, activation), [x, w]);
        Verify(() => Functional.Linear(x, x, null, activation), [x]);
    }

    [Fact]
    public void Linear_keeps_leading_dimensions()
    {
        using Tensor x = Input("x3", 2, 3, 4), w = Input("w3", 5, 4), x1 = Input("x1", 4);
        using Tensor y = Functional.Linear(x, w), y1 = Functional.Linear(x1, w);
        Assert.Equal([2, 3, 5], y.Shape.ToArray());
        Assert.Equal([5], y1.Shape.ToArray());
        Verify(() => Functional.Linear(x, w), [x, w]);
    }

    [Fact]
    public void Softmax_cross_entropy_has_its_closed_form()
    {
        using Tensor logits = Input("logits", 3, 4);
        float[] z = logits.ToArray();
        double loss = 0;
        for (int r = 0; r < 3; r++)
        {
            double sum = 0;
            for (int c = 0; c < 4; c++)
            {
                sum += Math.Exp(z[(4 * r) + c]);
            }

            loss += Math.Log(sum) - z[(4 * r) + Labels[r]];
        }

        using Tensor mean = Functional.SoftmaxCrossEntropy(logits, Labels);
        using Tensor scaled = Functional.SoftmaxCrossEntropy(logits, Labels, 0.25f);
        Assert.Equal(loss / 3, mean.Item(), 1e-6);
        Assert.Equal(loss / 4, scaled.Item(), 1e-6);
    }

    [Fact]
    public void Kl_divergence_agrees_with_differences()
    {
        using Tensor mean = Input("mean", 6), logVariance = Input("logvar", 6);
        Verify(() => Functional.KlDivergence(mean, logVariance, 0.3f, 0.8f), [mean, logVariance]);
        Verify(() => Functional.KlDivergence(mean.Detach(), logVariance), [logVariance]);
        Verify(() => Functional.KlDivergence(mean, logVariance.Detach()), [mean]);
    }

    [Fact]
    public void Argmax_and_softmax_have_known_values()
    {
        using Tensor x = Tensor.From([0f, MathF.Log(3f), 1f, 1f], 2, 2);
        int[] indices = new int[2];
        Functional.ArgMax(x, indices);
        Assert.Equal([1, 0], indices);
        float[] p = Functional.Softmax(x).ToArray();
        Assert.Equal(0.25, p[0], 1e-6);
        Assert.Equal(0.75, p[1], 1e-6);
        Assert.Equal(0.5f, p[2]);
    }

    private static Tensor Apply(string operation, Tensor x) => operation switch
    {
        "tanh" => Functional.Tanh(x),
        "sigmoid" => Functional.Sigmoid(x),
        "gelu" => Functional.Gelu(x),
        "scale" => x * -2.5f,
        "sum" => x.Sum(),
        "mean" => x.Mean(),
        "reshape" => Functional.Tanh(x.Reshape(2, -1)),
        "flatten" => Functional.Flatten(Functional.Reshape(x, 3, 2, 2)),
        "gaussian" => Functional.GaussianNoise(x, 0.3f, Key),
        "relative" => Functional.RelativeGaussianNoise(x, 0.3f, Key),
        "multiplicative" => Functional.MultiplicativeGaussianNoise(x, 0.3f, Key),
        "uniform" => Functional.UniformNoise(x, -1f, 2f, Key),
        "saltpepper" => Functional.SaltAndPepperNoise(x, 0.5f, 1f, -1f, Key),
        "dropout" => Functional.Dropout(x, 0.4f, Key),
        "crossentropy" => Functional.SoftmaxCrossEntropy(x, Labels),
        "crossentropy-scaled" => Functional.SoftmaxCrossEntropy(x, Labels, 0.125f) * 3f,
        "mse" => Functional.MeanSquaredError(x, Tensor.Full(0.25f, 3, 4)),
        "mse-span" => Functional.MeanSquaredError(x, Data(12, "target"), 0.5f),
        "chain" => Functional.Dropout(Functional.Tanh(Functional.GaussianNoise(x * 2f, 0.1f, Key)), 0.3f, Key) * 0.5f,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Unknown."),
    };
}

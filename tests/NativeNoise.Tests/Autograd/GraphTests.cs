using static NativeNoise.Tests.GradientCheck;

namespace NativeNoise.Tests;

/// <summary>Life of a graph: versions, accumulation, release, and what is refused.</summary>
public sealed class GraphTests
{
    private static readonly NoiseFrame Frame = new(seed: 1);

    public static TheoryData<string> Changes => ["weight", "bias", "weight_logvar", "bias_logvar", "input"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_tensor_changed_after_forward_is_an_error_that_names_it_and_touches_no_gradient(string what)
    {
        using TensorScope scope = new();
        using Sequential model = new(
            ("fc1", new VariationalLinear(4, 5)), ("t", new Tanh()), ("fc2", new Linear(5, 2)));
        using Tensor x = Input("changed.x", 3, 4);
        model.Forward(x, Frame).Sum().Backward();
        Dictionary<string, float[]> before = model.NamedParameters().ToDictionary(p => p.Name, p => p.Parameter.Grad!.ToArray());

        Tensor loss = model.Forward(x, Frame).Sum();
        Tensor changed = what == "input" ? x : model.StateDict()["fc1." + what];
        changed.AsSpan()[0] += 1;
        var error = Assert.Throws<InvalidOperationException>(() => loss.Backward());
        Assert.Contains(what == "input" ? "'changed.x'" : $"'fc1.{what}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("changed between the forward and the backward pass", error.Message, StringComparison.Ordinal);
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            Assert.Equal(before[name], parameter.Grad!.ToArray());
        }
    }

    [Fact]
    public void A_changed_result_is_an_error_too()
    {
        using TensorScope scope = new();
        using Tensor x = Input("result.x", 3, 4);
        Tensor y = Functional.Tanh(x);
        Tensor loss = y.Sum();
        y.AsSpan()[2] = 0;
        Assert.Throws<InvalidOperationException>(() => loss.Backward());
        Assert.Null(x.Grad);
    }

    [Fact]
    public void Changing_what_is_not_read_again_is_no_error()
    {
        using TensorScope scope = new();
        using Tensor x = Input("free.x", 3, 4);
        Tensor loss = Functional.GaussianNoise(x * 2f, 0.1f, new NoiseKey(1, 2)).Sum();
        x.CopyFrom(new float[12]);
        loss.Backward();
        Assert.Equal(Enumerable.Repeat(2f, 12), x.Grad!.ToArray());
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        using TensorScope scope = new();
        using Tensor x = Input("sum.x", 3);
        (x * 2f).Sum().Backward();
        Tensor grad = x.Grad!;
        (x * 3f).Sum().Backward();
        Assert.Equal([5f, 5f, 5f], x.Grad!.ToArray());
        x.ZeroGrad();
        Assert.Null(x.Grad);
        (x * 4f).Sum().Backward();
        Assert.Equal([4f, 4f, 4f], x.Grad!.ToArray());
        Assert.Same(grad, x.Grad);
    }

    [Fact]
    public void A_graph_runs_once_unless_it_is_kept()
    {
        using TensorScope scope = new();
        using Tensor x = Input("again.x", 2, 3);
        Tensor loss = Functional.SoftmaxCrossEntropy(Functional.Tanh(x), [1, 2]);
        loss.Backward(retainGraph: true);
        float[] once = x.Grad!.ToArray();
        loss.Backward();
        Assert.Equal(once.Select(g => g + g), x.Grad!.ToArray());
        var error = Assert.Throws<InvalidOperationException>(() => loss.Backward());
        Assert.Contains("retainGraph", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_losses_may_share_a_trunk()
    {
        using TensorScope scope = new();
        using Tensor x = Input("trunk.x", 4);
        Tensor trunk = x * 3f;
        (trunk.Sum() + (trunk * trunk).Sum()).Backward();
        Assert.Equal(x.ToArray().Select(v => 3f + (18f * v)), x.Grad!.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Backward_refuses_what_it_cannot_do()
    {
        using TensorScope scope = new();
        using Tensor x = Input("refuse.x", 2, 3);
        Assert.Throws<InvalidOperationException>(() => Tensor.Zeros(2).Sum().Backward());
        Assert.Throws<InvalidOperationException>(() => Functional.Tanh(x).Backward());
        Assert.Throws<ArgumentException>("gradient", () => Functional.Tanh(x).Backward(Tensor.Zeros(3, 2)));
        Assert.Throws<InvalidOperationException>(() => Functional.Tanh(x).RequiresGrad = false);
        using (Autograd.NoGrad())
        {
            Assert.False(Autograd.IsEnabled);
            Assert.Throws<InvalidOperationException>(() => x.Sum().Backward());
        }

        Assert.True(Autograd.IsEnabled);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void A_given_gradient_is_not_changed()
    {
        using TensorScope scope = new();
        using Tensor x = Input("given.x", 5);
        Tensor dy = Tensor.From(Data(5, "given.dy"));
        float[] before = dy.ToArray();
        (Functional.Dropout(Functional.Tanh(x), 0.5f, new NoiseKey(1, 1)) * 2f).Backward(dy);
        Assert.Equal(before, dy.ToArray());
    }

    [Fact]
    public void A_deep_graph_does_not_overflow_the_stack()
    {
        using Tensor x = Input("deep.x", 1);
        Tensor y = x * 1f;
        for (int i = 0; i < 100_000; i++)
        {
            Tensor next = y * 1f;
            y.Dispose();
            y = next;
        }

        y.Backward(retainGraph: true);
        Assert.Equal(1f, x.Grad!.Item());
        y.Dispose();
    }

    [Fact]
    public void Intermediate_results_may_be_disposed_before_backward()
    {
        using Tensor x = Input("early.x", 3, 4), w = Input("early.w", 2, 4);
        Tensor a = Functional.Tanh(x);
        Tensor b = Functional.Linear(a, w);
        a.Dispose();
        using Tensor loss = b.Sum();
        b.Dispose();
        using Tensor noise = Tensor.Full(9f, 3, 4);
        loss.Backward();

        using Tensor a2 = Functional.Tanh(x), b2 = Functional.Linear(a2, w), loss2 = b2.Sum();
        float[] first = x.Grad!.ToArray();
        x.ZeroGrad();
        loss2.Backward();
        Assert.Equal(x.Grad!.ToArray(), first);
    }

    [Fact]
    public void A_disposed_leaf_has_no_place_for_its_gradient()
    {
        using TensorScope scope = new();
        using Tensor x = Input("leaf.x", 3, 4);
        Sequential model = new(("fc1", new Linear(4, 5)), ("t", new Tanh()), ("fc2", new Linear(5, 2)));
        Tensor loss = model.Forward(x, Frame).Sum();
        model.Dispose();
        var error = Assert.Throws<ObjectDisposedException>(() => loss.Backward());
        Assert.Contains("fc", error.Message, StringComparison.Ordinal);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void Results_without_a_gradient_record_nothing()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From(Data(4, "plain"));
        Assert.False(Functional.Tanh(x).RequiresGrad);
        x.RequiresGrad = true;
        Tensor y = Functional.Tanh(x);
        Assert.True(y.RequiresGrad);
        Assert.False(y.IsLeaf);
        Assert.False(y.Detach().RequiresGrad);
        Assert.False(y.Clone().RequiresGrad);
        Assert.Equal(y.ToArray(), y.Detach().ToArray());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_errors_that_name_the_argument()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros(2, 3);
        Assert.Throws<ArgumentException>("b", () => x + Tensor.Zeros(3, 2));
        Assert.Throws<ArgumentException>("b", () => x + Tensor.Zeros(2));
        Assert.Throws<ArgumentException>("b", () => x * Tensor.Zeros(3));
        Assert.Throws<ArgumentException>("b", () => Functional.MatMul(x, x));
        Assert.Throws<ArgumentException>("a", () => Functional.MatMul(Tensor.Zeros(3), x));
        Assert.Throws<ArgumentException>("x", () => Functional.Linear(x, Tensor.Zeros(4, 2)));
        Assert.Throws<ArgumentException>("weight", () => Functional.Linear(x, Tensor.Zeros(3)));
        Assert.Throws<ArgumentException>("bias", () => Functional.Linear(x, Tensor.Zeros(4, 3), Tensor.Zeros(3)));
        Assert.Throws<ArgumentException>("shape", () => x.Reshape(4, 2));
        Assert.Throws<ArgumentException>("shape", () => x.Reshape(-1, 4));
        Assert.Throws<ArgumentException>("labels", () => Functional.SoftmaxCrossEntropy(x, [0]));
        Assert.Throws<ArgumentException>("logits", () => Functional.SoftmaxCrossEntropy(Tensor.Zeros(3), [0]));
        Assert.Throws<ArgumentException>("target", () => Functional.MeanSquaredError(x, Tensor.Zeros(3, 2)));
        Assert.Throws<ArgumentException>("target", () => Functional.MeanSquaredError(x, new float[5]));
        Assert.Throws<ArgumentException>("logVariance", () => Functional.KlDivergence(x, Tensor.Zeros(2)));
        Assert.Throws<ArgumentException>("x", () => Functional.Mean(Tensor.Zeros(0)));
        Assert.Throws<ArgumentException>("indices", () => Functional.ArgMax(x, new int[3]));
        Assert.Throws<ArgumentNullException>("x", () => Functional.Relu(null!));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void A_label_out_of_range_is_named(int label)
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros(2, 3);
        var error = Assert.Throws<ArgumentOutOfRangeException>("labels", () => Functional.SoftmaxCrossEntropy(x, [0, label]));
        Assert.Contains($"Label 1 is {label}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_prior_deviation_that_is_none_is_refused(float std)
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros(2);
        Assert.Throws<ArgumentOutOfRangeException>("priorStd", () => Functional.KlDivergence(x, x, 0f, std));
    }
}

namespace NativeNoise.Tests;

/// <summary>Updates against the published formulas (PyTorch's documentation of SGD, Adam and AdamW), evaluated here in double precision.</summary>
public class OptimizerTests
{
    private static readonly float[] Start = [1f, -2f, 0.5f, 3f, -0.25f];

    private static readonly float[][] Gradients =
    [
        [0.1f, -0.2f, 0f, 4f, 1e-4f],
        [-0.3f, 0.5f, 1f, 2f, -2e-4f],
        [0.2f, 0.1f, -1f, -8f, 3e-4f],
        [0f, 0f, 0f, 0f, 0f],
        [1f, 1f, 1f, 1f, 1f],
    ];

    public static TheoryData<double, double, bool> SgdCases => new()
    {
        { 0, 0, false },
        { 0.9, 0, false },
        { 0.9, 0.01, false },
        { 0.5, 0.1, true },
        { 1, 0, false },
    };

    [Theory]
    [MemberData(nameof(SgdCases))]
    public void Sgd_follows_the_formula(double momentum, double decay, bool nesterov)
    {
        var rate = new LinearSchedule(0.1, 0.02, 4);
        using ParameterBag bag = ParameterBag.Of(Start);
        using var sgd = new Sgd(bag, new SgdOptions { LearningRate = rate, Momentum = momentum, WeightDecay = decay, Nesterov = nesterov });
        double[] p = ToDouble(Start);
        double[] v = new double[p.Length];
        for (int t = 0; t < Gradients.Length; t++)
        {
            bag.SetGradient(0, Gradients[t]);
            sgd.Step();
            for (int i = 0; i < p.Length; i++)
            {
                double d = Gradients[t][i] + (decay * p[i]);
                v[i] = (momentum * v[i]) + d;
                d = nesterov ? d + (momentum * v[i]) : v[i];
                p[i] -= rate.Value(t) * d;
            }

            AssertClose(p, bag[0].ToArray(), 4e-6);
        }

        Assert.Equal(Gradients.Length, sgd.StepCount);
    }

    public static TheoryData<bool, double, double, double, double> AdamCases => new()
    {
        { false, 0.001, 0.9, 0.999, 0 },
        { false, 0.1, 0.8, 0.95, 0.01 },
        { false, 0.01, 0, 0, 0 },
        { true, 0.001, 0.9, 0.999, 0.01 },
        { true, 0.1, 0.9, 0.99, 0.5 },
    };

    [Theory]
    [MemberData(nameof(AdamCases))]
    public void Adam_and_AdamW_follow_the_formula(bool decoupled, double rate, double beta1, double beta2, double decay)
    {
        const double epsilon = 1e-8;
        using ParameterBag bag = ParameterBag.Of(Start);
        var options = new AdamOptions { LearningRate = rate, Beta1 = beta1, Beta2 = beta2, WeightDecay = decay };
        using Optimizer adam = decoupled ? new AdamW(bag, options) : new Adam(bag, options);
        double[] p = ToDouble(Start);
        double[] m = new double[p.Length];
        double[] v = new double[p.Length];
        for (int t = 1; t <= Gradients.Length; t++)
        {
            bag.SetGradient(0, Gradients[t - 1]);
            adam.Step();
            for (int i = 0; i < p.Length; i++)
            {
                double g = Gradients[t - 1][i];
                if (decoupled)
                {
                    p[i] *= 1 - (rate * decay);
                }
                else
                {
                    g += decay * p[i];
                }

                m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
                double mean = m[i] / (1 - Math.Pow(beta1, t));
                double square = v[i] / (1 - Math.Pow(beta2, t));
                p[i] -= rate * mean / (Math.Sqrt(square) + epsilon);
            }

            AssertClose(p, bag[0].ToArray(), 1e-4 * rate + 1e-6);
        }
    }

    [Fact]
    public void The_defaults_are_those_of_PyTorch()
    {
        using ParameterBag bag = ParameterBag.Of(1);
        using var sgd = new Sgd(bag);
        using var adam = new Adam(bag);
        using var adamW = new AdamW(bag);
        Assert.Equal(0.01, sgd.LearningRate.Value(0));
        Assert.Equal((0.001, 0.0), (adam.LearningRate.Value(0), adam.WeightDecay.Value(0)));
        Assert.Equal((0.001, 0.01), (adamW.LearningRate.Value(0), adamW.WeightDecay.Value(0)));
        Assert.Equal((0.9, 0.999, 1e-8), (new AdamOptions().Beta1, new AdamOptions().Beta2, new AdamOptions().Epsilon));
    }

    [Fact]
    public void Clipping_by_norm_scales_all_parameters_together()
    {
        using var bag = new ParameterBag(("a", [0f, 0f]), ("b", [0f]));
        using var sgd = new Sgd(bag, new SgdOptions { LearningRate = 1, ClipNorm = 6.5 });
        bag.SetGradient(0, 3, 4);
        bag.SetGradient(1, 12);
        sgd.Step();
        Assert.Equal(13, sgd.LastGradientNorm);
        Assert.Equal([-1.5f, -2f], bag[0].ToArray());
        Assert.Equal([-6f], bag[1].ToArray());

        bag.SetGradient(0, 0, 2.5f);
        bag.SetGradient(1, 6);
        sgd.Step();
        Assert.Equal(6.5, sgd.LastGradientNorm);
        Assert.Equal([-1.5f, -4.5f], bag[0].ToArray());
        Assert.Equal([-12f], bag[1].ToArray());
    }

    [Fact]
    public void Clipping_by_value_limits_every_element()
    {
        using ParameterBag bag = ParameterBag.Of(0, 0, 0);
        using var sgd = new Sgd(bag, new SgdOptions { LearningRate = 1, ClipValue = 0.5 });
        bag.SetGradient(0, -3, 0.25f, 0.75f);
        sgd.Step();
        Assert.Equal([0.5f, -0.25f, -0.5f], bag[0].ToArray());
        Assert.True(double.IsNaN(sgd.LastGradientNorm));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_cannot_be_clipped_and_changes_nothing()
    {
        using var bag = new ParameterBag(("a", [1f]), ("b", [2f]));
        using var sgd = new Sgd(bag, new SgdOptions { ClipNorm = 1 });
        bag.SetGradient(0, 1);
        bag.SetGradient(1, float.NaN);
        Assert.Throws<InvalidOperationException>(() => sgd.Step());
        Assert.Equal((1f, 2f, 0L), (bag[0].Item(), bag[1].Item(), sgd.StepCount));
    }

    [Fact]
    public void The_measured_norm_is_the_same_for_every_number_of_threads()
    {
        float[] gradient = [.. Enumerable.Range(0, 100_003).Select(i => MathF.Sin(i) * (1 + (i % 7)))];
        double expected = Math.Sqrt(gradient.Sum(g => (double)g * g));
        var seen = new HashSet<(double Norm, float First, float Last)>();
        foreach (int threads in (int[])[1, 2, 5])
        {
            using Device device = Device.CreateCpu(new CpuOptions { Threads = threads });
            using ParameterBag bag = ParameterBag.Of(new float[gradient.Length]);
            bag.To(device);
            using var adam = new Adam(bag, new AdamOptions { ClipNorm = 1, GradientNoise = new GradientNoise(), MeasureGradientNorm = true });
            bag.SetGradient(0, gradient);
            adam.Step();
            float[] values = bag[0].ToArray();
            seen.Add((adam.LastGradientNorm, values[0], values[^1]));
            Assert.Equal(expected, adam.LastGradientNorm, expected * 1e-12);
        }

        Assert.Single(seen);
    }

    [Fact]
    public void A_parameter_without_gradient_is_left_alone_and_begins_its_count_later()
    {
        using var bag = new ParameterBag(("a", [1f]), ("b", [1f]));
        using var adam = new Adam(bag, new AdamOptions { LearningRate = 0.1 });
        for (int i = 0; i < 50; i++)
        {
            bag.SetGradient(0, 1);
            adam.Step();
        }

        Assert.Equal(1f, bag[1].Item());
        bag.SetGradient(1, 0.003f);
        adam.Step();
        Assert.Equal(0.9f, bag[1].Item(), 1e-5f); // the first step of Adam is lr, whatever the gradient
    }

    [Fact]
    public void A_step_after_a_forward_pass_is_noticed_by_its_backward()
    {
        using var scope = new TensorScope();
        using ParameterBag bag = ParameterBag.Of(1, 2);
        using var sgd = new Sgd(bag);
        Tensor loss = Functional.Sum(Functional.Multiply(bag[0], bag[0]));
        bag.SetGradient(0, 1, 1);
        sgd.Step();
        Assert.Throws<InvalidOperationException>(() => loss.Backward());
    }

    public static TheoryData<string, string> WrongOptions => new()
    {
        { "clip-norm-zero", "ClipNorm" },
        { "clip-norm-nan", "ClipNorm" },
        { "clip-value-negative", "ClipValue" },
        { "momentum-negative", "Momentum" },
        { "momentum-above-one", "Momentum" },
        { "nesterov-without-momentum", "Momentum" },
        { "beta1-one", "Beta1" },
        { "beta2-negative", "Beta2" },
        { "beta2-rounds-to-one", "Beta2" },
        { "epsilon-negative", "Epsilon" },
        { "epsilon-nan", "Epsilon" },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_outside_their_range_are_refused_by_name(string what, string parameter)
    {
        using ParameterBag bag = ParameterBag.Of(1);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => what switch
        {
            "clip-norm-zero" => new Sgd(bag, new SgdOptions { ClipNorm = 0 }),
            "clip-norm-nan" => new Sgd(bag, new SgdOptions { ClipNorm = double.NaN }),
            "clip-value-negative" => new Adam(bag, new AdamOptions { ClipValue = -1 }),
            "momentum-negative" => new Sgd(bag, new SgdOptions { Momentum = -0.1 }),
            "momentum-above-one" => new Sgd(bag, new SgdOptions { Momentum = 1.1 }),
            "nesterov-without-momentum" => new Sgd(bag, new SgdOptions { Nesterov = true }),
            "beta1-one" => new Adam(bag, new AdamOptions { Beta1 = 1 }),
            "beta2-negative" => new Adam(bag, new AdamOptions { Beta2 = -0.1 }),
            "beta2-rounds-to-one" => new Adam(bag, new AdamOptions { Beta2 = 0.999999999 }),
            "epsilon-negative" => new Adam(bag, new AdamOptions { Epsilon = -1e-8 }),
            _ => (Optimizer)new AdamW(bag, new AdamOptions { Epsilon = double.NaN }),
        });
        Assert.Equal(parameter, error.ParamName);
    }

    [Fact]
    public void Nothing_or_the_same_parameter_twice_cannot_be_optimised()
    {
        using ParameterBag bag = ParameterBag.Of(1);
        Assert.Throws<ArgumentException>(() => new Sgd([]));
        Assert.Throws<ArgumentException>(() => new Sgd([bag[0], bag[0]]));
        Assert.Throws<ArgumentNullException>(() => new Adam((Module)null!));
        using var relu = new Relu();
        Assert.Throws<ArgumentException>(() => new Adam(relu));
    }

    [Fact]
    public void A_negative_rate_stops_the_step_before_anything_changes()
    {
        using ParameterBag bag = ParameterBag.Of(1);
        using var sgd = new Sgd(bag, new SgdOptions { LearningRate = new LinearSchedule(-0.1, 0.1, 9) });
        bag.SetGradient(0, 1);
        Assert.Throws<InvalidOperationException>(() => sgd.Step());
        Assert.Equal((1f, 0L), (bag[0].Item(), sgd.StepCount));
    }

    [Fact]
    public void A_disposed_optimiser_says_so()
    {
        using ParameterBag bag = ParameterBag.Of(1);
        var sgd = new Sgd(bag);
        sgd.Dispose();
        sgd.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sgd.Step());
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Throws<ObjectDisposedException>(() => sgd.Save(path));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_disposed_parameter_stops_the_step_before_anything_changes()
    {
        using ParameterBag gone = new(("gone", [1f])), kept = ParameterBag.Of(2);
        using var sgd = new Sgd([kept[0], gone[0]], new SgdOptions { LearningRate = 1 });
        kept.SetGradient(0, 1);
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sgd.Step());
        Assert.Equal((2f, 0L), (kept[0].Item(), sgd.StepCount));
    }

    /// <summary>The count of a parameter's steps corrects Adam's moments: a step that was refused may not count.</summary>
    [Fact]
    public void Gradient_noise_beyond_a_float_stops_the_step_before_anything_changes()
    {
        using ParameterBag refused = ParameterBag.Of(1), fresh = ParameterBag.Of(1);
        using Adam adam = new(refused), other = new(fresh);
        refused.SetGradient(0, 2);
        fresh.SetGradient(0, 2);
        adam.GradientNoise = new GradientNoise(1e300);
        Assert.Throws<InvalidOperationException>(() => adam.Step());
        Assert.Throws<InvalidOperationException>(() => adam.GradientNoise.AddTo(refused, 0, 1));
        adam.GradientNoise = null;
        adam.Step();
        other.Step();
        Assert.Equal(fresh[0].Item(), refused[0].Item());
    }

    private static double[] ToDouble(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"element {i}: {actual[i]}, expected {expected[i]}");
        }
    }
}

using static NativeNoise.Tests.Statistics;

namespace NativeNoise.Tests;

/// <summary>The output distributions of the noisy linear layers against their closed forms.</summary>
public sealed class WeightNoiseTests
{
    private const int Inputs = 5;
    private const int Outputs = 3;
    private const int Draws = 20_000;
    private const float Std = 0.2f;

    public static TheoryData<NoiseScale, NoiseSharing> Ways => new()
    {
        { NoiseScale.Absolute, NoiseSharing.Batch },
        { NoiseScale.Absolute, NoiseSharing.PerExample },
        { NoiseScale.Relative, NoiseSharing.Batch },
        { NoiseScale.Relative, NoiseSharing.PerExample },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void NoisyLinear_has_its_output_distribution(NoiseScale scale, NoiseSharing sharing)
    {
        using Sequential model = Layer(scale, sharing, out NoisyLinear layer);
        float[] x = GradientCheck.Data(Inputs, "distribution.x");
        float[] y = Sample(model, x, sharing);
        (double[] mean, double[] variance) = ClosedForm(layer, x, scale);
        for (int j = 0; j < Outputs; j++)
        {
            int unit = j;
            FollowsNormal([.. y.Where((_, i) => i % Outputs == unit)], mean[j], variance[j], $"unit {j}");
        }
    }

    [Fact]
    public void Examples_of_a_batch_share_the_weights_or_do_not()
    {
        float[] a = GradientCheck.Data(Inputs, "share.a"), b = GradientCheck.Data(Inputs, "share.b");
        foreach (NoiseSharing sharing in Enum.GetValues<NoiseSharing>())
        {
            using Sequential model = Layer(NoiseScale.Absolute, sharing, out NoisyLinear layer);
            (double[] meanA, double[] varianceA) = ClosedForm(layer, a, NoiseScale.Absolute);
            (double[] meanB, double[] varianceB) = ClosedForm(layer, b, NoiseScale.Absolute);
            using Tensor pair = Tensor.From([.. a, .. b], 2, Inputs);
            double sum = 0;
            using (Autograd.NoGrad())
            {
                for (uint step = 0; step < Draws; step++)
                {
                    using TensorScope scope = new();
                    ReadOnlySpan<float> y = model.Forward(pair, new NoiseFrame(6, step)).AsReadOnlySpan();
                    sum += (y[0] - meanA[0]) * (y[Outputs] - meanB[0]);
                }
            }

            // One noisy W for both: covariance std^2 (a b + 1), the 1 from the bias. Else none.
            double covariance = sharing == NoiseSharing.Batch ? Std * (double)Std * (Dot(a, b) + 1) : 0;
            double error = Math.Sqrt(((varianceA[0] * varianceB[0]) + (covariance * covariance)) / Draws);
            Within(covariance, sum / Draws, error, $"{sharing}");
        }
    }

    [Fact]
    public void Noise_is_fresh_each_step_and_absent_in_evaluation()
    {
        using TensorScope scope = new();
        using Sequential model = Layer(NoiseScale.Absolute, NoiseSharing.Batch, out NoisyLinear layer);
        Tensor x = Tensor.From(GradientCheck.Data(4 * Inputs, "fresh.x"), 4, Inputs);
        float[] At(uint step) => model.Forward(x, new NoiseFrame(1, step)).ToArray();
        Assert.Equal(At(0), At(0));
        Assert.NotEqual(At(0), At(1));
        float[] clean = Functional.Linear(x, layer.Weight, layer.Bias).ToArray();
        Assert.Equal(clean, model.Forward(x, new NoiseFrame(1, 0, mode: NoiseMode.Mean)).ToArray());
        model.Eval();
        Assert.Equal(clean, model.Forward(x).ToArray());
        Assert.Equal(clean, At(0));
        Assert.NotEqual(clean, model.Forward(x, NoiseFrame.Draw(1, 0)).ToArray());
    }

    [Fact]
    public void Gradients_of_additive_weight_noise_go_to_the_clean_weights()
    {
        // d/dW of sum(c y) is c^T x, whatever the noise.
        using TensorScope scope = new();
        using Sequential model = Layer(NoiseScale.Absolute, NoiseSharing.Batch, out NoisyLinear layer);
        Tensor x = Tensor.From(GradientCheck.Data(2 * Inputs, "clean.x"), 2, Inputs);
        float[] before = layer.Weight.ToArray();
        model.Forward(x, new NoiseFrame(1)).Sum().Backward();
        float[] sums = new float[Inputs];
        for (int i = 0; i < 2 * Inputs; i++)
        {
            sums[i % Inputs] += x.AsReadOnlySpan()[i];
        }

        Assert.Equal(before, layer.Weight.ToArray());
        for (int i = 0; i < Outputs * Inputs; i++)
        {
            Assert.Equal(sums[i % Inputs], layer.Weight.Grad!.AsReadOnlySpan()[i], 1e-6f);
        }

        Assert.Equal([2f, 2f, 2f], layer.Bias!.Grad!.ToArray());
    }

    [Fact]
    public void Factorised_noise_has_its_moments_and_is_a_product()
    {
        // With mu = 0, sigma = 1 and the unit matrix as input, the outputs are the noise itself: y[i, j] = f(e_j) f(e_i) + f(e_j).
        const int Size = 32, Steps = 400;
        using Sequential model = new(("fc", new FactorizedNoisyLinear(Size, Size)));
        var layer = (FactorizedNoisyLinear)model.Children[0];
        foreach (Parameter parameter in model.Parameters())
        {
            parameter.AsSpan().Fill(parameter.LocalName.Contains("sigma", StringComparison.Ordinal) ? 1f : 0f);
        }

        float[] unit = new float[(Size + 1) * Size];
        for (int i = 0; i < Size; i++)
        {
            unit[(i * Size) + i] = 1;
        }

        using Tensor x = Tensor.From(unit, Size + 1, Size);
        double weights = 0, biases = 0;
        using (Autograd.NoGrad())
        {
            for (uint step = 0; step < Steps; step++)
            {
                using TensorScope scope = new();
                float[] y = model.Forward(x, new NoiseFrame(12, step)).ToArray();
                float[] bias = y[(Size * Size)..];
                float Weight(int j, int i) => y[(i * Size) + j] - bias[j];
                for (int j = 0; j < Size; j++)
                {
                    biases += bias[j] * bias[j];
                    for (int i = 0; i < Size; i++)
                    {
                        weights += Weight(j, i) * (double)Weight(j, i);
                        Assert.Equal(Weight(j, i) * Weight(0, 0), Weight(j, 0) * Weight(0, i), 1e-4f);
                    }
                }
            }
        }

        // f(e)^2 = |e| has mean m = sqrt(2/pi) and variance 1 - m^2. The mean of the squares of one step's weights is
        // (mean of |e_j|)(mean of |e_i|), with mean m^2 = 2/pi and variance 2 m^2 (1 - m^2) / Size to first order.
        double m2 = 2 / Math.PI;
        Within(m2, weights / (Steps * Size * Size), Math.Sqrt(2 * m2 * (1 - m2) / (Size * (double)Steps)), "weights");
        Within(Math.Sqrt(m2), biases / (Steps * Size), Math.Sqrt((1 - m2) / (Size * (double)Steps)), "biases");
        Assert.Equal(NoisyForm.Factorized, layer.Form);
    }

    [Theory]
    [InlineData(NoisyForm.Factorized, 1.0)]
    [InlineData(NoisyForm.Independent, 3.0)]
    public void Initial_values_are_those_of_Fortunato(NoisyForm form, double numerator)
    {
        const int In = 100, Out = 300;
        using FactorizedNoisyLinear layer = new(In, Out, sigma0: 0.4f, form) { Site = "init" };
        float bound = (float)Math.Sqrt(numerator / In);
        float sigma = form == NoisyForm.Factorized ? 0.4f / MathF.Sqrt(In) : 0.017f;
        foreach (Parameter mean in new[] { layer.Weight, layer.Bias! })
        {
            float[] values = mean.ToArray();
            Assert.All(values, v => Assert.InRange(v, -bound, bound));
            Assert.True(values.Max() > 0.95f * bound && values.Min() < -0.95f * bound);
            Within(0, Mean(values), bound / Math.Sqrt(3.0 * values.Length), "mean");
        }

        Assert.All(layer.WeightSigma.ToArray(), v => Assert.Equal(sigma, v, 1e-7f));
        Assert.All(layer.BiasSigma!.ToArray(), v => Assert.Equal(sigma, v, 1e-7f));
    }

    private static Sequential Layer(NoiseScale scale, NoiseSharing sharing, out NoisyLinear layer)
    {
        layer = new NoisyLinear(Inputs, Outputs, Std, options: new() { Scale = scale, Sharing = sharing });
        layer.Bias!.CopyFrom([0.5f, -1f, 2f]);
        return new Sequential(("fc", layer));
    }

    private static float[] Sample(Sequential model, float[] x, NoiseSharing sharing)
    {
        using TensorScope scope = new();
        using NoGradScope noGrad = Autograd.NoGrad();
        if (sharing == NoiseSharing.PerExample)
        {
            float[] copies = [.. Enumerable.Range(0, Draws).SelectMany(_ => x)];
            return model.Forward(Tensor.From(copies, Draws, Inputs), new NoiseFrame(5)).ToArray();
        }

        List<float> y = [];
        using Tensor one = Tensor.From(x, 1, Inputs);
        for (uint step = 0; step < Draws; step++)
        {
            using Tensor row = model.Forward(one, new NoiseFrame(5, step));
            y.AddRange(row.AsReadOnlySpan());
        }

        return [.. y];
    }

    // Absolute: N(W x + b, std^2 |x|^2 + std^2). Relative: the sums are weighted with W^2 and b^2.
    private static (double[] Mean, double[] Variance) ClosedForm(NoisyLinear layer, float[] x, NoiseScale scale)
    {
        double[] mean = new double[Outputs], variance = new double[Outputs];
        float[] w = layer.Weight.ToArray(), b = layer.Bias!.ToArray();
        for (int j = 0; j < Outputs; j++)
        {
            mean[j] = b[j];
            double sum = scale == NoiseScale.Relative ? (double)b[j] * b[j] : 1;
            for (int i = 0; i < Inputs; i++)
            {
                double weight = w[(j * Inputs) + i];
                mean[j] += weight * x[i];
                sum += x[i] * (double)x[i] * (scale == NoiseScale.Relative ? weight * weight : 1);
            }

            variance[j] = Std * (double)Std * sum;
        }

        return (mean, variance);
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (u, v) => (double)u * v).Sum();
}

using static NativeNoise.Tests.Statistics;

namespace NativeNoise.Tests;

/// <summary>Variational layers: the divergence in closed form, and three estimators of one gradient.</summary>
public sealed class VariationalTests
{
    private const int Batch = 32;
    private const int Inputs = 6;
    private const int Outputs = 4;
    private const int Draws = 3000;

    [Fact]
    public void Divergence_has_its_closed_form()
    {
        using TensorScope scope = new();

        // ln(1 / 0.05) + (0.05^2 + 0.1^2) / 2 - 1/2
        Tensor one = Functional.KlDivergence(Tensor.Full(0.1f, 1), Tensor.Full((float)(2 * Math.Log(0.05)), 1));
        Assert.Equal(2.501982, one.Item(), 1e-6);
        Assert.Equal(0f, Functional.KlDivergence(Tensor.Full(0.3f, 5), Tensor.Full(0f, 5), 0.3f).Item(), 1e-7f);

        float[] mean = GradientCheck.Data(3000, "kl.mean"), logVariance = GradientCheck.Data(3000, "kl.lv", -12f, 2f);
        const double PriorMean = 0.25, PriorStd = 0.5;
        double expected = 0;
        for (int i = 0; i < mean.Length; i++)
        {
            double difference = mean[i] - PriorMean;
            expected += Math.Log(PriorStd) - (logVariance[i] / 2.0)
                + ((Math.Exp(logVariance[i]) + (difference * difference)) / (2 * PriorStd * PriorStd)) - 0.5;
        }

        Tensor kl = Functional.KlDivergence(Tensor.From(mean), Tensor.From(logVariance), (float)PriorMean, (float)PriorStd);
        Assert.Equal(expected, kl.Item(), expected * 1e-6);
    }

    [Fact]
    public void A_model_sums_the_divergence_of_its_layers()
    {
        using TensorScope scope = new();
        using Sequential model = new(
            ("a", new VariationalLinear(3, 2)), ("b", new Sequential(new Tanh(), new VariationalLinear(2, 4, bias: false))));
        foreach (Parameter parameter in model.Parameters())
        {
            bool isVariance = parameter.LocalName.EndsWith("logvar", StringComparison.Ordinal);
            parameter.AsSpan().Fill(isVariance ? (float)(2 * Math.Log(0.05)) : 0.1f);
        }

        Assert.Equal((6 + 2 + 8) * 2.501982, model.KlDivergence()!.Item(), 1e-4);
        using Sequential plain = new(new Linear(2, 2));
        Assert.Null(plain.KlDivergence());
        using VariationalLinear wide = new(3, 2, new() { PriorStd = 2f, InitialLogVariance = 2 * MathF.Log(2f) }) { Site = "wide" };
        wide.Weight.AsSpan().Clear();
        Assert.Equal(0f, wide.KlDivergence()!.Item(), 1e-6f);
    }

    [Fact]
    public void Initial_values_are_as_stated()
    {
        using VariationalLinear fixedStd = new(400, 100) { Site = "fixed" };
        using VariationalLinear fanIn = new(400, 100, new() { MeanInit = VariationalMeanInitialization.FanIn }) { Site = "fan" };
        FollowsNormal(fixedStd.Weight.ToArray(), 0, 0.01, "fixed");
        FollowsNormal(fanIn.Weight.ToArray(), 0, 1.0 / 400, "fan-in");
        Assert.All(fixedStd.Bias!.ToArray(), v => Assert.Equal(0f, v));
        Assert.All(fixedStd.WeightLogVariance.ToArray(), v => Assert.Equal(-10f, v));
        Assert.All(fixedStd.BiasLogVariance!.ToArray(), v => Assert.Equal(-10f, v));
    }

    [Fact]
    public void Without_noise_the_layer_is_its_collapse()
    {
        using TensorScope scope = new();
        using VariationalLinear layer = new(Inputs, Outputs) { Site = "collapse" };
        layer.Bias!.CopyFrom([1, 2, 3, 4]);
        using Linear plain = layer.Collapse();
        Tensor x = Tensor.From(GradientCheck.Data(5 * Inputs, "collapse.x"), 5, Inputs);
        float[] expected = plain.Forward(x).ToArray();
        Assert.Equal(expected, layer.Forward(x, new NoiseFrame(1, mode: NoiseMode.Mean)).ToArray());
        Assert.NotEqual(expected, layer.Forward(x, new NoiseFrame(1)).ToArray());
        layer.Eval();
        Assert.Equal(expected, layer.Forward(x).ToArray());
    }

    [Theory]
    [InlineData(VariationalEstimator.SharedWeights)]
    [InlineData(VariationalEstimator.LocalReparameterization)]
    [InlineData(VariationalEstimator.Flipout)]
    public void Each_example_has_the_marginal_distribution(VariationalEstimator estimator)
    {
        using Sequential model = Model(estimator, out VariationalLinear layer);
        float[] x = [.. Inputs_("marginal").Take(Inputs)];
        using Tensor one = Tensor.From(x, 1, Inputs);
        float[] draws = new float[Draws];
        using (Autograd.NoGrad())
        {
            for (int step = 0; step < Draws; step++)
            {
                using Tensor y = model.Forward(one, new NoiseFrame(4, (uint)step));
                draws[step] = y.AsReadOnlySpan()[2];
            }
        }

        double mean = layer.Bias!.AsReadOnlySpan()[2], variance = Math.Exp(layer.BiasLogVariance!.AsReadOnlySpan()[2]);
        for (int i = 0; i < Inputs; i++)
        {
            int at = (2 * Inputs) + i;
            mean += x[i] * (double)layer.Weight.AsReadOnlySpan()[at];
            variance += x[i] * (double)x[i] * Math.Exp(layer.WeightLogVariance.AsReadOnlySpan()[at]);
        }

        FollowsNormal(draws, mean, variance, $"{estimator}");
    }

    [Fact]
    public void Estimators_agree_in_mean_and_the_local_ones_have_less_variance()
    {
        // L = (1/n) sum over examples and units of y^2. With y = m + noise of variance v:
        // E L = (1/n) sum (m^2 + v), so dE L / dmean_ji = (2/n) sum_n m_nj x_ni and dE L / dlogvar_ji = exp(R_ji) (1/n) sum_n x_ni^2.
        // The inputs have a clear mean: for centred inputs on one fixed batch the shared sample need not be the worse one.
        Dictionary<VariationalEstimator, double> total = [];
        foreach (VariationalEstimator estimator in Enum.GetValues<VariationalEstimator>())
        {
            using Sequential model = Model(estimator, out VariationalLinear layer);
            (double[] sum, double[] squares) = GradientMoments(model, layer);
            double[] expected = ExpectedGradient(layer);
            double variances = 0;
            for (int k = 0; k < expected.Length; k++)
            {
                double mean = sum[k] / Draws, variance = (squares[k] / Draws) - (mean * mean);
                Within(expected[k], mean, Math.Sqrt(variance / Draws) + 1e-6, $"{estimator}, gradient {k}");
                variances += variance;
            }

            total[estimator] = variances;
        }

        double bound = 0.25 * total[VariationalEstimator.SharedWeights];
        foreach (VariationalEstimator estimator in new[] { VariationalEstimator.LocalReparameterization, VariationalEstimator.Flipout })
        {
            Assert.True(total[estimator] < bound, $"{estimator}: variance {total[estimator]}, a quarter of the shared is {bound}.");
        }
    }

    private static float[] Inputs_(string site) => GradientCheck.Data(Batch * Inputs, site, 0.5f, 1.5f);

    private static Sequential Model(VariationalEstimator estimator, out VariationalLinear layer)
    {
        layer = new VariationalLinear(Inputs, Outputs, new() { Estimator = estimator });
        layer.Weight.CopyFrom(GradientCheck.Data(Inputs * Outputs, "variational.w"));
        layer.Bias!.CopyFrom(GradientCheck.Data(Outputs, "variational.b"));
        layer.WeightLogVariance.CopyFrom(GradientCheck.Data(Inputs * Outputs, "variational.r", -3f, -1f));
        layer.BiasLogVariance!.CopyFrom(GradientCheck.Data(Outputs, "variational.rb", -3f, -1f));
        return new Sequential(("fc", layer));
    }

    private static (double[] Sum, double[] Squares) GradientMoments(Sequential model, VariationalLinear layer)
    {
        const int Count = Inputs * Outputs;
        double[] sum = new double[2 * Count], squares = new double[2 * Count];
        using Tensor x = Tensor.From(Inputs_("estimators"), Batch, Inputs);
        for (uint step = 0; step < Draws; step++)
        {
            using TensorScope scope = new();
            model.ZeroGrad();
            Tensor y = model.Forward(x, new NoiseFrame(21, step));
            (Functional.Sum(y * y) * (1f / Batch)).Backward();
            ReadOnlySpan<float> mean = layer.Weight.Grad!.AsReadOnlySpan(), logVariance = layer.WeightLogVariance.Grad!.AsReadOnlySpan();
            for (int k = 0; k < 2 * Count; k++)
            {
                double g = k < Count ? mean[k] : logVariance[k - Count];
                sum[k] += g;
                squares[k] += g * g;
            }
        }

        return (sum, squares);
    }

    private static double[] ExpectedGradient(VariationalLinear layer)
    {
        const int Count = Inputs * Outputs;
        double[] gradient = new double[2 * Count];
        float[] x = Inputs_("estimators"), w = layer.Weight.ToArray(), b = layer.Bias!.ToArray(), r = layer.WeightLogVariance.ToArray();
        for (int n = 0; n < Batch; n++)
        {
            for (int j = 0; j < Outputs; j++)
            {
                double m = b[j];
                for (int i = 0; i < Inputs; i++)
                {
                    m += (double)w[(j * Inputs) + i] * x[(n * Inputs) + i];
                }

                for (int i = 0; i < Inputs; i++)
                {
                    double xi = x[(n * Inputs) + i];
                    gradient[(j * Inputs) + i] += 2 * m * xi / Batch;
                    gradient[Count + (j * Inputs) + i] += Math.Exp(r[(j * Inputs) + i]) * xi * xi / Batch;
                }
            }
        }

        return gradient;
    }
}

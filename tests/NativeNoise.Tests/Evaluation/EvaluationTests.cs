using static NativeNoise.Tests.TrainingFixtures;

namespace NativeNoise.Tests;

public class EvaluationTests
{
    /// <summary>Logits are the inputs themselves.</summary>
    private static Sequential Identity(int n)
    {
        var model = new Sequential(("fc", new Linear(n, n)));
        float[] weight = new float[n * n];
        for (int i = 0; i < n; i++)
        {
            weight[i * (n + 1)] = 1;
        }

        model.StateDict()["fc.weight"].CopyFrom(weight);
        model.StateDict()["fc.bias"].CopyFrom(new float[n]);
        return model;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(500)]
    public void Loss_accuracy_and_predictions_are_the_models(int batchSize)
    {
        using Sequential model = Identity(2);
        var data = new Dataset([2, 0, 0, 1, 3, 1], 2, [0, 0, 0], 2);
        var options = new EvaluationOptions { BatchSize = batchSize };
        EvaluationResult result = Evaluator.Evaluate(model, data, options);
        double expected = (Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(1)) + Math.Log(1 + Math.Exp(-2))) / 3;
        Assert.Equal(expected, result.Loss, 1e-6);
        Assert.Equal((2.0 / 3, 3), (result.Accuracy!.Value, result.Count));
        Assert.Equal([2f, 0, 0, 1, 3, 1], Evaluator.Predict(model, data, options));
        Assert.Equal([0, 1, 0], Evaluator.PredictClasses(model, data, options));
        float[] probabilities = Evaluator.PredictProbabilities(model, data, options);
        Assert.Equal(1 / (1 + Math.Exp(-2)), probabilities[0], 1e-6);
        Assert.Equal(1, probabilities[2] + probabilities[3], 1e-6);
    }

    [Fact]
    public void Regression_has_a_loss_and_no_accuracy()
    {
        using Sequential model = Identity(2);
        EvaluationResult result = Evaluator.Evaluate(model, new Dataset([1, 2, 3, 4], 2, [0f, 2, 3, 2], 2));
        Assert.Equal((1 + 4) / 4.0, result.Loss, 1e-6);
        Assert.Null(result.Accuracy);
    }

    /// <summary>An example's corruption belongs to its index in the data set, not to its place in a batch.</summary>
    [Theory]
    [InlineData(CorruptionKind.Gaussian, 0.3)]
    [InlineData(CorruptionKind.SaltAndPepper, 0.4)]
    [InlineData(CorruptionKind.Uniform, 0.3)]
    [InlineData(CorruptionKind.RelativeGaussian, 0.5)]
    [InlineData(CorruptionKind.Laplace, 0.3)]
    public void Corruptions_do_not_depend_on_the_batches(CorruptionKind kind, double strength)
    {
        using Sequential model = Identity(6);
        Dataset data = Clusters(50);
        var corruption = new Corruption(kind, strength);
        var options = new EvaluationOptions { Corruption = corruption, Seed = 4 };
        float[] whole = Evaluator.Predict(model, data, options);
        Assert.Equal(whole, Evaluator.Predict(model, data, options with { BatchSize = 7 }));
        Assert.Equal(whole, corruption.Apply(data, 4).Inputs);
        Assert.NotEqual(data.Inputs.ToArray(), whole);
        Assert.NotEqual(whole, corruption.Apply(data, 5).Inputs.ToArray());
        Assert.Equal(data.Inputs, new Corruption(kind, 0).Apply(data, 4).Inputs);
    }

    /// <summary>Shot noise is for data that are nowhere below 0, and its strength is the deviation on 1.</summary>
    [Fact]
    public void Shot_noise_counts()
    {
        const int n = 40_000;
        var data = new Dataset(NoiseTable.Data(n, "shot.x"), 100, new int[n / 100], 1);
        float[] corrupted = new Corruption(CorruptionKind.Shot, 0.25).Apply(data, 6).Inputs.ToArray();
        Assert.All(corrupted, v => Assert.Equal(MathF.Round(v * 16), v * 16));
        Assert.Equal(data.Inputs, new Corruption(CorruptionKind.Shot, 0).Apply(data).Inputs);
        float[] expected = new float[n];
        Noise.Poisson(data.Inputs, expected, 16f, NoiseKey.ForSite(6, "corruption.shot:input"), columns: 100);
        Assert.Equal(expected, corrupted);

        // Variance x s², and so the mean square of (y - x)/sqrt(x) is s², with the fourth moment 3 + 1/(16 x) <= 3.25.
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double d = corrupted[i] - data.Inputs[i];
            sum += d * d / data.Inputs[i];
        }

        Assert.Equal(1 / 16.0, sum / n, 5 * Math.Sqrt(2.25 / n) / 16);
        Assert.Throws<ArgumentException>(() => new Corruption(CorruptionKind.Shot, 0.25).Apply(new Dataset([-1f], 1, [0], 1)));
        Assert.Throws<ArgumentOutOfRangeException>("strength", () => new Corruption(CorruptionKind.Shot, 0.0003));
        Assert.Throws<ArgumentOutOfRangeException>("strength", () => new Corruption(CorruptionKind.Shot, 1e30));
        Assert.Throws<ArgumentOutOfRangeException>("strength", () => new Corruption(CorruptionKind.Shot, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("strength", () => new Corruption(CorruptionKind.Shot, -0.1));
        Assert.Equal(0.000346, new Corruption(CorruptionKind.Shot, 0.000346).Strength);
    }

    [Fact]
    public void Corruptions_have_the_strength_they_say()
    {
        const int n = 100_000;
        float[] inputs = new float[n];
        inputs.AsSpan(0, n / 2).Fill(2);
        var data = new Dataset(inputs, 100, new int[n / 100], 1);
        float[] gaussian = Difference(new Corruption(CorruptionKind.Gaussian, 0.3));
        float[] uniform = Difference(new Corruption(CorruptionKind.Uniform, 0.3));
        float[] relative = Difference(new Corruption(CorruptionKind.RelativeGaussian, 0.3));
        float[] laplace = Difference(new Corruption(CorruptionKind.Laplace, 0.3));
        float[] replaced = Difference(new Corruption(CorruptionKind.SaltAndPepper, 0.4));

        // Standard deviations within 5 standard errors, sigma/sqrt(2n) for a normal.
        Assert.Equal(0.3, Std(gaussian), 0.3 * 5 / Math.Sqrt(2 * n));

        // Laplace: variance 2 s², fourth moment 24 s⁴, so the variance's standard error is s² sqrt(20/n).
        Assert.Equal(2 * 0.09, Std(laplace) * Std(laplace), 5 * 0.09 * Math.Sqrt(20.0 / n));
        Assert.Equal(0.3 / Math.Sqrt(3), Std(uniform), 0.01 * 0.3);
        Assert.All(uniform, d => Assert.InRange(d, -0.3f, 0.3f));
        Assert.Equal(0.6, Std(relative[..(n / 2)]), 0.6 * 5 / Math.Sqrt(n));
        Assert.All(relative[(n / 2)..], d => Assert.Equal(0, d));

        // Half of the replaced values get what they had: 0.2 of all change, to an extreme of the data.
        double changed = replaced.Count(d => d != 0) / (double)n;
        Assert.Equal(0.2, changed, 5 * Math.Sqrt(0.2 * 0.8 / n));
        Assert.All(replaced, d => Assert.Contains(d, (float[])[-2, 0, 2]));

        float[] Difference(Corruption corruption)
        {
            float[] corrupted = corruption.Apply(data, 6).Inputs.ToArray();
            for (int i = 0; i < n; i++)
            {
                corrupted[i] -= inputs[i];
            }

            return corrupted;
        }
    }

    [Fact]
    public void Robustness_gives_a_result_for_every_corruption_in_order()
    {
        using Sequential model = PlainModel();
        Fit(model, new TrainerOptions { Epochs = 15, BatchSize = 32, LearningRate = 0.01 }, Clusters(300));
        Dataset test = Clusters(300, 9);
        IReadOnlyList<RobustnessResult> results = Robustness.Evaluate(
            model, test, [new(CorruptionKind.Gaussian, 0), new(CorruptionKind.Gaussian, 5), new(CorruptionKind.SaltAndPepper, 1)], seed: 1);
        Assert.Equal(Evaluator.Evaluate(model, test).Accuracy, results[0].Accuracy);
        Assert.True(results[1].Accuracy < results[0].Accuracy - 0.1);

        // Nothing is left of the input: chance, 1/3, within 5 standard errors.
        Assert.Equal(1 / 3.0, results[2].Accuracy!.Value, 5 * Math.Sqrt(2 / 9.0 / 300));
        Assert.Equal(Robustness.StandardCorruptions, Robustness.Evaluate(model, test).Select(result => result.Corruption));
        Assert.Equal(results, Robustness.Evaluate(model, test, results.Select(r => r.Corruption), seed: 1, new EvaluationOptions { BatchSize = 500 }));
    }

    [Fact]
    public void Mean_mode_has_no_noise_and_draws_are_numbered()
    {
        using Sequential model = NoisyModel();
        Dataset data = Clusters(40);
        Assert.True(model.IsTraining);
        float[] mean = Evaluator.Predict(model, data);
        Assert.Equal(mean, Evaluator.Predict(model, data, new EvaluationOptions { Seed = 9 }));
        EvaluationOptions sample = new() { Mode = NoiseMode.Sample, Seed = 1, Draw = 3 };
        float[] third = Evaluator.Predict(model, data, sample);
        Assert.NotEqual(mean, third);
        Assert.Equal(third, Evaluator.Predict(model, data, sample with { BatchSize = 7 }));
        Assert.NotEqual(third, Evaluator.Predict(model, data, sample with { Draw = 4 }));
        Assert.NotEqual(third, Evaluator.Predict(model, data, sample with { ScheduleStep = 20 }));
        Assert.True(model.IsTraining);
        Assert.Null(model.Parameters().First().Grad);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using (Sequential any = PlainModel())
        {
            foreach (int size in (int[])[0, -1, int.MinValue])
            {
                var options = new EvaluationOptions { BatchSize = size };
                Assert.Throws<ArgumentOutOfRangeException>("BatchSize", () => Evaluator.Evaluate(any, Clusters(5), options));
                Assert.Throws<ArgumentOutOfRangeException>("BatchSize", () => Evaluator.PredictClasses(any, Clusters(5), options));
            }
        }

        using Sequential model = PlainModel();
        Dataset data = Clusters(10);
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(model, data.Take(0)));
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(model, data, new EvaluationOptions { Loss = LossKind.MeanSquaredError }));
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(model, new Dataset(new float[5], 5, [0], 3)));
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(model, new Dataset(new float[6], 6, [3], 4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluator.Evaluate(model, data, new EvaluationOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluator.Evaluate(model, data, new EvaluationOptions { Mode = NoiseMode.Train }));
        Assert.Throws<ArgumentNullException>(() => Evaluator.Evaluate(null!, data));
        Assert.Throws<ArgumentNullException>(() => Evaluator.Evaluate(model, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Corruption(CorruptionKind.Gaussian, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Corruption(CorruptionKind.Uniform, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Corruption(CorruptionKind.SaltAndPepper, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Corruption((CorruptionKind)7, 0.1));
    }

    private static double Std(float[] values)
    {
        double mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}

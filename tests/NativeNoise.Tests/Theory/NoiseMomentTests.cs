using static NativeNoise.Tests.Statistics;

namespace NativeNoise.Tests;

/// <summary>Mean and variance of every kind of element-wise noise, with 10^6 draws and bounds computed from that number.</summary>
public sealed class NoiseMomentTests
{
    private const int N = 1_000_000;
    private const float X = -1.5f;
    private static readonly NoiseKey Key = NoiseKey.ForSite(2024, "moments");

    private static float[] Draw(Func<Tensor, Tensor> noise)
    {
        using TensorScope scope = new();
        return noise(Tensor.Full(X, 1000, N / 1000)).ToArray();
    }

    [Fact]
    public void Additive_gaussian_noise() =>
        FollowsNormal(Draw(x => Functional.GaussianNoise(x, 0.4f, Key)), X, 0.4f * 0.4f, "x + std eps");

    [Fact]
    public void Relative_gaussian_noise() =>
        FollowsNormal(Draw(x => Functional.RelativeGaussianNoise(x, 0.4f, Key)), X, 0.16 * X * X, "x + std |x| eps");

    [Fact]
    public void Multiplicative_gaussian_noise() =>
        FollowsNormal(Draw(x => Functional.MultiplicativeGaussianNoise(x, 0.4f, Key)), X, 0.16 * X * X, "x (1 + std eps)");

    [Fact]
    public void Uniform_noise()
    {
        const double Low = -0.5, High = 1.0, Width = High - Low;
        float[] y = Draw(x => Functional.UniformNoise(x, (float)Low, (float)High, Key));
        double mean = X + ((Low + High) / 2);
        Within(mean, Mean(y), Width / Math.Sqrt(12.0 * N), "mean");

        // The fourth central moment of U is w^4 / 80.
        Within(
            Width * Width / 12, Variance(y, mean), Width * Width * Math.Sqrt(((1.0 / 80) - (1.0 / 144)) / N), "variance");
        Assert.All(y, v => Assert.InRange(v, X + Low, X + High));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Salt_and_pepper_noise(double p)
    {
        float[] y = Draw(x => Functional.SaltAndPepperNoise(x, (float)p, 1f, 0f, Key));
        double error = Math.Sqrt(p / 2 * (1 - (p / 2)) / N);
        Within(p / 2, y.Count(v => v == 1f) / (double)N, error, "salt");
        Within(p / 2, y.Count(v => v == 0f) / (double)N, error, "pepper");
        Assert.All(y, v => Assert.True(v is 1f or 0f or X));
        Assert.True(p < 1 || !y.Contains(X));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Dropout(double p)
    {
        float[] y = Draw(x => Functional.Dropout(x, (float)p, Key));
        double variance = X * X * p / (1 - p);
        Within(p, y.Count(v => v == 0f) / (double)N, Math.Sqrt(p * (1 - p) / N), "dropped");
        Within(X, Mean(y), Math.Sqrt(variance / N), "mean");
        Assert.All(y, v => Assert.True(v == 0f || Math.Abs(v - (X / (1 - p))) < 1e-5));
    }

    [Fact]
    public void Dropout_at_its_ends_is_exact_with_exact_gradients()
    {
        foreach (float p in new[] { 0f, 1f })
        {
            using TensorScope scope = new();
            Tensor x = Tensor.From([1f, -2f, 1e30f, -0f, float.Epsilon]);
            x.RequiresGrad = true;
            Tensor y = new Dropout(p) { Site = "ends" }.Forward(x, new NoiseFrame(1));
            y.Backward(Tensor.Full(3f, 5));
            Assert.Equal(p == 0 ? x.ToArray() : new float[5], y.ToArray());
            Assert.All(x.Grad!.ToArray(), g => Assert.Equal(p == 0 ? 3f : 0f, g));
        }
    }

    [Fact]
    public void Different_sites_steps_seeds_and_rows_are_uncorrelated()
    {
        NoiseKey[] keys =
        [
            Key, Key with { Site = Key.Site ^ 1 }, Key with { Step = 1 }, Key with { Seed = Key.Seed + 1 }, Key with { FirstRow = 1 },
        ];
        float[][] draws = [.. keys.Select(key =>
        {
            float[] z = new float[100_000];
            Noise.FillNormal(z, 0f, 1f, key);
            return z;
        })];
        for (int a = 0; a < keys.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                double sum = 0;
                for (int i = 0; i < draws[a].Length; i++)
                {
                    sum += (double)draws[a][i] * draws[b][i];
                }

                Within(0, sum / draws[a].Length, 1 / Math.Sqrt(draws[a].Length), $"correlation of {a} and {b}");
            }
        }
    }
}

namespace NativeNoise.Tests.Contract;

/// <summary>The span API draws what the contract says, in place and out of place, with and without a device.</summary>
public sealed class ManagedSpanTests : IDisposable
{
    private const int Columns = 37;
    private const int Length = 5 * Columns;

    private static readonly WitnessAddress At = new(99, SiteName.Hash("span:activation"), Step: 4, FirstRow: 10);
    private static readonly NoiseKey Key = new(99, NoiseKey.SiteHash("span:activation"), Step: 4, FirstRow: 10);

    private readonly Device _device = Device.CreateCpu(new CpuOptions { Threads = 2 });

    private delegate void OutOfPlace(ReadOnlySpan<float> x, Span<float> y, Device? device);

    private delegate void InPlace(Span<float> x, Device? device);

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData("fc1:weight")]
    [InlineData("schicht_ä.雑音:mask")]
    [InlineData("")]
    public void Sites_equal_the_witness(string name)
    {
        Assert.Equal(SiteName.Hash(name), NoiseKey.SiteHash(name));
        Assert.Equal(new NoiseKey(7, SiteName.Hash(name), 1, 2), NoiseKey.ForSite(7, name, 1, 2));
    }

    [Fact]
    public void Gaussian_equals_the_witness() => Compare(
        (x, y, d) => Noise.AddGaussian(x, y, 0.3f, Key, Columns, d),
        (x, d) => Noise.AddGaussian(x, 0.3f, Key, Columns, d),
        (r, e, x) => ElementNoise.Gaussian(At.Normal(r, e), x, 0.3f));

    [Fact]
    public void Relative_gaussian_equals_the_witness() => Compare(
        (x, y, d) => Noise.AddGaussianRelative(x, y, 0.3f, Key, Columns, d),
        (x, d) => Noise.AddGaussianRelative(x, 0.3f, Key, Columns, d),
        (r, e, x) => ElementNoise.GaussianRelative(At.Normal(r, e), x, 0.3f));

    [Fact]
    public void Relative_gaussian_backward_equals_the_witness()
    {
        float[] input = Samples.Data(Length, 21);
        Compare(
            (dy, dx, d) => Noise.AddGaussianRelativeBackward(input, dy, dx, 0.3f, Key, Columns, d),
            null,
            (r, e, dy) => ElementNoise.GaussianRelativeBackward(At.Normal(r, e), input[(r * Columns) + e], dy, 0.3f));
    }

    [Fact]
    public void Multiplicative_gaussian_equals_the_witness() => Compare(
        (x, y, d) => Noise.MultiplyGaussian(x, y, 0.3f, Key, Columns, d),
        (x, d) => Noise.MultiplyGaussian(x, 0.3f, Key, Columns, d),
        (r, e, x) => ElementNoise.GaussianMultiplicative(At.Normal(r, e), x, 0.3f));

    [Fact]
    public void Uniform_equals_the_witness() => Compare(
        (x, y, d) => Noise.AddUniform(x, y, -0.3f, 0.1f, Key, Columns, d),
        (x, d) => Noise.AddUniform(x, -0.3f, 0.1f, Key, Columns, d),
        (r, e, x) => ElementNoise.Uniform(At.Word(r, e), x, -0.3f, 0.1f));

    [Fact]
    public void Salt_and_pepper_equals_the_witness() => Compare(
        (x, y, d) => Noise.SaltAndPepper(x, y, 0.3f, 1f, -1f, Key, Columns, d),
        (x, d) => Noise.SaltAndPepper(x, 0.3f, 1f, -1f, Key, Columns, d),
        (r, e, x) => ElementNoise.SaltAndPepper(At.Word(r, e), x, 0.3f, 1f, -1f));

    [Fact]
    public void Salt_and_pepper_backward_equals_the_witness() => Compare(
        (dy, dx, d) => Noise.SaltAndPepperBackward(dy, dx, 0.3f, Key, Columns, d),
        null,
        (r, e, dy) => ElementNoise.SaltAndPepperBackward(At.Word(r, e), dy, 0.3f));

    [Fact]
    public void Dropout_equals_the_witness() => Compare(
        (x, y, d) => Noise.Dropout(x, y, 0.3f, Key, Columns, d),
        (x, d) => Noise.Dropout(x, 0.3f, Key, Columns, d),
        (r, e, x) => ElementNoise.Dropout(At.Word(r, e), x, 0.3f));

    [Fact]
    public void Filling_equals_the_witness()
    {
        float[] y = new float[Length];
        uint[] words = new uint[Length];
        foreach (Device? device in new[] { null, _device })
        {
            Noise.FillNormal(y, 0.5f, 2f, Key, Columns, device);
            AssertSame((r, e) => ElementNoise.FillNormal(At.Normal(r, e), 0.5f, 2f), y, Columns);
            Noise.FillUniform(y, -2f, 3f, Key, Columns, device);
            AssertSame((r, e) => Uniforms.Between(At.Word(r, e), -2f, 3f), y, Columns);
            Noise.FillSigns(y, Key, Columns, device);
            AssertSame((r, e) => At.Sign(r, e), y, Columns);
            Noise.FillWords(words, Key, Columns, device);
            for (int i = 0; i < Length; i++)
            {
                Assert.Equal(At.Word(i / Columns, i % Columns), words[i]);
            }
        }
    }

    [Fact]
    public void Without_columns_the_data_are_one_row()
    {
        float[] y = new float[Length];
        Noise.FillNormal(y, 0f, 1f, Key);
        AssertSame((r, e) => At.Normal(r, e), y, Length);
    }

    [Fact]
    public void A_graph_draws_what_the_span_api_draws()
    {
        float[] data = Samples.Data(Length, 22);
        using Tensor x = Tensor.From(_device, data, 5, Columns);
        using Tensor y = Functional.GaussianNoise(x, 0.3f, Key);
        AssertSame((r, e) => ElementNoise.Gaussian(At.Normal(r, e), data[(r * Columns) + e], 0.3f), y.ToArray(), Columns);
    }

    private static void AssertSame(Func<int, int, float> expected, float[] actual, int columns)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            float want = expected(i / columns, i % columns);
            Assert.True(
                Samples.SameBits(want, actual[i]),
                $"row {i / columns}, element {i % columns}: the contract gives {want:R}, the library {actual[i]:R}.");
        }
    }

    private void Compare(OutOfPlace outOfPlace, InPlace? inPlace, Func<int, int, float, float> witness)
    {
        float[] x = Samples.Data(Length, 20);
        foreach (Device? device in new[] { null, _device })
        {
            float[] y = new float[Length];
            outOfPlace(x, y, device);
            AssertSame((r, e) => witness(r, e, x[(r * Columns) + e]), y, Columns);
            if (inPlace is not null)
            {
                float[] z = [.. x];
                inPlace(z, device);
                AssertSame((r, e) => witness(r, e, x[(r * Columns) + e]), z, Columns);
            }
        }
    }
}

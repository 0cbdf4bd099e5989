using System.Numerics.Tensors;

namespace NativeNoise.Tests;

/// <summary>The noise functions over arrays: one table of kinds, each held to every promise.</summary>
public sealed class NoiseSpanTests
{
    private static readonly NoiseKey Key = NoiseKey.ForSite(seed: 42, "spans", step: 3, firstRow: 17);

    public delegate void InPlace(Span<float> x, NoiseKey key, int columns, Device? device);

    public delegate void OutOfPlace(ReadOnlySpan<float> x, Span<float> y, NoiseKey key, int columns, Device? device);

    private sealed record Kind(
        InPlace Here,
        OutOfPlace There,
        Action<ReadOnlyMemory<float>, Memory<float>, NoiseKey, int> OverMemory,
        Action<float[], float[], nint[], NoiseKey> OverTensors,
        Func<Tensor, NoiseKey, Tensor> OnTensor);

    private static readonly Dictionary<string, Kind> Kinds = new()
    {
        ["gaussian"] = new(
            (x, k, c, d) => Noise.AddGaussian(x, 0.3f, k, c, d),
            (x, y, k, c, d) => Noise.AddGaussian(x, y, 0.3f, k, c, d),
            (x, y, k, c) => Noise.AddGaussian(x, y, 0.3f, k, c),
            (x, y, s, k) => Noise.AddGaussian(new ReadOnlyTensorSpan<float>(x, s), new TensorSpan<float>(y, s), 0.3f, k),
            (x, k) => Functional.GaussianNoise(x, 0.3f, k)),
        ["relative"] = new(
            (x, k, c, d) => Noise.AddGaussianRelative(x, 0.3f, k, c, d),
            (x, y, k, c, d) => Noise.AddGaussianRelative(x, y, 0.3f, k, c, d),
            (x, y, k, c) => Noise.AddGaussianRelative(x, y, 0.3f, k, c),
            (x, y, s, k) => Noise.AddGaussianRelative(new ReadOnlyTensorSpan<float>(x, s), new TensorSpan<float>(y, s), 0.3f, k),
            (x, k) => Functional.RelativeGaussianNoise(x, 0.3f, k)),
        ["multiplicative"] = new(
            (x, k, c, d) => Noise.MultiplyGaussian(x, 0.3f, k, c, d),
            (x, y, k, c, d) => Noise.MultiplyGaussian(x, y, 0.3f, k, c, d),
            (x, y, k, c) => Noise.MultiplyGaussian(x, y, 0.3f, k, c),
            (x, y, s, k) => Noise.MultiplyGaussian(new ReadOnlyTensorSpan<float>(x, s), new TensorSpan<float>(y, s), 0.3f, k),
            (x, k) => Functional.MultiplicativeGaussianNoise(x, 0.3f, k)),
        ["uniform"] = new(
            (x, k, c, d) => Noise.AddUniform(x, -0.5f, 0.25f, k, c, d),
            (x, y, k, c, d) => Noise.AddUniform(x, y, -0.5f, 0.25f, k, c, d),
            (x, y, k, c) => Noise.AddUniform(x, y, -0.5f, 0.25f, k, c),
            (x, y, s, k) => Noise.AddUniform(new ReadOnlyTensorSpan<float>(x, s), new TensorSpan<float>(y, s), -0.5f, 0.25f, k),
            (x, k) => Functional.UniformNoise(x, -0.5f, 0.25f, k)),
        ["salt and pepper"] = new(
            (x, k, c, d) => Noise.SaltAndPepper(x, 0.3f, 2f, -2f, k, c, d),
            (x, y, k, c, d) => Noise.SaltAndPepper(x, y, 0.3f, 2f, -2f, k, c, d),
            (x, y, k, c) => Noise.SaltAndPepper(x, y, 0.3f, 2f, -2f, k, c),
            (x, y, s, k) => Noise.SaltAndPepper(new ReadOnlyTensorSpan<float>(x, s), new TensorSpan<float>(y, s), 0.3f, 2f, -2f, k),
            (x, k) => Functional.SaltAndPepperNoise(x, 0.3f, 2f, -2f, k)),
        ["dropout"] = new(
            (x, k, c, d) => Noise.Dropout(x, 0.3f, k, c, d),
            (x, y, k, c, d) => Noise.Dropout(x, y, 0.3f, k, c, d),
            (x, y, k, c) => Noise.Dropout(x, y, 0.3f, k, c),
            (x, y, s, k) => Noise.Dropout(new ReadOnlyTensorSpan<float>(x, s), new TensorSpan<float>(y, s), 0.3f, k),
            (x, k) => Functional.Dropout(x, 0.3f, k)),
        ["laplace"] = General(
            ElementNoise.Laplace(0.3f),
            (x, k, c, d) => Noise.AddLaplace(x, 0.3f, k, c, d), (x, y, k, c, d) => Noise.AddLaplace(x, y, 0.3f, k, c, d)),
        ["student-t"] = General(
            ElementNoise.StudentT(0.3f, 3f),
            (x, k, c, d) => Noise.AddStudentT(x, 0.3f, 3f, k, c, d), (x, y, k, c, d) => Noise.AddStudentT(x, y, 0.3f, 3f, k, c, d)),
        ["poisson"] = General(
            ElementNoise.Poisson(20f),
            (x, k, c, d) => Noise.Poisson(x, 20f, k, c, d), (x, y, k, c, d) => Noise.Poisson(x, y, 20f, k, c, d)),
        ["snr"] = General(
            ElementNoise.GaussianSnr(6f),
            (x, k, c, d) => Noise.AddGaussianSnr(x, 6f, k, c, d), (x, y, k, c, d) => Noise.AddGaussianSnr(x, y, 6f, k, c, d)),
        ["pink"] = General(
            ElementNoise.Pink(0.3f),
            (x, k, c, d) => Noise.AddPink(x, 0.3f, k, c, d), (x, y, k, c, d) => Noise.AddPink(x, y, 0.3f, k, c, d)),
        ["brown"] = General(
            ElementNoise.Brown(0.3f),
            (x, k, c, d) => Noise.AddBrown(x, 0.3f, k, c, d), (x, y, k, c, d) => Noise.AddBrown(x, y, 0.3f, k, c, d)),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    // Kinds whose other ways to call are the general ones.
    private static Kind General(ElementNoise noise, InPlace here, OutOfPlace there) => new(
        here,
        there,
        (x, y, k, c) => Noise.Apply(noise, x, y, k, c),
        (x, y, s, k) => Noise.Apply(noise, new ReadOnlyTensorSpan<float>(x, s), new TensorSpan<float>(y, s), k),
        (x, k) => Functional.ApplyNoise(x, noise, k));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_way_to_call_gives_the_same_bits(string name)
    {
        const int Rows = 6, Columns = 35;
        Kind kind = Kinds[name];
        float[] x = NoiseTable.Data(Rows * Columns, "spans.x");
        float[] before = [.. x];
        float[] y = new float[x.Length];
        kind.There(x, y, Key, Columns, null);
        Assert.Equal(before, x);
        Assert.NotEqual(x, y);

        float[] here = [.. x];
        kind.Here(here, Key, Columns, null);
        Assert.Equal(y, here);

        float[] other = new float[x.Length];
        kind.OverMemory(x, other, Key, Columns);
        Assert.Equal(y, other);

        Array.Clear(other);
        kind.OverTensors(x, other, [Rows, Columns], Key);
        Assert.Equal(y, other);
        using Tensor tensor = Tensor.From(x, Rows, Columns), result = kind.OnTensor(tensor, Key);
        Assert.Equal(y, result.ToArray());

        // Coloured noise runs along the last axis, all other along the row.
        kind.OverTensors(x, other, [Rows, 5, 7], Key);
        using Tensor deep = Tensor.From(x, Rows, 5, 7), deepResult = kind.OnTensor(deep, Key);
        Assert.Equal(other, deepResult.ToArray());
        Assert.Equal(name is "pink" or "brown", !y.SequenceEqual(other));

        foreach (int threads in new[] { 1, 2, 5 })
        {
            using Device device = Device.CreateCpu(new() { Threads = threads });
            kind.There(x, other, Key, Columns, device);
            Assert.Equal(y, other);
        }

        // A row on its own is the same row, at any alignment.
        for (int r = 0; r < Rows; r++)
        {
            float[] shifted = new float[Columns + 3];
            x.AsSpan(r * Columns, Columns).CopyTo(shifted.AsSpan(r % 3));
            Span<float> row = shifted.AsSpan(r % 3, Columns);
            kind.Here(row, Key with { FirstRow = Key.FirstRow + (uint)r }, 0, null);
            Assert.Equal(y.AsSpan(r * Columns, Columns), row);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_part_of_the_address_matters(string name)
    {
        Kind kind = Kinds[name];
        float[] x = GradientCheck.Data(256, "address.x", 0.5f, 1f);
        NoiseKey[] keys =
        [
            Key, Key with { Seed = 43 }, Key with { Site = Key.Site + 1 }, Key with { Step = 4 }, Key with { FirstRow = 18 },
        ];
        List<float[]> results = [];
        foreach (NoiseKey key in keys)
        {
            float[] y = new float[x.Length];
            kind.There(x, y, key, 0, null);
            results.Add(y);
            float[] again = new float[x.Length];
            kind.There(x, again, key, 0, null);
            Assert.Equal(y, again);
        }

        Assert.Equal(results.Count, results.DistinctBy(y => string.Join(",", y)).Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_buffers_are_refused_and_nothing_is_written(string name)
    {
        Kind kind = Kinds[name];
        float[] x = GradientCheck.Data(20, "wrong.x");
        float[] before = [.. x];
        float[] y = new float[20];
        Assert.Throws<ArgumentException>("y", () => kind.There(x, y.AsSpan(1), Key, 0, null));
        Assert.Throws<ArgumentException>("y", () => kind.There(x.AsSpan(0, 15), x.AsSpan(5, 15), Key, 0, null));
        Assert.Throws<ArgumentException>("y", () => kind.There(x.AsSpan(5, 15), x.AsSpan(0, 15), Key, 0, null));
        Assert.Throws<ArgumentException>("columns", () => kind.There(x, y, Key, 3, null));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => kind.There(x, y, Key, -1, null));
        Assert.Throws<ArgumentException>("y", () => Noise.AddGaussian(
            new ReadOnlyTensorSpan<float>(x, [4, 5]), new TensorSpan<float>(y, [5, 4]), 1f, Key));
        Assert.Throws<ArgumentException>("x", () => Noise.AddGaussian(
            new ReadOnlyTensorSpan<float>(x, [2, 3], [5, 1]), new TensorSpan<float>(y, [2, 3]), 1f, Key));
        Assert.Equal(before, x);
        Assert.All(y, v => Assert.Equal(0f, v));
        kind.There([], [], Key, 0, null);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-0.1f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_magnitude_that_is_none_is_refused_by_name_and_value(float std)
    {
        float[] x = [1, 2, 3];
        Action[] uses =
        [
            () => Noise.AddGaussian(x, std, Key), () => Noise.AddGaussianRelative(x, std, Key),
            () => Noise.MultiplyGaussian(x, std, Key), () => Noise.FillNormal(x, 0f, std, Key),
            () => Noise.AddGaussianRelativeBackward(x, x, new float[3], std, Key),
        ];
        foreach (Action use in uses)
        {
            Assert.Equal(std, Assert.Throws<ArgumentOutOfRangeException>(nameof(std), use).ActualValue);
        }

        Assert.Equal([1, 2, 3], x);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-0.1f)]
    [InlineData(1.0001f)]
    [InlineData(float.PositiveInfinity)]
    public void A_probability_that_is_none_is_refused_by_name_and_value(float probability)
    {
        float[] x = [1, 2, 3];
        Action[] uses =
        [
            () => Noise.Dropout(x, probability, Key), () => Noise.SaltAndPepper(x, probability, 1f, 0f, Key),
            () => Noise.SaltAndPepperBackward(x, x, probability, Key),
        ];
        foreach (Action use in uses)
        {
            Assert.Equal(probability, Assert.Throws<ArgumentOutOfRangeException>(nameof(probability), use).ActualValue);
        }

        Assert.Equal([1, 2, 3], x);
    }

    [Fact]
    public void An_interval_that_is_none_is_refused()
    {
        float[] x = [1, 2, 3];
        var error = Assert.Throws<ArgumentException>("low", () => Noise.AddUniform(x, 2f, 1f, Key));
        Assert.Contains("'low' is 2 and 'high' is 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("low", () => Noise.AddUniform(x, float.NaN, 1f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => Noise.FillUniform(x, 0f, float.PositiveInfinity, Key));
        Assert.Throws<ArgumentException>("high", () => Noise.AddUniform(x, -3e38f, 3e38f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("mean", () => Noise.FillNormal(x, float.NaN, 1f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("salt", () => Noise.SaltAndPepper(x, 0.5f, float.NaN, 0f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("pepper", () => Noise.SaltAndPepper(x, 0.5f, 1f, float.NegativeInfinity, Key));
        Assert.Equal([1, 2, 3], x);
    }

    [Fact]
    public void A_magnitude_of_zero_copies_bit_for_bit()
    {
        float[] x = [1f, -0f, 0f, float.NaN, float.PositiveInfinity, float.Epsilon, -3e38f];
        float[] y = new float[x.Length];
        Action[] uses =
        [
            () => Noise.AddGaussian(x, y, 0f, Key), () => Noise.AddGaussianRelative(x, y, 0f, Key),
            () => Noise.MultiplyGaussian(x, y, 0f, Key), () => Noise.AddUniform(x, y, 0f, 0f, Key),
            () => Noise.SaltAndPepper(x, y, 0f, 1f, 0f, Key), () => Noise.Dropout(x, y, 0f, Key),
        ];
        foreach (Action use in uses)
        {
            Array.Fill(y, 7f);
            use();
            Assert.Equal(x.Select(BitConverter.SingleToInt32Bits), y.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Dropout_is_exact_at_its_ends_and_scales_what_it_keeps()
    {
        float[] x = GradientCheck.Data(1000, "dropout.x");
        float[] y = new float[1000];
        Noise.Dropout(x, y, 1f, Key);
        Assert.All(y, v => Assert.Equal(0f, v));
        Noise.Dropout(x, y, 0.75f, Key);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.True(y[i] == 0f || y[i] == x[i] * 4f);
        }
    }

    [Fact]
    public void Backward_twins_draw_the_forward_noise_again()
    {
        float[] x = GradientCheck.Data(100, "twins.x");
        x[3] = 0f;
        float[] ones = Enumerable.Repeat(1f, 100).ToArray();
        float[] eps = new float[100], slope = new float[100], y = new float[100];
        Noise.FillNormal(eps, 0f, 1f, Key);
        Noise.AddGaussianRelativeBackward(x, ones, slope, 0.25f, Key);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(1f + (MathF.Sign(x[i]) * 0.25f * eps[i]), slope[i], 1e-6f);
        }

        Noise.SaltAndPepper(x, y, 0.4f, 5f, 6f, Key);
        Noise.SaltAndPepperBackward(ones, slope, 0.4f, Key);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(y[i] is 5f or 6f ? 0f : 1f, slope[i]);
        }

        Assert.Throws<ArgumentException>("dx", () => Noise.AddGaussianRelativeBackward(x, ones, x, 0.25f, Key));
        Assert.Throws<ArgumentException>("dy", () => Noise.AddGaussianRelativeBackward(x, ones.AsSpan(1), slope, 0.25f, Key));
    }

    [Fact]
    public void Fills_agree_with_what_is_added()
    {
        float[] eps = new float[77], y = new float[77], signs = new float[77];
        uint[] words = new uint[77];
        Noise.FillNormal(eps, 0f, 1f, Key, columns: 11);
        Noise.AddGaussian(new float[77], y, 1f, Key, columns: 11);
        Assert.Equal(eps, y);
        Noise.FillUniform(eps, -2f, 3f, Key, columns: 11);
        Assert.All(eps, v => Assert.InRange(v, -2f, 3f));
        Noise.FillSigns(signs, Key, columns: 11);
        Assert.All(signs, v => Assert.True(v is 1f or -1f));
        Assert.Equal(2, signs.Distinct().Count());
        Noise.FillWords(words, Key, columns: 11);
        Assert.Equal(77, words.Distinct().Count());
    }

    [Fact]
    public void Noise_on_arrays_allocates_nothing()
    {
        float[] x = new float[4096];
        for (int i = 0; i < 3; i++)
        {
            All();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void All()
        {
            Noise.AddGaussian(x, 0.1f, Key, columns: 64);
            Noise.AddGaussian(x, 0.1f, Key, columns: 64, Device.Cpu);
            Noise.AddUniform(x, -1f, 1f, Key);
            Noise.SaltAndPepper(x, 0.1f, 1f, 0f, Key);
            Noise.Dropout(x, 0.1f, Key);
            Noise.FillNormal(x, 0f, 1f, NoiseKey.ForSite(1, "a site"));
        }
    }
}

using System.Numerics.Tensors;

namespace NativeNoise.Tests;

/// <summary>The general entry: every kind shared along axes, applied to some rows, and backward.</summary>
public sealed class ElementNoiseTests
{
    private const int Rows = 4;
    private static readonly int[] Axes = [Rows, 3, 5, 2];
    private static readonly NoiseKey Key = NoiseKey.ForSite(seed: 9, "general", step: 2, firstRow: 5);
    private static readonly uint ApplySite = NoiseKey.SiteHash("general:apply");

    public static TheoryData<string> Names => NoiseTable.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_way_to_call_gives_the_same_bits(string name)
    {
        const int Columns = 30, Length = Rows * Columns;
        ElementNoise noise = NoiseTable.All[name];
        float[] x = NoiseTable.Data(Length, "general.x"), before = [.. x], y = new float[Length];
        Noise.Apply(noise, x, y, Key, Columns);
        Assert.Equal(before, x);
        Assert.NotEqual(x, y);
        Assert.Equal(y, NoiseTable.Apply<float>(noise, x, Key, Rows, Columns));

        float[] here = [.. x], memory = new float[Length], tensors = new float[Length];
        Noise.Apply(noise, here, Key, Columns);
        Assert.Equal(y, here);
        x.CopyTo(here, 0);
        Noise.Apply(noise, here, Key, [Rows, Columns]);
        Assert.Equal(y, here);
        Noise.Apply(noise, new ReadOnlyMemory<float>(x), memory.AsMemory(), Key, Columns);
        Assert.Equal(y, memory);
        Noise.Apply(noise, new ReadOnlyTensorSpan<float>(x, [Rows, Columns]), new TensorSpan<float>(tensors, [Rows, Columns]), Key);
        Assert.Equal(y, tensors);

        using Tensor tensor = Tensor.From(x, Rows, Columns), result = Functional.ApplyNoise(tensor, noise, Key);
        Assert.Equal(y, result.ToArray());

        float[] deep = NoiseTable.Apply<float>(noise, x, Key, Axes);
        using Tensor deepTensor = Tensor.From(x, Axes), deepResult = Functional.ApplyNoise(deepTensor, noise, Key);
        Assert.Equal(deep, deepResult.ToArray());
        Noise.Apply(noise, new ReadOnlyTensorSpan<float>(x, [4, 3, 5, 2]), new TensorSpan<float>(tensors, [4, 3, 5, 2]), Key);
        Assert.Equal(deep, tensors);
        using Device device = Device.CreateCpu(new() { Threads = 3 });
        Noise.Apply(noise, x, here, Key, Axes, device);
        Assert.Equal(deep, here);
        if (!NoiseTable.RunsAlongLastAxis(noise))
        {
            Assert.Equal(y, deep);
        }

        // One number is one row.
        Assert.Equal(Applied(noise, x, Key, 0), NoiseTable.Apply<float>(noise, x, Key, Length));
    }

    /// <summary>Pink and brown noise of a row with several axes: its first line is the row's beginning, the others begin anew.</summary>
    [Theory]
    [InlineData("pink")]
    [InlineData("brown")]
    public void Coloured_noise_runs_along_the_last_axis(string name)
    {
        const int Lines = 3, Width = 40;
        ElementNoise noise = NoiseTable.All[name];
        float[] zeros = new float[2 * Lines * Width];
        float[] lines = NoiseTable.Apply<float>(noise, zeros, Key, 2, Lines, Width);
        float[] row = NoiseTable.Apply<float>(noise, zeros, Key, 2, Lines * Width);
        for (int r = 0; r < 2; r++)
        {
            int at = r * Lines * Width;
            Assert.Equal(row[at..(at + Width)], lines[at..(at + Width)]);
            Assert.NotEqual(row[(at + Width)..(at + (2 * Width))], lines[(at + Width)..(at + (2 * Width))]);
        }

        // Axes before the last are one axis of lines, and a last axis of length 1 is lines of one element.
        Assert.Equal(lines, NoiseTable.Apply<float>(noise, zeros, Key, 2, 1, Lines, 1, Width));
        Assert.Equal(zeros.Length, NoiseTable.Apply<float>(noise, zeros, Key, 2, Lines * Width, 1).Distinct().Count());
    }

    [Theory]
    [InlineData("pink")]
    [InlineData("brown")]
    public void Coloured_noise_refuses_to_share_the_axis_that_it_runs_along(string name)
    {
        float[] x = new float[12];
        ElementNoise noise = NoiseTable.All[name];
        Action[] uses =
        [
            () => Noise.Apply(noise.WithSharedAxes(1), x, Key, columns: 3), () => Noise.Apply(noise.WithSharedAxes(2), x, Key, [2, 2, 3]),
            () => Noise.ApplyBackward(noise.WithSharedAxes(1), [], x, x, Key, columns: 3),
            () => Noise.ApplyBackward(noise.WithSharedAxes(1, 2), [], x, x, Key, [2, 2, 3]),
        ];
        foreach (Action use in uses)
        {
            Assert.Contains("runs along the last axis", Assert.Throws<ArgumentException>("noise", use).Message, StringComparison.Ordinal);
        }

        Assert.All(x, v => Assert.Equal(0f, v));
    }

    /// <summary>
    /// Equal along the shared axes, and equal to the noise of the array in which those axes have the length 1: docs/noise-contract.md,
    /// section 6. For every set of axes.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Shared_axes_have_the_noise_of_the_reduced_shape(string name)
    {
        for (int set = 0; set < 1 << Axes.Length; set++)
        {
            int[] shared = [.. Enumerable.Range(0, Axes.Length).Where(axis => (set >> axis & 1) != 0)];
            int[] reduced = [.. Axes.Select((length, axis) => shared.Contains(axis) ? 1 : length)];
            ElementNoise noise = NoiseTable.All[name].WithSharedAxes(shared);
            if (NoiseTable.RunsAlongLastAxis(noise) && shared.Contains(3))
            {
                continue;
            }

            float[] y = NoiseTable.Apply<float>(noise, Constant(Axes), Key, Axes);
            float[] expected = NoiseTable.Apply<float>(NoiseTable.All[name], Constant(reduced), Key, reduced);
            for (int i = 0; i < y.Length; i++)
            {
                Assert.True(expected[ReducedIndex(i, reduced)] == y[i], $"{noise}: element {i} is {y[i]}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_and_columns_can_be_shared_without_a_shape(string name)
    {
        const int Columns = 30;
        float[] x = Constant([Rows, Columns]);
        float[] row = Applied(NoiseTable.All[name].WithSharedAxes(0), x, Key, Columns);
        for (int r = 0; r < Rows; r++)
        {
            Assert.Equal(Applied(NoiseTable.All[name], x.AsSpan(0, Columns), Key, 0), row[(r * Columns)..((r + 1) * Columns)]);
        }

        if (NoiseTable.RunsAlongLastAxis(NoiseTable.All[name]))
        {
            return;
        }

        float[] one = Applied(NoiseTable.All[name].WithSharedAxes(1), x, Key, Columns);
        float[] single = NoiseTable.Apply<float>(NoiseTable.All[name], Constant([Rows, 1]), Key, Rows, 1);
        Assert.Equal(single.SelectMany(v => Enumerable.Repeat(v, Columns)), one);
    }

    /// <summary>The rows with noise are those whose word at the site of the decision is below p 2^32.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_noise_applies_to_the_rows_that_the_contract_says(string name)
    {
        const int Many = 2000, Columns = 6;
        ElementNoise plain = NoiseTable.All[name];
        float[] x = NoiseTable.Data(Many * Columns, "apply.x");
        float[] noisy = Applied(plain, x, Key, Columns);
        uint[] words = new uint[Many];
        Noise.FillWords(words, Key with { Site = ApplySite }, columns: 1);
        foreach (float p in new[] { 0f, 0.3f, 0.5f, 1f })
        {
            ElementNoise noise = plain.WithApplyProbability(p, ApplySite);
            float[] y = Applied(noise, x, Key, Columns);
            int applied = 0;
            for (int r = 0; r < Many; r++)
            {
                bool applies = words[r] < Math.Round(p * 4294967296.0);
                applied += applies ? 1 : 0;
                Range row = (r * Columns)..((r + 1) * Columns);
                Assert.Equal(applies ? noisy[row] : x[row], y[row]);
            }

            Statistics.Within(p, applied / (double)Many, Math.Sqrt(p * (1 - p) / Many), $"{name}, applied");
        }
    }

    /// <summary>Rows that share the noise share the decision.</summary>
    [Fact]
    public void Shared_rows_have_one_decision()
    {
        float[] x = NoiseTable.Data(600, "one.x");
        ElementNoise noise = ElementNoise.Gaussian(0.3f).WithSharedAxes(0).WithApplyProbability(0.5f, ApplySite);
        HashSet<int> counts = [];
        for (uint step = 0; step < 40; step++)
        {
            float[] y = Applied(noise, x, Key with { Step = step }, columns: 6);
            counts.Add(Enumerable.Range(0, 100).Count(r => !x.AsSpan(r * 6, 6).SequenceEqual(y.AsSpan(r * 6, 6))));
        }

        Assert.Equal([0, 100], counts.Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_draws_the_forward_noise_again(string name)
    {
        float[] x = NoiseTable.Data(120, "backward.x"), dy = GradientCheck.Data(120, "backward.dy");
        foreach (ElementNoise noise in Variants(NoiseTable.All[name]))
        {
            float[] dx = new float[120];
            Noise.ApplyBackward(noise, noise.BackwardReadsInput ? x : [], dy, dx, Key, Axes);
            if (noise.PassesGradient)
            {
                Assert.Equal(dy, dx);
            }
            else if (noise.Kind is ElementNoiseKind.MultiplicativeGaussian or ElementNoiseKind.Dropout)
            {
                Assert.Equal(NoiseTable.Apply<float>(noise, dy, Key, Axes), dx);
            }
            else if (noise.Kind == ElementNoiseKind.SaltAndPepper)
            {
                float[] y = NoiseTable.Apply<float>(noise, x, Key, Axes);
                Assert.Equal(dy.Select((v, i) => y[i] is 2f or -2f ? 0f : v), dx);
            }
            else
            {
                // x is above 0, where relative noise is multiplicative noise.
                ElementNoise twin = ElementNoise.MultiplicativeGaussian(0.3f);
                twin = noise == NoiseTable.All[name] ? twin : WithOptions(twin, noise);
                Assert.Equal(NoiseTable.Apply<float>(twin, dy, Key, Axes), dx);
            }

            float[] here = [.. dy];
            Noise.ApplyBackward(noise, noise.BackwardReadsInput ? x : [], here, here, Key, Axes);
            Assert.Equal(dx, here);
        }
    }

    /// <summary>The noise held fixed, central differences of y are the gradient; straight-through kinds pass dy on.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_differences(string name)
    {
        foreach (ElementNoise noise in Variants(NoiseTable.All[name]))
        {
            using Tensor x = Tensor.From(NoiseTable.Data(120, "gradient.x"), Axes);
            x.RequiresGrad = true;
            if (noise.Kind is not (ElementNoiseKind.Poisson or ElementNoiseKind.GaussianSnr))
            {
                GradientCheck.Verify(() => Functional.ApplyNoise(x, noise, Key), [x]);
                continue;
            }

            using TensorScope scope = new();
            float[] dy = GradientCheck.Data(120, "gradient.dy");
            Functional.ApplyNoise(x, noise, Key).Backward(Tensor.From(dy, Axes));
            Assert.Equal(dy, x.Grad!.ToArray());
        }
    }

    [Fact]
    public void More_than_four_groups_of_axes_are_refused_and_neighbours_count_once()
    {
        float[] x = new float[32], y = new float[32];
        ElementNoise noise = ElementNoise.Gaussian(1f);
        var error = Assert.Throws<ArgumentException>(() => Noise.Apply(noise.WithSharedAxes(1, 3, 5), x, y, Key, [1, 2, 2, 2, 2, 2]));
        Assert.Contains("[1, 3, 5]", error.Message, StringComparison.Ordinal);
        Assert.Contains("at most 4 groups", error.Message, StringComparison.Ordinal);
        Assert.All(y, v => Assert.Equal(0f, v));
        Noise.Apply(noise.WithSharedAxes(1, 2, 5), x, y, Key, [1, 2, 2, 2, 2, 2]);
        Assert.Equal(4, y.Distinct().Count());
        Assert.Equal(NoiseTable.Apply<float>(noise.WithSharedAxes(1, 3), x, Key, 1, 4, 4, 2), y);
    }

    [Fact]
    public void A_noise_is_a_value()
    {
        foreach (ElementNoise noise in NoiseTable.All.Values)
        {
            ElementNoise same = WithOptions(noise, noise);
            Assert.True(noise == same && noise.Equals((object)same) && noise.GetHashCode() == same.GetHashCode());
            Assert.Single(NoiseTable.All.Values, noise);
            Assert.True(noise != noise.WithSharedAxes(1));
            Assert.True(noise.WithSharedAxes(1) != noise.WithSharedAxes(2));
            Assert.True(noise != noise.WithApplyProbability(0.5f, 3));
            Assert.True(noise.WithApplyProbability(0.5f, 4) != noise.WithApplyProbability(0.5f, 3));
            Assert.True(noise == noise.WithSharedAxes(1).WithSharedAxes());
            Assert.Equal(1f, noise.ApplyProbability);
            Assert.Equal(0.5f, noise.WithApplyProbability(0.5f, 3).ApplyProbability);
            Assert.StartsWith($"{noise.Kind}(", noise.ToString(), StringComparison.Ordinal);
            Assert.False(noise.Equals("noise"));
        }

        Assert.Equal(Enum.GetValues<ElementNoiseKind>(), NoiseTable.All.Values.Select(noise => noise.Kind));
        Assert.True(ElementNoise.Gaussian(0.1f) != ElementNoise.Gaussian(0.2f));
        Assert.Equal("Gaussian(std 0.5)", ElementNoise.Gaussian(0.5f).ToString());
        Assert.Equal("StudentT(scale 0.5, degrees 3)", ElementNoise.StudentT(0.5f, 3f).ToString());
        Assert.Equal(
            "Dropout(probability 0.25), the same along axes [2, 3], with probability 0.5",
            ElementNoise.Dropout(0.25f).WithSharedAxes(3, 2, 2).WithApplyProbability(0.5f, 1).ToString());
        Assert.Equal("no noise", default(ElementNoise).ToString());
    }

    /// <summary>The kind is read by the library: a number that moved would draw other noise.</summary>
    [Fact]
    public void Kinds_have_the_librarys_numbers() => Assert.Equal(
        Enum.GetValues<Bindings.nnoise_noise_kind>().Select(kind => (int)kind), Enum.GetValues<ElementNoiseKind>().Select(kind => (int)kind));

    /// <summary>The noise as it is, with shared axes, with a probability, and with both.</summary>
    internal static ElementNoise[] Variants(ElementNoise noise) =>
    [
        noise, noise.WithSharedAxes(1, 2), noise.WithSharedAxes(0), noise.WithApplyProbability(0.5f, ApplySite),
        noise.WithSharedAxes(2).WithApplyProbability(0.5f, ApplySite),
    ];

    private static ElementNoise WithOptions(ElementNoise noise, ElementNoise options) =>
        Variants(noise)[Array.IndexOf(Variants(Kindred(options)), options)];

    private static ElementNoise Kindred(ElementNoise options) => NoiseTable.All.Values.Single(noise => noise.Kind == options.Kind);

    private static float[] Applied(in ElementNoise noise, ReadOnlySpan<float> x, in NoiseKey key, int columns)
    {
        float[] y = new float[x.Length];
        Noise.Apply(noise, x, y, key, columns);
        return y;
    }

    private static float[] Constant(int[] shape) => [.. Enumerable.Repeat(0.5f, shape.Aggregate(1, (a, b) => a * b))];

    private static int ReducedIndex(int index, int[] reduced)
    {
        int at = 0, stride = 1;
        for (int axis = Axes.Length - 1; axis >= 0; axis--)
        {
            at += index % Axes[axis] % reduced[axis] * stride;
            index /= Axes[axis];
            stride *= reduced[axis];
        }

        return at;
    }
}

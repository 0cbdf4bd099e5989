namespace NativeNoise.Tests;

/// <summary>Every noise module at its address, on inputs of any rank, with shared axes and with a probability of applying.</summary>
public sealed class NoiseOptionTests
{
    private const uint Step = 6, FirstRow = 40;
    private static readonly int[] Shape = [8, 3, 5, 2];
    private static readonly NoiseFrame Frame = new(seed: 4, Step, FirstRow);
    private static readonly uint ApplySite = NoiseKey.SiteHash("m:apply");

    private sealed record Kind(string Purpose, ElementNoise Noise, Func<int[], Schedule, NoiseModule> Make);

    private static readonly Dictionary<string, Kind> Kinds = new()
    {
        ["gaussian"] = new("activation", ElementNoise.Gaussian(0.3f), (a, p) => new GaussianNoise(0.3) { SharedAxes = a, ApplyProbability = p }),
        ["relative"] = new(
            "activation", ElementNoise.RelativeGaussian(0.3f),
            (a, p) => new GaussianNoise(0.3, relative: true) { SharedAxes = a, ApplyProbability = p }),
        ["scheduled"] = new(
            "activation", ElementNoise.Gaussian(0.3f), (a, p) => new ScheduledNoise(0.3, 0.3) { SharedAxes = a, ApplyProbability = p }),
        ["uniform"] = new(
            "activation", ElementNoise.Uniform(-0.5f, 0.25f), (a, p) => new UniformNoise(-0.5, 0.25) { SharedAxes = a, ApplyProbability = p }),
        ["salt and pepper"] = new(
            "activation", ElementNoise.SaltAndPepper(0.4f, 2f, -2f),
            (a, p) => new SaltAndPepperNoise(0.4, 2f, -2f) { SharedAxes = a, ApplyProbability = p }),
        ["activation"] = new(
            "activation", ElementNoise.Gaussian(0.3f), (a, p) => new ActivationNoise(0.3) { SharedAxes = a, ApplyProbability = p }),
        ["multiplicative"] = new(
            "activation", ElementNoise.MultiplicativeGaussian(0.3f),
            (a, p) => new ActivationNoise(0.3, additive: false) { SharedAxes = a, ApplyProbability = p }),
        ["dropout"] = new("mask", ElementNoise.Dropout(0.4f), (a, p) => new Dropout(0.4) { SharedAxes = a, ApplyProbability = p }),
        ["laplace"] = new("activation", ElementNoise.Laplace(0.3f), (a, p) => new LaplaceNoise(0.3) { SharedAxes = a, ApplyProbability = p }),
        ["student-t"] = new(
            "activation", ElementNoise.StudentT(0.3f, 3f), (a, p) => new StudentTNoise(0.3, 3) { SharedAxes = a, ApplyProbability = p }),
        ["poisson"] = new("activation", ElementNoise.Poisson(20f), (a, p) => new PoissonNoise(20) { SharedAxes = a, ApplyProbability = p }),
        ["speckle"] = new(
            "activation", ElementNoise.MultiplicativeGaussian(0.3f), (a, p) => new SpeckleNoise(0.3) { SharedAxes = a, ApplyProbability = p }),
        ["snr"] = new("activation", ElementNoise.GaussianSnr(6f), (a, p) => new GaussianSnrNoise(6) { SharedAxes = a, ApplyProbability = p }),
        ["pink"] = new("activation", ElementNoise.Pink(0.3f), (a, p) => new PinkNoise(0.3) { SharedAxes = a, ApplyProbability = p }),
        ["brown"] = new("activation", ElementNoise.Brown(0.3f), (a, p) => new BrownNoise(0.3) { SharedAxes = a, ApplyProbability = p }),
    };

    private static readonly (int[] Axes, double Probability)[] Options =
        [([], 1), ([1, 3], 1), ([2, 3], 1), ([0], 1), ([0, 1, 2, 3], 1), ([], 0.5), ([2, 3], 0.5), ([0, 2], 0.5), ([1], 0)];

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_module_draws_what_the_span_function_draws_at_its_address(string name)
    {
        Kind kind = Kinds[name];
        float[] x = NoiseTable.Data(240, "options.x");
        NoiseKey key = NoiseKey.ForSite(4, $"m:{kind.Purpose}", Step, FirstRow);
        foreach ((int[] axes, double probability) in OptionsOf(name))
        {
            ElementNoise noise = kind.Noise.WithSharedAxes(axes).WithApplyProbability((float)probability, ApplySite);
            NoiseKey at = axes.Contains(0) ? key with { FirstRow = 0 } : key;
            Assert.Equal(NoiseTable.Apply<float>(noise, x, at, Shape), Forward(kind.Make(axes, probability), x, Frame, Shape));
        }

        // Without options, on rows and columns.
        Assert.Equal(NoiseTable.Apply<float>(kind.Noise, x, key, 8, 30), Forward(kind.Make([], 1.0), x, Frame, 8, 30));
    }

    /// <summary>Row = position on the first axis, whatever the rank: pieces of a batch have the noise of the whole.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Pieces_have_the_noise_of_the_whole(string name)
    {
        float[] x = NoiseTable.Data(240, "options.x");
        foreach ((int[] axes, double probability) in OptionsOf(name))
        {
            float[] whole = Forward(Kinds[name].Make(axes, probability), x, Frame, Shape);
            List<float> joined = [];
            foreach ((int first, int rows) in new[] { (0, 3), (3, 1), (4, 4) })
            {
                float[] piece = x[(first * 30)..((first + rows) * 30)];
                joined.AddRange(Forward(Kinds[name].Make(axes, probability), piece, Frame.WithFirstRow(FirstRow + (uint)first), rows, 3, 5, 2));
            }

            Assert.Equal(whole, joined);
        }
    }

    /// <summary>A batch of copies with one step each has, for any option, the noise of as many draws.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Many_draws_of_one_example_are_one_batch(string name)
    {
        const int Draws = 5;
        float[] x = NoiseTable.Data(30, "options.x"), copies = [.. Enumerable.Range(0, Draws).SelectMany(_ => x)];
        foreach ((int[] axes, double probability) in OptionsOf(name))
        {
            NoiseFrame many = new(4, 10, FirstRow, NoiseMode.Sample) { StepStride = 1, RowStride = 0, ScheduleStep = 0 };
            float[] batch = Forward(Kinds[name].Make(axes, probability), copies, many, Draws, 3, 5, 2);
            for (uint draw = 0; draw < Draws; draw++)
            {
                float[] one = Forward(
                    Kinds[name].Make(axes, probability), x, NoiseFrame.Draw(4, 10 + draw, FirstRow, scheduleStep: 0), 1, 3, 5, 2);
                Assert.Equal(one, batch[(int)(30 * draw)..(int)(30 * (draw + 1))]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_the_noise(string name)
    {
        using TensorScope scope = new();
        Kind kind = Kinds[name];
        float[] data = NoiseTable.Data(240, "options.x"), dy = GradientCheck.Data(240, "options.dy"), expected = new float[240];
        NoiseKey key = NoiseKey.ForSite(4, $"m:{kind.Purpose}", Step, FirstRow);
        foreach ((int[] axes, double probability) in OptionsOf(name))
        {
            using Sequential model = new(("m", kind.Make(axes, probability)));
            Tensor x = Tensor.From(data, Shape);
            x.RequiresGrad = true;
            model.Forward(x, Frame).Backward(Tensor.From(dy, Shape));
            ElementNoise noise = kind.Noise.WithSharedAxes(axes).WithApplyProbability((float)probability, ApplySite);
            Noise.ApplyBackward(noise, data, dy, expected, axes.Contains(0) ? key with { FirstRow = 0 } : key, Shape);
            Assert.Equal(expected, x.Grad!.ToArray());
        }
    }

    [Fact]
    public void Spatial_dropout_keeps_or_drops_whole_channels()
    {
        const int Examples = 50, Channels = 40, Pixels = 12;
        float[] x = NoiseTable.Data(Examples * Channels * Pixels, "spatial.x");
        float[] y = Forward(new Dropout(0.4) { SharedAxes = [2, 3] }, x, Frame, Examples, Channels, 3, 4);
        float[] mask = new float[Examples * Channels];
        Noise.Dropout(Enumerable.Repeat(1f, mask.Length).ToArray(), mask, 0.4f, NoiseKey.ForSite(4, "m:mask", Step, FirstRow), Channels);
        int dropped = 0;
        for (int channel = 0; channel < mask.Length; channel++)
        {
            dropped += mask[channel] == 0 ? 1 : 0;
            for (int i = 0; i < Pixels; i++)
            {
                Assert.Equal(x[(channel * Pixels) + i] * mask[channel], y[(channel * Pixels) + i]);
            }
        }

        Statistics.Within(0.4, dropped / (double)mask.Length, Math.Sqrt(0.24 / mask.Length), "channels dropped");
    }

    [Fact]
    public void Further_uses_decide_anew()
    {
        const int Rows = 64;
        using TensorScope scope = new();
        using Twice model = new(new GaussianNoise(1.0) { ApplyProbability = 0.5 });
        float[] y = model.Forward(Tensor.Zeros(Rows, 2), Frame).ToArray();
        float[] expected = new float[Rows * 2];
        foreach (string use in new[] { "", "#1" })
        {
            ElementNoise noise = ElementNoise.Gaussian(1f).WithApplyProbability(0.5f, NoiseKey.SiteHash($"noise:apply{use}"));
            Noise.Apply(noise, expected, NoiseKey.ForSite(4, $"noise:activation{use}", Step, FirstRow), columns: 2);
        }

        Assert.Equal(expected, y);
    }

    [Fact]
    public void The_probability_follows_its_schedule_and_is_reported()
    {
        using TensorScope scope = new();
        using Sequential model = new(("m", new GaussianNoise(0.1) { ApplyProbability = new LinearSchedule(1, -1, 100) }));
        Assert.Equal([("m:std", 0.1), ("m:apply_probability", 0.5)], model.NoiseLevels(25).Select(l => (l.Name, l.Value)));
        Tensor x = Tensor.Zeros(2000, 1);
        double applied = model.Forward(x, new NoiseFrame(4, 25)).ToArray().Count(v => v != 0) / 2000.0;
        Statistics.Within(0.5, applied, Math.Sqrt(0.25 / 2000), "applied");
        var error = Assert.Throws<ArgumentOutOfRangeException>("ApplyProbability", () => model.Forward(x, new NoiseFrame(4, 75)));
        Assert.Equal(-0.5f, error.ActualValue);

        using Sequential plain = new(("m", new GaussianNoise(0.1)));
        Assert.Equal(["m:std"], plain.NoiseLevels(0).Select(l => l.Name));
    }

    [Fact]
    public void Options_that_are_none_are_refused()
    {
        using TensorScope scope = new();
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>("SharedAxes", () => new Dropout() { SharedAxes = [-1] }).ActualValue);
        Assert.Throws<ArgumentOutOfRangeException>("SharedAxes", () => new Dropout() { SharedAxes = [1, 32] });
        Assert.Throws<ArgumentNullException>("SharedAxes", () => new Dropout() { SharedAxes = null! });
        Assert.Equal(1.5f, Assert.Throws<ArgumentOutOfRangeException>("ApplyProbability", () => new Dropout() { ApplyProbability = 1.5 }).ActualValue);
        Assert.Throws<ArgumentOutOfRangeException>("ApplyProbability", () => new Dropout() { ApplyProbability = double.NaN });
        Assert.Throws<ArgumentNullException>("ApplyProbability", () => new Dropout() { ApplyProbability = null! });

        using Sequential model = new(("drop", new Dropout() { SharedAxes = [2, 3] }));
        var error = Assert.Throws<ArgumentException>("x", () => model.Forward(Tensor.Zeros(4, 5), Frame));
        Assert.Contains("Dropout 'drop' is the same along axes [2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[4, 5]", error.Message, StringComparison.Ordinal);
        Tensor flat = Tensor.Zeros(5);
        Assert.Throws<ArgumentException>("x", () => model.Forward(flat, Frame));
        Assert.Same(flat, model.Eval().Forward(flat));
    }

    [Fact]
    public void Options_are_what_was_asked_for_and_cannot_be_changed_from_outside()
    {
        int[] axes = [2, 3];
        using Dropout dropout = new() { SharedAxes = axes, ApplyProbability = 0.25 }, plain = new();
        axes[0] = 1;
        Assert.Equal([2, 3], dropout.SharedAxes);
        Assert.Equal(0.25, dropout.ApplyProbability.Value(0));
        Assert.Empty(plain.SharedAxes);
        Assert.Equal(1, plain.ApplyProbability.Value(0));
    }

    private static IEnumerable<(int[] Axes, double Probability)> OptionsOf(string name) =>
        Options.Where(option => !NoiseTable.RunsAlongLastAxis(Kinds[name].Noise) || !option.Axes.Contains(3));

    private static float[] Forward(NoiseModule module, float[] x, NoiseFrame frame, params int[] shape)
    {
        using TensorScope scope = new();
        using Sequential model = new(("m", module));
        return model.Forward(Tensor.From(x, shape), frame).ToArray();
    }

    /// <summary>Draws its child's noise twice in one pass.</summary>
    private sealed class Twice : Module
    {
        private readonly Module _noise;

        public Twice(Module noise) => _noise = Register("noise", noise);

        protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame) => _noise.Forward(_noise.Forward(x, frame), frame);
    }
}

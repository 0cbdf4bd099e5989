namespace NativeNoise.Tests;

/// <summary>Values of the layers, their magnitudes and schedules, fusion, and the network builder.</summary>
public sealed class LayerTests
{
    private static readonly NoiseFrame Frame = new(seed: 8, step: 4);

    public static TheoryData<string, double> BadMagnitudes
    {
        get
        {
            TheoryData<string, double> data = [];
            foreach (string name in Constructors.Keys)
            {
                data.Add(name, -0.1);
                data.Add(name, -1e-30);
                data.Add(name, 1e300);
                data.Add(name, double.NaN);
                data.Add(name, double.PositiveInfinity);
                data.Add(name, double.NegativeInfinity);
            }

            return data;
        }
    }

    private static readonly Dictionary<string, (string Argument, Func<double, Module> Make)> Constructors = new()
    {
        ["gaussian"] = ("std", v => new GaussianNoise(v)),
        ["activation"] = ("std", v => new ActivationNoise(v)),
        ["dropout"] = ("probability", v => new Dropout(v)),
        ["salt and pepper"] = ("probability", v => new SaltAndPepperNoise(v)),
        ["laplace"] = ("scale", v => new LaplaceNoise(v)),
        ["student-t"] = ("scale", v => new StudentTNoise(v)),
        ["degrees"] = ("degrees", v => new StudentTNoise(0.1, v)),
        ["poisson"] = ("peak", v => new PoissonNoise(v)),
        ["speckle"] = ("std", v => new SpeckleNoise(v)),
        ["pink"] = ("std", v => new PinkNoise(v)),
        ["brown"] = ("std", v => new BrownNoise(v)),
        ["noisy"] = ("noiseStd", v => new NoisyLinear(2, 2, v)),
        ["scheduled initial"] = ("initial", v => new ScheduledNoise(initial: v)),
        ["scheduled final"] = ("final", v => new ScheduledNoise(final: v)),
        ["factorized"] = ("sigma0", v => new FactorizedNoisyLinear(2, 2, (float)v)),
    };

    [Theory]
    [MemberData(nameof(BadMagnitudes))]
    public void A_magnitude_out_of_range_is_refused_by_name(string name, double value)
    {
        (string argument, Func<double, Module> make) = Constructors[name];
        var error = Assert.Throws<ArgumentOutOfRangeException>(argument, () => make(value));
        Assert.Equal((float)value, Assert.IsType<float>(error.ActualValue));
    }

    [Fact]
    public void Other_arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>("low", () => new UniformNoise(0.2, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>("low", () => new UniformNoise(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => new UniformNoise(new LinearSchedule(0, 1, 2), double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("salt", () => new SaltAndPepperNoise(0.1, salt: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("pepper", () => new SaltAndPepperNoise(0.1, pepper: float.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("probability", () => new Dropout(1.1));
        Assert.Throws<ArgumentOutOfRangeException>("snrDb", () => new GaussianSnrNoise(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("snrDb", () => new GaussianSnrNoise(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("degrees", () => new StudentTNoise(degrees: 0.9));
        Assert.Throws<ArgumentOutOfRangeException>("peak", () => new PoissonNoise(0.0));
        Assert.Throws<ArgumentOutOfRangeException>("decaySteps", () => new ScheduledNoise(decaySteps: 0));
        Assert.Throws<ArgumentOutOfRangeException>("inFeatures", () => new Linear(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>("outFeatures", () => new NoisyLinear(3, -1));
        Assert.Throws<ArgumentOutOfRangeException>("initialization", () => new Linear(3, 3, initialization: (WeightInitialization)9));
        Assert.Throws<ArgumentOutOfRangeException>("form", () => new FactorizedNoisyLinear(3, 3, form: (NoisyForm)9));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => new NoisyLinear(3, 3, options: new() { Scale = (NoiseScale)9 }));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => new NoisyLinear(3, 3, options: new() { Sharing = (NoiseSharing)9 }));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => new VariationalLinear(3, 3, new() { PriorStd = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => new VariationalLinear(3, 3, new() { PriorStd = float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => new VariationalLinear(3, 3, new() { InitialLogVariance = float.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>("options",
            () => new VariationalLinear(3, 3, new() { Estimator = (VariationalEstimator)9 }));
    }

    [Fact]
    public void A_schedule_that_leaves_its_range_is_refused_when_it_does()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Full(1f, 2, 3);
        using Sequential model = new(("noise", new GaussianNoise(new LinearSchedule(0.1, -0.1, 10))));
        model.Forward(x, new NoiseFrame(1, step: 4));
        var error = Assert.Throws<ArgumentOutOfRangeException>("std", () => model.Forward(x, new NoiseFrame(1, step: 9)));
        Assert.True(error.ActualValue is < 0f);
        Assert.Equal([1f, 1f, 1f, 1f, 1f, 1f], x.ToArray());
    }

    [Fact]
    public void Defaults_are_as_stated()
    {
        (Module Module, (string Kind, double Value)[] Levels)[] cases =
        [
            (new GaussianNoise(), [("std", 0.1)]),
            (new UniformNoise(), [("low", -0.1), ("high", 0.1)]),
            (new SaltAndPepperNoise(), [("probability", 0.05)]),
            (new ActivationNoise(), [("std", 0.1)]),
            (new Dropout(), [("probability", 0.5)]),
            (new ScheduledNoise(), [("std", 0.2)]),
            (new LaplaceNoise(), [("scale", 0.1)]),
            (new StudentTNoise(), [("scale", 0.1), ("degrees", 5)]),
            (new PoissonNoise(), [("peak", 255)]),
            (new SpeckleNoise(), [("std", 0.1)]),
            (new GaussianSnrNoise(), [("snr_db", 20)]),
            (new PinkNoise(), [("std", 0.1)]),
            (new BrownNoise(), [("std", 0.1)]),
            (new NoisyLinear(4, 2), [("weight_std", 0.1)]),
        ];
        foreach ((Module module, (string, double)[] levels) in cases)
        {
            using Sequential model = new(("m", module));
            Assert.Equal(levels, model.NoiseLevels(0).Select(l => (l.Kind, l.Value)));
            Assert.All(model.NoiseLevels(0), l => Assert.Equal($"m:{l.Kind}", l.Name));
        }

        using SaltAndPepperNoise salt = new();
        Assert.Equal((1f, 0f), (salt.Salt, salt.Pepper));
        using ScheduledNoise scheduled = new() { Site = "s" };
        foreach ((long step, double std) in new[] { (0L, 0.2), (5000, 0.105), (10000, 0.01), (99999, 0.01) })
        {
            Assert.Equal(std, scheduled.NoiseLevels(step).Single().Value, 1e-12);
        }

        using FactorizedNoisyLinear factorized = new(4, 2) { Site = "f" };
        Assert.Equal(0.25, factorized.NoiseLevels(0).Single().Value, 1e-6);
        using VariationalLinear variational = new(4, 2) { Site = "v" };
        Assert.Equal(Math.Exp(-5), variational.NoiseLevels(0).Single().Value, 1e-6);
        Assert.Equal((1f, VariationalEstimator.SharedWeights), (variational.PriorStd, variational.Estimator));
    }

    /// <summary>Shot noise by its deviation on 1, and noise by its share of the signal.</summary>
    [Fact]
    public void Magnitudes_convert_from_deviations_and_shares()
    {
        Schedule std = new LinearSchedule(0.5, 0, 10);
        Schedule peak = PoissonNoise.PeakOf(std);
        Assert.Equal([4, 16], [peak.Value(0), peak.Value(5)]);
        Assert.Equal(1 << 23, PoissonNoise.PeakOf(1e-6).Value(0));
        Assert.Throws<ArgumentOutOfRangeException>("std", () => peak.Value(10));
        Assert.Throws<ArgumentNullException>("std", () => PoissonNoise.PeakOf(null!));

        foreach ((double share, double decibels) in new[] { (1.0, 0.0), (0.1, 20), (0.01, 40), (10, -20), (0.5, 20 * Math.Log10(2)) })
        {
            Assert.Equal(decibels, GaussianSnrNoise.DecibelsOf(share).Value(0), 1e-13);
        }

        Assert.Throws<ArgumentOutOfRangeException>("share", () => GaussianSnrNoise.DecibelsOf(std).Value(10));
        Assert.Throws<ArgumentNullException>("share", () => GaussianSnrNoise.DecibelsOf(null!));
    }

    [Fact]
    public void The_magnitude_follows_the_frames_step()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From(GradientCheck.Data(6, "schedule.x"), 2, 3);
        using Sequential model = new(("noise", new ScheduledNoise(0.2, 0.01, 100)));
        uint site = NoiseKey.SiteHash("noise:activation");
        foreach ((uint step, float std) in new[] { (0u, 0.2f), (50u, 0.105f), (100u, 0.01f), (5000u, 0.01f) })
        {
            Assert.Equal(
                Functional.GaussianNoise(x, std, new NoiseKey(1, site, step)).ToArray(),
                model.Forward(x, new NoiseFrame(1, step)).ToArray(), (a, b) => MathF.Abs(a - b) < 1e-6f);
        }

        foreach (NoiseFrame draw in new NoiseFrame[]
        {
            new(1, step: 3, mode: NoiseMode.Sample) { ScheduleStep = 100 }, NoiseFrame.Draw(1, 3, scheduleStep: 100),
        })
        {
            Assert.Equal((100L, 3u), (draw.MagnitudeStep, draw.Step));
            Assert.Equal(
                Functional.GaussianNoise(x, 0.01f, new NoiseKey(1, site, 3)).ToArray(), model.Forward(x, draw).ToArray(),
                (a, b) => MathF.Abs(a - b) < 1e-6f);
        }
    }

    [Fact]
    public void A_sequential_fuses_activations_without_changing_a_bit()
    {
        using TensorScope scope = new();
        Func<Module>[] layers =
        [
            () => new Linear(5, 4), () => new NoisyLinear(5, 4),
            () => new NoisyLinear(5, 4, options: new() { Sharing = NoiseSharing.PerExample }), () => new FactorizedNoisyLinear(5, 4),
            () => new VariationalLinear(5, 4, new() { Estimator = VariationalEstimator.Flipout }),
        ];
        Func<ActivationModule>[] activations = [() => new Relu(), () => new Tanh(), () => new Sigmoid(), () => new Gelu()];
        foreach (Func<Module> layer in layers)
        {
            foreach (Func<ActivationModule> activation in activations)
            {
                using Sequential fused = new(("fc", layer()), ("act", activation()));
                using Sequential apart = new(("fc", layer()), ("same", new Sequential()), ("act", activation()));
                float[] a = Run(fused), b = Run(apart);
                Assert.Equal(b, a);
            }
        }

        static float[] Run(Sequential model)
        {
            Tensor x = Tensor.From(GradientCheck.Data(15, "fuse.x"), 3, 5);
            x.RequiresGrad = true;
            Tensor y = model.Forward(x, Frame);
            y.Sum().Backward();
            return [.. y.ToArray(), .. x.Grad!.ToArray(), .. model.Parameters().SelectMany(p => p.Grad!.ToArray())];
        }
    }

    [Fact]
    public void The_builder_makes_the_classic_network()
    {
        using TensorScope scope = new();
        using Sequential model = NoisyMlp.Create(new() { Inputs = 6, Hidden = [5, 4], Outputs = 3, Dropout = 0.2, Seed = 9 });
        Assert.Equal(["fc1", "act1", "noise1", "drop1", "fc2", "act2", "noise2", "drop2", "fc3"], model.Children.Select(c => c.Name));
        Assert.Equal([2, 3], model.Forward(Tensor.Zeros(2, 6), Frame).Shape.ToArray());
        Assert.Equal(["noise1:std", "drop1:probability", "noise2:std", "drop2:probability"], model.NoiseLevels(0).Select(l => l.Name));

        using Sequential plain = NoisyMlp.Create(new() { Inputs = 6, Hidden = [5], Outputs = 3, ActivationNoise = null, Seed = 9 });
        Assert.Equal(["fc1", "act1", "fc2"], plain.Children.Select(c => c.Name));
        Assert.Equal(model.StateDict()["fc1.weight"].ToArray(), plain.StateDict()["fc1.weight"].ToArray());
        plain.Forward(Tensor.Zeros(2, 6));

        using Sequential noisy = NoisyMlp.Create(new() { Inputs = 6, Hidden = [], Outputs = 3, WeightNoise = 0.1 });
        Assert.IsType<NoisyLinear>(Assert.Single(noisy.Children));
        using Sequential variational = NoisyMlp.Create(new() { Inputs = 6, Hidden = [5], Outputs = 3, Variational = new() });
        Assert.Equal(2, variational.Children.OfType<VariationalLinear>().Count());
        Assert.NotNull(variational.KlDivergence());

        Assert.Throws<ArgumentException>("options", () => NoisyMlp.Create(
            new() { Inputs = 6, Hidden = [5], Outputs = 3, Variational = new(), WeightNoise = 0.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoisyMlp.Create(new() { Inputs = 6, Hidden = [0], Outputs = 3 }));
    }

    [Fact]
    public void Input_of_salt_and_pepper_is_not_changed()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From(GradientCheck.Data(100, "salt.x"));
        float[] before = x.ToArray();
        new SaltAndPepperNoise(1.0) { Site = "s" }.Forward(x, Frame);
        Assert.Equal(before, x.ToArray());
    }
}

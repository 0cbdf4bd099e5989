namespace NativeNoise.Tests;

/// <summary>Names, sites, state, modes and initialisation of modules.</summary>
public sealed class ModuleTests
{
    private static readonly NoiseFrame Frame = new(seed: 3);

    /// <summary>Draws its child's noise as often as it is told in one pass.</summary>
    private sealed class Repeated : Module
    {
        private readonly int _times;

        public Repeated(int times, Module child)
        {
            _times = times;
            Child = Register("noise", child);
        }

        public Module Child { get; }

        protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame)
        {
            for (int i = 0; i < _times; i++)
            {
                x = Child.Forward(x, frame);
            }

            return x;
        }
    }

    /// <summary>What a user writes for a kind of noise that the library has not: y = x + U[0, a), with a among the parameters.</summary>
    private sealed class OwnNoise : Module
    {
        private readonly NoiseSite _site;

        public OwnNoise()
        {
            _site = DeclareSite("own");
            Amount = RegisterParameter("amount", Tensor.Scalar(2f));
        }

        public Parameter Amount { get; }

        protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame) => DrawsNoise(frame)
            ? Functional.UniformNoise(x, 0f, Amount.Item(), frame.Key(SiteOf(_site, CountUse(frame))))
            : x;
    }

    /// <summary>Draws without counting its uses: it has but one in a pass.</summary>
    private sealed class OwnRoot : Module
    {
        private readonly NoiseSite _site;

        public OwnRoot() => _site = DeclareSite("own");

        protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame) =>
            DrawsNoise(frame) ? Functional.GaussianNoise(x, 1f, frame.Key(SiteOf(_site, 0))) : x;
    }

    private static Sequential Nested() => new(
        ("body", new Sequential(("fc1", new Linear(3, 4)), ("act", new Relu()), ("fc2", new NoisyLinear(4, 2, bias: false)))),
        ("head", new VariationalLinear(2, 2)));

    [Fact]
    public void Paths_name_parameters_and_sites()
    {
        using Sequential model = Nested();
        Assert.Equal(
            ["body.fc1.weight", "body.fc1.bias", "body.fc2.weight", "head.weight", "head.bias", "head.weight_logvar", "head.bias_logvar"],
            model.NamedParameters().Select(p => p.Name));
        Assert.Equal(["", "body", "body.fc1", "body.act", "body.fc2", "head"], model.NamedModules().Select(m => m.Name));
        Assert.All(model.NamedModules(), m => Assert.Equal(m.Name, m.Module.Path));
        Assert.All(model.NamedParameters(), p => Assert.Equal((p.Name, p.Name), (p.Parameter.Path, p.Parameter.Name)));
        Assert.All(model.NamedParameters(), p => Assert.Equal(NoiseKey.SiteHash(p.Name + ":gradient"), p.Parameter.GradientSite));
        Assert.Equal(["weight", "bias"], model.Children[0].Children[0].NamedParameters().Select(p => p.Name));
        Assert.Throws<NotSupportedException>(() => model.Parameters().First().Name = "other");
    }

    [Fact]
    public void A_module_in_a_model_draws_at_its_path_and_a_lone_one_at_its_site()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From(GradientCheck.Data(8, "site.x"), 2, 4);
        float[] expected = Functional.GaussianNoise(x, 0.1f, new NoiseKey(3, NoiseKey.SiteHash("body.noise:activation"))).ToArray();
        using Sequential model = new(("body", new Sequential(("noise", new GaussianNoise()))));
        Assert.Equal(expected, model.Forward(x, Frame).ToArray());
        using GaussianNoise lone = new() { Site = "body.noise" };
        Assert.Equal(expected, lone.Forward(x, Frame).ToArray());
        using Sequential named = new(("other", new GaussianNoise() { Site = "body.noise" }));
        Assert.Equal(expected, named.Forward(x, Frame).ToArray());
        using Sequential below = new(("noise", new GaussianNoise())) { Site = "body" };
        Assert.Equal(expected, below.Forward(x, Frame).ToArray());
    }

    [Fact]
    public void A_module_of_the_users_own_draws_at_its_path()
    {
        using TensorScope scope = new();
        using Sequential model = new(("mine", new OwnNoise()));
        Tensor x = Tensor.Zeros(3, 5);
        Assert.Equal(["mine.amount"], model.StateDict().Keys);
        Assert.Equal(
            Functional.UniformNoise(x, 0f, 2f, new NoiseKey(3, NoiseKey.SiteHash("mine:own"))).ToArray(),
            model.Forward(x, Frame).ToArray());
        Assert.Same(x, model.Eval().Forward(x));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Empty_and_single_batches_go_through_every_layer(int rows)
    {
        using TensorScope scope = new();
        using Sequential model = new(
            ("gaussian", new GaussianNoise()), ("relative", new GaussianNoise(relative: true)), ("uniform", new UniformNoise()),
            ("salt", new SaltAndPepperNoise()), ("laplace", new LaplaceNoise()), ("student", new StudentTNoise()),
            ("snr", new GaussianSnrNoise()), ("pink", new PinkNoise()), ("brown", new BrownNoise()),
            ("shared", new SpeckleNoise() { SharedAxes = [0], ApplyProbability = 0.5 }), ("fc1", new NoisyLinear(4, 3)), ("act1", new Relu()),
            ("noise", new ActivationNoise(additive: false)), ("drop", new Dropout()),
            ("fc2", new NoisyLinear(3, 3, options: new() { Sharing = NoiseSharing.PerExample })), ("act2", new Gelu()),
            ("fc3", new VariationalLinear(3, 3, new() { Estimator = VariationalEstimator.Flipout })), ("act3", new Tanh()),
            ("fc4", new FactorizedNoisyLinear(3, 2)));
        Tensor x = Tensor.From(new float[rows * 4], rows, 4);
        x.RequiresGrad = true;
        Tensor y = model.Forward(x, Frame);
        Assert.Equal([rows, 2], y.Shape.ToArray());
        Tensor loss = Functional.SoftmaxCrossEntropy(y, new int[rows]);
        loss.Backward();
        Assert.Equal(rows == 0 ? 0f : loss.Item(), loss.Item());
        Assert.Equal(x.Shape.ToArray(), x.Grad!.Shape.ToArray());
        Assert.All(model.Parameters(), p => Assert.All(p.Grad!.ToArray(), g => Assert.True(rows == 0 ? g == 0f : float.IsFinite(g))));
    }

    [Fact]
    public void A_named_module_keeps_its_noise_when_others_are_inserted()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From(GradientCheck.Data(8, "insert.x"), 2, 4);
        using Sequential before = new(("noise", new GaussianNoise()));
        using Sequential after = new(("extra", new Flatten()), ("noise", new GaussianNoise()));
        Assert.Equal(before.Forward(x, Frame).ToArray(), after.Forward(x, Frame).ToArray());
    }

    [Fact]
    public void Further_uses_in_a_pass_draw_other_noise_and_passes_repeat()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros(2, 4);
        using Repeated twice = new(2, new GaussianNoise(1.0));
        uint first = NoiseKey.SiteHash("noise:activation"), second = NoiseKey.SiteHash("noise:activation#1");
        Tensor expected = Functional.GaussianNoise(Functional.GaussianNoise(x, 1f, new NoiseKey(3, first)), 1f, new NoiseKey(3, second));
        Assert.Equal(expected.ToArray(), twice.Forward(x, Frame).ToArray());
        Assert.Equal(expected.ToArray(), twice.Forward(x, Frame).ToArray());
    }

    [Fact]
    public void A_module_without_site_is_an_error_once_it_draws()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros(2, 4);
        Module[] lone =
        [
            new GaussianNoise(), new Dropout(), new NoisyLinear(4, 2), new FactorizedNoisyLinear(4, 2), new VariationalLinear(4, 2),
        ];
        foreach (Module module in lone)
        {
            var error = Assert.Throws<InvalidOperationException>(() => module.Forward(x, Frame));
            Assert.Contains(module.GetType().Name, error.Message, StringComparison.Ordinal);
            Assert.Contains("Site", error.Message, StringComparison.Ordinal);
            module.Forward(x, Frame.WithMode(NoiseMode.Mean));
            module.Eval().Forward(x);
            module.Dispose();
        }
    }

    /// <summary>A module of the user's own that is the model itself: its initial values need no site, its noise does.</summary>
    [Fact]
    public void A_root_initialises_at_its_parameters_names_and_draws_at_its_site_alone()
    {
        using TensorScope scope = new();
        using OwnRoot root = new() { Site = "root" }, lone = new();
        using Linear layer = new(4, 3);
        float[] expected = new float[12];
        Noise.FillNormal(expected, 0f, 0.5f, NoiseKey.ForSite(7, "weight:init"), 4);
        layer.Initialize(7);
        Assert.Equal(expected, layer.Weight.ToArray());

        Tensor x = Tensor.Zeros(2, 3);
        Assert.Equal(
            Functional.GaussianNoise(x, 1f, new NoiseKey(3, NoiseKey.SiteHash("root:own"))).ToArray(), root.Forward(x, Frame).ToArray());
        var error = Assert.Throws<InvalidOperationException>(() => lone.Forward(x, Frame));
        Assert.Contains("Site", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_without_frame_is_an_error_in_training_alone()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Zeros(2, 3);
        using Sequential model = Nested();
        var error = Assert.Throws<InvalidOperationException>(() => model.Forward(x));
        Assert.Contains("NoisyLinear 'body.fc2'", error.Message, StringComparison.Ordinal);
        Assert.Contains("NoiseFrame", error.Message, StringComparison.Ordinal);
        model.Eval();
        Assert.False(model.Children[0].Children[2].IsTraining);
        model.Forward(x);
        model.Train();
        Assert.Throws<InvalidOperationException>(() => model.Forward(x));
        using Linear plain = new(3, 2);
        plain.Forward(x);
    }

    [Theory]
    [InlineData(NoiseMode.Train, true, true)]
    [InlineData(NoiseMode.Train, false, false)]
    [InlineData(NoiseMode.Mean, true, false)]
    [InlineData(NoiseMode.Mean, false, false)]
    [InlineData(NoiseMode.Sample, true, true)]
    [InlineData(NoiseMode.Sample, false, true)]
    public void Modes_decide_whether_noise_is_drawn(NoiseMode mode, bool training, bool noisy)
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From(NoiseTable.Data(8, "modes.x"), 2, 4);
        Module[] modules =
        [
            new GaussianNoise(), new GaussianNoise(relative: true), new UniformNoise(), new SaltAndPepperNoise(0.9),
            new ActivationNoise(), new ActivationNoise(additive: false), new Dropout(), new ScheduledNoise(), new LaplaceNoise(),
            new StudentTNoise(), new PoissonNoise(), new SpeckleNoise(), new GaussianSnrNoise(), new PinkNoise(), new BrownNoise(),
        ];
        foreach (Module module in modules)
        {
            using Sequential model = new(("m", module));
            model.Train(training);
            Tensor y = model.Forward(x, Frame.WithMode(mode));
            Assert.Equal(noisy, !x.ToArray().SequenceEqual(y.ToArray()));
            Assert.Equal(!noisy, ReferenceEquals(x, y));
        }
    }

    [Fact]
    public void Two_modules_with_one_site_are_an_error_that_names_both()
    {
        using TensorScope scope = new();
        using Sequential model = new(
            ("first", new GaussianNoise() { Site = "same" }), ("second", new ActivationNoise() { Site = "same" }));
        for (int i = 0; i < 2; i++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => model.Forward(Tensor.Zeros(1, 2), Frame));
            Assert.Contains("'first'", error.Message, StringComparison.Ordinal);
            Assert.Contains("'second'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Equal_hashes_of_different_names_are_an_error_too()
    {
        SiteTable table = new();
        table.Claim(7, "a:weight", this);
        table.Claim(7, "a:weight", this);
        Assert.Throws<InvalidOperationException>(() => table.Claim(7, "b:weight", this));
        Assert.Throws<InvalidOperationException>(() => table.Claim(7, "a:weight", table));
    }

    [Fact]
    public void Names_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>("name", () => new Sequential(("a.b", new Relu())));
        Assert.Throws<ArgumentException>("name", () => new Sequential(("a:b", new Relu())));
        Assert.Throws<ArgumentException>("name", () => new Sequential(("", new Relu())));
        Assert.Throws<ArgumentException>("name", () => new Sequential(("a", new Relu()), ("a", new Relu())));
        Assert.Throws<ArgumentNullException>("child", () => new Sequential(("a", null!)));
        Assert.Throws<ArgumentException>("value", () => new GaussianNoise() { Site = " " });
        using Relu shared = new();
        using Sequential owner = new(shared);
        Assert.Throws<ArgumentException>("child", () => new Sequential(shared));
        Assert.Throws<ArgumentException>("child", () => owner.Append("self", owner));
    }

    [Fact]
    public void State_goes_from_one_model_to_another_or_not_at_all()
    {
        using TensorScope scope = new();
        using Sequential a = Nested(), b = Nested();
        a.Initialize(1);
        b.Initialize(2);
        Assert.NotEqual(State(a), State(b));
        b.LoadStateDict(a.StateDict());
        Assert.Equal(State(a), State(b));

        b.Initialize(2);
        float[] before = State(b);
        Dictionary<string, Tensor> wrong = new(a.StateDict()) { ["head.bias"] = Tensor.Zeros(3) };
        var error = Assert.Throws<ArgumentException>("state", () => b.LoadStateDict(wrong));
        Assert.Contains("'head.bias'", error.Message, StringComparison.Ordinal);
        wrong.Remove("head.bias");
        Assert.Throws<ArgumentException>("state", () => b.LoadStateDict(wrong));
        wrong["head.bias"] = Tensor.Zeros(2);
        wrong["extra"] = Tensor.Zeros(2);
        error = Assert.Throws<ArgumentException>("state", () => b.LoadStateDict(wrong));
        Assert.Contains("'extra'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, State(b));
        b.LoadStateDict(new Dictionary<string, Tensor> { ["head.bias"] = Tensor.From([7f, 8f]) }, strict: false);
        Assert.Equal([7f, 8f], b.StateDict()["head.bias"].ToArray());
    }

    [Fact]
    public void Initial_values_are_a_function_of_seed_and_path()
    {
        using Sequential a = Nested(), b = Nested();
        Assert.Equal(State(a), State(b));
        a.Initialize(5);
        Assert.NotEqual(State(a), State(b));
        b.Initialize(5);
        Assert.Equal(State(a), State(b));

        // Two layers of one size do not begin equal, without a word about seeds.
        using Sequential twins = new(new Linear(6, 6), new Linear(6, 6));
        Assert.NotEqual(twins.StateDict()["0.weight"].ToArray(), twins.StateDict()["1.weight"].ToArray());
    }

    [Fact]
    public void Values_that_somebody_chose_survive_registration()
    {
        using Linear layer = new(2, 1);
        layer.Weight.CopyFrom([3, 4]);
        using Linear seeded = new(2, 2);
        seeded.Initialize(9);
        float[] chosen = seeded.Weight.ToArray();
        using Sequential model = new(("a", seeded), ("b", layer));
        Assert.Equal([3, 4], layer.Weight.ToArray());
        Assert.Equal(chosen, seeded.Weight.ToArray());
    }

    [Theory]
    [InlineData(WeightInitialization.FanInNormal, 1.0)]
    [InlineData(WeightInitialization.HeNormal, 2.0)]
    [InlineData(WeightInitialization.FanInUniform, 1.0 / 3)]
    public void Initial_weights_have_their_variance(WeightInitialization initialization, double timesInputs)
    {
        const int In = 200, Out = 300;
        using Linear layer = new(In, Out, initialization: initialization) { Site = "init" };
        float[] w = layer.Weight.ToArray();
        if (initialization == WeightInitialization.FanInUniform)
        {
            float bound = 1f / MathF.Sqrt(In);
            Assert.All(w, v => Assert.InRange(v, -bound, bound));
            Statistics.Within(1.0 / (3 * In), Statistics.Variance(w, 0), Math.Sqrt(4.0 / 45 / w.Length) / In, "variance");
        }
        else
        {
            Statistics.FollowsNormal(w, 0, timesInputs / In, $"{initialization}");
        }

        Assert.All(layer.Bias!.ToArray(), v => Assert.Equal(0f, v));
        using NoisyLinear noisy = new(In, Out) { Site = "init" };
        Statistics.FollowsNormal(noisy.Weight.ToArray(), 0, 1.0 / In, "NoisyLinear");
        Assert.All(noisy.Bias!.ToArray(), v => Assert.Equal(0f, v));
    }

    [Fact]
    public void Use_after_dispose_is_an_error()
    {
        using TensorScope scope = new();
        Sequential model = Nested();
        Module fc = model.Children[0].Children[0];
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Forward(Tensor.Zeros(1, 3), Frame));
        Assert.Throws<ObjectDisposedException>(() => fc.Forward(Tensor.Zeros(1, 3), Frame));
        Assert.Throws<ObjectDisposedException>(() => model.Initialize(1));
        Assert.Throws<ObjectDisposedException>(() => model.Parameters().First().ToArray());
        using Linear open = new(3, 2);
        Tensor gone = Tensor.Zeros(1, 3);
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => open.Forward(gone));
        Assert.Throws<ArgumentNullException>("x", () => open.Forward(null!));
        var error = Assert.Throws<ArgumentException>("x", () => open.Forward(Tensor.Zeros(2, 4)));
        Assert.Contains("must be 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 4]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_model_serves_many_threads_each_with_its_own_frame()
    {
        using Sequential model = Nested();
        using Tensor x = Tensor.From(GradientCheck.Data(90, "many.x"), 30, 3);
        Task<float[]>[] tasks = [.. Enumerable.Range(0, 16).Select(i => Task.Run(() => Draw((uint)i / 2)))];
        float[][] found = await Task.WhenAll(tasks);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(Draw((uint)i / 2), found[i]);
        }

        float[] Draw(uint draw)
        {
            using TensorScope scope = new();
            using NoGradScope noGrad = Autograd.NoGrad();
            return model.Forward(x, NoiseFrame.Draw(5, draw)).ToArray();
        }
    }

    [Fact]
    public void A_failed_forward_leaves_the_frame_usable()
    {
        using TensorScope scope = new();
        using Sequential model = new(("noise", new GaussianNoise(1.0)));
        NoiseFrame frame = new(1);
        using Sequential broken = new(("noise", new GaussianNoise(1.0)), ("fc", new Linear(7, 1)));
        Tensor x = Tensor.Zeros(1, 3);
        float[] expected = model.Forward(x, frame).ToArray();
        Assert.Throws<ArgumentException>("x", () => broken.Forward(x, frame));
        Assert.Equal(expected, model.Forward(x, frame).ToArray());
    }

    private static float[] State(Module model) => [.. model.StateDict().Values.SelectMany(t => t.ToArray())];
}

using static NativeNoise.Tests.TrainingFixtures;

namespace NativeNoise.Tests;

/// <summary>What is wrong is said before a weight changes.</summary>
public class TrainerErrorTests
{
    public static TheoryData<string, string> WrongData => new()
    {
        { "empty", "empty" },
        { "batch larger than the data", "151" },
        { "targets for cross-entropy", "class labels" },
        { "labels for squared error", "target values" },
        { "validation empty", "empty" },
        { "validation with other features", "features" },
        { "early stopping without validation", "validation" },
        { "features that do not fit the model", "6" },
        { "more classes than the model has", "logits" },
    };

    [Theory]
    [MemberData(nameof(WrongData))]
    public void Data_that_does_not_fit_is_refused_and_nothing_changes(string what, string expected)
    {
        using Sequential model = PlainModel();
        float[] before = Weights(model);
        Dataset good = Clusters(150);
        var options = new TrainerOptions { Epochs = 1, BatchSize = 50 };
        (TrainerOptions Options, Dataset Train, Dataset? Validation) run = what switch
        {
            "empty" => (options, good.Take(0), null),
            "batch larger than the data" => (options with { BatchSize = 151 }, good, null),
            "targets for cross-entropy" => (options, Line(150), null),
            "labels for squared error" => (options with { Loss = LossKind.MeanSquaredError }, good, null),
            "validation empty" => (options, good, good.Take(0)),
            "validation with other features" => (options, good, new Dataset(new float[5], 5, [0], 3)),
            "early stopping without validation" => (options with { EarlyStopping = new EarlyStopping() }, good, null),
            "features that do not fit the model" => (options, new Dataset(new float[500], 5, new int[100], 3), null),
            _ => (options, new Dataset(new float[600], 6, [.. Enumerable.Range(0, 100).Select(i => i % 4)], 4), null),
        };
        var error = Assert.ThrowsAny<ArgumentException>(() => Fit(model, run.Options, run.Train, run.Validation));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Weights(model));
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        using Sequential model = PlainModel();
        TrainerOptions good = new();
        TrainerOptions[] wrong =
        [
            good with { Epochs = 0 },
            good with { BatchSize = 0 },
            good with { Momentum = 2 },
            good with { ClipNorm = -1 },
            good with { ClipValue = double.NaN },
            good with { Loss = (LossKind)9 },
            good with { Optimizer = (OptimizerKind)9 },
            good with { EarlyStopping = new EarlyStopping { Patience = 0 } },
            good with { EarlyStopping = new EarlyStopping { MinimumImprovement = double.NaN } },
        ];
        Assert.All(wrong, options => Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, options)));
        Assert.Throws<ArgumentNullException>(() => new Trainer(null!));
        Assert.Throws<ArgumentNullException>(() => Fit(model, new TrainerOptions(), null!));
        using var relu = new Relu();
        Assert.Throws<ArgumentException>(() => Fit(relu, new TrainerOptions { BatchSize = 5 }, Clusters(10)));
    }

    [Fact]
    public void Input_noise_may_not_share_a_site_with_the_model()
    {
        using var model = new Sequential(("input", new GaussianNoise(0.1)), ("fc", new Linear(6, 3)));
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(model, new TrainerOptions { InputNoise = new GaussianNoise(0.1) }));
        Assert.Contains("'input'", error.Message, StringComparison.Ordinal);
        _ = new Trainer(model, new TrainerOptions { InputNoise = new GaussianNoise(0.1) { Site = "pixels" } });
        error = Assert.Throws<InvalidOperationException>(() => new Trainer(model, new TrainerOptions { InputNoise = model.Children[0] }));
        Assert.Contains("part of the model", error.Message, StringComparison.Ordinal);

        // A name alone is no site: this layer draws nothing.
        using var plain = new Sequential(("input", new Linear(6, 3)));
        _ = new Trainer(plain, new TrainerOptions { InputNoise = new GaussianNoise(0.1) });
    }

    [Fact]
    public void A_KL_weight_that_turns_negative_is_refused_when_it_does()
    {
        using Sequential model = NoisyModel();
        TrainerOptions options = NoisyOptions() with { KlWeight = new PiecewiseSchedule(new ScheduleSegment(0, 1.0), new ScheduleSegment(2, -1.0)) };
        var error = Assert.Throws<InvalidOperationException>(() => Fit(model, options, Clusters(150)));
        Assert.Contains("KL weight is -1 at step 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_diverges_says_so_with_its_history()
    {
        using Sequential model = PlainModel();
        var options = new TrainerOptions
        {
            Epochs = 5,
            BatchSize = 50,
            Optimizer = OptimizerKind.Sgd,
            LearningRate = new PiecewiseSchedule(new ScheduleSegment(0, 0.01), new ScheduleSegment(4, 1e30)),
        };
        var error = Assert.Throws<TrainingDivergedException>(() => Fit(model, options, Clusters(150)));
        Assert.Single(error.History!.Epochs);
        Assert.InRange(error.History.Steps, 5, 7);
        Assert.Contains("step", error.Message, StringComparison.Ordinal);
        Assert.True(model.IsTraining);
    }

    [Fact]
    public void Functions_that_make_nothing_are_named()
    {
        using Sequential model = PlainModel();
        var options = new TrainerOptions { BatchSize = 50, OptimizerFactory = _ => null! };
        var error = Assert.Throws<InvalidOperationException>(() => Fit(model, options, Clusters(150)));
        Assert.Contains("OptimizerFactory", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(() => NoiseAdvisor.RangeTest(
            _ => null!, _ => options, Clusters(150), Clusters(40), [0.1], TestContext.Current.CancellationToken));
        Assert.Contains("createModel", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(() => NoiseAdvisor.RangeTest(
            _ => PlainModel(), _ => null!, Clusters(150), Clusters(40), [0.1], TestContext.Current.CancellationToken));
        Assert.Contains("createOptions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_model_says_so()
    {
        Sequential model = PlainModel();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Fit(model, new TrainerOptions(), Clusters(150)));
    }
}

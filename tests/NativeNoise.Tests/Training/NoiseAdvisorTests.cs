using static NativeNoise.Tests.TrainingFixtures;

namespace NativeNoise.Tests;

public class NoiseAdvisorTests
{
    /// <summary>Feature standard deviations 2, 0 and 0.5.</summary>
    private static Dataset Scales() => new([-2, 7, 0, 2, 7, 1, -2, 7, 1, 2, 7, 0], 3, [0, 1, 0, 1], 2);

    [Fact]
    public void Input_noise_is_suggested_from_each_features_deviation()
    {
        NoiseSuggestion suggestion = NoiseAdvisor.Suggest(Scales());
        Assert.Equal([2.0, 0, 0.5], suggestion.FeatureStd);
        AssertRange(0.02, 0.1, 0.2, suggestion.InputPerFeature[0]);
        AssertRange(0, 0, 0, suggestion.InputPerFeature[1]);
        AssertRange(0.005, 0.025, 0.05, suggestion.InputPerFeature[2]);
        double typical = Math.Sqrt((4 + 0.25) / 2); // over the two features that change
        AssertRange(0.01 * typical, 0.05 * typical, 0.1 * typical, suggestion.Input);
        Assert.Equal(new GradientNoise(0.01, 0.55), suggestion.Gradient);
        Assert.Empty(suggestion.Weights);
    }

    [Fact]
    public void Weight_noise_is_suggested_from_each_layers_weights()
    {
        using var model = new Sequential(("a", new Linear(3, 2)), ("b", new Linear(2, 2)));
        model.StateDict()["a.weight"].CopyFrom([3, -3, 3, -3, 3, -3]);
        model.StateDict()["b.weight"].CopyFrom([0, 2, 0, 0]);
        IReadOnlyList<WeightNoiseSuggestion> weights = NoiseAdvisor.Suggest(Scales(), model).Weights;
        Assert.Equal([("a", 3.0), ("b", 1.0)], weights.Select(w => (w.Path, w.WeightMagnitude)));
        AssertRange(0.03, 0.15, 0.3, weights[0].Std);
    }

    public static TheoryData<string, string, AdviceLevel?> Magnitudes => new()
    {
        { "input 0.05", "input", null },
        { "input 0", "input", null },
        { "input 0.000001", "input", AdviceLevel.Warning },
        { "input 0.01", "input", AdviceLevel.Note },
        { "input 0.5", "input", AdviceLevel.Note },
        { "input 5", "input", AdviceLevel.Warning },
        { "relative 0.05", "input", null },
        { "relative 2", "input", AdviceLevel.Warning },
        { "uniform 0.1", "input", null },
        { "uniform 10", "input", AdviceLevel.Warning },
        { "salt 0.1", "input", null },
        { "salt 0.8", "input", AdviceLevel.Warning },
        { "weight 0.05", "fc", null },
        { "weight 0.0001", "fc", AdviceLevel.Warning },
        { "weight 3", "fc", AdviceLevel.Warning },
        { "gradient 4", "gradient", AdviceLevel.Warning },
        { "gradient 0.0000001", "gradient", AdviceLevel.Warning },
        { "gradient 0.01", "gradient", AdviceLevel.Note },
        { "gradient-sgd 0.01", "gradient", null },
    };

    [Theory]
    [MemberData(nameof(Magnitudes))]
    public void Magnitudes_too_small_or_too_large_are_remarked_on(string what, string subject, AdviceLevel? expected)
    {
        string[] parts = what.Split(' ');
        double value = double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        using Module model = new Sequential(("fc", parts[0] == "weight" ? new NoisyLinear(3, 2, value, options: new NoisyLinearOptions { Scale = NoiseScale.Relative }) : new Linear(3, 2)));
        TrainerOptions options = new();
        options = parts[0] switch
        {
            "input" => options with { InputNoise = new GaussianNoise(value) },
            "relative" => options with { InputNoise = new GaussianNoise(value, relative: true) },
            "uniform" => options with { InputNoise = new UniformNoise(-value, value) },
            "salt" => options with { InputNoise = new SaltAndPepperNoise(value) },
            "gradient" => options with { GradientNoise = new GradientNoise(value) },
            "gradient-sgd" => options with { GradientNoise = new GradientNoise(value), Optimizer = OptimizerKind.Sgd },
            _ => options,
        };
        IReadOnlyList<NoiseAdvice> advice = NoiseAdvisor.Check(Scales(), model, options);
        Assert.All(advice, remark => Assert.Equal(subject, remark.Subject));
        Assert.Equal(expected, advice.Count == 0 ? null : advice.Max(remark => remark.Level));
    }

    [Fact]
    public void A_range_test_returns_the_magnitude_with_the_lowest_validation_loss()
    {
        RangeTestResult result = RangeTest([0, 0.1, 0.3, 30]);
        Assert.Equal([0, 0.1, 0.3, 30], result.Points.Select(point => point.Magnitude));
        Assert.Equal(result.Points.Min(point => point.ValidationLoss), result.Best.ValidationLoss);
        Assert.NotEqual(30, result.Best.Magnitude);
        Assert.Equal(result.Points, RangeTest([0, 0.1, 0.3, 30]).Points);
        Assert.All(result.Points, point => Assert.InRange(point.ValidationAccuracy!.Value, 0, 1));
    }

    [Fact]
    public void A_magnitude_that_diverges_is_a_result_and_all_that_diverge_an_error()
    {
        RangeTestResult result = NoiseAdvisor.RangeTest(_ => PlainModel(), Diverging, Clusters(100), Clusters(50, 2), [0, 1], TestContext.Current.CancellationToken);
        Assert.Equal(0, result.Best.Magnitude);
        Assert.Equal(double.PositiveInfinity, result.Points[1].ValidationLoss);
        Assert.Throws<InvalidOperationException>(
            () => NoiseAdvisor.RangeTest(_ => PlainModel(), Diverging, Clusters(100), Clusters(50, 2), [1, 2], TestContext.Current.CancellationToken));

        static TrainerOptions Diverging(double magnitude) =>
            new() { Epochs = 3, BatchSize = 50, Optimizer = OptimizerKind.Sgd, LearningRate = magnitude == 0 ? 0.01 : 1e30 };
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.1)]
    public void A_range_test_refuses_a_magnitude_that_is_none_before_it_trains(double bad)
    {
        int models = 0;
        Assert.Throws<ArgumentOutOfRangeException>("magnitudes", () => NoiseAdvisor.RangeTest(
            _ =>
            {
                models++;
                return PlainModel();
            },
            _ => new TrainerOptions(),
            Clusters(150),
            Clusters(40),
            [0.1, bad],
            TestContext.Current.CancellationToken));
        Assert.Equal(0, models);
    }

    [Fact]
    public void A_range_test_needs_magnitudes_and_can_be_cancelled()
    {
        Assert.Throws<ArgumentException>(() => RangeTest([]));
        Assert.Throws<OperationCanceledException>(() => NoiseAdvisor.RangeTest(
            _ => PlainModel(), _ => new TrainerOptions { BatchSize = 50 }, Clusters(100), Clusters(50, 2), [0.1], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Every_situation_has_a_recommendation_and_every_kind_a_use()
    {
        var kinds = new HashSet<NoiseKind>();
        foreach (NoiseSituation situation in Enum.GetValues<NoiseSituation>())
        {
            IReadOnlyList<NoiseRecommendation> found = NoiseAdvisor.Recommend(situation);
            Assert.NotEmpty(found);
            Assert.All(found, entry => Assert.True(entry.Situation == situation && entry.Reason.Length > 20 && entry.Start.Length > 0));
            kinds.UnionWith(found.Select(entry => entry.Kind));
        }

        Assert.Equal(Enum.GetValues<NoiseKind>().Order(), kinds.Order());
        Assert.Equal(NoiseKind.SaltAndPepper, NoiseAdvisor.Recommend(NoiseSituation.LostValues)[0].Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseAdvisor.Recommend((NoiseSituation)99));
    }

    private static RangeTestResult RangeTest(double[] magnitudes) => NoiseAdvisor.RangeTest(
        _ => PlainModel(),
        magnitude => new TrainerOptions { Epochs = 8, BatchSize = 25, LearningRate = 0.01, Seed = 3, InputNoise = new GaussianNoise(magnitude) },
        Clusters(100),
        Clusters(100, 2),
        magnitudes,
        TestContext.Current.CancellationToken);

    private static void AssertRange(double low, double suggested, double high, MagnitudeRange actual)
    {
        Assert.Equal(low, actual.Low, 1e-12);
        Assert.Equal(suggested, actual.Suggested, 1e-12);
        Assert.Equal(high, actual.High, 1e-12);
    }
}

namespace NativeNoise;

/// <summary>A range of magnitudes with a value to begin with.</summary>
/// <param name="Low">Below this, an effect is unlikely.</param>
/// <param name="Suggested">A value to begin with.</param>
/// <param name="High">Above this, the noise usually costs more than it gives.</param>
public readonly record struct MagnitudeRange(double Low, double Suggested, double High);

/// <summary>Magnitudes suggested for one layer's weights.</summary>
/// <param name="Path">The layer's path in the model.</param>
/// <param name="WeightMagnitude">The root mean square of its weights.</param>
/// <param name="Std">Standard deviations for absolute weight noise: 0.01 to 0.1 of the weights' magnitude.</param>
public sealed record WeightNoiseSuggestion(string Path, double WeightMagnitude, MagnitudeRange Std);

/// <summary>Magnitudes suggested for a data set and a model.</summary>
public sealed record NoiseSuggestion
{
    /// <summary>The standard deviation of each feature of the data.</summary>
    public required IReadOnlyList<double> FeatureStd { get; init; }

    /// <summary>Standard deviations of input noise for each feature: 1 to 10 % of the feature's own; zero for a feature that never changes.</summary>
    public required IReadOnlyList<MagnitudeRange> InputPerFeature { get; init; }

    /// <summary>One standard deviation for all inputs: 1 to 10 % of the features' typical one (the root mean square over features that change).</summary>
    public required MagnitudeRange Input { get; init; }

    /// <summary>Weight noise for each linear layer; empty without a model.</summary>
    public required IReadOnlyList<WeightNoiseSuggestion> Weights { get; init; }

    /// <summary>Gradient noise: eta 0.01 decaying with gamma 0.55 (Neelakantan et al. 2015).</summary>
    public required GradientNoise Gradient { get; init; }
}

/// <summary>How serious an advice is.</summary>
public enum AdviceLevel
{
    /// <summary>Unusual, but with good uses.</summary>
    Note = 0,

    /// <summary>Probably a mistake.</summary>
    Warning = 1,
}

/// <summary>One remark on a magnitude.</summary>
/// <param name="Level">How serious it is.</param>
/// <param name="Subject">What it is about: "input", "gradient", or a module's path.</param>
/// <param name="Message">The remark, with the values it rests on.</param>
public sealed record NoiseAdvice(AdviceLevel Level, string Subject, string Message);

/// <summary>One magnitude of a range test.</summary>
/// <param name="Magnitude">The magnitude.</param>
/// <param name="ValidationLoss">The validation loss after training, without noise; infinite when training diverged.</param>
/// <param name="ValidationAccuracy">The validation accuracy; null for regression or when training diverged.</param>
public sealed record RangeTestPoint(double Magnitude, double ValidationLoss, double? ValidationAccuracy);

/// <summary>The result of a range test.</summary>
/// <param name="Points">Every magnitude tried, in order.</param>
/// <param name="Best">The one with the lowest validation loss; the smallest magnitude among equals.</param>
public sealed record RangeTestResult(IReadOnlyList<RangeTestPoint> Points, RangeTestPoint Best);

/// <summary>A situation in which noise helps.</summary>
public enum NoiseSituation
{
    /// <summary>Few examples for the size of the model; it overfits.</summary>
    FewExamples = 0,

    /// <summary>The inputs met in use carry continuous noise, from sensors for example.</summary>
    NoisyInputs = 1,

    /// <summary>Features on very different scales that cannot be standardised.</summary>
    MixedScales = 2,

    /// <summary>Inputs lose or invert single values: dead pixels, transmission errors.</summary>
    LostValues = 3,

    /// <summary>Inputs are quantised or rounded.</summary>
    QuantizedInputs = 4,

    /// <summary>Wide hidden layers whose units depend on each other.</summary>
    WideLayers = 5,

    /// <summary>Weights will be stored or computed with less precision: quantisation, analogue hardware.</summary>
    ImpreciseWeights = 6,

    /// <summary>Reinforcement learning needs exploration that adapts to the state.</summary>
    Exploration = 7,

    /// <summary>Predictions need an honest uncertainty.</summary>
    Uncertainty = 8,

    /// <summary>A very deep or badly initialised net that does not begin to learn.</summary>
    HardOptimization = 9,
}

/// <summary>The kinds of noise the library offers.</summary>
public enum NoiseKind
{
    /// <summary><see cref="GaussianNoise"/> on the inputs.</summary>
    Gaussian = 0,

    /// <summary><see cref="GaussianNoise"/> relative to each value.</summary>
    RelativeGaussian = 1,

    /// <summary><see cref="UniformNoise"/> on the inputs.</summary>
    Uniform = 2,

    /// <summary><see cref="SaltAndPepperNoise"/> on the inputs.</summary>
    SaltAndPepper = 3,

    /// <summary><see cref="ActivationNoise"/> on hidden layers.</summary>
    Activation = 4,

    /// <summary><see cref="NativeNoise.Dropout"/> on hidden layers.</summary>
    Dropout = 5,

    /// <summary><see cref="NoisyLinear"/>.</summary>
    Weight = 6,

    /// <summary><see cref="FactorizedNoisyLinear"/>.</summary>
    FactorizedWeight = 7,

    /// <summary><see cref="VariationalLinear"/>.</summary>
    Variational = 8,

    /// <summary><see cref="GradientNoise"/>.</summary>
    Gradient = 9,
}

/// <summary>Which kind of noise suits a situation.</summary>
/// <param name="Situation">The situation.</param>
/// <param name="Kind">The kind of noise.</param>
/// <param name="Start">A magnitude to begin with.</param>
/// <param name="Reason">Why, and from where.</param>
public sealed record NoiseRecommendation(NoiseSituation Situation, NoiseKind Kind, string Start, string Reason);

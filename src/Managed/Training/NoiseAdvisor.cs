using System.Globalization;

namespace NativeNoise;

/// <summary>
/// The practical guidelines as code: suggested magnitudes from the data and the model, remarks on magnitudes that are too small or
/// too large, a range test, and which kind of noise suits which situation.
/// </summary>
public static class NoiseAdvisor
{
    // The guidelines: input noise 1 to 10 % of a feature's standard deviation, weight noise 0.01 to 0.1 of the weights'
    // magnitude. Between the upper end and the signal's own size noise buys robustness with clean accuracy: a note. Beyond it,
    // or a tenth of the lower end, is a warning.
    private const double Low = 0.01;
    private const double High = 0.1;
    private const double Suggested = 0.05;
    private const double TooSmall = 0.001;
    private const double TooLarge = 1;

    // Gradient noise was found to help nets of about 20 layers and to give nothing at 5 (Neelakantan et al. 2015, section 4.1).
    private const int ShallowLayers = 5;

    private static readonly double[] DefaultMagnitudes = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

    private static readonly NoiseRecommendation[] Table =
    [
        new(NoiseSituation.FewExamples, NoiseKind.Gaussian, "1 to 10 % of each feature's standard deviation",
            "Input noise of variance s² acts as a penalty s²·norm(w)² on a linear model and smooths any other (Bishop 1995); lower an L2 penalty that is on as well."),
        new(NoiseSituation.FewExamples, NoiseKind.Dropout, "p = 0.2 on narrow, 0.5 on wide layers",
            "Averages over many thinned nets (Srivastava et al. 2014)."),
        new(NoiseSituation.NoisyInputs, NoiseKind.Gaussian, "the standard deviation that is met in use",
            "A model is most robust to the noise it was trained with; clean accuracy pays a little."),
        new(NoiseSituation.MixedScales, NoiseKind.RelativeGaussian, "0.01 to 0.1",
            "Each value gets noise in proportion to itself, so that no feature is drowned and none is spared. Standardising first is better where it is possible."),
        new(NoiseSituation.LostValues, NoiseKind.SaltAndPepper, "the share of values that is lost, 0.05 to begin with",
            "Continuous noise does not teach a model to distrust single values; replacing them does (Vincent et al. 2008)."),
        new(NoiseSituation.QuantizedInputs, NoiseKind.Uniform, "half a quantisation step to each side",
            "Rounding errors are uniform; noise of the same shape fills the gaps between the levels."),
        new(NoiseSituation.WideLayers, NoiseKind.Activation, "0.05 to 0.2 of the layer's standard deviation",
            "Penalises the curvature behind the layer (Camuto et al. 2020); multiplicative noise of variance p/(1 - p) is dropout's Gaussian twin."),
        new(NoiseSituation.WideLayers, NoiseKind.Dropout, "p = 0.5",
            "Keeps units from relying on each other (Srivastava et al. 2014)."),
        new(NoiseSituation.ImpreciseWeights, NoiseKind.Weight, "0.01 to 0.1 of the weights' magnitude, relative scale",
            "Leads to flat minima, where small errors of the weights cost little (An 1996)."),
        new(NoiseSituation.Exploration, NoiseKind.FactorizedWeight, "sigma0 = 0.5",
            "The scale of the noise is learned, so that exploration fades where it does not pay (Fortunato et al. 2018)."),
        new(NoiseSituation.Uncertainty, NoiseKind.Variational, "log-variance -10, prior N(0, 1), KL weight rising from 0 to 1",
            "A distribution over weights; averaging its predictions tells what the model does not know (Blundell et al. 2015)."),
        new(NoiseSituation.HardOptimization, NoiseKind.Gradient, "eta = 0.01, gamma = 0.55",
            "Annealed noise helps deep or badly initialised nets to begin (Neelakantan et al. 2015). On shallow nets with Adam it costs accuracy."),
    ];

    /// <summary>Which kinds of noise suit a situation, the first one first.</summary>
    /// <param name="situation">The situation.</param>
    /// <returns>At least one recommendation.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="situation"/> is unknown.</exception>
    public static IReadOnlyList<NoiseRecommendation> Recommend(NoiseSituation situation) => Enum.IsDefined(situation)
        ? [.. Table.Where(entry => entry.Situation == situation)]
        : throw new ArgumentOutOfRangeException(nameof(situation), situation, "Not a situation that the advisor knows.");

    /// <summary>Suggests magnitudes.</summary>
    /// <param name="data">The training data, in the form that the model gets.</param>
    /// <param name="model">The model, for weight noise; null suggests none.</param>
    /// <returns>The suggestion.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The data set is empty.</exception>
    public static NoiseSuggestion Suggest(Dataset data, Module? model = null)
    {
        double[] std = FeatureStd(data);
        return new NoiseSuggestion
        {
            FeatureStd = std,
            InputPerFeature = [.. std.Select(Range)],
            Input = Range(TypicalStd(std)),
            Weights = model is null ? [] : [.. LinearLayers(model).Select(Suggest)],
            Gradient = new GradientNoise(),
        };
    }

    /// <summary>Remarks on the magnitudes of a training run at its first step.</summary>
    /// <param name="data">The training data, in the form that the model gets.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The trainer's options; null checks the model alone.</param>
    /// <returns>The remarks; empty when every magnitude lies within the guidelines.</returns>
    /// <exception cref="ArgumentNullException">The data or the model is null.</exception>
    /// <exception cref="InvalidOperationException">The data set is empty.</exception>
    public static IReadOnlyList<NoiseAdvice> Check(Dataset data, Module model, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var advice = new List<NoiseAdvice>();
        double[] std = FeatureStd(data);
        if (options?.InputNoise is { } inputNoise)
        {
            CheckInput(advice, inputNoise, std);
        }

        int layers = 0;
        foreach ((string path, LinearModule layer) in LinearLayers(model))
        {
            layers++;
            if (layer is NoisyLinear noisy)
            {
                double magnitude = noisy.Scale == NoiseScale.Relative ? 1 : RootMeanSquare(layer.Weight);
                CheckRatio(advice, path, "weight noise", noisy.NoiseStd.Value(0), magnitude, "the weights' magnitude");
            }
        }

        if (options?.GradientNoise is { } gradient && gradient.Std(0) is > 0 and var gradientStd)
        {
            CheckGradient(advice, gradientStd, layers, options.Optimizer != OptimizerKind.Sgd);
        }

        return advice;
    }

    /// <summary>
    /// Trains once with every magnitude and measures the validation loss without noise. Same seed, data and initial weights
    /// for all, so that the magnitude is all that differs.
    /// </summary>
    /// <param name="createModel">Makes the model for a magnitude, initialised with a fixed seed. It is disposed after its run.</param>
    /// <param name="createOptions">Makes the trainer's options for a magnitude, with a fixed seed; a few epochs are enough.</param>
    /// <param name="train">The training data.</param>
    /// <param name="validation">The validation data.</param>
    /// <param name="magnitudes">The magnitudes, finite and at least 0; null tries 0, 0.01, 0.02, 0.05, 0.1, 0.2 and 0.5.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    /// <returns>Every magnitude with its loss, and the best.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no magnitude, or the data does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A magnitude is negative, infinite or NaN.</exception>
    /// <exception cref="InvalidOperationException">Training diverged with every magnitude, or a function made nothing.</exception>
    /// <exception cref="OperationCanceledException">The test was cancelled.</exception>
    public static RangeTestResult RangeTest(
        Func<double, Module> createModel,
        Func<double, TrainerOptions> createOptions,
        Dataset train,
        Dataset validation,
        IEnumerable<double>? magnitudes = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(createModel);
        ArgumentNullException.ThrowIfNull(createOptions);
        ArgumentNullException.ThrowIfNull(validation);
        double[] tried = [.. magnitudes ?? DefaultMagnitudes];
        foreach (double magnitude in tried)
        {
            ElementNoise.Magnitude((float)magnitude, nameof(magnitudes));
        }

        var points = new List<RangeTestPoint>();
        foreach (double magnitude in tried)
        {
            using Module model = createModel(magnitude)
                ?? throw new InvalidOperationException($"'{nameof(createModel)}' made no model for the magnitude {magnitude}.");
            TrainerOptions options = createOptions(magnitude)
                ?? throw new InvalidOperationException($"'{nameof(createOptions)}' made no options for the magnitude {magnitude}.");
            points.Add(Try(model, options, magnitude, train, validation, cancellationToken));
        }

        if (points.Count == 0)
        {
            throw new ArgumentException("A range test needs at least one magnitude.", nameof(magnitudes));
        }

        RangeTestPoint best = points.OrderBy(point => point.ValidationLoss).ThenBy(point => point.Magnitude).First();
        return double.IsFinite(best.ValidationLoss)
            ? new RangeTestResult(points, best)
            : throw new InvalidOperationException("Training diverged with every magnitude of the range test.");
    }

    private static RangeTestPoint Try(
        Module model, TrainerOptions options, double magnitude, Dataset train, Dataset validation, CancellationToken cancellationToken)
    {
        try
        {
            TrainingHistory history = new Trainer(model, options).Fit(train, options.EarlyStopping is null ? null : validation, null, cancellationToken);
            if (history.Cancelled)
            {
                throw new OperationCanceledException("The range test was cancelled.", cancellationToken);
            }

            EvaluationResult result = Evaluator.Evaluate(model, validation, new EvaluationOptions { Loss = options.Loss, Device = options.Device });
            return double.IsFinite(result.Loss)
                ? new RangeTestPoint(magnitude, result.Loss, result.Accuracy)
                : new RangeTestPoint(magnitude, double.PositiveInfinity, null);
        }
        catch (TrainingDivergedException)
        {
            return new RangeTestPoint(magnitude, double.PositiveInfinity, null); // a result: this much noise is too much
        }
    }

    private static void CheckInput(List<NoiseAdvice> advice, Module inputNoise, double[] featureStd)
    {
        double typical = TypicalStd(featureStd);
        foreach ((_, Module module) in inputNoise.NamedModules())
        {
            switch (module)
            {
                case GaussianNoise { Relative: true } noise:
                    CheckRatio(advice, "input", "relative input noise", noise.Std.Value(0), 1, "each value");
                    break;
                case GaussianNoise noise:
                    CheckRatio(advice, "input", "input noise", noise.Std.Value(0), typical, "the features' standard deviation");
                    break;
                case UniformNoise noise:
                    // The standard deviation of U[low, high) is (high - low)/sqrt(12).
                    double std = (noise.High.Value(0) - noise.Low.Value(0)) / Math.Sqrt(12);
                    CheckRatio(advice, "input", "uniform input noise (its standard deviation)", std, typical, "the features' standard deviation");
                    break;
                case SaltAndPepperNoise noise when noise.Probability.Value(0) is > 0.5 and var probability:
                    advice.Add(new NoiseAdvice(AdviceLevel.Warning, "input", Text($"Salt and pepper replaces {probability:0.###} of the values: more than half of each example is lost.")));
                    break;
            }
        }
    }

    private static void CheckRatio(List<NoiseAdvice> advice, string subject, string what, double std, double scale, string unit)
    {
        if (std <= 0 || scale <= 0)
        {
            return;
        }

        double ratio = std / scale;
        (AdviceLevel Level, string Text)? found = ratio switch
        {
            < TooSmall => (AdviceLevel.Warning, "too small to have an effect"),
            < Low => (AdviceLevel.Note, "below the usual 1 to 10 %"),
            > TooLarge => (AdviceLevel.Warning, "larger than what it is added to"),
            > High => (AdviceLevel.Note, "above the usual 1 to 10 %: it buys robustness to corruption and costs accuracy on clean data"),
            _ => null,
        };
        if (found is { } remark)
        {
            advice.Add(new NoiseAdvice(remark.Level, subject, Text($"The {what} of {std:g4} is {ratio:0.##%} of {unit} ({scale:g4}): {remark.Text}.")));
        }
    }

    private static void CheckGradient(List<NoiseAdvice> advice, double std, int layers, bool isAdam)
    {
        if (std > 1)
        {
            advice.Add(new NoiseAdvice(
                AdviceLevel.Warning, "gradient", Text($"Gradient noise begins with variance {std * std:g4}; published values go from 0.01 to 1.")));
        }
        else if (std * std < 1e-6)
        {
            advice.Add(new NoiseAdvice(
                AdviceLevel.Warning, "gradient", Text($"Gradient noise begins with variance {std * std:g4}, too small to have an effect; published values go from 0.01 to 1.")));
        }

        if (layers is > 0 and <= ShallowLayers && isAdam)
        {
            advice.Add(new NoiseAdvice(
                AdviceLevel.Note,
                "gradient",
                Text($"Gradient noise helps deep or badly initialised nets; on a net of {layers} layers it costs Adam accuracy, because the moments cannot tell it from the signal.")));
        }
    }

    private static WeightNoiseSuggestion Suggest((string Path, LinearModule Layer) entry)
    {
        double magnitude = RootMeanSquare(entry.Layer.Weight);
        return new WeightNoiseSuggestion(entry.Path, magnitude, Range(magnitude));
    }

    private static IEnumerable<(string Path, LinearModule Layer)> LinearLayers(Module model) => model.NamedModules()
        .Where(entry => entry.Module is LinearModule)
        .Select(entry => (entry.Name, (LinearModule)entry.Module));

    private static MagnitudeRange Range(double scale) => new(Low * scale, Suggested * scale, High * scale);

    private static double[] FeatureStd(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Standardizer standardizer = Standardizer.Fit(data);
        double[] std = new double[data.Features];
        for (int i = 0; i < std.Length; i++)
        {
            std[i] = standardizer.Std[i];
        }

        return std;
    }

    // The root mean square over the features that change at all: border pixels would hide the scale of the others.
    private static double TypicalStd(double[] std)
    {
        double squares = 0;
        int changing = 0;
        foreach (double value in std)
        {
            squares += value * value;
            changing += value > 0 ? 1 : 0;
        }

        return changing == 0 ? 0 : Math.Sqrt(squares / changing);
    }

    private static double RootMeanSquare(Parameter parameter) =>
        Math.Sqrt(Kernels.SumSquares(parameter.Device, parameter.Length, parameter.Buffer) / Math.Max(parameter.Length, 1));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

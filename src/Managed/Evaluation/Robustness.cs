namespace NativeNoise;

/// <summary>A model's result under one corruption.</summary>
/// <param name="Corruption">The corruption.</param>
/// <param name="Accuracy">The share of examples classified rightly, from 0 to 1; null for regression.</param>
/// <param name="Loss">The mean loss.</param>
public sealed record RobustnessResult(Corruption Corruption, double? Accuracy, double Loss);

/// <summary>How a model stands up to corrupted inputs.</summary>
public static class Robustness
{
    private static readonly Corruption[] Standard =
    [
        .. Strengths(CorruptionKind.Gaussian, 0.1, 0.2, 0.3, 0.4, 0.5),
        .. Strengths(CorruptionKind.SaltAndPepper, 0.05, 0.1, 0.2, 0.3, 0.4),
        .. Strengths(CorruptionKind.Uniform, 0.1, 0.2, 0.3, 0.5, 0.7),
    ];

    /// <summary>
    /// Corruptions for inputs from 0 to 1: Gaussian noise of standard deviation 0.1 to 0.5, salt and pepper on 5 to 40 % of the
    /// values, uniform noise of half-width 0.1 to 0.7.
    /// </summary>
    public static IReadOnlyList<Corruption> StandardCorruptions => Standard;

    /// <summary>Measures a model, without noise of its own, under several corruptions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data, usually the test part.</param>
    /// <param name="corruptions">The corruptions; null means <see cref="StandardCorruptions"/>.</param>
    /// <param name="seed">The seed of the corruptions (0). Models measured with the same seed meet the same inputs.</param>
    /// <param name="options">Options; null means the defaults. Seed and corruption in them are not used.</param>
    /// <returns>One result for each corruption, in order.</returns>
    /// <exception cref="ArgumentNullException">The model or the data is null.</exception>
    /// <exception cref="ArgumentException">The data set is empty or does not fit the model.</exception>
    public static IReadOnlyList<RobustnessResult> Evaluate(
        Module model,
        Dataset data,
        IEnumerable<Corruption>? corruptions = null,
        ulong seed = 0,
        EvaluationOptions? options = null)
    {
        options ??= new EvaluationOptions();
        var results = new List<RobustnessResult>();
        foreach (Corruption corruption in corruptions ?? Standard)
        {
            EvaluationResult result = Evaluator.Evaluate(model, data, options with { Seed = seed, Corruption = corruption });
            results.Add(new RobustnessResult(corruption, result.Accuracy, result.Loss));
        }

        return results;
    }

    private static IEnumerable<Corruption> Strengths(CorruptionKind kind, params double[] strengths) =>
        strengths.Select(strength => new Corruption(kind, strength));
}

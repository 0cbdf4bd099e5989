namespace NativeNoise;

/// <summary>How inputs are corrupted to measure robustness.</summary>
public enum CorruptionKind
{
    /// <summary>x + strength·eps, eps ~ N(0, 1).</summary>
    Gaussian = 0,

    /// <summary>Each value becomes, with probability strength, one of the data set's extremes: its largest or its least value, equally often.</summary>
    SaltAndPepper = 1,

    /// <summary>x + U[-strength, strength).</summary>
    Uniform = 2,

    /// <summary>
    /// x + strength·abs(x)·eps, eps ~ N(0, 1): speckle, whose distribution is the same with x in the place of abs(x).
    /// </summary>
    RelativeGaussian = 3,

    /// <summary>
    /// Shot noise: Poisson(peak·x)/peak with peak = 1/strength², so that strength is the standard deviation on x = 1. For data that
    /// are nowhere below 0.
    /// </summary>
    Shot = 4,

    /// <summary>x + strength·L, L of density exp(-|v|)/2.</summary>
    Laplace = 5,
}

/// <summary>A corruption of inputs. The values are not clipped afterwards.</summary>
/// <remarks>The noise of an example is a function of the seed, the kind, the draw and the example's index in the data set, so every model
/// meets the same corrupted images, and strengths of one kind share their draws.</remarks>
public sealed record Corruption
{
    /// <summary>Creates a corruption.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="strength">
    /// Its strength, finite and at least 0; at most 1 for salt and pepper; for shot noise 0, or from 0.000346 (2^-11.5) to 1e18.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The kind is unknown, or the strength outside its range.</exception>
    public Corruption(CorruptionKind kind, double strength)
    {
        OptimizerOptions.CheckRange((int)kind, nameof(kind), Enum.IsDefined(kind), "a kind of corruption");
        (bool fits, string expected) = kind switch
        {
            CorruptionKind.SaltAndPepper => (strength is >= 0 and <= 1, "a probability from 0 to 1"),
            CorruptionKind.Shot => (
                strength == 0 || (strength is > 0 and <= 1e18 && Peak(strength) <= ElementNoise.LargestPoissonRate),
                "0, or a number from 0.000346 (2^-11.5) to 1e18"),
            _ => (float.IsFinite((float)strength) && strength >= 0, "a finite number of at least 0"),
        };
        OptimizerOptions.CheckRange(strength, nameof(strength), fits, expected);
        Kind = kind;
        Strength = strength;
    }

    /// <summary>The kind.</summary>
    public CorruptionKind Kind { get; }

    /// <summary>The strength: a standard deviation, a probability, a half-width or a scale.</summary>
    public double Strength { get; }

    /// <summary>Corrupts the inputs of a whole data set, exactly as an evaluation with this corruption sees them.</summary>
    /// <param name="data">The data; it is not changed.</param>
    /// <param name="seed">The seed (0).</param>
    /// <param name="draw">The number of the draw (0).</param>
    /// <returns>A new data set.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentException">Shot noise on data with a value below 0 or above 2^23·strength².</exception>
    public Dataset Apply(Dataset data, ulong seed = 0, uint draw = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        using Tensor x = Tensor.From(data.Inputs, data.Count, data.Features);
        Tensor y = Apply(x, new CorruptionLevels(this, data), seed, draw, 0);
        float[] inputs = y.ToArray();
        y.Dispose();
        return data.WithInputs(inputs);
    }

    internal Tensor Apply(Tensor x, in CorruptionLevels levels, ulong seed, uint draw, uint firstRow)
    {
        if (Strength == 0)
        {
            return x.Clone();
        }

        float strength = (float)Strength;
        var key = new NoiseKey(seed, Site(), draw, firstRow);
        return Kind switch
        {
            CorruptionKind.Gaussian => Functional.GaussianNoise(x, strength, key),
            CorruptionKind.SaltAndPepper => Functional.SaltAndPepperNoise(x, strength, levels.Largest, levels.Least, key),
            CorruptionKind.Uniform => Functional.UniformNoise(x, -strength, strength, key),
            CorruptionKind.RelativeGaussian => Functional.RelativeGaussianNoise(x, strength, key),
            CorruptionKind.Shot => Functional.ApplyNoise(x, ElementNoise.Poisson(Peak(Strength)), key),
            _ => Functional.ApplyNoise(x, ElementNoise.Laplace(strength), key),
        };
    }

    private uint Site() => NoiseKey.SiteHash(Kind switch
    {
        CorruptionKind.Gaussian => "corruption.gaussian:input",
        CorruptionKind.SaltAndPepper => "corruption.salt_and_pepper:input",
        CorruptionKind.Uniform => "corruption.uniform:input",
        CorruptionKind.RelativeGaussian => "corruption.relative_gaussian:input",
        CorruptionKind.Shot => "corruption.shot:input",
        _ => "corruption.laplace:input",
    });

    private static float Peak(double strength) => (float)(1 / (strength * strength));
}

/// <summary>The extremes of a data set, where a corruption needs them.</summary>
internal readonly struct CorruptionLevels
{
    public CorruptionLevels(Corruption corruption, Dataset data)
    {
        if (corruption.Kind != CorruptionKind.SaltAndPepper || data.Inputs.IsEmpty)
        {
            return;
        }

        Least = float.PositiveInfinity;
        Largest = float.NegativeInfinity;
        foreach (float value in data.Inputs)
        {
            Least = MathF.Min(Least, value);
            Largest = MathF.Max(Largest, value);
        }
    }

    public float Least { get; }

    public float Largest { get; }
}

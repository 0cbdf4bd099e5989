namespace NativeNoise;

/// <summary>
/// Laplace noise: y = x + scale L, L of density exp(-|v|)/2, variance 2 scale². Heavier tails than Gaussian noise: mostly small
/// errors and now and then a larger one. The identity without noise; the gradient passes unchanged.
/// </summary>
public sealed class LaplaceNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="scale">Scale, in units of x; the standard deviation is sqrt(2) of it. Null: 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is negative, infinite or NaN.</exception>
    public LaplaceNoise(Schedule? scale = null)
        : base("activation")
    {
        Scale = Magnitudes.Checked(scale ?? 0.1, nameof(scale));
    }

    /// <summary>Scale.</summary>
    public Schedule Scale { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("scale", Scale.Value(step))];

    private protected override ElementNoise NoiseAt(long step) => ElementNoise.Laplace((float)Scale.Value(step));
}

/// <summary>
/// Student-t noise: y = x + scale T, T of Student's t distribution with some degrees of freedom. Few degrees are many outliers: one
/// is Cauchy's distribution, which has no variance; above two the variance is scale² degrees/(degrees - 2); many are Gaussian noise.
/// The identity without noise; the gradient passes unchanged.
/// </summary>
public sealed class StudentTNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="scale">Scale, in units of x; null: 0.1.</param>
    /// <param name="degrees">Degrees of freedom, at least 1; null: 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is negative, or the degrees are below 1, or one is not finite.</exception>
    public StudentTNoise(Schedule? scale = null, Schedule? degrees = null)
        : base("activation")
    {
        Scale = Magnitudes.Checked(scale ?? 0.1, nameof(scale));
        Degrees = Magnitudes.CheckedDegrees(degrees ?? 5.0, nameof(degrees));
    }

    /// <summary>Scale.</summary>
    public Schedule Scale { get; }

    /// <summary>Degrees of freedom.</summary>
    public Schedule Degrees { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) =>
        [Level("scale", Scale.Value(step)), Level("degrees", Degrees.Value(step))];

    private protected override ElementNoise NoiseAt(long step) =>
        ElementNoise.StudentT((float)Scale.Value(step), (float)Degrees.Value(step));
}

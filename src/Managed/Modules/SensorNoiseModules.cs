namespace NativeNoise;

/// <summary>
/// Shot noise: y = Poisson(peak x)/peak, what counting photons does. The mean is x and the variance x/peak, so that bright values
/// get more noise than dark ones. The identity without noise; the gradient passes unchanged (straight through, as the mean is x).
/// </summary>
public sealed class PoissonNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="peak">Events at x = 1, above 0; fewer are more noise. Null: 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">The peak is not above 0, infinite or NaN.</exception>
    public PoissonNoise(Schedule? peak = null)
        : base("activation")
    {
        Peak = Magnitudes.CheckedPositive(peak ?? 255.0, nameof(peak));
    }

    /// <summary>Events at x = 1.</summary>
    public Schedule Peak { get; }

    /// <summary>The peak at which noise on x = 1 has a standard deviation: 1/std², at most 2^23, the most events that are drawn.</summary>
    /// <param name="std">Standard deviation on x = 1, above 0 at every step that is asked for.</param>
    /// <returns>A schedule for the constructor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="std"/> is null.</exception>
    public static Schedule PeakOf(Schedule std)
    {
        ArgumentNullException.ThrowIfNull(std);
        return new CustomSchedule(step =>
        {
            double value = Magnitudes.Positive(std.Value(step), nameof(std));
            return Math.Min(1 / (value * value), ElementNoise.LargestPoissonRate);
        });
    }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("peak", Peak.Value(step))];

    private protected override ElementNoise NoiseAt(long step) => ElementNoise.Poisson((float)Peak.Value(step));
}

/// <summary>
/// Speckle: y = x (1 + std eps) with eps ~ N(0, 1), the grain of coherent imaging (radar, ultrasound). The gradient is
/// dy (1 + std eps). The identity without noise. The same noise as <see cref="ActivationNoise"/> that is multiplied, under the name
/// that imaging knows.
/// </summary>
public sealed class SpeckleNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="std">Standard deviation of the factor; null: 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude is negative, infinite or NaN.</exception>
    public SpeckleNoise(Schedule? std = null)
        : base("activation")
    {
        Std = Magnitudes.Checked(std ?? 0.1, nameof(std));
    }

    /// <summary>Standard deviation of the factor.</summary>
    public Schedule Std { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("std", Std.Value(step))];

    private protected override ElementNoise NoiseAt(long step) => ElementNoise.MultiplicativeGaussian((float)Std.Value(step));
}

/// <summary>
/// Gaussian noise by signal-to-noise ratio: y = x + s eps with s = rms(example) 10^(-snrDb/20) and eps ~ N(0, 1), so that each
/// example has the same ratio whatever its size. The identity without noise; the gradient passes unchanged, s counting as a constant.
/// </summary>
public sealed class GaussianSnrNoise : NoiseModule
{
    private const double Ln10 = 2.302585092994045684;

    /// <summary>Makes the layer.</summary>
    /// <param name="snrDb">
    /// Signal-to-noise ratio in decibels, finite; 20 is noise of a tenth of the example's root mean square, 0 noise as large as it.
    /// Null: 20.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is infinite or NaN.</exception>
    public GaussianSnrNoise(Schedule? snrDb = null)
        : base("activation")
    {
        SnrDb = Magnitudes.CheckedFinite(snrDb ?? 20.0, nameof(snrDb));
    }

    /// <summary>Signal-to-noise ratio in decibels.</summary>
    public Schedule SnrDb { get; }

    /// <summary>The decibels of noise that is a share of the signal: -20 log10(share).</summary>
    /// <param name="share">Noise over root mean square, above 0 at every step that is asked for; 0.1 is 20 dB.</param>
    /// <returns>A schedule for the constructor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="share"/> is null.</exception>
    public static Schedule DecibelsOf(Schedule share)
    {
        ArgumentNullException.ThrowIfNull(share);
        return new CustomSchedule(step => -20 / Ln10 * DeterministicMath.Log(Magnitudes.Positive(share.Value(step), nameof(share))));
    }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("snr_db", SnrDb.Value(step))];

    private protected override ElementNoise NoiseAt(long step) => ElementNoise.GaussianSnr((float)SnrDb.Value(step));
}

/// <summary>
/// Pink noise: y = x + std P, P of variance 1 and power spectrum 1/f along the last axis: the flicker of electronics, the slow drift
/// of many natural signals. The identity without noise; the gradient passes unchanged.
/// </summary>
public sealed class PinkNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="std">Standard deviation, in units of x; null: 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude is negative, infinite or NaN.</exception>
    public PinkNoise(Schedule? std = null)
        : base("activation")
    {
        Std = Magnitudes.Checked(std ?? 0.1, nameof(std));
    }

    /// <summary>Standard deviation.</summary>
    public Schedule Std { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("std", Std.Value(step))];

    private protected override ElementNoise NoiseAt(long step) => ElementNoise.Pink((float)Std.Value(step));
}

/// <summary>
/// Brown noise: y = x + std B, B of variance 1 and power spectrum 1/f² along the last axis: a sensor that wanders off. The identity
/// without noise; the gradient passes unchanged.
/// </summary>
public sealed class BrownNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="std">Standard deviation, in units of x; null: 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude is negative, infinite or NaN.</exception>
    public BrownNoise(Schedule? std = null)
        : base("activation")
    {
        Std = Magnitudes.Checked(std ?? 0.1, nameof(std));
    }

    /// <summary>Standard deviation.</summary>
    public Schedule Std { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("std", Std.Value(step))];

    private protected override ElementNoise NoiseAt(long step) => ElementNoise.Brown((float)Std.Value(step));
}

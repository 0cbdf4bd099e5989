namespace NativeNoise;

/// <summary>
/// Gaussian noise: y = x + std eps, or, relative, y = x + std |x| eps, with eps ~ N(0, 1). The identity without noise.
/// The gradient is dy, or dy (1 + sign(x) std eps). Input noise of this kind acts as Tikhonov regularisation (Bishop 1995).
/// </summary>
public class GaussianNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="std">Standard deviation, in units of x or, relative, of |x|; null: 0.1.</param>
    /// <param name="relative">Whether the noise scales with each element (false).</param>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude is negative, infinite or NaN.</exception>
    public GaussianNoise(Schedule? std = null, bool relative = false)
        : base("activation")
    {
        Std = Magnitudes.Checked(std ?? 0.1, nameof(std));
        Relative = relative;
    }

    /// <summary>Standard deviation.</summary>
    public Schedule Std { get; }

    /// <summary>Whether the noise scales with each element.</summary>
    public bool Relative { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("std", Std.Value(step))];

    private protected override ElementNoise NoiseAt(long step)
    {
        float std = (float)Std.Value(step);
        return Relative ? ElementNoise.RelativeGaussian(std) : ElementNoise.Gaussian(std);
    }
}

/// <summary>
/// Gaussian noise whose standard deviation falls linearly from one value to another and then stays. The step is the frame's,
/// so it advances in training only.
/// </summary>
public sealed class ScheduledNoise : GaussianNoise
{
    /// <summary>Makes the layer.</summary>
    /// <param name="initial">Standard deviation at step 0 (0.2).</param>
    /// <param name="final">Standard deviation from step <paramref name="decaySteps"/> on (0.01).</param>
    /// <param name="decaySteps">Number of steps of the decay, at least 1 (10000).</param>
    /// <exception cref="ArgumentOutOfRangeException">A deviation is negative, infinite or NaN, or there are no steps.</exception>
    public ScheduledNoise(double initial = 0.2, double final = 0.01, long decaySteps = 10000)
        : base(Decay(initial, final, decaySteps))
    {
    }

    private static LinearSchedule Decay(double initial, double final, long decaySteps)
    {
        ElementNoise.Magnitude((float)initial, nameof(initial));
        ElementNoise.Magnitude((float)final, nameof(final));
        return decaySteps >= 1
            ? new LinearSchedule(initial, final, decaySteps)
            : throw new ArgumentOutOfRangeException(nameof(decaySteps), decaySteps, "'decaySteps' must be at least 1.");
    }
}

/// <summary>Uniform noise: y = x + U[low, high). The identity without noise; the gradient passes unchanged.</summary>
public sealed class UniformNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="low">Lower end; null: -0.1.</param>
    /// <param name="high">Upper end, not below <paramref name="low"/>; null: 0.1.</param>
    /// <exception cref="ArgumentException">low is above high, or one of them is not finite.</exception>
    public UniformNoise(Schedule? low = null, Schedule? high = null)
        : base("activation")
    {
        Low = Magnitudes.CheckedFinite(low ?? -0.1, nameof(low));
        High = Magnitudes.CheckedFinite(high ?? 0.1, nameof(high));
        if (Low is ConstantSchedule && High is ConstantSchedule)
        {
            NoiseAt(0);
        }
    }

    /// <summary>Lower end.</summary>
    public Schedule Low { get; }

    /// <summary>Upper end.</summary>
    public Schedule High { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) =>
        [Level("low", Low.Value(step)), Level("high", High.Value(step))];

    private protected override ElementNoise NoiseAt(long step) =>
        ElementNoise.Uniform((float)Low.Value(step), (float)High.Value(step));
}

/// <summary>
/// Salt-and-pepper noise: each element becomes salt with probability p/2 and pepper with probability p/2. The input is not
/// changed; the gradient is 0 where an element was replaced. The identity without noise.
/// </summary>
public sealed class SaltAndPepperNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="probability">p in [0, 1]; null: 0.05.</param>
    /// <param name="salt">One value, finite (1).</param>
    /// <param name="pepper">The other, finite (0).</param>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1], or a value is not finite.</exception>
    public SaltAndPepperNoise(Schedule? probability = null, float salt = 1f, float pepper = 0f)
        : base("activation")
    {
        Probability = Magnitudes.CheckedProbability(probability ?? 0.05, nameof(probability));
        Salt = ElementNoise.Finite(salt, nameof(salt));
        Pepper = ElementNoise.Finite(pepper, nameof(pepper));
    }

    /// <summary>Probability that an element is replaced.</summary>
    public Schedule Probability { get; }

    /// <summary>One value.</summary>
    public float Salt { get; }

    /// <summary>The other value.</summary>
    public float Pepper { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("probability", Probability.Value(step))];

    private protected override ElementNoise NoiseAt(long step) =>
        ElementNoise.SaltAndPepper((float)Probability.Value(step), Salt, Pepper);
}

/// <summary>
/// Activation noise: y = x + std eps, or, multiplicative, y = x (1 + std eps), with eps ~ N(0, 1). The identity without noise.
/// Multiplicative noise with std = sqrt(p / (1 - p)) has dropout's mean and variance (Srivastava et al. 2014).
/// </summary>
public sealed class ActivationNoise : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="std">Standard deviation; null: 0.1.</param>
    /// <param name="additive">Whether the noise is added (true) or multiplied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The magnitude is negative, infinite or NaN.</exception>
    public ActivationNoise(Schedule? std = null, bool additive = true)
        : base("activation")
    {
        Std = Magnitudes.Checked(std ?? 0.1, nameof(std));
        Additive = additive;
    }

    /// <summary>Standard deviation.</summary>
    public Schedule Std { get; }

    /// <summary>Whether the noise is added.</summary>
    public bool Additive { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("std", Std.Value(step))];

    private protected override ElementNoise NoiseAt(long step)
    {
        float std = (float)Std.Value(step);
        return Additive ? ElementNoise.Gaussian(std) : ElementNoise.MultiplicativeGaussian(std);
    }
}

/// <summary>
/// Inverted dropout (Srivastava et al. 2014): y = x / (1 - p) with probability 1 - p, else 0. p = 0 and p = 1 are exact.
/// The identity without noise. With <c>SharedAxes = [2, 3]</c> on [examples, channels, height, width] it is spatial dropout, which
/// keeps or drops whole channels (Tompson et al. 2015).
/// </summary>
public sealed class Dropout : NoiseModule
{
    /// <summary>Makes the layer.</summary>
    /// <param name="probability">p in [0, 1]; null: 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1].</exception>
    public Dropout(Schedule? probability = null)
        : base("mask")
    {
        Probability = Magnitudes.CheckedProbability(probability ?? 0.5, nameof(probability));
    }

    /// <summary>Probability that an element becomes 0.</summary>
    public Schedule Probability { get; }

    private protected override IEnumerable<NoiseLevel> LevelsAt(long step) => [Level("probability", Probability.Value(step))];

    private protected override ElementNoise NoiseAt(long step) => ElementNoise.Dropout((float)Probability.Value(step));
}

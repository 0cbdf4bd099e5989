using System.Globalization;
using System.Runtime.InteropServices;
using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>Kinds of element-wise noise; eps ~ N(0, 1).</summary>
public enum ElementNoiseKind
{
    /// <summary>y = x + std eps.</summary>
    Gaussian = 0,

    /// <summary>y = x + std |x| eps.</summary>
    RelativeGaussian = 1,

    /// <summary>y = x (1 + std eps): speckle.</summary>
    MultiplicativeGaussian = 2,

    /// <summary>y = x + U[low, high).</summary>
    Uniform = 3,

    /// <summary>y = salt with probability p/2, pepper with probability p/2, else x.</summary>
    SaltAndPepper = 4,

    /// <summary>y = x / (1 - p) with probability 1 - p, else 0.</summary>
    Dropout = 5,

    /// <summary>y = x + scale L, L of density exp(-|v|)/2.</summary>
    Laplace = 6,

    /// <summary>y = x + scale T, T of Student's t distribution.</summary>
    StudentT = 7,

    /// <summary>y = Poisson(peak x) / peak: shot noise.</summary>
    Poisson = 8,

    /// <summary>y = x + s eps, s = rms(row) 10^(-snrDb/20).</summary>
    GaussianSnr = 9,

    /// <summary>y = x + std P, P of variance 1 and spectrum 1/f along the last axis.</summary>
    Pink = 10,

    /// <summary>y = x + std B, B of variance 1 and spectrum 1/f² along the last axis.</summary>
    Brown = 11,
}

/// <summary>
/// One element-wise noise: its kind and magnitudes, the axes along which it is the same, and how often it applies. A value to
/// make once and use with any address: <see cref="Noise.Apply{T}(in ElementNoise, ReadOnlySpan{T}, Span{T}, in NoiseKey, int, Device?)"/>
/// on arrays, <see cref="Functional.ApplyNoise"/> on tensors. The default value is no noise and is refused there.
/// </summary>
/// <example><code>
/// // Spatial dropout: a channel of [examples, channels, height, width] is kept or dropped as a whole.
/// ElementNoise spatial = ElementNoise.Dropout(0.2f).WithSharedAxes(2, 3);
/// Noise.Apply(spatial, x, y, key, shape: [32, 16, 28, 28]);
/// </code></example>
public readonly partial struct ElementNoise : IEquatable<ElementNoise>
{
    // Axes of the data [rows, ..] along which the noise is the same, bit i for axis i. The descriptor's own axes are those of a
    // row, whose lengths are not known before there are data (see Shaped).
    private readonly uint _sharedAxes;
    private readonly nnoise_noise _noise;

    private ElementNoise(in nnoise_noise noise, uint sharedAxes)
    {
        _noise = noise;
        _sharedAxes = sharedAxes;
    }

    private unsafe ElementNoise(
        nnoise_noise_kind kind, float std = 0, float low = 0, float high = 0, float probability = 0, float salt = 0, float pepper = 0,
        float degrees = 0, float peak = 0, float snrDb = 0)
    {
        _noise = new nnoise_noise
        {
            size = (uint)sizeof(nnoise_noise),
            kind = (int)kind,
            std = std,
            low = low,
            high = high,
            probability = probability,
            salt = salt,
            pepper = pepper,
            degrees = degrees,
            peak = peak,
            snr_db = snrDb,
            apply_probability = 1,
        };
    }

    /// <summary>What it does.</summary>
    public ElementNoiseKind Kind => (ElementNoiseKind)_noise.kind;

    /// <summary>
    /// Whether the gradient passes unchanged. So it is for what is added to x, the scale of
    /// <see cref="ElementNoiseKind.GaussianSnr"/> counting as a constant, and for <see cref="ElementNoiseKind.Poisson"/>, whose
    /// mean is x (the straight-through gradient).
    /// </summary>
    public bool PassesGradient => Kind is not (ElementNoiseKind.RelativeGaussian or ElementNoiseKind.MultiplicativeGaussian
        or ElementNoiseKind.SaltAndPepper or ElementNoiseKind.Dropout);

    /// <summary>Whether backward reads the forward call's input.</summary>
    public bool BackwardReadsInput => Kind == ElementNoiseKind.RelativeGaussian;

    /// <summary>The probability with which a row gets the noise at all (1).</summary>
    public float ApplyProbability => _noise.apply_probability;

    /// <summary>Whether axis 0, the rows, shares the noise.</summary>
    internal bool SharesRows => (_sharedAxes & 1) != 0;

    /// <summary>y = x + std eps, eps ~ N(0, 1).</summary>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static ElementNoise Gaussian(float std) =>
        new(nnoise_noise_kind.NNOISE_NOISE_GAUSSIAN, std: Magnitude(std, nameof(std)));

    /// <summary>y = x + std |x| eps, eps ~ N(0, 1).</summary>
    /// <param name="std">Relative standard deviation, finite and at least 0.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static ElementNoise RelativeGaussian(float std) =>
        new(nnoise_noise_kind.NNOISE_NOISE_GAUSSIAN_RELATIVE, std: Magnitude(std, nameof(std)));

    /// <summary>y = x (1 + std eps), eps ~ N(0, 1): speckle; with std = sqrt(p/(1 - p)) Gaussian dropout (Srivastava et al. 2014).</summary>
    /// <param name="std">Standard deviation of the factor, finite and at least 0.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static ElementNoise MultiplicativeGaussian(float std) =>
        new(nnoise_noise_kind.NNOISE_NOISE_GAUSSIAN_MULTIPLICATIVE, std: Magnitude(std, nameof(std)));

    /// <summary>y = x + U[low, high).</summary>
    /// <param name="low">Lower end, finite.</param>
    /// <param name="high">Upper end, finite, not below <paramref name="low"/>.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentException">low is above high, or one of them is not finite.</exception>
    public static ElementNoise Uniform(float low, float high)
    {
        Interval(low, high);
        return new(nnoise_noise_kind.NNOISE_NOISE_UNIFORM, low: low, high: high);
    }

    /// <summary>y = salt with probability p/2, pepper with probability p/2, else x.</summary>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="salt">One value, finite (1).</param>
    /// <param name="pepper">The other value, finite (0).</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1], or a value is not finite.</exception>
    public static ElementNoise SaltAndPepper(float probability, float salt = 1f, float pepper = 0f) => new(
        nnoise_noise_kind.NNOISE_NOISE_SALT_AND_PEPPER,
        probability: Probability(probability, nameof(probability)),
        salt: Finite(salt, nameof(salt)),
        pepper: Finite(pepper, nameof(pepper)));

    /// <summary>y = x / (1 - p) with probability 1 - p, else 0; p = 0 and p = 1 are exact (Srivastava et al. 2014).</summary>
    /// <param name="probability">p in [0, 1].</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1].</exception>
    public static ElementNoise Dropout(float probability) =>
        new(nnoise_noise_kind.NNOISE_NOISE_DROPOUT, probability: Probability(probability, nameof(probability)));

    /// <summary>y = x + scale L, L of density exp(-|v|)/2: heavier tails than a normal. Its variance is 2 scale².</summary>
    /// <param name="scale">Scale, finite and at least 0; the standard deviation is sqrt(2) of it.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative, infinite or NaN.</exception>
    public static ElementNoise Laplace(float scale) =>
        new(nnoise_noise_kind.NNOISE_NOISE_LAPLACE, std: Magnitude(scale, nameof(scale)));

    /// <summary>
    /// y = x + scale T, T of Student's t distribution: now and then an outlier. Above two degrees of freedom its variance is
    /// scale² degrees/(degrees - 2); with one it is Cauchy's.
    /// </summary>
    /// <param name="scale">Scale, finite and at least 0.</param>
    /// <param name="degrees">Degrees of freedom, finite and at least 1 (5).</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is negative, or the degrees are below 1, or one is not finite.</exception>
    public static ElementNoise StudentT(float scale, float degrees = 5f) => new(
        nnoise_noise_kind.NNOISE_NOISE_STUDENT_T, std: Magnitude(scale, nameof(scale)), degrees: Degrees(degrees, nameof(degrees)));

    /// <summary>
    /// y = Poisson(peak x)/peak: shot noise, what counting photons does. The mean is x and the variance x/peak.
    /// </summary>
    /// <param name="peak">Events at x = 1, finite and above 0; fewer are more noise.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="peak"/> is not above 0, infinite or NaN.</exception>
    public static ElementNoise Poisson(float peak) =>
        new(nnoise_noise_kind.NNOISE_NOISE_POISSON, peak: Positive(peak, nameof(peak)));

    /// <summary>
    /// y = x + s eps with s = rms(row) 10^(-snrDb/20), so that each row has the same signal-to-noise ratio whatever its size.
    /// </summary>
    /// <param name="snrDb">Signal-to-noise ratio in decibels, finite; 20 is noise of a tenth of the row's root mean square.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="snrDb"/> is infinite or NaN.</exception>
    public static ElementNoise GaussianSnr(float snrDb) =>
        new(nnoise_noise_kind.NNOISE_NOISE_GAUSSIAN_SNR, snrDb: Finite(snrDb, nameof(snrDb)));

    /// <summary>y = x + std P, P of variance 1 and power spectrum 1/f along the last axis: drift of electronics, of many natural signals.</summary>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static ElementNoise Pink(float std) => new(nnoise_noise_kind.NNOISE_NOISE_PINK, std: Magnitude(std, nameof(std)));

    /// <summary>y = x + std B, B of variance 1 and power spectrum 1/f² along the last axis: a walk that is drawn back to 0.</summary>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static ElementNoise Brown(float std) => new(nnoise_noise_kind.NNOISE_NOISE_BROWN, std: Magnitude(std, nameof(std)));

    /// <summary>
    /// The same noise, drawn once for all positions along some axes of the data [rows, ..] (Keras's noise_shape). It is the noise
    /// of an array in which these axes have the length 1.
    /// </summary>
    /// <param name="axes">
    /// The axes, from 0 to 31. 0 are the rows: all of them get the noise of the address's first row, and one decision whether it
    /// applies. Pink and brown noise cannot share the last axis, along which they run. None: no axis is shared, whatever was before.
    /// </param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An axis lies outside [0, 31].</exception>
    public ElementNoise WithSharedAxes(params ReadOnlySpan<int> axes) => WithSharedAxes(AxesMask(axes, nameof(axes)));

    /// <summary>The same noise, which a row gets with a probability and else passes through unchanged.</summary>
    /// <param name="probability">The probability, in [0, 1].</param>
    /// <param name="applySite">
    /// Where the decision is drawn, <see cref="NoiseKey.SiteHash"/> of a name with the purpose <c>apply</c>: element 0 of the row,
    /// at the noise's own seed and step. Another site than the noise's, or they depend on each other.
    /// </param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> lies outside [0, 1].</exception>
    public ElementNoise WithApplyProbability(float probability, uint applySite)
    {
        nnoise_noise noise = _noise;
        noise.apply_probability = Probability(probability, nameof(probability));
        noise.apply_site = applySite;
        return new(noise, _sharedAxes);
    }

    /// <summary>Whether two noises are the same in every part.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(in ElementNoise left, in ElementNoise right) => left.Equals(right);

    /// <summary>Whether two noises differ in some part.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator !=(in ElementNoise left, in ElementNoise right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(ElementNoise other) => _sharedAxes == other._sharedAxes && Bytes(_noise).SequenceEqual(Bytes(other._noise));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ElementNoise other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes(_noise));
        hash.Add(_sharedAxes);
        return hash.ToHashCode();
    }

    /// <summary>For people, such as <c>Dropout(probability 0.2), the same along axes [2, 3]</c>.</summary>
    /// <returns>Kind, magnitudes, shared axes and probability of applying.</returns>
    public override string ToString()
    {
        if (_noise.size == 0)
        {
            return "no noise";
        }

        string magnitudes = Kind switch
        {
            ElementNoiseKind.Uniform => Text($"low {_noise.low}, high {_noise.high}"),
            ElementNoiseKind.SaltAndPepper => Text($"probability {_noise.probability}, salt {_noise.salt}, pepper {_noise.pepper}"),
            ElementNoiseKind.Dropout => Text($"probability {_noise.probability}"),
            ElementNoiseKind.Laplace => Text($"scale {_noise.std}"),
            ElementNoiseKind.StudentT => Text($"scale {_noise.std}, degrees {_noise.degrees}"),
            ElementNoiseKind.Poisson => Text($"peak {_noise.peak}"),
            ElementNoiseKind.GaussianSnr => Text($"{_noise.snr_db} dB"),
            _ => Text($"std {_noise.std}"),
        };
        string shared = _sharedAxes == 0 ? "" : $", the same along axes {AxesText(_sharedAxes)}";
        string applies = ApplyProbability == 1 ? "" : Text($", with probability {ApplyProbability}");
        return $"{Kind}({magnitudes}){shared}{applies}";
    }

    /// <summary>The same with a bit for each axis.</summary>
    internal ElementNoise WithSharedAxes(uint mask) => new(_noise, mask);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> Bytes(in nnoise_noise noise) => MemoryMarshal.AsBytes(new ReadOnlySpan<nnoise_noise>(in noise));
}

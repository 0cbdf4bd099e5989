namespace NativeNoise;

// Noise of normals.
public static partial class Noise
{
    /// <summary>y = x + std eps, eps ~ N(0, 1). Its gradient passes unchanged.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void AddGaussian(
        ReadOnlySpan<float> x, Span<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Gaussian(std), x, y, key, columns, device);

    /// <summary>In place: x = x + std eps, eps ~ N(0, 1).</summary>
    /// <inheritdoc cref="AddGaussian(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddGaussian(Span<float> x, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Gaussian(std), x, x, key, columns, device);

    /// <summary>y = x + std |x| eps, eps ~ N(0, 1).</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="std">Relative standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void AddGaussianRelative(
        ReadOnlySpan<float> x, Span<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.RelativeGaussian(std), x, y, key, columns, device);

    /// <summary>In place: x = x + std |x| eps, eps ~ N(0, 1).</summary>
    /// <inheritdoc cref="AddGaussianRelative(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddGaussianRelative(Span<float> x, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.RelativeGaussian(std), x, x, key, columns, device);

    /// <summary>
    /// y = x (1 + std eps), eps ~ N(0, 1): speckle, and with std = sqrt(p/(1 - p)) Gaussian dropout. Its own backward: applied to dy
    /// at the same address it gives dx.
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="std">Standard deviation of the factor, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void MultiplyGaussian(
        ReadOnlySpan<float> x, Span<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.MultiplicativeGaussian(std), x, y, key, columns, device);

    /// <summary>In place: x = x (1 + std eps), eps ~ N(0, 1).</summary>
    /// <inheritdoc cref="MultiplyGaussian(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void MultiplyGaussian(Span<float> x, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.MultiplicativeGaussian(std), x, x, key, columns, device);

    /// <summary>
    /// y = x + s eps with s = rms(row) 10^(-snrDb/20): Gaussian noise by signal-to-noise ratio, the same for each row whatever its
    /// size. Its gradient passes unchanged, s counting as a constant.
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="snrDb">Signal-to-noise ratio in decibels, finite; 20 is noise of a tenth of the row's root mean square.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="snrDb"/> is infinite or NaN.</exception>
    public static void AddGaussianSnr(
        ReadOnlySpan<float> x, Span<float> y, float snrDb, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.GaussianSnr(snrDb), x, y, key, columns, device);

    /// <summary>In place: x = x + s eps with s = rms(row) 10^(-snrDb/20).</summary>
    /// <inheritdoc cref="AddGaussianSnr(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddGaussianSnr(Span<float> x, float snrDb, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.GaussianSnr(snrDb), x, x, key, columns, device);

    /// <summary>Backward of <see cref="AddGaussianRelative(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>:
    /// dx = dy (1 + sign(x) std eps), sign(0) = 0.</summary>
    /// <param name="x">The forward call's input.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="dx">Gradient of the input; it may be dy itself.</param>
    /// <param name="std">As in the forward call.</param>
    /// <param name="key">As in the forward call.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void AddGaussianRelativeBackward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, float std, in NoiseKey key, int columns = 0,
        Device? device = null) =>
        RunBackward(ElementNoise.RelativeGaussian(std), x, dy, dx, key, columns, device);
}

namespace NativeNoise;

// Other noise that is added.
public static partial class Noise
{
    /// <summary>y = x + U[low, high). Its gradient passes unchanged.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="low">Lower end, finite.</param>
    /// <param name="high">Upper end, finite, not below <paramref name="low"/>.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentException">low is above high, or one of them is not finite.</exception>
    public static void AddUniform(
        ReadOnlySpan<float> x, Span<float> y, float low, float high, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Uniform(low, high), x, y, key, columns, device);

    /// <summary>In place: x = x + U[low, high).</summary>
    /// <inheritdoc cref="AddUniform(ReadOnlySpan{float}, Span{float}, float, float, in NoiseKey, int, Device?)"/>
    public static void AddUniform(Span<float> x, float low, float high, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Uniform(low, high), x, x, key, columns, device);

    /// <summary>
    /// y = x + scale L, L of density exp(-|v|)/2: heavier tails than a normal, variance 2 scale². Its gradient passes unchanged.
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="scale">Scale, finite and at least 0; the standard deviation is sqrt(2) of it.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative, infinite or NaN.</exception>
    public static void AddLaplace(
        ReadOnlySpan<float> x, Span<float> y, float scale, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Laplace(scale), x, y, key, columns, device);

    /// <summary>In place: x = x + scale L, L of density exp(-|v|)/2.</summary>
    /// <inheritdoc cref="AddLaplace(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddLaplace(Span<float> x, float scale, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Laplace(scale), x, x, key, columns, device);

    /// <summary>
    /// y = x + scale T, T of Student's t distribution: now and then an outlier. Above two degrees of freedom its variance is scale²
    /// degrees/(degrees - 2); with one it is Cauchy's. Its gradient passes unchanged.
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="scale">Scale, finite and at least 0.</param>
    /// <param name="degrees">Degrees of freedom, finite and at least 1.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The scale is negative, or the degrees are below 1, or one is not finite.</exception>
    public static void AddStudentT(
        ReadOnlySpan<float> x, Span<float> y, float scale, float degrees, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.StudentT(scale, degrees), x, y, key, columns, device);

    /// <summary>In place: x = x + scale T, T of Student's t distribution.</summary>
    /// <inheritdoc cref="AddStudentT(ReadOnlySpan{float}, Span{float}, float, float, in NoiseKey, int, Device?)"/>
    public static void AddStudentT(Span<float> x, float scale, float degrees, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.StudentT(scale, degrees), x, x, key, columns, device);

    /// <summary>y = x + std P, P of variance 1 and power spectrum 1/f along a row. Its gradient passes unchanged.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void AddPink(ReadOnlySpan<float> x, Span<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Pink(std), x, y, key, columns, device);

    /// <summary>In place: x = x + std P, P of variance 1 and power spectrum 1/f along a row.</summary>
    /// <inheritdoc cref="AddPink(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddPink(Span<float> x, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Pink(std), x, x, key, columns, device);

    /// <summary>y = x + std B, B of variance 1 and power spectrum 1/f² along a row. Its gradient passes unchanged.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void AddBrown(ReadOnlySpan<float> x, Span<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Brown(std), x, y, key, columns, device);

    /// <summary>In place: x = x + std B, B of variance 1 and power spectrum 1/f² along a row.</summary>
    /// <inheritdoc cref="AddBrown(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddBrown(Span<float> x, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Brown(std), x, x, key, columns, device);
}

namespace NativeNoise;

// The same functions over Memory.
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
        ReadOnlyMemory<float> x, Memory<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Gaussian(std), x.Span, y.Span, key, columns, device);

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
        ReadOnlyMemory<float> x, Memory<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.GaussianRelative(std), x.Span, y.Span, key, columns, device);

    /// <summary>y = x (1 + std eps), eps ~ N(0, 1). Its own backward: applied to dy at the same address it gives dx.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="std">Standard deviation of the factor, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void MultiplyGaussian(
        ReadOnlyMemory<float> x, Memory<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.GaussianMultiplicative(std), x.Span, y.Span, key, columns, device);

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
        ReadOnlyMemory<float> x, Memory<float> y, float low, float high, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Uniform(low, high), x.Span, y.Span, key, columns, device);

    /// <summary>y = salt with probability p/2, pepper with probability p/2, else x.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="salt">One value, finite.</param>
    /// <param name="pepper">The other value, finite.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1], or a value is not finite.</exception>
    public static void SaltAndPepper(
        ReadOnlyMemory<float> x, Memory<float> y, float probability, float salt, float pepper,
        in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.SaltAndPepper(probability, salt, pepper), x.Span, y.Span, key, columns, device);

    /// <summary>
    /// y = x / (1 - p) with probability 1 - p, else 0; p = 0 and p = 1 are exact (Srivastava et al. 2014). Its own backward:
    /// applied to dy at the same address it gives dx.
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1].</exception>
    public static void Dropout(
        ReadOnlyMemory<float> x, Memory<float> y, float probability, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Dropout(probability), x.Span, y.Span, key, columns, device);
}

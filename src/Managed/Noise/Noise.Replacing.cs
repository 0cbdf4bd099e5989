namespace NativeNoise;

// Noise that puts something else in the place of an element.
public static partial class Noise
{
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
        ReadOnlySpan<float> x, Span<float> y, float probability, float salt, float pepper, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.SaltAndPepper(probability, salt, pepper), x, y, key, columns, device);

    /// <summary>In place: x becomes salt with probability p/2, pepper with probability p/2.</summary>
    /// <inheritdoc cref="SaltAndPepper(ReadOnlySpan{float}, Span{float}, float, float, float, in NoiseKey, int, Device?)"/>
    public static void SaltAndPepper(
        Span<float> x, float probability, float salt, float pepper, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.SaltAndPepper(probability, salt, pepper), x, x, key, columns, device);

    /// <summary>
    /// y = x / (1 - p) with probability 1 - p, else 0; p = 0 and p = 1 are exact (Srivastava et al. 2014). Its own backward: applied
    /// to dy at the same address it gives dx.
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
        ReadOnlySpan<float> x, Span<float> y, float probability, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Dropout(probability), x, y, key, columns, device);

    /// <summary>In place: x = x / (1 - p) with probability 1 - p, else 0.</summary>
    /// <inheritdoc cref="Dropout(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void Dropout(Span<float> x, float probability, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Dropout(probability), x, x, key, columns, device);

    /// <summary>
    /// y = Poisson(peak x)/peak: shot noise, what counting photons does, of mean x and variance x/peak. Its gradient passes unchanged
    /// (straight through).
    /// </summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="peak">Events at x = 1, finite and above 0; fewer are more noise.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="peak"/> is not above 0, infinite or NaN.</exception>
    public static void Poisson(ReadOnlySpan<float> x, Span<float> y, float peak, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Poisson(peak), x, y, key, columns, device);

    /// <summary>In place: x becomes Poisson(peak x)/peak.</summary>
    /// <inheritdoc cref="Poisson(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void Poisson(Span<float> x, float peak, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Poisson(peak), x, x, key, columns, device);

    /// <summary>Backward of <see cref="SaltAndPepper(ReadOnlySpan{float}, Span{float}, float, float, float, in NoiseKey, int, Device?)"/>:
    /// dx = 0 where the element was replaced, else dy.</summary>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="dx">Gradient of the input; it may be dy itself.</param>
    /// <param name="probability">As in the forward call.</param>
    /// <param name="key">As in the forward call.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1].</exception>
    public static void SaltAndPepperBackward(
        ReadOnlySpan<float> dy, Span<float> dx, float probability, in NoiseKey key, int columns = 0, Device? device = null) =>
        RunBackward(ElementNoise.SaltAndPepper(probability), [], dy, dx, key, columns, device);
}

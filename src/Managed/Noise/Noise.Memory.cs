namespace NativeNoise;

// The first kinds over Memory; all of them: Apply.
public static partial class Noise
{
    /// <inheritdoc cref="AddGaussian(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddGaussian(
        ReadOnlyMemory<float> x, Memory<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Gaussian(std), x.Span, y.Span, key, columns, device);

    /// <inheritdoc cref="AddGaussianRelative(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddGaussianRelative(
        ReadOnlyMemory<float> x, Memory<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.RelativeGaussian(std), x.Span, y.Span, key, columns, device);

    /// <inheritdoc cref="MultiplyGaussian(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void MultiplyGaussian(
        ReadOnlyMemory<float> x, Memory<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.MultiplicativeGaussian(std), x.Span, y.Span, key, columns, device);

    /// <inheritdoc cref="AddUniform(ReadOnlySpan{float}, Span{float}, float, float, in NoiseKey, int, Device?)"/>
    public static void AddUniform(
        ReadOnlyMemory<float> x, Memory<float> y, float low, float high, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Uniform(low, high), x.Span, y.Span, key, columns, device);

    /// <inheritdoc cref="SaltAndPepper(ReadOnlySpan{float}, Span{float}, float, float, float, in NoiseKey, int, Device?)"/>
    public static void SaltAndPepper(
        ReadOnlyMemory<float> x, Memory<float> y, float probability, float salt, float pepper, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.SaltAndPepper(probability, salt, pepper), x.Span, y.Span, key, columns, device);

    /// <inheritdoc cref="Dropout(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void Dropout(
        ReadOnlyMemory<float> x, Memory<float> y, float probability, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Dropout(probability), x.Span, y.Span, key, columns, device);
}

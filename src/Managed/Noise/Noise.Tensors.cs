using System.Numerics.Tensors;

namespace NativeNoise;

// The first kinds over System.Numerics.Tensors, whose first dimension counts rows; all of them: Apply.
public static partial class Noise
{
    /// <inheritdoc cref="AddGaussian(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddGaussian(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float std, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.Gaussian(std), x, y, key, device);

    /// <inheritdoc cref="AddGaussianRelative(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void AddGaussianRelative(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float std, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.RelativeGaussian(std), x, y, key, device);

    /// <inheritdoc cref="MultiplyGaussian(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void MultiplyGaussian(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float std, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.MultiplicativeGaussian(std), x, y, key, device);

    /// <inheritdoc cref="AddUniform(ReadOnlySpan{float}, Span{float}, float, float, in NoiseKey, int, Device?)"/>
    public static void AddUniform(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float low, float high, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.Uniform(low, high), x, y, key, device);

    /// <inheritdoc cref="SaltAndPepper(ReadOnlySpan{float}, Span{float}, float, float, float, in NoiseKey, int, Device?)"/>
    public static void SaltAndPepper(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float probability, float salt, float pepper, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.SaltAndPepper(probability, salt, pepper), x, y, key, device);

    /// <inheritdoc cref="Dropout(ReadOnlySpan{float}, Span{float}, float, in NoiseKey, int, Device?)"/>
    public static void Dropout(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float probability, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.Dropout(probability), x, y, key, device);
}

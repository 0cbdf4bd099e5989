using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace NativeNoise;

// The same functions over System.Numerics.Tensors.
public static partial class Noise
{
    /// <summary>y = x + std eps, eps ~ N(0, 1). Its gradient passes unchanged. Rows are the first dimension.</summary>
    /// <param name="x">Input, dense.</param>
    /// <param name="y">Output, dense, of x's shape; it may be x itself.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Shapes differ, a tensor is not dense, or buffers overlap in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void AddGaussian(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float std, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.Gaussian(std), x, y, key, device);

    /// <summary>y = x + std |x| eps, eps ~ N(0, 1). Rows are the first dimension.</summary>
    /// <param name="x">Input, dense.</param>
    /// <param name="y">Output, dense, of x's shape; it may be x itself.</param>
    /// <param name="std">Relative standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Shapes differ, a tensor is not dense, or buffers overlap in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void AddGaussianRelative(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float std, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.GaussianRelative(std), x, y, key, device);

    /// <summary>
    /// y = x (1 + std eps), eps ~ N(0, 1). Its own backward: applied to dy at the same address it gives dx. Rows are the first
    /// dimension.
    /// </summary>
    /// <param name="x">Input, dense.</param>
    /// <param name="y">Output, dense, of x's shape; it may be x itself.</param>
    /// <param name="std">Standard deviation of the factor, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Shapes differ, a tensor is not dense, or buffers overlap in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void MultiplyGaussian(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float std, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.GaussianMultiplicative(std), x, y, key, device);

    /// <summary>y = x + U[low, high). Its gradient passes unchanged. Rows are the first dimension.</summary>
    /// <param name="x">Input, dense.</param>
    /// <param name="y">Output, dense, of x's shape; it may be x itself.</param>
    /// <param name="low">Lower end, finite.</param>
    /// <param name="high">Upper end, finite, not below <paramref name="low"/>.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Shapes differ, a tensor is not dense, or buffers overlap in part.</exception>
    /// <exception cref="ArgumentException">low is above high, or one of them is not finite.</exception>
    public static void AddUniform(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float low, float high, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.Uniform(low, high), x, y, key, device);

    /// <summary>y = salt with probability p/2, pepper with probability p/2, else x. Rows are the first dimension.</summary>
    /// <param name="x">Input, dense.</param>
    /// <param name="y">Output, dense, of x's shape; it may be x itself.</param>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="salt">One value, finite.</param>
    /// <param name="pepper">The other value, finite.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Shapes differ, a tensor is not dense, or buffers overlap in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1], or a value is not finite.</exception>
    public static void SaltAndPepper(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float probability, float salt, float pepper,
        in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.SaltAndPepper(probability, salt, pepper), x, y, key, device);

    /// <summary>
    /// y = x / (1 - p) with probability 1 - p, else 0; p = 0 and p = 1 are exact (Srivastava et al. 2014). Its own backward:
    /// applied to dy at the same address it gives dx. Rows are the first dimension.
    /// </summary>
    /// <param name="x">Input, dense.</param>
    /// <param name="y">Output, dense, of x's shape; it may be x itself.</param>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Shapes differ, a tensor is not dense, or buffers overlap in part.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1].</exception>
    public static void Dropout(
        in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, float probability, in NoiseKey key, Device? device = null) =>
        Run(ElementNoise.Dropout(probability), x, y, key, device);

    private static void Run(
        in ElementNoise noise, in ReadOnlyTensorSpan<float> x, in TensorSpan<float> y, in NoiseKey key, Device? device)
    {
        if (!x.Lengths.SequenceEqual(y.Lengths))
        {
            throw new ArgumentException("'y' has another shape than 'x'.", nameof(y));
        }

        if (!x.IsDense)
        {
            throw new ArgumentException("'x' must be dense: its elements must lie in row-major order without gaps.", nameof(x));
        }

        if (!y.IsDense)
        {
            throw new ArgumentException("'y' must be dense: its elements must lie in row-major order without gaps.", nameof(y));
        }

        int length = checked((int)x.FlattenedLength);
        int rows = x.Rank <= 1 ? 1 : checked((int)x.Lengths[0]);
        ReadOnlySpan<float> input = MemoryMarshal.CreateReadOnlySpan(in x.GetPinnableReference(), length);
        Span<float> output = MemoryMarshal.CreateSpan(ref y.GetPinnableReference(), length);
        Run(noise, input, output, key, rows == 0 ? 0 : length / rows, device);
    }
}

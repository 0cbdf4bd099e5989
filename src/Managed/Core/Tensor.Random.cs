namespace NativeNoise;

public partial class Tensor
{
    /// <summary>A tensor on a device of N(mean, std²): element e of row r at row r of the address (one row for rank 1).</summary>
    /// <param name="device">Where operations on it run.</param>
    /// <param name="key">The address.</param>
    /// <param name="mean">Mean, finite.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="shape">Dimensions; none for a scalar.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="ArgumentException">A dimension is negative, or there are too many elements.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="mean"/> or <paramref name="std"/> is outside its range, or a row or step would pass 2^32 - 1.
    /// </exception>
    public static Tensor Normal(Device device, in NoiseKey key, float mean, float std, params ReadOnlySpan<int> shape)
    {
        ElementNoise.Finite(mean, nameof(mean));
        ElementNoise.Magnitude(std, nameof(std));
        Tensor tensor = Uninitialized(device, shape);
        Fill.Normal(tensor, key, mean, std);
        return tensor;
    }

    /// <summary>A tensor on a device of U[low, high): element e of row r at row r of the address (one row for rank 1).</summary>
    /// <param name="device">Where operations on it run.</param>
    /// <param name="key">The address.</param>
    /// <param name="low">Lower end, finite.</param>
    /// <param name="high">Upper end, finite and not below <paramref name="low"/>; it never comes out unless they are equal.</param>
    /// <param name="shape">Dimensions; none for a scalar.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="low"/> is above <paramref name="high"/>; a dimension is negative, or there are too many elements.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite, or a row or step would pass 2^32 - 1.</exception>
    public static Tensor Uniform(Device device, in NoiseKey key, float low, float high, params ReadOnlySpan<int> shape)
    {
        ElementNoise.Interval(low, high);
        Tensor tensor = Uninitialized(device, shape);
        Fill.Uniform(tensor, key, low, high);
        return tensor;
    }
}

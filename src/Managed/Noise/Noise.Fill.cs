using NativeNoise.Bindings;

namespace NativeNoise;

// Noise by itself.
public static partial class Noise
{
    /// <summary>y = mean + std eps, eps ~ N(0, 1), in one rounding.</summary>
    /// <typeparam name="T">float, or Half or <see cref="BFloat16"/>: computed as float and rounded once.</typeparam>
    /// <param name="y">Output.</param>
    /// <param name="mean">Mean, finite.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Columns do not divide the length.</exception>
    /// <exception cref="NotSupportedException">Elements are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The mean is not finite, the deviation negative, infinite or NaN, or a row or step would pass 2^32 - 1.
    /// </exception>
    public static unsafe void FillNormal<T>(
        Span<T> y, float mean, float std, in NoiseKey key, int columns = 0, Device? device = null)
        where T : unmanaged
    {
        ElementNoise.Finite(mean, nameof(mean));
        ElementNoise.Magnitude(std, nameof(std));
        (long rows, long width) = RowsOf(y.Length, columns);
        using ContextLease context = new(device);
        fixed (T* py = y)
        {
            NativeCall.Check(NativeMethods.nnoise_fill_normal(
                context.Pointer, TypeOf<T>(), rows, width, py, key.ToAddress(), mean, std));
        }
    }

    /// <summary>y ~ U[low, high); low where both are equal. Rounding to half precision may give high.</summary>
    /// <typeparam name="T">float, or Half or <see cref="BFloat16"/>: computed as float and rounded once.</typeparam>
    /// <param name="y">Output.</param>
    /// <param name="low">Lower end, finite.</param>
    /// <param name="high">Upper end, finite, not below <paramref name="low"/>.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Columns do not divide the length, or low is above high.</exception>
    /// <exception cref="NotSupportedException">Elements are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite, or a row or step would pass 2^32 - 1.</exception>
    public static unsafe void FillUniform<T>(
        Span<T> y, float low, float high, in NoiseKey key, int columns = 0, Device? device = null)
        where T : unmanaged
    {
        ElementNoise.Interval(low, high);
        (long rows, long width) = RowsOf(y.Length, columns);
        using ContextLease context = new(device);
        fixed (T* py = y)
        {
            NativeCall.Check(NativeMethods.nnoise_fill_uniform(
                context.Pointer, TypeOf<T>(), rows, width, py, key.ToAddress(), low, high));
        }
    }

    /// <summary>The 32-bit words themselves, uniform on all values (Philox4x32-10, Salmon et al. 2011).</summary>
    /// <param name="y">Output.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row or step would pass 2^32 - 1.</exception>
    public static unsafe void FillWords(Span<uint> y, in NoiseKey key, int columns = 0, Device? device = null)
    {
        (long rows, long width) = RowsOf(y.Length, columns);
        using ContextLease context = new(device);
        fixed (uint* py = y)
        {
            NativeCall.Check(NativeMethods.nnoise_words(context.Pointer, rows, width, py, key.ToAddress()));
        }
    }

    /// <summary>+1 or -1 with probability 1/2 each.</summary>
    /// <typeparam name="T">float, or Half or <see cref="BFloat16"/>: computed as float and rounded once.</typeparam>
    /// <param name="y">Output.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Columns do not divide the length.</exception>
    /// <exception cref="NotSupportedException">Elements are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row or step would pass 2^32 - 1.</exception>
    public static unsafe void FillSigns<T>(Span<T> y, in NoiseKey key, int columns = 0, Device? device = null)
        where T : unmanaged
    {
        (long rows, long width) = RowsOf(y.Length, columns);
        using ContextLease context = new(device);
        fixed (T* py = y)
        {
            NativeCall.Check(NativeMethods.nnoise_fill_signs(
                context.Pointer, TypeOf<T>(), rows, width, py, key.ToAddress()));
        }
    }
}

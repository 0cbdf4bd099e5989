using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>
/// Noise for people who only have arrays: pure functions of the data and an address, without allocation. The same address gives
/// the same bits whatever the number of threads, the alignment or the way rows are cut into calls.
/// </summary>
/// <remarks>
/// Buffers are row-major [rows, columns]; row r has the address's row <c>FirstRow + r RowStride</c>. A magnitude of 0 copies the
/// input bit for bit. NaN in the data passes through. Input and output may be the same buffer, but must not overlap in part.
/// An address whose last row or step would pass 2^32 - 1 is refused with an <see cref="ArgumentOutOfRangeException"/>. Whatever is
/// refused, nothing has been written.
/// </remarks>
/// <example><code>
/// float[] noisy = new float[pixels.Length];
/// Noise.AddGaussian(pixels, noisy, std: 0.1f, NoiseKey.ForSite(seed: 7, "camera", step: 3));
/// </code></example>
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

    /// <summary>In place: x = x + std eps, eps ~ N(0, 1). Its gradient passes unchanged.</summary>
    /// <param name="x">Input and output.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
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
        Run(ElementNoise.GaussianRelative(std), x, y, key, columns, device);

    /// <summary>In place: x = x + std |x| eps, eps ~ N(0, 1).</summary>
    /// <param name="x">Input and output.</param>
    /// <param name="std">Relative standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void AddGaussianRelative(Span<float> x, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.GaussianRelative(std), x, x, key, columns, device);

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
        ReadOnlySpan<float> x, Span<float> y, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.GaussianMultiplicative(std), x, y, key, columns, device);

    /// <summary>In place: x = x (1 + std eps), eps ~ N(0, 1). Its own backward: applied to dy at the same address it gives dx.</summary>
    /// <param name="x">Input and output.</param>
    /// <param name="std">Standard deviation of the factor, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="std"/> is negative, infinite or NaN.</exception>
    public static void MultiplyGaussian(Span<float> x, float std, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.GaussianMultiplicative(std), x, x, key, columns, device);

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

    /// <summary>In place: x = x + U[low, high). Its gradient passes unchanged.</summary>
    /// <param name="x">Input and output.</param>
    /// <param name="low">Lower end, finite.</param>
    /// <param name="high">Upper end, finite, not below <paramref name="low"/>.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentException">low is above high, or one of them is not finite.</exception>
    public static void AddUniform(Span<float> x, float low, float high, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Uniform(low, high), x, x, key, columns, device);

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
        ReadOnlySpan<float> x, Span<float> y, float probability, float salt, float pepper,
        in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.SaltAndPepper(probability, salt, pepper), x, y, key, columns, device);

    /// <summary>In place: x becomes salt with probability p/2, pepper with probability p/2.</summary>
    /// <param name="x">Input and output.</param>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="salt">One value, finite.</param>
    /// <param name="pepper">The other value, finite.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1], or a value is not finite.</exception>
    public static void SaltAndPepper(
        Span<float> x, float probability, float salt, float pepper, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.SaltAndPepper(probability, salt, pepper), x, x, key, columns, device);

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
        ReadOnlySpan<float> x, Span<float> y, float probability, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Dropout(probability), x, y, key, columns, device);

    /// <summary>
    /// In place: x = x / (1 - p) with probability 1 - p, else 0; p = 0 and p = 1 are exact (Srivastava et al. 2014). Its own
    /// backward: applied to dy at the same address it gives dx.
    /// </summary>
    /// <param name="x">Input and output.</param>
    /// <param name="probability">p in [0, 1].</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Lengths differ, buffers overlap in part, or columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1].</exception>
    public static void Dropout(Span<float> x, float probability, in NoiseKey key, int columns = 0, Device? device = null) =>
        Run(ElementNoise.Dropout(probability), x, x, key, columns, device);

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
        Device? device = null)
    {
        RequireLength(x.Length, dy.Length, nameof(dy));
        RequireLength(x.Length, dx.Length, nameof(dx));
        RequireNoOverlap(x, dx, nameof(dx), inPlace: false);
        RunBackward(ElementNoise.GaussianRelative(std), x, dy, dx, key, columns, device);
    }

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
        ReadOnlySpan<float> dy, Span<float> dx, float probability, in NoiseKey key, int columns = 0, Device? device = null)
    {
        RequireLength(dy.Length, dx.Length, nameof(dx));
        RunBackward(ElementNoise.SaltAndPepper(probability, 0, 0), default, dy, dx, key, columns, device);
    }

    /// <summary>y = mean + std eps, eps ~ N(0, 1), in one rounding.</summary>
    /// <param name="y">Output.</param>
    /// <param name="mean">Mean, finite.</param>
    /// <param name="std">Standard deviation, finite and at least 0.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The mean is not finite, the deviation negative, infinite or NaN, or a row or step would pass 2^32 - 1.
    /// </exception>
    public static unsafe void FillNormal(
        Span<float> y, float mean, float std, in NoiseKey key, int columns = 0, Device? device = null)
    {
        ElementNoise.Finite(mean, nameof(mean));
        ElementNoise.Magnitude(std, nameof(std));
        (long rows, long width) = RowsOf(y.Length, columns);
        using ContextLease context = new(device);
        fixed (float* py = y)
        {
            NativeCall.Check(NativeMethods.nnoise_fill_normal(
                context.Pointer, nnoise_dtype.NNOISE_DTYPE_FLOAT32, rows, width, py, key.ToAddress(), mean, std));
        }
    }

    /// <summary>y ~ U[low, high); low where both are equal.</summary>
    /// <param name="y">Output.</param>
    /// <param name="low">Lower end, finite.</param>
    /// <param name="high">Upper end, finite, not below <paramref name="low"/>.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Columns do not divide the length, or low is above high.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite, or a row or step would pass 2^32 - 1.</exception>
    public static unsafe void FillUniform(
        Span<float> y, float low, float high, in NoiseKey key, int columns = 0, Device? device = null)
    {
        ElementNoise.Interval(low, high);
        (long rows, long width) = RowsOf(y.Length, columns);
        using ContextLease context = new(device);
        fixed (float* py = y)
        {
            NativeCall.Check(NativeMethods.nnoise_fill_uniform(
                context.Pointer, nnoise_dtype.NNOISE_DTYPE_FLOAT32, rows, width, py, key.ToAddress(), low, high));
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
    /// <param name="y">Output.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">Columns do not divide the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row or step would pass 2^32 - 1.</exception>
    public static unsafe void FillSigns(Span<float> y, in NoiseKey key, int columns = 0, Device? device = null)
    {
        (long rows, long width) = RowsOf(y.Length, columns);
        using ContextLease context = new(device);
        fixed (float* py = y)
        {
            NativeCall.Check(NativeMethods.nnoise_fill_signs(
                context.Pointer, nnoise_dtype.NNOISE_DTYPE_FLOAT32, rows, width, py, key.ToAddress()));
        }
    }

    private static unsafe void Run(
        in ElementNoise noise, ReadOnlySpan<float> x, Span<float> y, in NoiseKey key, int columns, Device? device)
    {
        RequireLength(x.Length, y.Length, nameof(y));
        RequireNoOverlap(x, y, nameof(y), inPlace: true);
        (long rows, long width) = RowsOf(x.Length, columns);
        using ContextLease context = new(device);
        fixed (float* px = x, py = y)
        {
            NativeCall.Check(noise.Forward(context.Pointer, key, rows, width, px, py));
        }
    }

    private static unsafe void RunBackward(
        in ElementNoise noise, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, in NoiseKey key, int columns,
        Device? device)
    {
        RequireNoOverlap(dy, dx, nameof(dx), inPlace: true);
        (long rows, long width) = RowsOf(dy.Length, columns);
        using ContextLease context = new(device);
        fixed (float* px = x, pdy = dy, pdx = dx)
        {
            NativeCall.Check(noise.Backward(context.Pointer, key, rows, width, px, pdy, pdx));
        }
    }

    private static (long Rows, long Columns) RowsOf(int length, int columns)
    {
        if (columns < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(columns), columns, "'columns' must be at least 0.");
        }

        if (columns == 0)
        {
            return (1, length);
        }

        return length % columns == 0
            ? (length / columns, columns)
            : throw new ArgumentException($"'columns' is {columns}, which does not divide the length, {length}.", nameof(columns));
    }

    private static void RequireLength(int expected, int actual, string argument)
    {
        if (expected != actual)
        {
            throw new ArgumentException($"'{argument}' has {actual} elements; expected {expected}, as many as the input.", argument);
        }
    }

    private static void RequireNoOverlap(ReadOnlySpan<float> input, ReadOnlySpan<float> output, string argument, bool inPlace)
    {
        if (input.Overlaps(output, out int offset) && !(inPlace && offset == 0))
        {
            throw new ArgumentException(
                $"'{argument}' overlaps the input, {Math.Abs(offset)} elements apart; buffers must be " +
                (inPlace ? "equal or separate." : "separate."), argument);
        }
    }
}

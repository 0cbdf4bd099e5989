using System.Numerics.Tensors;

namespace NativeNoise;

/// <summary>
/// Noise for people who only have arrays: pure functions of the data and an address, without allocation. The same address gives
/// the same bits whatever the number of threads, the alignment or the way rows are cut into calls.
/// </summary>
/// <remarks>
/// <para>
/// Buffers are row-major [rows, columns]; row r has the address's row <c>FirstRow + r RowStride</c>. A magnitude of 0 copies the
/// input bit for bit. NaN in the data passes through. Input and output may be the same buffer, but must not overlap in part.
/// An address whose last row or step would pass 2^32 - 1 is refused with an <see cref="ArgumentOutOfRangeException"/>. Whatever is
/// refused, nothing has been written.
/// </para>
/// <para>
/// Functions named for a kind are the short form for floats. <see cref="Apply{T}(in ElementNoise, ReadOnlySpan{T}, Span{T}, in NoiseKey, int, Device?)"/>
/// is the general one: any <see cref="ElementNoise"/>, shared along axes and applied to some rows only, on float, Half and
/// <see cref="BFloat16"/>, which are widened exactly, computed as float and rounded once, to nearest even.
/// </para>
/// </remarks>
/// <example><code>
/// float[] noisy = new float[pixels.Length];
/// Noise.AddGaussian(pixels, noisy, std: 0.1f, NoiseKey.ForSite(seed: 7, "camera", step: 3));
/// </code></example>
public static partial class Noise
{
    /// <summary>y = x with any element-wise noise.</summary>
    /// <typeparam name="T">float, Half or <see cref="BFloat16"/>.</typeparam>
    /// <param name="noise">The noise.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="columns">Elements per row, which must divide the length; 0 (the default): all are one row.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">
    /// The noise is the default value, or the same along other axes than 0 (the rows) and 1 (a row's elements); lengths differ,
    /// buffers overlap in part, or columns do not divide the length.
    /// </exception>
    /// <exception cref="NotSupportedException">Elements are of another type.</exception>
    public static void Apply<T>(
        in ElementNoise noise, ReadOnlySpan<T> x, Span<T> y, in NoiseKey key, int columns = 0, Device? device = null)
        where T : unmanaged =>
        Run(noise, x, y, key, columns, device);

    /// <summary>In place: x with any element-wise noise.</summary>
    /// <inheritdoc cref="Apply{T}(in ElementNoise, ReadOnlySpan{T}, Span{T}, in NoiseKey, int, Device?)"/>
    public static void Apply<T>(in ElementNoise noise, Span<T> x, in NoiseKey key, int columns = 0, Device? device = null)
        where T : unmanaged =>
        Run<T>(noise, x, x, key, columns, device);

    /// <summary>y = x with any element-wise noise, on data with several axes.</summary>
    /// <typeparam name="T">float, Half or <see cref="BFloat16"/>.</typeparam>
    /// <param name="noise">The noise.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output, as long as x; it may be x itself.</param>
    /// <param name="key">Address of the noise.</param>
    /// <param name="shape">
    /// The data's shape, [rows, ..], to which the noise's shared axes refer; noise along the last axis runs along its last axis.
    /// One number: all are one row.
    /// </param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">
    /// The noise is the default value, or the same along axes that the shape lacks, or along more than 4 separate groups of them; the
    /// shape has another number of elements than x; lengths differ, or buffers overlap in part.
    /// </exception>
    /// <exception cref="NotSupportedException">Elements are of another type.</exception>
    public static void Apply<T>(
        in ElementNoise noise, ReadOnlySpan<T> x, Span<T> y, in NoiseKey key, ReadOnlySpan<int> shape, Device? device = null)
        where T : unmanaged
    {
        noise.Require(shape, nameof(noise));
        RequireLength(x.Length, y.Length, nameof(y));
        RequireShape(shape, x.Length);
        RunRows(noise, x, y, key, RowsOf(shape, x.Length), RowShape(shape), device);
    }

    /// <summary>In place: x with any element-wise noise, on data with several axes.</summary>
    /// <inheritdoc cref="Apply{T}(in ElementNoise, ReadOnlySpan{T}, Span{T}, in NoiseKey, ReadOnlySpan{int}, Device?)"/>
    public static void Apply<T>(in ElementNoise noise, Span<T> x, in NoiseKey key, ReadOnlySpan<int> shape, Device? device = null)
        where T : unmanaged => Apply(noise, x, x, key, shape, device);

    /// <inheritdoc cref="Apply{T}(in ElementNoise, ReadOnlySpan{T}, Span{T}, in NoiseKey, int, Device?)"/>
    public static void Apply<T>(
        in ElementNoise noise, ReadOnlyMemory<T> x, Memory<T> y, in NoiseKey key, int columns = 0, Device? device = null)
        where T : unmanaged =>
        Run(noise, x.Span, y.Span, key, columns, device);

    /// <inheritdoc cref="Apply{T}(in ElementNoise, ReadOnlySpan{T}, Span{T}, in NoiseKey, ReadOnlySpan{int}, Device?)"/>
    public static void Apply<T>(
        in ElementNoise noise, in ReadOnlyTensorSpan<T> x, in TensorSpan<T> y, in NoiseKey key, Device? device = null)
        where T : unmanaged =>
        Run(noise, x, y, key, device);

    /// <summary>The gradient of <see cref="Apply{T}(in ElementNoise, ReadOnlySpan{T}, Span{T}, in NoiseKey, int, Device?)"/>:
    /// dx from dy, drawing the same noise again. Where <see cref="ElementNoise.PassesGradient"/>, dx is dy.</summary>
    /// <typeparam name="T">float, Half or <see cref="BFloat16"/>.</typeparam>
    /// <param name="noise">As in the forward call.</param>
    /// <param name="x">The forward call's input; read where <see cref="ElementNoise.BackwardReadsInput"/>, else it may be empty.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="dx">Gradient of the input; it may be dy itself.</param>
    /// <param name="key">As in the forward call.</param>
    /// <param name="columns">As in the forward call.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">
    /// The noise is the default value, or the same along other axes than 0 and 1; lengths differ, buffers overlap in part, or columns do
    /// not divide the length.
    /// </exception>
    /// <exception cref="NotSupportedException">Elements are of another type.</exception>
    public static void ApplyBackward<T>(
        in ElementNoise noise, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx, in NoiseKey key, int columns = 0,
        Device? device = null)
        where T : unmanaged =>
        RunBackward(noise, x, dy, dx, key, columns, device);

    /// <summary>The gradient of <see cref="Apply{T}(in ElementNoise, ReadOnlySpan{T}, Span{T}, in NoiseKey, ReadOnlySpan{int}, Device?)"/>:
    /// dx from dy, drawing the same noise again. Where <see cref="ElementNoise.PassesGradient"/>, dx is dy.</summary>
    /// <typeparam name="T">float, Half or <see cref="BFloat16"/>.</typeparam>
    /// <param name="noise">As in the forward call.</param>
    /// <param name="x">The forward call's input; read where <see cref="ElementNoise.BackwardReadsInput"/>, else it may be empty.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="dx">Gradient of the input; it may be dy itself.</param>
    /// <param name="key">As in the forward call.</param>
    /// <param name="shape">As in the forward call.</param>
    /// <param name="device">Whose threads to use; null (the default): the caller's thread alone.</param>
    /// <exception cref="ArgumentException">As in the forward call.</exception>
    /// <exception cref="NotSupportedException">Elements are of another type.</exception>
    public static void ApplyBackward<T>(
        in ElementNoise noise, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx, in NoiseKey key, ReadOnlySpan<int> shape,
        Device? device = null)
        where T : unmanaged
    {
        noise.Require(shape, nameof(noise));
        RequireBackward(noise, x, dy, dx);
        RequireShape(shape, dy.Length);
        RunRowsBackward(noise, x, dy, dx, key, RowsOf(shape, dy.Length), RowShape(shape), device);
    }
}

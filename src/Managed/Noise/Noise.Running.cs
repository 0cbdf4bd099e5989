using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeNoise.Bindings;

namespace NativeNoise;

// What all the functions share: checks of buffers, and the calls.
public static partial class Noise
{
    private static void Run<T>(
        in ElementNoise noise, ReadOnlySpan<T> x, Span<T> y, in NoiseKey key, int columns, Device? device)
        where T : unmanaged
    {
        noise.RequireRows(nameof(noise));
        RequireLength(x.Length, y.Length, nameof(y));
        RunRows(noise, x, y, key, RowsOf(x.Length, columns), [], device);
    }

    private static void Run<T>(
        in ElementNoise noise, in ReadOnlyTensorSpan<T> x, in TensorSpan<T> y, in NoiseKey key, Device? device)
        where T : unmanaged
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
        Span<int> shape = x.Rank <= 16 ? stackalloc int[x.Rank] : new int[x.Rank];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = checked((int)x.Lengths[i]);
        }

        noise.Require(shape, nameof(noise));
        ReadOnlySpan<T> input = MemoryMarshal.CreateReadOnlySpan(in x.GetPinnableReference(), length);
        Span<T> output = MemoryMarshal.CreateSpan(ref y.GetPinnableReference(), length);
        RunRows(noise, input, output, key, RowsOf(shape, length), RowShape(shape), device);
    }

    private static void RunBackward<T>(
        in ElementNoise noise, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx, in NoiseKey key, int columns, Device? device)
        where T : unmanaged
    {
        noise.RequireRows(nameof(noise));
        RequireBackward(noise, x, dy, dx);
        RunRowsBackward(noise, x, dy, dx, key, RowsOf(dy.Length, columns), [], device);
    }

    private static unsafe void RunRows<T>(
        in ElementNoise noise, ReadOnlySpan<T> x, Span<T> y, in NoiseKey key, (long Rows, long Columns) rows, ReadOnlySpan<int> rowShape,
        Device? device)
        where T : unmanaged
    {
        RequireNoOverlap(x, y, nameof(y), inPlace: true);
        using ContextLease context = new(device);
        fixed (T* px = x, py = y)
        {
            NativeCall.Check(noise.Forward(context.Pointer, TypeOf<T>(), key, rows.Rows, rows.Columns, rowShape, px, py));
        }
    }

    private static unsafe void RunRowsBackward<T>(
        in ElementNoise noise, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx, in NoiseKey key, (long Rows, long Columns) rows,
        ReadOnlySpan<int> rowShape, Device? device)
        where T : unmanaged
    {
        RequireNoOverlap(dy, dx, nameof(dx), inPlace: true);
        using ContextLease context = new(device);
        fixed (T* px = x, pdy = dy, pdx = dx)
        {
            NativeCall.Check(noise.Backward(context.Pointer, TypeOf<T>(), key, rows.Rows, rows.Columns, rowShape, px, pdy, pdx));
        }
    }

    // A constant for each T once compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nnoise_dtype TypeOf<T>() =>
        typeof(T) == typeof(float) ? nnoise_dtype.NNOISE_DTYPE_FLOAT32
        : typeof(T) == typeof(Half) ? nnoise_dtype.NNOISE_DTYPE_FLOAT16
        : typeof(T) == typeof(BFloat16) ? nnoise_dtype.NNOISE_DTYPE_BFLOAT16
        : throw new NotSupportedException($"There is no noise on elements of the type {typeof(T)}; expected float, Half or BFloat16.");

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

    private static (long Rows, long Columns) RowsOf(ReadOnlySpan<int> shape, int length)
    {
        if (shape.Length < 2)
        {
            return (1, length);
        }

        return shape[0] == 0 ? (0, 0) : (shape[0], length / shape[0]);
    }

    private static ReadOnlySpan<int> RowShape(ReadOnlySpan<int> shape) => shape.Length < 2 ? [] : shape[1..];

    private static void RequireShape(ReadOnlySpan<int> shape, int length)
    {
        if (Shape.Length(shape, nameof(shape)) != length)
        {
            throw new ArgumentException(
                $"'shape' is {Shape.Text(shape)}, {Shape.Length(shape, nameof(shape))} elements, but the data have {length}.", nameof(shape));
        }
    }

    private static void RequireLength(int expected, int actual, string argument)
    {
        if (expected != actual)
        {
            throw new ArgumentException($"'{argument}' has {actual} elements; expected {expected}, as many as the input.", argument);
        }
    }

    private static void RequireBackward<T>(in ElementNoise noise, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, ReadOnlySpan<T> dx)
        where T : unmanaged
    {
        if (noise.BackwardReadsInput)
        {
            RequireLength(x.Length, dy.Length, nameof(dy));
            RequireNoOverlap(x, dx, nameof(dx), inPlace: false);
        }

        RequireLength(dy.Length, dx.Length, nameof(dx));
    }

    private static void RequireNoOverlap<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> output, string argument, bool inPlace)
    {
        if (input.Overlaps(output, out int offset) && !(inPlace && offset == 0))
        {
            throw new ArgumentException(
                $"'{argument}' overlaps the input, {Math.Abs(offset)} elements apart; buffers must be " +
                (inPlace ? "equal or separate." : "separate."), argument);
        }
    }
}

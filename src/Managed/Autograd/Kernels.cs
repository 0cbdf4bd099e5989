using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>Native calls on whole buffers, each inside its leases. Nothing is checked here that the library checks.</summary>
internal static unsafe class Kernels
{
    /// <summary>y = value.</summary>
    public static void Fill(Device device, NativeBuffer y, long n, float value)
    {
        using ContextLease context = new(device);
        using BufferLease py = new(y);
        NativeCall.Check(NativeMethods.nnoise_fill(context.Pointer, n, py.Pointer, value));
    }

    /// <summary>y = x.</summary>
    public static void Copy(Device device, NativeBuffer x, NativeBuffer y, long n) => Axpby(device, n, 1f, x, 0f, y);

    /// <summary>y = alpha x + beta y.</summary>
    public static void Axpby(Device device, long n, float alpha, NativeBuffer x, float beta, NativeBuffer y)
    {
        using ContextLease context = new(device);
        using BufferLease px = new(x), py = new(y);
        NativeCall.Check(NativeMethods.nnoise_axpby(context.Pointer, n, alpha, px.Pointer, beta, py.Pointer));
    }

    /// <summary>y = a b, element by element.</summary>
    public static void Multiply(Device device, long n, NativeBuffer a, NativeBuffer b, NativeBuffer y)
    {
        using ContextLease context = new(device);
        using BufferLease pa = new(a), pb = new(b), py = new(y);
        NativeCall.Check(NativeMethods.nnoise_multiply(context.Pointer, n, pa.Pointer, pb.Pointer, py.Pointer));
    }

    /// <summary>y[r, c] = x[r, c] + row[c].</summary>
    public static void AddRow(Device device, long rows, long columns, NativeBuffer x, NativeBuffer row, NativeBuffer y)
    {
        using ContextLease context = new(device);
        using BufferLease px = new(x), pr = new(row), py = new(y);
        NativeCall.Check(NativeMethods.nnoise_add_row(context.Pointer, rows, columns, px.Pointer, pr.Pointer, py.Pointer));
    }

    /// <summary>y[c] = sum over r of x[r, c], added where asked for.</summary>
    public static void ColumnSum(Device device, long rows, long columns, NativeBuffer x, NativeBuffer y, bool accumulate)
    {
        using ContextLease context = new(device);
        using BufferLease px = new(x), py = new(y);
        NativeCall.Check(NativeMethods.nnoise_column_sum(
            context.Pointer, rows, columns, px.Pointer, py.Pointer, accumulate ? 1 : 0));
    }

    /// <summary>Sum of x.</summary>
    public static double Sum(Device device, long n, NativeBuffer x)
    {
        using ContextLease context = new(device);
        using BufferLease px = new(x);
        double sum;
        NativeCall.Check(NativeMethods.nnoise_sum(context.Pointer, n, px.Pointer, &sum));
        return sum;
    }

    /// <summary>Sum of x squared.</summary>
    public static double SumSquares(Device device, long n, NativeBuffer x)
    {
        using ContextLease context = new(device);
        using BufferLease px = new(x);
        double sum;
        NativeCall.Check(NativeMethods.nnoise_sum_squares(context.Pointer, n, px.Pointer, &sum));
        return sum;
    }

    /// <summary>y = activation(x).</summary>
    public static void Activate(Device device, Activation activation, long n, NativeBuffer x, NativeBuffer y)
    {
        using ContextLease context = new(device);
        using BufferLease px = new(x), py = new(y);
        NativeCall.Check(NativeMethods.nnoise_activation_forward(
            context.Pointer, (nnoise_activation)activation, n, px.Pointer, py.Pointer));
    }

    /// <summary>dx = dy activation'(...), from the output, or for GELU the input.</summary>
    public static void ActivateBackward(
        Device device, Activation activation, long n, NativeBuffer saved, NativeBuffer dy, NativeBuffer dx)
    {
        using ContextLease context = new(device);
        using BufferLease ps = new(saved), pdy = new(dy), pdx = new(dx);
        NativeCall.Check(NativeMethods.nnoise_activation_backward(
            context.Pointer, (nnoise_activation)activation, n, ps.Pointer, pdy.Pointer, pdx.Pointer));
    }

    /// <summary>c = op(a) op(b), added where asked for.</summary>
    public static void MatMul(
        Device device, bool transposeA, bool transposeB, long m, long n, long k, NativeBuffer a, NativeBuffer b, NativeBuffer c,
        bool accumulate)
    {
        using ContextLease context = new(device);
        using BufferLease pa = new(a), pb = new(b), pc = new(c);
        NativeCall.Check(NativeMethods.nnoise_matmul(
            context.Pointer, transposeA ? 1 : 0, transposeB ? 1 : 0, m, n, k, pa.Pointer, pb.Pointer, pc.Pointer,
            accumulate ? 1 : 0));
    }

    /// <summary>Reads one element.</summary>
    public static float Read(NativeBuffer x)
    {
        using BufferLease px = new(x);
        return px.Pointer[0];
    }

    /// <summary>Writes one element.</summary>
    public static void Write(NativeBuffer x, float value)
    {
        using BufferLease px = new(x);
        px.Pointer[0] = value;
    }
}

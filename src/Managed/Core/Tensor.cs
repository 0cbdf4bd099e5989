using System.Globalization;
using System.Runtime.CompilerServices;

namespace NativeNoise;

/// <summary>
/// A float32 array of any rank in row-major order, in pooled native memory (64-byte aligned), with reverse-mode automatic
/// differentiation. Operations stand in <see cref="Functional"/>.
/// </summary>
/// <remarks>
/// Memory goes back to the pool on <see cref="Dispose()"/>, when a <see cref="TensorScope"/> ends, or, for a forgotten tensor,
/// when the garbage collector finds it. Spans over a tensor are valid only while the tensor is in use: keep it in a
/// <c>using</c>. Different tensors may be used from different threads; one tensor may be read by many.
/// </remarks>
public partial class Tensor : IDisposable
{
    private readonly int[] _shape;
    private NativeBuffer? _buffer;

    /// <summary>Wraps a buffer, of which the tensor becomes a user. Enlisted in the thread's scope unless told otherwise.</summary>
    private protected Tensor(NativeBuffer buffer, int[] shape, long length, Device device, bool enlist)
    {
        _buffer = buffer;
        _shape = shape;
        Length = length;
        Device = device;
        if (enlist)
        {
            TensorScope.Enlist(this);
        }
    }

    /// <summary>The dimensions; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Number of dimensions; 0 for a scalar.</summary>
    public int Rank => _shape.Length;

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Number of rows, for which noise is addressed: the first dimension, or 1 for rank 0 and 1.</summary>
    public int Rows => RowsOf(_shape);

    /// <summary>Elements per row: the product of the further dimensions; for rank 0 and 1 all elements.</summary>
    public long Columns => ColumnsOf(_shape);

    /// <summary>Where operations on this tensor run.</summary>
    public Device Device { get; internal set; }

    /// <summary>A name for messages; null for none. Parameters have their path.</summary>
    public virtual string? Name { get; set; }

    /// <summary>
    /// Number of changes to the contents since the tensor was made; views share it. A change between a forward and its
    /// backward pass is an error in <see cref="Backward"/>.
    /// </summary>
    public int Version => Buffer.Version;

    /// <summary>Whether the tensor has been disposed.</summary>
    public bool IsDisposed => Volatile.Read(ref _buffer) is null;

    internal TensorScope? Scope { get; set; }

    /// <summary>The axes of a row; none for rank 0 and 1.</summary>
    internal ReadOnlySpan<int> RowShape => RowShapeOf(_shape);

    /// <summary>The shape's array, shared by tensors of one shape and never changed.</summary>
    internal int[] ShapeArray => _shape;

    /// <summary>The memory. Throws after Dispose.</summary>
    internal NativeBuffer Buffer => Volatile.Read(ref _buffer) ?? throw new ObjectDisposedException(GetType().FullName, DisposedMessage);

    private string DisposedMessage => $"{Describe()} has been disposed.";

    /// <summary>A tensor of zeros.</summary>
    /// <param name="shape">Dimensions; none for a scalar.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">A dimension is negative, or there are too many elements.</exception>
    public static Tensor Zeros(params ReadOnlySpan<int> shape) => Full(0f, shape);

    /// <summary>A tensor of zeros on a device.</summary>
    /// <param name="device">Where operations on it run.</param>
    /// <param name="shape">Dimensions; none for a scalar.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="ArgumentException">A dimension is negative, or there are too many elements.</exception>
    public static Tensor Zeros(Device device, params ReadOnlySpan<int> shape) => Full(device, 0f, shape);

    /// <summary>A tensor with every element equal to a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="shape">Dimensions; none for a scalar.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">A dimension is negative, or there are too many elements.</exception>
    public static Tensor Full(float value, params ReadOnlySpan<int> shape) => Full(Device.Cpu, value, shape);

    /// <summary>A tensor on a device with every element equal to a value.</summary>
    /// <param name="device">Where operations on it run.</param>
    /// <param name="value">The value.</param>
    /// <param name="shape">Dimensions; none for a scalar.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="ArgumentException">A dimension is negative, or there are too many elements.</exception>
    public static Tensor Full(Device device, float value, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = Uninitialized(device, shape);
        Kernels.Fill(device, tensor.Buffer, tensor.Length, value);
        return tensor;
    }

    /// <summary>A scalar (rank 0).</summary>
    /// <param name="value">Its value.</param>
    /// <returns>The tensor.</returns>
    public static Tensor Scalar(float value) => Full(value);

    /// <summary>A tensor with a copy of the data.</summary>
    /// <param name="data">Elements in row-major order.</param>
    /// <param name="shape">Dimensions; none: one dimension with all of the data.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The shape has another number of elements than the data.</exception>
    public static Tensor From(ReadOnlySpan<float> data, params ReadOnlySpan<int> shape) => From(Device.Cpu, data, shape);

    /// <summary>A tensor on a device with a copy of the data.</summary>
    /// <param name="device">Where operations on it run.</param>
    /// <param name="data">Elements in row-major order.</param>
    /// <param name="shape">Dimensions; none: one dimension with all of the data.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    /// <exception cref="ArgumentException">The shape has another number of elements than the data.</exception>
    public static Tensor From(Device device, ReadOnlySpan<float> data, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(device);
        ReadOnlySpan<int> dimensions = shape.IsEmpty ? [data.Length] : shape;
        long length = NativeNoise.Shape.Length(dimensions, nameof(shape));
        if (length != data.Length)
        {
            throw new ArgumentException(
                $"Shape {NativeNoise.Shape.Text(dimensions)} has {length} elements, but the data has {data.Length}.", nameof(shape));
        }

        Tensor tensor = Uninitialized(device, dimensions);
        tensor.CopyIn(data);
        return tensor;
    }

    /// <summary>
    /// The elements, to read and write. Counts as a change (see <see cref="Version"/>) at the time of the call.
    /// </summary>
    /// <returns>A span that is valid while the tensor is in use.</returns>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    /// <exception cref="InvalidOperationException">The tensor is longer than a span can be.</exception>
    public unsafe Span<float> AsSpan()
    {
        NativeBuffer buffer = Buffer;
        buffer.BumpVersion();
        return new Span<float>(buffer.Pointer, SpanLength());
    }

    /// <summary>The elements, to read.</summary>
    /// <returns>A span that is valid while the tensor is in use.</returns>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    /// <exception cref="InvalidOperationException">The tensor is longer than a span can be.</exception>
    public unsafe ReadOnlySpan<float> AsReadOnlySpan() => new(Buffer.Pointer, SpanLength());

    /// <summary>The value of a tensor with one element.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidOperationException">The tensor has another number of elements.</exception>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public float Item()
    {
        if (Length != 1)
        {
            throw new InvalidOperationException($"Item needs a tensor with one element; {Describe()} has {Length}.");
        }

        float value = AsReadOnlySpan()[0];
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>A copy of the elements in row-major order.</summary>
    /// <returns>The copy.</returns>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public float[] ToArray()
    {
        float[] copy = AsReadOnlySpan().ToArray();
        GC.KeepAlive(this);
        return copy;
    }

    /// <summary>Overwrites the elements. Counts as a change.</summary>
    /// <param name="data">As many elements as the tensor has.</param>
    /// <exception cref="ArgumentException">The data has another number of elements.</exception>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public void CopyFrom(ReadOnlySpan<float> data)
    {
        if (data.Length != Length)
        {
            throw new ArgumentException($"The data has {data.Length} elements, but {Describe()} has {Length}.", nameof(data));
        }

        Buffer.BumpVersion();
        CopyIn(data);
    }

    /// <summary>A tensor on the same memory that takes no part in differentiation.</summary>
    /// <returns>The view.</returns>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public Tensor Detach() => View(_shape);

    /// <summary>A copy that takes no part in differentiation.</summary>
    /// <returns>The copy.</returns>
    /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
    public Tensor Clone()
    {
        Tensor copy = UninitializedLike(this);
        Kernels.Copy(Device, Buffer, copy.Buffer, Length);
        return copy;
    }

    /// <summary>Gives the memory back. A graph that still needs it for a backward pass keeps it until then.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Such as <c>Tensor 'fc1.weight' [256, 784]</c>.</summary>
    /// <returns>Name and shape.</returns>
    public override string ToString() => Describe();

    /// <summary>A tensor with undefined contents.</summary>
    internal static Tensor Uninitialized(Device device, ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Uninitialized(device, shape.ToArray());
    }

    /// <summary>A tensor with undefined contents and a shape array that nobody will change.</summary>
    internal static Tensor Uninitialized(Device device, int[] shape)
    {
        long length = NativeNoise.Shape.Length(shape, nameof(shape));
        return new Tensor(NativeBufferPool.Rent(length), shape, length, device, enlist: true);
    }

    /// <summary>A tensor with undefined contents, and shape and device of another.</summary>
    internal static Tensor UninitializedLike(Tensor other) =>
        new(NativeBufferPool.Rent(other.Length), other._shape, other.Length, other.Device, enlist: true);

    /// <summary><see cref="Rows"/> of a shape.</summary>
    internal static int RowsOf(int[] shape) => shape.Length <= 1 ? 1 : shape[0];

    /// <summary><see cref="Columns"/> of a shape.</summary>
    internal static long ColumnsOf(int[] shape) => Product(shape.Length <= 1 ? shape : RowShapeOf(shape));

    /// <summary><see cref="RowShape"/> of a shape.</summary>
    internal static ReadOnlySpan<int> RowShapeOf(int[] shape) => shape.Length <= 1 ? [] : shape.AsSpan(1);

    /// <summary>A tensor on the same memory; the shape must have as many elements.</summary>
    internal Tensor View(int[] shape)
    {
        NativeBuffer buffer = Buffer;
        return buffer.TryAddUser()
            ? new Tensor(buffer, shape, Length, Device, enlist: true)
            : throw new ObjectDisposedException(GetType().FullName, DisposedMessage);
    }

    /// <summary>For messages: name, if there is one, and shape.</summary>
    internal string Describe() =>
        Name is { } name ? $"Tensor '{name}' {NativeNoise.Shape.Text(_shape)}" : $"Tensor {NativeNoise.Shape.Text(_shape)}";

    /// <summary>Takes a lease on the memory for a native call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BufferLease Lease() => new(Buffer);

    private protected virtual void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            Scope = null;
            ReleaseGraph();
            buffer.Release();
        }
    }

    private static long Product(ReadOnlySpan<int> shape)
    {
        long product = 1;
        foreach (int dimension in shape)
        {
            product *= dimension;
        }

        return product;
    }

    private unsafe void CopyIn(ReadOnlySpan<float> data)
    {
        using BufferLease lease = Lease();
        data.CopyTo(new Span<float>(lease.Pointer, data.Length));
    }

    private int SpanLength() => Length <= Array.MaxLength
        ? (int)Length
        : throw new InvalidOperationException(
            string.Create(CultureInfo.InvariantCulture, $"{Describe()} has {Length} elements, more than a span can hold."));
}

using System.Runtime.CompilerServices;

namespace NativeNoise;

/// <summary>The nodes whose outputs an operation read, in the order of its arguments; null where no gradient is needed.</summary>
[InlineArray(Count)]
internal struct NodeInputs
{
    /// <summary>Most inputs that an operation has (a linear layer: x, W, b, S, S_b).</summary>
    public const int Count = 5;

#pragma warning disable IDE0044 // The one field of an inline array cannot be readonly.
    private Node? _first;
#pragma warning restore IDE0044
}

/// <summary>
/// One operation of the graph that <see cref="Tensor.Backward"/> walks. A node holds what its backward pass reads again: the
/// noise's address and magnitude (never the noise), and each tensor with the version it had.
/// </summary>
/// <remarks>
/// References are counted: one for the tensor that the node made, one for each consumer. When the last goes, what the node
/// holds returns to the pool, so that a graph nobody runs backward does not wait for the garbage collector.
/// </remarks>
internal abstract class Node
{
    private NodeInputs _inputs;
    private int _references = 1;

    protected Node(Tensor output)
    {
        Device = output.Device;
        Length = output.Length;
    }

    /// <summary>Where backward runs.</summary>
    public Device Device { get; }

    /// <summary>Number of elements of the output, and of its gradient.</summary>
    public long Length { get; }

    /// <summary>Gradient of the output that has been gathered so far in the running backward pass.</summary>
    public NativeBuffer? Gradient { get; set; }

    /// <summary>Number of the last walk that has seen the node.</summary>
    public long Mark { get; set; }

    /// <summary>Whether the saved tensors have been given back.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Whether the node stands for a tensor whose gradient is kept.</summary>
    public virtual bool IsLeaf => false;

    /// <summary>Input <paramref name="index"/>, or null.</summary>
    public Node? Input(int index) => _inputs[index];

    /// <summary>Throws when a saved tensor has been changed since, before anything is computed.</summary>
    public abstract void Validate();

    /// <summary>Computes and hands on the gradients of the inputs.</summary>
    /// <param name="gradient">Gradient of the output; the node owns it now, and releases it or hands it on.</param>
    /// <param name="keep">Whether the graph will be used again, so that nothing saved may be given away.</param>
    public abstract void Backward(NativeBuffer gradient, bool keep);

    /// <summary>Releases what the node saved.</summary>
    protected abstract void ReleaseSaved();

    /// <summary>Connects an input; it must not be connected yet.</summary>
    protected void Connect(int index, Tensor? input)
    {
        if (input?.GradientNode is { } node)
        {
            Interlocked.Increment(ref node._references);
            _inputs[index] = node;
        }
    }

    /// <summary>
    /// A buffer to write the gradient into, and whether to add to what it holds. Nobody else sees the buffer.
    /// </summary>
    public virtual NativeBuffer OpenGradient(out bool accumulate)
    {
        if (Gradient is not { } buffer)
        {
            accumulate = false;
            return Gradient = NativeBufferPool.Rent(Length);
        }

        accumulate = true;
        if (!buffer.IsUnshared)
        {
            Gradient = NativeBufferPool.Rent(Length);
            Kernels.Copy(Device, buffer, Gradient, Length);
            buffer.Release();
        }

        return Gradient;
    }

    /// <summary>Adds a finished gradient, which the node owns from here on.</summary>
    public virtual void AcceptGradient(NativeBuffer gradient)
    {
        if (Gradient is null)
        {
            Gradient = gradient;
            return;
        }

        NativeBuffer target = OpenGradient(out _);
        Kernels.Axpby(Device, Length, 1f, gradient, 1f, target);
        gradient.Release();
    }

    /// <summary>Gives back what the node saved and cuts its inputs loose. Backward cannot run again.</summary>
    public void Release()
    {
        if (IsReleased || IsLeaf)
        {
            return;
        }

        IsReleased = true;
        ReleaseSaved();
        for (int i = 0; i < NodeInputs.Count; i++)
        {
            if (_inputs[i] is { } input)
            {
                _inputs[i] = null;
                input.RemoveReference();
            }
        }
    }

    /// <summary>Removes a reference; with the last one the node is released.</summary>
    public void RemoveReference()
    {
        // A loop along the first input: graphs may be deeper than the stack.
        Node? node = this;
        while (node is not null && Interlocked.Decrement(ref node._references) == 0 && !node.IsLeaf && !node.IsReleased)
        {
            Node? next = node._inputs[0];
            node._inputs[0] = null;
            node.Release();
            node = next;
        }
    }
}

/// <summary>A tensor that a node will read again, with the version it had.</summary>
internal struct SavedTensor
{
    private Tensor? _tensor;
    private NativeBuffer? _buffer;
    private readonly int _version;

    /// <summary>Saves a tensor; null saves nothing.</summary>
    public SavedTensor(Tensor? tensor)
    {
        if (tensor is not null)
        {
            NativeBuffer buffer = tensor.Buffer;
            ObjectDisposedException.ThrowIf(!buffer.TryAddUser(), tensor);
            _tensor = tensor;
            _buffer = buffer;
            _version = buffer.Version;
        }
    }

    /// <summary>The memory, or null.</summary>
    public readonly NativeBuffer? Buffer => _buffer;

    /// <summary>Throws when the tensor has been changed.</summary>
    /// <exception cref="InvalidOperationException">It has.</exception>
    public readonly void Validate()
    {
        if (_buffer is not null && _buffer.Version != _version)
        {
            throw new InvalidOperationException(
                $"{_tensor!.Describe()} was changed between the forward and the backward pass (version {_buffer.Version}, " +
                $"{_version} in forward), so its gradient cannot be computed. No gradient has been changed.");
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        _buffer?.Release();
        _buffer = null;
        _tensor = null;
    }
}

/// <summary>Stands for a tensor whose gradient is kept: where the graph ends.</summary>
internal sealed class LeafNode : Node
{
    private readonly Tensor _tensor;

    public LeafNode(Tensor tensor)
        : base(tensor)
    {
        _tensor = tensor;
    }

    public override bool IsLeaf => true;

    /// <summary>Throws when the tensor is gone, and with it the place of its gradient.</summary>
    public override void Validate() => _ = _tensor.Buffer;

    public override NativeBuffer OpenGradient(out bool accumulate) => _tensor.OpenGradient(out accumulate);

    public override void AcceptGradient(NativeBuffer gradient)
    {
        NativeBuffer target = OpenGradient(out bool accumulate);
        Kernels.Axpby(Device, Length, 1f, gradient, accumulate ? 1f : 0f, target);
        gradient.Release();
    }

    public override void Backward(NativeBuffer gradient, bool keep) => throw new InvalidOperationException("A leaf has no backward.");

    protected override void ReleaseSaved()
    {
    }
}

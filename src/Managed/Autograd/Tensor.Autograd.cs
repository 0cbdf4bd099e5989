namespace NativeNoise;

public partial class Tensor
{
    private Node? _node;
    private Tensor? _grad;
    private bool _gradIsCleared;

    /// <summary>
    /// Whether a gradient is computed: for a tensor made by the user, whether its own gradient is kept; for a result, whether
    /// it depends on such a tensor. Only the former can be changed. (false)
    /// </summary>
    /// <exception cref="InvalidOperationException">On setting: the tensor is the result of an operation.</exception>
    public bool RequiresGrad
    {
        get => _node is not null;
        set
        {
            if (value == RequiresGrad)
            {
                return;
            }

            if (_node is { IsLeaf: false })
            {
                throw new InvalidOperationException(
                    $"{Describe()} is the result of an operation; use Detach to take it out of the graph.");
            }

            _node = value ? new LeafNode(this) : null;
        }
    }

    /// <summary>
    /// The gradient that <see cref="Backward"/> has added up since the last <see cref="ZeroGrad"/>; null when there is none.
    /// The same tensor is used again after <see cref="ZeroGrad"/>: clone it to keep its values.
    /// </summary>
    public Tensor? Grad => _gradIsCleared ? null : _grad;

    /// <summary>Whether the tensor is the result of no recorded operation.</summary>
    public bool IsLeaf => _node is null or { IsLeaf: true };

    /// <summary>What made the tensor, or null when no gradient is needed.</summary>
    internal Node? GradientNode => _node;

    /// <summary>Sum of two tensors, as <see cref="Functional.Add"/>.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor of the same shape, or one row.</param>
    /// <returns>The sum.</returns>
    public static Tensor operator +(Tensor left, Tensor right) => Functional.Add(left, right);

    /// <summary>Element-wise product, as <see cref="Functional.Multiply"/>.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor of the same shape.</param>
    /// <returns>The product.</returns>
    public static Tensor operator *(Tensor left, Tensor right) => Functional.Multiply(left, right);

    /// <summary>Product with a number, as <see cref="Functional.Scale"/>.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">The number.</param>
    /// <returns>The product.</returns>
    public static Tensor operator *(Tensor left, float right) => Functional.Scale(left, right);

    /// <summary>As the operator +.</summary>
    /// <param name="other">A tensor of the same shape, or one row.</param>
    /// <returns>The sum.</returns>
    public Tensor Add(Tensor other) => Functional.Add(this, other);

    /// <summary>As the operator *.</summary>
    /// <param name="other">A tensor of the same shape.</param>
    /// <returns>The product.</returns>
    public Tensor Multiply(Tensor other) => Functional.Multiply(this, other);

    /// <summary>As the operator *.</summary>
    /// <param name="factor">The number.</param>
    /// <returns>The product.</returns>
    public Tensor Scale(float factor) => Functional.Scale(this, factor);

    /// <summary>Sum of all elements, as <see cref="Functional.Sum"/>.</summary>
    /// <returns>A scalar.</returns>
    public Tensor Sum() => Functional.Sum(this);

    /// <summary>Mean of all elements, as <see cref="Functional.Mean"/>.</summary>
    /// <returns>A scalar.</returns>
    public Tensor Mean() => Functional.Mean(this);

    /// <summary>The same elements in another shape, as <see cref="Functional.Reshape"/>.</summary>
    /// <param name="shape">Dimensions; one may be -1.</param>
    /// <returns>A view.</returns>
    public Tensor Reshape(params ReadOnlySpan<int> shape) => Functional.Reshape(this, shape);

    /// <summary>
    /// Adds the gradient of this tensor with respect to every tensor that requires one to its <see cref="Grad"/>. Noise is
    /// drawn again from its address. Every saved tensor is checked before anything is computed. Graphs that share a tensor that
    /// requires a gradient must not be run backward by two threads at once.
    /// </summary>
    /// <param name="gradient">Gradient of some scalar with respect to this tensor, of its shape; null: 1, for one element.</param>
    /// <param name="retainGraph">Whether the graph may be run again (false: it is released).</param>
    /// <exception cref="InvalidOperationException">
    /// The tensor depends on nothing that requires a gradient; it has several elements and no gradient is given; a tensor that
    /// is read again was changed after the forward pass (named in the message; no gradient is touched); or the graph has been
    /// released.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="gradient"/> has another shape.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The tensor has been disposed, or one whose gradient is kept (a parameter of a disposed model); no gradient is touched.
    /// </exception>
    public void Backward(Tensor? gradient = null, bool retainGraph = false)
    {
        _ = Buffer;
        if (_node is not { } root)
        {
            throw new InvalidOperationException(
                $"{Describe()} depends on no tensor that requires a gradient, or was made under Autograd.NoGrad.");
        }

        NativeBuffer seed;
        if (gradient is null)
        {
            if (Length != 1)
            {
                throw new InvalidOperationException(
                    $"Backward without a gradient needs one element; {Describe()} has {Length}. Give the gradient.");
            }

            seed = NativeBufferPool.Rent(1);
            Kernels.Fill(Device, seed, 1, 1f);
        }
        else
        {
            NativeNoise.Shape.RequireEqual(this, gradient, nameof(gradient));
            seed = gradient.Buffer;
            ObjectDisposedException.ThrowIf(!seed.TryAddUser(), gradient);
        }

        BackwardPass.Run(root, seed, retainGraph);
    }

    /// <summary>
    /// Makes <see cref="Grad"/> null, so that the next backward pass begins anew. The memory is kept for it.
    /// </summary>
    public void ZeroGrad() => _gradIsCleared = _grad is not null;

    /// <summary>Makes this tensor the output of a node, whose first reference it takes over.</summary>
    internal Tensor MadeBy(Node node)
    {
        _node = node;
        return this;
    }

    /// <summary>The gradient's memory, to write or to add to.</summary>
    internal NativeBuffer OpenGradient(out bool accumulate)
    {
        if (_grad is null || _grad.IsDisposed)
        {
            _grad = new Tensor(NativeBufferPool.Rent(Length), ShapeArray, Length, Device, enlist: false);
            _gradIsCleared = true;
        }

        accumulate = !_gradIsCleared;
        _gradIsCleared = false;
        NativeBuffer buffer = _grad.Buffer;
        buffer.BumpVersion();
        return buffer;
    }

    private void ReleaseGraph()
    {
        _grad?.Dispose();
        _grad = null;
        if (_node is { } node)
        {
            _node = null;
            node.RemoveReference();
        }
    }
}

namespace NativeNoise;

/// <summary>A node that makes its input's gradient from its own, element by element, in place where nobody else looks.</summary>
internal abstract class ElementNode(Tensor input, Tensor output) : UnaryNode(input, output)
{
    public override void Backward(NativeBuffer gradient, bool keep)
    {
        if (Input(0) is not { } input)
        {
            gradient.Release();
            return;
        }

        if (gradient.IsUnshared)
        {
            Compute(gradient, gradient);
            input.AcceptGradient(gradient);
            return;
        }

        NativeBuffer result = NativeBufferPool.Rent(Length);
        Compute(gradient, result);
        gradient.Release();
        input.AcceptGradient(result);
    }

    /// <summary>dx from dy; they may be the same buffer.</summary>
    protected abstract void Compute(NativeBuffer dy, NativeBuffer dx);
}

/// <summary>A node with one input.</summary>
internal abstract class UnaryNode : Node
{
    protected UnaryNode(Tensor input, Tensor output)
        : base(output)
    {
        Connect(0, input);
    }

    public override void Validate()
    {
    }

    protected override void ReleaseSaved()
    {
    }
}

/// <summary>The gradient passes unchanged: additive noise, another shape.</summary>
internal sealed class IdentityNode(Tensor input, Tensor output) : UnaryNode(input, output)
{
    public override void Backward(NativeBuffer gradient, bool keep) => Input(0)!.AcceptGradient(gradient);
}

/// <summary>y = factor x.</summary>
internal sealed class ScaleNode(Tensor input, Tensor output, float factor) : ElementNode(input, output)
{
    protected override void Compute(NativeBuffer dy, NativeBuffer dx) => Kernels.Axpby(Device, Length, factor, dy, 0f, dx);
}

/// <summary>y = activation(x); keeps y, or x for GELU.</summary>
internal sealed class ActivationNode : ElementNode
{
    private readonly Activation _activation;
    private SavedTensor _saved;

    public ActivationNode(Activation activation, Tensor input, Tensor output)
        : base(input, output)
    {
        _activation = activation;
        _saved = new SavedTensor(activation == Activation.Gelu ? input : output);
    }

    public override void Validate() => _saved.Validate();

    protected override void Compute(NativeBuffer dy, NativeBuffer dx) =>
        Kernels.ActivateBackward(Device, _activation, Length, _saved.Buffer!, dy, dx);

    protected override void ReleaseSaved() => _saved.Release();
}

/// <summary>Noise whose gradient depends on the draw, which is made again from its address.</summary>
internal sealed class ElementNoiseNode : ElementNode
{
    private readonly ElementNoise _noise;
    private readonly NoiseKey _key;
    private readonly int[] _shape;
    private SavedTensor _input;

    public ElementNoiseNode(in ElementNoise noise, in NoiseKey key, Tensor input, Tensor output)
        : base(input, output)
    {
        _noise = noise;
        _key = key;
        _shape = output.ShapeArray;
        _input = new SavedTensor(noise.BackwardReadsInput ? input : null);
    }

    public override void Validate() => _input.Validate();

    protected override unsafe void Compute(NativeBuffer dy, NativeBuffer dx)
    {
        using ContextLease context = new(Device);
        using BufferLease px = new(_input.Buffer), pdy = new(dy), pdx = new(dx);
        NativeCall.Check(_noise.Backward(
            context.Pointer, Bindings.nnoise_dtype.NNOISE_DTYPE_FLOAT32, _key, Tensor.RowsOf(_shape), Tensor.ColumnsOf(_shape),
            Tensor.RowShapeOf(_shape), px.Pointer, pdy.Pointer, pdx.Pointer));
    }

    protected override void ReleaseSaved() => _input.Release();
}

/// <summary>y = factor (sum of x): dx = factor dy in every element.</summary>
internal sealed class SumNode : UnaryNode
{
    private readonly long _inputLength;
    private readonly float _factor;

    public SumNode(Tensor input, Tensor output, float factor)
        : base(input, output)
    {
        _inputLength = input.Length;
        _factor = factor;
    }

    public override void Backward(NativeBuffer gradient, bool keep)
    {
        NativeBuffer result = NativeBufferPool.Rent(_inputLength);
        Kernels.Fill(Device, result, _inputLength, _factor * Kernels.Read(gradient));
        gradient.Release();
        Input(0)!.AcceptGradient(result);
    }
}

/// <summary>A loss that made the gradient of its first input in the forward pass, up to the factor dy.</summary>
internal sealed class LossNode : UnaryNode
{
    private readonly long _inputLength;
    private NativeBuffer? _inputGradient;

    /// <summary>Makes the node, which owns <paramref name="inputGradient"/>.</summary>
    public LossNode(Tensor input, Tensor output, NativeBuffer inputGradient)
        : base(input, output)
    {
        _inputLength = input.Length;
        _inputGradient = inputGradient;
    }

    public override void Backward(NativeBuffer gradient, bool keep)
    {
        float factor = Kernels.Read(gradient);
        gradient.Release();
        NativeBuffer result = _inputGradient!;
        if (keep)
        {
            result = NativeBufferPool.Rent(_inputLength);
            Kernels.Axpby(Device, _inputLength, factor, _inputGradient!, 0f, result);
        }
        else
        {
            _inputGradient = null;
            if (factor != 1f)
            {
                Kernels.Axpby(Device, _inputLength, factor, result, 0f, result);
            }
        }

        Input(0)!.AcceptGradient(result);
    }

    protected override void ReleaseSaved()
    {
        _inputGradient?.Release();
        _inputGradient = null;
    }
}

/// <summary>y = a + b; b may be one row that is added to each row of a.</summary>
internal sealed class AddNode : Node
{
    private readonly long _rows;
    private readonly long _columns;

    public AddNode(Tensor a, Tensor b, Tensor output)
        : base(output)
    {
        Connect(0, a);
        Connect(1, b);
        _columns = b.Length;
        _rows = _columns == 0 ? 0 : a.Length / _columns;
    }

    public override void Validate()
    {
    }

    public override void Backward(NativeBuffer gradient, bool keep)
    {
        if (Input(1) is { } b)
        {
            if (_rows == 1 && Input(0) is not null)
            {
                // Both sides get the same gradient; whoever wants to add to it makes a copy first.
                gradient.TryAddUser();
                b.AcceptGradient(gradient);
            }
            else
            {
                NativeBuffer result = NativeBufferPool.Rent(_columns);
                Kernels.ColumnSum(Device, _rows, _columns, gradient, result, accumulate: false);
                b.AcceptGradient(result);
            }
        }

        if (Input(0) is { } a)
        {
            a.AcceptGradient(gradient);
        }
        else
        {
            gradient.Release();
        }
    }

    protected override void ReleaseSaved()
    {
    }
}

/// <summary>y = a b, element by element.</summary>
internal sealed class MultiplyNode : Node
{
    private SavedTensor _a;
    private SavedTensor _b;

    public MultiplyNode(Tensor a, Tensor b, Tensor output)
        : base(output)
    {
        Connect(0, a);
        Connect(1, b);
        _a = new SavedTensor(a);
        _b = new SavedTensor(b);
    }

    public override void Validate()
    {
        _a.Validate();
        _b.Validate();
    }

    public override void Backward(NativeBuffer gradient, bool keep)
    {
        Hand(Input(0), _b.Buffer!, gradient);
        Hand(Input(1), _a.Buffer!, gradient);
        gradient.Release();
    }

    protected override void ReleaseSaved()
    {
        _a.Release();
        _b.Release();
    }

    private void Hand(Node? input, NativeBuffer other, NativeBuffer gradient)
    {
        if (input is not null)
        {
            NativeBuffer result = NativeBufferPool.Rent(Length);
            Kernels.Multiply(Device, Length, gradient, other, result);
            input.AcceptGradient(result);
        }
    }
}

/// <summary>c = op(a) op(b).</summary>
internal sealed class MatMulNode : Node
{
    private readonly bool _transposeA;
    private readonly bool _transposeB;
    private readonly long _m;
    private readonly long _n;
    private readonly long _k;
    private SavedTensor _a;
    private SavedTensor _b;

    public MatMulNode(Tensor a, Tensor b, bool transposeA, bool transposeB, long k, Tensor output)
        : base(output)
    {
        Connect(0, a);
        Connect(1, b);
        _a = new SavedTensor(a);
        _b = new SavedTensor(b);
        (_transposeA, _transposeB) = (transposeA, transposeB);
        (_m, _n, _k) = (output.Shape[0], output.Shape[1], k);
    }

    public override void Validate()
    {
        _a.Validate();
        _b.Validate();
    }

    // With A = op(a) [m, k] and B = op(b) [k, n]: dA = dC B^T, dB = A^T dC; a transposed operand gets the transposed product.
    public override void Backward(NativeBuffer gradient, bool keep)
    {
        if (Input(0) is { } a)
        {
            NativeBuffer result = NativeBufferPool.Rent(_m * _k);
            if (_transposeA)
            {
                Kernels.MatMul(Device, _transposeB, true, _k, _m, _n, _b.Buffer!, gradient, result, accumulate: false);
            }
            else
            {
                Kernels.MatMul(Device, false, !_transposeB, _m, _k, _n, gradient, _b.Buffer!, result, accumulate: false);
            }

            a.AcceptGradient(result);
        }

        if (Input(1) is { } b)
        {
            NativeBuffer result = NativeBufferPool.Rent(_k * _n);
            if (_transposeB)
            {
                Kernels.MatMul(Device, true, _transposeA, _n, _k, _m, gradient, _a.Buffer!, result, accumulate: false);
            }
            else
            {
                Kernels.MatMul(Device, !_transposeA, false, _k, _n, _m, _a.Buffer!, gradient, result, accumulate: false);
            }

            b.AcceptGradient(result);
        }

        gradient.Release();
    }

    protected override void ReleaseSaved()
    {
        _a.Release();
        _b.Release();
    }
}

/// <summary>Kullback-Leibler divergence of normals with learnable means and log-variances from one normal.</summary>
internal sealed class KlDivergenceNode : Node
{
    private readonly float _priorMean;
    private readonly float _priorStd;
    private readonly long _n;
    private SavedTensor _mean;
    private SavedTensor _logVariance;

    public KlDivergenceNode(Tensor mean, Tensor logVariance, float priorMean, float priorStd, Tensor output)
        : base(output)
    {
        Connect(0, mean);
        Connect(1, logVariance);
        _mean = new SavedTensor(mean);
        _logVariance = new SavedTensor(logVariance);
        (_priorMean, _priorStd, _n) = (priorMean, priorStd, mean.Length);
    }

    public override void Validate()
    {
        _mean.Validate();
        _logVariance.Validate();
    }

    public override void Backward(NativeBuffer gradient, bool keep)
    {
        float scale = Kernels.Read(gradient);
        gradient.Release();

        // The native call adds to both; a side that nobody needs gets a buffer that is thrown away.
        NativeBuffer dMean = Open(Input(0));
        NativeBuffer dLogVariance = Open(Input(1));
        Compute(scale, dMean, dLogVariance);
        if (Input(0) is null)
        {
            dMean.Release();
        }

        if (Input(1) is null)
        {
            dLogVariance.Release();
        }
    }

    protected override void ReleaseSaved()
    {
        _mean.Release();
        _logVariance.Release();
    }

    private unsafe void Compute(float scale, NativeBuffer dMean, NativeBuffer dLogVariance)
    {
        using ContextLease context = new(Device);
        using BufferLease m = new(_mean.Buffer), lv = new(_logVariance.Buffer), dm = new(dMean), dlv = new(dLogVariance);
        NativeCall.Check(Bindings.NativeMethods.nnoise_kl_divergence_backward(
            context.Pointer, _n, m.Pointer, lv.Pointer, _priorMean, _priorStd, scale, dm.Pointer, dlv.Pointer));
    }

    private NativeBuffer Open(Node? input)
    {
        bool accumulate = false;
        NativeBuffer buffer = input?.OpenGradient(out accumulate) ?? NativeBufferPool.Rent(_n);
        if (!accumulate)
        {
            Kernels.Fill(Device, buffer, _n, 0f);
        }

        return buffer;
    }
}

using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>The five tensors of a linear layer; null where the kind has none.</summary>
internal readonly record struct LinearTensors(
    Tensor X, Tensor Weight, Tensor? Bias, Tensor? WeightScale = null, Tensor? BiasScale = null);

/// <summary>
/// y = activation(x W'^T + b'), with every kind of weight noise, as one native call forward and one backward. Neither W' nor
/// its noise is stored: backward makes the noisy panels again from their addresses.
/// </summary>
internal sealed unsafe class LinearNode : Node
{
    private static readonly nnoise_linear Defaults = ReadDefaults();

    private readonly nnoise_linear _layer;
    private readonly long _batch;
    private SavedTensor _x;
    private SavedTensor _weight;
    private SavedTensor _bias;
    private SavedTensor _weightScale;
    private SavedTensor _biasScale;
    private SavedTensor _y;
    private NativeBuffer? _variances;

    private LinearNode(in nnoise_linear layer, long batch, in LinearTensors tensors, Tensor y, NativeBuffer? variances)
        : base(y)
    {
        Connect(0, tensors.X);
        Connect(1, tensors.Weight);
        Connect(2, tensors.Bias);
        Connect(3, tensors.WeightScale);
        Connect(4, tensors.BiasScale);
        _layer = layer;
        _batch = batch;
        _x = new SavedTensor(tensors.X);
        _weight = new SavedTensor(tensors.Weight);
        _bias = new SavedTensor(tensors.Bias);
        _weightScale = new SavedTensor(tensors.WeightScale);
        _biasScale = new SavedTensor(tensors.BiasScale);
        _y = new SavedTensor(layer.activation == (int)Activation.None ? null : y);
        _variances = variances;
    }

    /// <summary>A layer without noise, to be filled in by the caller.</summary>
    public static nnoise_linear NewLayer() => Defaults;

    /// <summary>Runs the layer, and records it where a gradient is needed.</summary>
    /// <param name="layer">Noise, estimator, magnitude and addresses; sizes and pointers are filled in here.</param>
    /// <param name="tensors">x [.., inputs], W [outputs, inputs], b [outputs], S [outputs, inputs], S_b [outputs].</param>
    /// <param name="activation">What follows; not GELU.</param>
    public static Tensor Apply(nnoise_linear layer, in LinearTensors tensors, Activation activation)
    {
        Tensor x = tensors.X;
        Tensor weight = tensors.Weight;
        Check(tensors);
        (layer.outputs, layer.inputs) = (weight.Shape[0], weight.Shape[1]);
        layer.activation = (int)activation;
        long batch = layer.inputs == 0 ? x.Rows : x.Length / layer.inputs;

        int[] shape = x.Shape.ToArray();
        shape[^1] = weight.Shape[0];
        Tensor y = Tensor.Uninitialized(x.Device, shape);

        bool records = Autograd.Records(x, weight) || Autograd.Records(weight, tensors.Bias)
            || Autograd.Records(weight, tensors.WeightScale) || Autograd.Records(weight, tensors.BiasScale);
        NativeBuffer? variances = null;
        if (records)
        {
            long floats;
            NativeCall.Check(NativeMethods.nnoise_linear_saved_size(&layer, batch, &floats));
            variances = floats > 0 ? NativeBufferPool.Rent(floats) : null;
        }

        using (ContextLease context = new(x.Device))
        using (BufferLease px = x.Lease(), pw = weight.Lease(), py = y.Lease(), saved = new(variances))
        using (BufferLease pb = new(tensors.Bias?.Buffer), pws = new(tensors.WeightScale?.Buffer), pbs = new(tensors.BiasScale?.Buffer))
        {
            nnoise_linear call = layer;
            call.weight = pw.Pointer;
            call.bias = pb.Pointer;
            call.weight_scale = pws.Pointer;
            call.bias_scale = pbs.Pointer;
            NativeCall.Check(NativeMethods.nnoise_linear_forward(
                context.Pointer, &call, batch, px.Pointer, py.Pointer, saved.Pointer));
        }

        return records ? y.MadeBy(new LinearNode(layer, batch, tensors, y, variances)) : y;
    }

    public override void Validate()
    {
        _x.Validate();
        _weight.Validate();
        _bias.Validate();
        _weightScale.Validate();
        _biasScale.Validate();
        _y.Validate();
    }

    public override void Backward(NativeBuffer gradient, bool keep)
    {
        // Where input and weight are one tensor, its two gradients must not be written to one buffer at once.
        bool accumulateX = false;
        bool isTied = Input(0) is not null && Input(0) == Input(1);
        NativeBuffer? dx = isTied
            ? NativeBufferPool.Rent(_batch * _layer.inputs)
            : Input(0)?.OpenGradient(out accumulateX);

        // The native call has one switch for all parameters: when any of them adds, the fresh ones begin with zeros.
        bool w = false, b = false, ws = false, bs = false;
        NativeBuffer? dw = Input(1)?.OpenGradient(out w);
        NativeBuffer? db = Input(2)?.OpenGradient(out b);
        NativeBuffer? dws = Input(3)?.OpenGradient(out ws);
        NativeBuffer? dbs = Input(4)?.OpenGradient(out bs);
        bool accumulate = w || b || ws || bs;
        if (accumulate)
        {
            ZeroWhereFresh(dw, w, _layer.outputs * _layer.inputs);
            ZeroWhereFresh(db, b, _layer.outputs);
            ZeroWhereFresh(dws, ws, _layer.outputs * _layer.inputs);
            ZeroWhereFresh(dbs, bs, _layer.outputs);
        }

        using (ContextLease context = new(Device))
        using (BufferLease px = new(_x.Buffer), py = new(_y.Buffer), saved = new(_variances), pdy = new(gradient))
        using (BufferLease pw = new(_weight.Buffer), pb = new(_bias.Buffer), pws = new(_weightScale.Buffer), pbs = new(_biasScale.Buffer))
        using (BufferLease pdx = new(dx), pdw = new(dw), pdb = new(db), pdws = new(dws), pdbs = new(dbs))
        {
            nnoise_linear call = _layer;
            call.weight = pw.Pointer;
            call.bias = pb.Pointer;
            call.weight_scale = pws.Pointer;
            call.bias_scale = pbs.Pointer;
            nnoise_linear_gradients gradients = new()
            {
                size = (uint)sizeof(nnoise_linear_gradients),
                accumulate = accumulate ? 1 : 0,
                accumulate_input = accumulateX ? 1 : 0,
                dx = pdx.Pointer,
                dweight = pdw.Pointer,
                dbias = pdb.Pointer,
                dweight_scale = pdws.Pointer,
                dbias_scale = pdbs.Pointer,
            };
            NativeCall.Check(NativeMethods.nnoise_linear_backward(
                context.Pointer, &call, _batch, px.Pointer, py.Pointer, saved.Pointer, pdy.Pointer, &gradients));
        }

        gradient.Release();
        if (isTied)
        {
            Input(0)!.AcceptGradient(dx!);
        }
    }

    protected override void ReleaseSaved()
    {
        _x.Release();
        _weight.Release();
        _bias.Release();
        _weightScale.Release();
        _biasScale.Release();
        _y.Release();
        _variances?.Release();
        _variances = null;
    }

    private static nnoise_linear ReadDefaults()
    {
        nnoise_linear layer;
        NativeCall.Check(NativeMethods.nnoise_linear_default(&layer));
        return layer;
    }

    private static void Check(in LinearTensors tensors)
    {
        CheckInput(tensors.X, tensors.Weight);
        CheckVector(tensors.Bias, tensors.Weight, "bias");
        CheckVector(tensors.BiasScale, tensors.Weight, "biasScale");
        if (tensors.WeightScale is { } scale)
        {
            Shape.RequireEqual(tensors.Weight, scale, "weightScale");
        }
    }

    private static void CheckInput(Tensor x, Tensor weight)
    {
        if (weight.Rank != 2)
        {
            throw new ArgumentException(
                $"The weight must have the shape [outputs, inputs]; {weight.Describe()} has rank {weight.Rank}.", nameof(weight));
        }

        if (x.Rank == 0 || x.Shape[^1] != weight.Shape[1])
        {
            throw new ArgumentException(
                $"The last dimension of the input must be {weight.Shape[1]}, the layer's inputs; {x.Describe()} does not match.",
                nameof(x));
        }
    }

    private static void CheckVector(Tensor? vector, Tensor weight, string argument)
    {
        if (vector is not null && (vector.Rank != 1 || vector.Shape[0] != weight.Shape[0]))
        {
            throw new ArgumentException($"Expected the shape [{weight.Shape[0]}]; {vector.Describe()} does not match.", argument);
        }
    }

    private void ZeroWhereFresh(NativeBuffer? gradient, bool accumulates, long n)
    {
        if (gradient is not null && !accumulates)
        {
            Kernels.Fill(Device, gradient, n, 0f);
        }
    }
}

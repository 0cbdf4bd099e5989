using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>Distribution of a linear layer's initial weights. Biases begin with 0.</summary>
public enum WeightInitialization
{
    /// <summary>N(0, 1/in): keeps the variance of linear units (LeCun et al. 1998).</summary>
    FanInNormal = 0,

    /// <summary>N(0, 2/in): keeps the variance of ReLU units (He et al. 2015).</summary>
    HeNormal = 1,

    /// <summary>U(-1/sqrt(in), 1/sqrt(in)).</summary>
    FanInUniform = 2,
}

/// <summary>
/// Base of the linear layers: y = x W^T + b, with x [.., in], W [out, in], b [out]. Derived classes say what noise the weights
/// get; the noisy weights are never stored.
/// </summary>
public abstract class LinearModule : Module
{
    private protected LinearModule(int inFeatures, int outFeatures, bool bias)
    {
        if (inFeatures < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(inFeatures), inFeatures, "'inFeatures' must be at least 1.");
        }

        if (outFeatures < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(outFeatures), outFeatures, "'outFeatures' must be at least 1.");
        }

        InFeatures = inFeatures;
        OutFeatures = outFeatures;
        Weight = RegisterParameter("weight", outFeatures, inFeatures);
        Bias = bias ? RegisterParameter("bias", outFeatures) : null;
    }

    /// <summary>Size of the input's last dimension.</summary>
    public int InFeatures { get; }

    /// <summary>Size of the output's last dimension.</summary>
    public int OutFeatures { get; }

    /// <summary>W [out, in]: the clean weights, or the weights' means.</summary>
    public Parameter Weight { get; }

    /// <summary>b [out], or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>The layer and an activation behind it in one pass; called within a pass only.</summary>
    internal Tensor ForwardFused(Tensor x, NoiseFrame? frame, Activation activation)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return Compute(x, frame, activation);
    }

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor x, NoiseFrame? frame) => Compute(x, frame, Activation.None);

    private protected abstract Tensor Compute(Tensor x, NoiseFrame? frame, Activation activation);

    private protected void DrawWeights(ulong seed, WeightInitialization initialization)
    {
        NoiseKey key = InitialKey(seed, "weight");
        switch (initialization)
        {
            case WeightInitialization.FanInUniform:
                float bound = 1f / MathF.Sqrt(InFeatures);
                Fill.Uniform(Weight, key, -bound, bound);
                break;
            case WeightInitialization.HeNormal:
                Fill.Normal(Weight, key, 0f, MathF.Sqrt(2f / InFeatures));
                break;
            default:
                Fill.Normal(Weight, key, 0f, 1f / MathF.Sqrt(InFeatures));
                break;
        }

        if (Bias is not null)
        {
            Fill.Constant(Bias, 0f);
        }
    }

    /// <summary>Throws for a frame whose rows have different steps: one sample of the weights cannot serve them.</summary>
    private protected void RequireOneStep(NoiseFrame frame)
    {
        if (frame.StepStride != 0)
        {
            throw new InvalidOperationException(
                $"{Describe()} draws one sample of its weights for the whole batch, but the frame's StepStride is " +
                $"{frame.StepStride}: its rows have different steps. Use noise that is drawn at the output, or one pass per step.");
        }
    }

    /// <summary>Throws for an input with several rows an example: noise drawn at the output is addressed by the example.</summary>
    private protected void RequireOneRowAnExample(Tensor x)
    {
        if (x.Rank > 2)
        {
            throw new ArgumentException(
                $"{Describe()} draws noise of its own for each example and takes the shape [examples, {InFeatures}]; {x.Describe()} has " +
                "further dimensions. Reshape it to rank 2, where each row counts as an example, in the frame's FirstRow too.",
                nameof(x));
        }
    }

    private protected static WeightInitialization Known(WeightInitialization initialization) =>
        Enum.IsDefined(initialization)
            ? initialization
            : throw new ArgumentOutOfRangeException(nameof(initialization), initialization, "Not a known initialisation.");
}

/// <summary>Linear layer: y = x W^T + b.</summary>
public sealed class Linear : LinearModule
{
    private readonly WeightInitialization _initialization;

    /// <summary>Makes the layer.</summary>
    /// <param name="inFeatures">Size of the input's last dimension, at least 1.</param>
    /// <param name="outFeatures">Size of the output's last dimension, at least 1.</param>
    /// <param name="bias">Whether there is a bias (true).</param>
    /// <param name="initialization">Initial weights (N(0, 1/in)); the bias begins with 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the initialisation is unknown.</exception>
    public Linear(
        int inFeatures, int outFeatures, bool bias = true,
        WeightInitialization initialization = WeightInitialization.FanInNormal)
        : base(inFeatures, outFeatures, bias)
    {
        _initialization = Known(initialization);
        InitializeDefault();
    }

    /// <inheritdoc/>
    protected override void InitializeCore(ulong seed) => DrawWeights(seed, _initialization);

    private protected override Tensor Compute(Tensor x, NoiseFrame? frame, Activation activation) =>
        Functional.ApplyLinear(LinearNode.NewLayer(), new LinearTensors(x, Weight, Bias), activation);
}

/// <summary>Writes whole parameters.</summary>
internal static unsafe class Fill
{
    /// <summary>N(mean, std^2); row = first dimension.</summary>
    public static void Normal(Tensor tensor, in NoiseKey key, float mean, float std)
    {
        tensor.Buffer.BumpVersion();
        using ContextLease context = new(tensor.Device);
        using BufferLease p = tensor.Lease();
        NativeCall.Check(NativeMethods.nnoise_fill_normal(
            context.Pointer, nnoise_dtype.NNOISE_DTYPE_FLOAT32, tensor.Rows, tensor.Columns, p.Pointer, key.ToAddress(), mean, std));
    }

    /// <summary>U[low, high); row = first dimension.</summary>
    public static void Uniform(Tensor tensor, in NoiseKey key, float low, float high)
    {
        tensor.Buffer.BumpVersion();
        using ContextLease context = new(tensor.Device);
        using BufferLease p = tensor.Lease();
        NativeCall.Check(NativeMethods.nnoise_fill_uniform(
            context.Pointer, nnoise_dtype.NNOISE_DTYPE_FLOAT32, tensor.Rows, tensor.Columns, p.Pointer, key.ToAddress(), low, high));
    }

    /// <summary>One value.</summary>
    public static void Constant(Tensor tensor, float value)
    {
        tensor.Buffer.BumpVersion();
        Kernels.Fill(tensor.Device, tensor.Buffer, tensor.Length, value);
    }
}

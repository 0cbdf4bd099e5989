using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>Activation functions.</summary>
public enum Activation
{
    /// <summary>y = x.</summary>
    None = 0,

    /// <summary>y = max(x, 0).</summary>
    Relu = 1,

    /// <summary>y = tanh(x).</summary>
    Tanh = 2,

    /// <summary>y = 1 / (1 + exp(-x)).</summary>
    Sigmoid = 3,

    /// <summary>y = 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the tanh form (Hendrycks and Gimpel 2016).</summary>
    Gelu = 4,
}

/// <summary>
/// Differentiable operations on tensors. Each makes a new tensor on its first argument's device and leaves its arguments as
/// they are. Results are the same bits whatever the number of threads, and a row's result does not depend on the other rows.
/// </summary>
/// <remarks>
/// Every operation throws <see cref="ArgumentNullException"/> for a null tensor, <see cref="ArgumentException"/> for shapes that
/// do not fit, and <see cref="ObjectDisposedException"/> for a disposed tensor.
/// </remarks>
public static partial class Functional
{
    /// <summary>Linear layer: y = activation(x W^T + b), in one pass.</summary>
    /// <param name="x">Input [.., inputs].</param>
    /// <param name="weight">W [outputs, inputs].</param>
    /// <param name="bias">b [outputs], or null.</param>
    /// <param name="activation">What follows (none).</param>
    /// <returns>y [.., outputs].</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null, Activation activation = Activation.None)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        RequireKnown(activation);
        return ApplyLinear(LinearNode.NewLayer(), new LinearTensors(x, weight, bias), activation);
    }

    /// <summary>Matrix product c = op(a) op(b), where op transposes if asked to.</summary>
    /// <param name="a">[m, k], or [k, m] to be transposed.</param>
    /// <param name="b">[k, n], or [n, k] to be transposed.</param>
    /// <param name="transposeA">Whether a is transposed (false).</param>
    /// <param name="transposeB">Whether b is transposed (false).</param>
    /// <returns>c [m, n].</returns>
    public static Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        RequireRank(a, 2, nameof(a));
        RequireRank(b, 2, nameof(b));
        (int m, int k) = transposeA ? (a.Shape[1], a.Shape[0]) : (a.Shape[0], a.Shape[1]);
        (int inner, int n) = transposeB ? (b.Shape[1], b.Shape[0]) : (b.Shape[0], b.Shape[1]);
        if (inner != k)
        {
            throw new ArgumentException(
                $"The inner dimensions differ: {a.Describe()} gives {k}, {b.Describe()} gives {inner}.", nameof(b));
        }

        Tensor c = Tensor.Uninitialized(a.Device, [m, n]);
        Kernels.MatMul(a.Device, transposeA, transposeB, m, n, k, a.Buffer, b.Buffer, c.Buffer, accumulate: false);
        return Autograd.Records(a, b) ? c.MadeBy(new MatMulNode(a, b, transposeA, transposeB, k, c)) : c;
    }

    /// <summary>y = max(x, 0).</summary>
    /// <param name="x">Input.</param>
    /// <returns>y, of x's shape.</returns>
    public static Tensor Relu(Tensor x) => Activate(x, Activation.Relu);

    /// <summary>y = tanh(x).</summary>
    /// <param name="x">Input.</param>
    /// <returns>y, of x's shape.</returns>
    public static Tensor Tanh(Tensor x) => Activate(x, Activation.Tanh);

    /// <summary>y = 1 / (1 + exp(-x)).</summary>
    /// <param name="x">Input.</param>
    /// <returns>y, of x's shape.</returns>
    public static Tensor Sigmoid(Tensor x) => Activate(x, Activation.Sigmoid);

    /// <summary>y = 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).</summary>
    /// <param name="x">Input.</param>
    /// <returns>y, of x's shape.</returns>
    public static Tensor Gelu(Tensor x) => Activate(x, Activation.Gelu);

    /// <summary>y = activation(x).</summary>
    /// <param name="x">Input.</param>
    /// <param name="activation">The function.</param>
    /// <returns>y, of x's shape; x itself for <see cref="Activation.None"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="activation"/> is unknown.</exception>
    public static Tensor Activate(Tensor x, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireKnown(activation);
        if (activation == Activation.None)
        {
            return x;
        }

        Tensor y = Tensor.UninitializedLike(x);
        Kernels.Activate(x.Device, activation, x.Length, x.Buffer, y.Buffer);
        return Autograd.Records(x) ? y.MadeBy(new ActivationNode(activation, x, y)) : y;
    }

    /// <summary>Sum a + b.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">A tensor of the same shape, or one of rank 1 that is added to each row of a.</param>
    /// <returns>The sum, of a's shape.</returns>
    public static Tensor Add(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        bool isRow = a.Rank > 1 && b.Rank == 1;
        if (isRow && b.Length != a.Shape[^1])
        {
            throw new ArgumentException($"{b.Describe()} is no row of {a.Describe()}.", nameof(b));
        }

        if (!isRow)
        {
            Shape.RequireEqual(a, b, nameof(b));
        }

        Tensor y = Tensor.UninitializedLike(a);
        long columns = b.Length;
        Kernels.AddRow(a.Device, columns == 0 ? 0 : a.Length / columns, columns, a.Buffer, b.Buffer, y.Buffer);
        return Autograd.Records(a, b) ? y.MadeBy(new AddNode(a, b, y)) : y;
    }

    /// <summary>Product of two tensors, element by element.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">A tensor of the same shape.</param>
    /// <returns>The product.</returns>
    public static Tensor Multiply(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        Shape.RequireEqual(a, b, nameof(b));
        Tensor y = Tensor.UninitializedLike(a);
        Kernels.Multiply(a.Device, a.Length, a.Buffer, b.Buffer, y.Buffer);
        return Autograd.Records(a, b) ? y.MadeBy(new MultiplyNode(a, b, y)) : y;
    }

    /// <summary>y = factor x.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>y, of x's shape.</returns>
    public static Tensor Scale(Tensor x, float factor)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Tensor.UninitializedLike(x);
        Kernels.Axpby(x.Device, x.Length, factor, x.Buffer, 0f, y.Buffer);
        return Autograd.Records(x) ? y.MadeBy(new ScaleNode(x, y, factor)) : y;
    }

    /// <summary>Sum of all elements, added up in double precision in a fixed order.</summary>
    /// <param name="x">A tensor.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Sum(Tensor x) => Reduce(x, 1.0);

    /// <summary>Mean of all elements.</summary>
    /// <param name="x">A tensor with at least one element.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException"><paramref name="x"/> has no elements.</exception>
    public static Tensor Mean(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Length > 0
            ? Reduce(x, 1.0 / x.Length)
            : throw new ArgumentException($"The mean of no elements is not defined: {x.Describe()}.", nameof(x));
    }

    /// <summary>The same elements in another shape.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="shape">Dimensions; one may be -1, and is made to fit.</param>
    /// <returns>A view on the same memory.</returns>
    public static Tensor Reshape(Tensor x, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        int[] dimensions = shape.ToArray();
        int open = dimensions.IndexOf(-1);
        if (open >= 0)
        {
            dimensions[open] = 1;
            long known = Shape.Length(dimensions, nameof(shape));
            dimensions[open] = known == 0 ? 0 : (int)(x.Length / known);
        }

        if (Shape.Length(dimensions, nameof(shape)) != x.Length)
        {
            throw new ArgumentException($"{x.Describe()} cannot have the shape {Shape.Text(shape)}.", nameof(shape));
        }

        Tensor y = x.View(dimensions);
        return Autograd.Records(x) ? y.MadeBy(new IdentityNode(x, y)) : y;
    }

    /// <summary>Each example as one row: [n, ..] becomes [n, columns].</summary>
    /// <param name="x">A tensor of rank 1 or more.</param>
    /// <returns>A view on the same memory.</returns>
    public static Tensor Flatten(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank == 2 ? x : Reshape(x, x.Rows, checked((int)x.Columns));
    }

    /// <summary>
    /// Softmax of each row: exp(x[r, c]) / sum over k of exp(x[r, k]). Not recorded for differentiation: train with
    /// <see cref="SoftmaxCrossEntropy"/>.
    /// </summary>
    /// <param name="logits">[rows, classes].</param>
    /// <returns>Probabilities [rows, classes].</returns>
    public static unsafe Tensor Softmax(Tensor logits)
    {
        RequireRank(logits, 2, nameof(logits));
        Tensor y = Tensor.UninitializedLike(logits);
        using ContextLease context = new(logits.Device);
        using BufferLease px = logits.Lease(), py = y.Lease();
        NativeCall.Check(NativeMethods.nnoise_softmax(context.Pointer, logits.Shape[0], logits.Shape[1], px.Pointer, py.Pointer));
        return y;
    }

    /// <summary>Index of the first largest element of each row.</summary>
    /// <param name="x">[rows, columns], at least one column.</param>
    /// <param name="indices">Where the result goes: one element per row.</param>
    public static unsafe void ArgMax(Tensor x, Span<int> indices)
    {
        RequireRank(x, 2, nameof(x));
        if (indices.Length != x.Shape[0])
        {
            throw new ArgumentException($"'indices' has {indices.Length} elements; expected {x.Shape[0]}, one per row.", nameof(indices));
        }

        using ContextLease context = new(x.Device);
        using BufferLease px = x.Lease();
        fixed (int* first = indices)
        {
            NativeCall.Check(NativeMethods.nnoise_argmax(context.Pointer, x.Shape[0], x.Shape[1], px.Pointer, first));
        }
    }

    /// <summary>
    /// Cross-entropy of a softmax: scale times the sum over rows of -ln softmax(logits[r, :])[labels[r]], in one pass with its
    /// gradient.
    /// </summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">A class in [0, classes) per row.</param>
    /// <param name="scale">
    /// Factor (1 / rows: the mean). A piece of a larger batch gives 1 / (rows of the whole), so that losses and gradients of the
    /// pieces add up to the whole's.
    /// </param>
    /// <returns>The loss, a scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A label lies outside [0, classes), or the scale is not finite.</exception>
    public static unsafe Tensor SoftmaxCrossEntropy(Tensor logits, ReadOnlySpan<int> labels, float? scale = null)
    {
        RequireRank(logits, 2, nameof(logits));
        (int rows, int classes) = (logits.Shape[0], logits.Shape[1]);
        if (labels.Length != rows)
        {
            throw new ArgumentException($"There are {labels.Length} labels for {rows} rows.", nameof(labels));
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(labels), labels[i], $"Label {i} is {labels[i]}; expected a class in [0, {classes}).");
            }
        }

        float factor = ElementNoise.Finite(scale ?? (rows == 0 ? 0f : 1f / rows), nameof(scale));
        bool records = Autograd.Records(logits);
        Tensor loss = Tensor.Uninitialized(logits.Device, ScalarShape);
        NativeBuffer? gradient = records ? NativeBufferPool.Rent(logits.Length) : null;
        double mean;
        using (ContextLease context = new(logits.Device))
        using (BufferLease px = logits.Lease(), pdx = new(gradient))
        {
            fixed (int* label = labels)
            {
                NativeCall.Check(NativeMethods.nnoise_softmax_cross_entropy(
                    context.Pointer, rows, classes, px.Pointer, label, factor, pdx.Pointer, null, &mean));
            }
        }

        Kernels.Write(loss.Buffer, (float)(scale is null ? mean : mean * rows * factor));
        return gradient is null ? loss : loss.MadeBy(new LossNode(logits, loss, gradient));
    }

    /// <summary>Squared error: scale times the sum of (y - target)^2, in one pass with its gradient.</summary>
    /// <param name="y">Predictions.</param>
    /// <param name="target">Targets of y's shape; they get no gradient.</param>
    /// <param name="scale">Factor (1 / number of elements: the mean). Pieces of a batch give that of the whole.</param>
    /// <returns>The loss, a scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not finite.</exception>
    public static Tensor MeanSquaredError(Tensor y, Tensor target, float? scale = null)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(target);
        Shape.RequireEqual(y, target, nameof(target));
        using BufferLease pt = target.Lease();
        unsafe
        {
            return SquaredError(y, pt.Pointer, scale);
        }
    }

    /// <summary>As the other overload, with the targets in an array.</summary>
    /// <param name="y">Predictions.</param>
    /// <param name="target">As many targets as y has elements.</param>
    /// <param name="scale">Factor (1 / number of elements: the mean). Pieces of a batch give that of the whole.</param>
    /// <returns>The loss, a scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not finite.</exception>
    public static unsafe Tensor MeanSquaredError(Tensor y, ReadOnlySpan<float> target, float? scale = null)
    {
        ArgumentNullException.ThrowIfNull(y);
        if (target.Length != y.Length)
        {
            throw new ArgumentException($"There are {target.Length} targets for {y.Length} predictions.", nameof(target));
        }

        fixed (float* pt = target)
        {
            return SquaredError(y, pt, scale);
        }
    }

    /// <summary>
    /// Divergence of independent normals from one prior, summed: sum of ln(s0/s) + (s^2 + (mean - m0)^2) / (2 s0^2) - 1/2 with
    /// s = exp(logVariance / 2).
    /// </summary>
    /// <param name="mean">Means.</param>
    /// <param name="logVariance">Log-variances, of the same shape.</param>
    /// <param name="priorMean">m0 (0).</param>
    /// <param name="priorStd">s0, above 0 (1).</param>
    /// <returns>The divergence, a scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The prior is not finite, or its deviation not above 0.</exception>
    public static unsafe Tensor KlDivergence(Tensor mean, Tensor logVariance, float priorMean = 0f, float priorStd = 1f)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(logVariance);
        Shape.RequireEqual(mean, logVariance, nameof(logVariance));
        ElementNoise.Finite(priorMean, nameof(priorMean));
        if (!(float.IsFinite(priorStd) && priorStd > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(priorStd), priorStd, "'priorStd' must be finite and above 0.");
        }

        Tensor kl = Tensor.Uninitialized(mean.Device, ScalarShape);
        double value;
        using (ContextLease context = new(mean.Device))
        using (BufferLease pm = mean.Lease(), plv = logVariance.Lease())
        {
            NativeCall.Check(NativeMethods.nnoise_kl_divergence(
                context.Pointer, mean.Length, pm.Pointer, plv.Pointer, priorMean, priorStd, &value));
        }

        Kernels.Write(kl.Buffer, (float)value);
        return Autograd.Records(mean, logVariance)
            ? kl.MadeBy(new KlDivergenceNode(mean, logVariance, priorMean, priorStd, kl))
            : kl;
    }

    internal static readonly int[] ScalarShape = [];

    /// <summary>A linear layer with noise; GELU follows as an operation of its own.</summary>
    internal static Tensor ApplyLinear(in nnoise_linear layer, in LinearTensors tensors, Activation activation)
    {
        if (activation == Activation.Gelu)
        {
            return Activate(LinearNode.Apply(layer, tensors, Activation.None), Activation.Gelu);
        }

        return LinearNode.Apply(layer, tensors, activation);
    }

    private static unsafe Tensor SquaredError(Tensor y, float* target, float? scale)
    {
        long n = y.Length;
        float factor = ElementNoise.Finite(scale ?? (n == 0 ? 0f : 1f / n), nameof(scale));
        Tensor loss = Tensor.Uninitialized(y.Device, ScalarShape);
        NativeBuffer? gradient = Autograd.Records(y) ? NativeBufferPool.Rent(n) : null;
        double mean;
        using (ContextLease context = new(y.Device))
        using (BufferLease py = y.Lease(), pdy = new(gradient))
        {
            NativeCall.Check(NativeMethods.nnoise_mean_squared_error(
                context.Pointer, n, py.Pointer, target, factor, pdy.Pointer, &mean));
        }

        Kernels.Write(loss.Buffer, (float)(scale is null ? mean : mean * n * factor));
        return gradient is null ? loss : loss.MadeBy(new LossNode(y, loss, gradient));
    }

    private static Tensor Reduce(Tensor x, double factor)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Tensor.Uninitialized(x.Device, ScalarShape);
        Kernels.Write(y.Buffer, (float)(factor * Kernels.Sum(x.Device, x.Length, x.Buffer)));
        return Autograd.Records(x) ? y.MadeBy(new SumNode(x, y, (float)factor)) : y;
    }

    private static void RequireRank(Tensor tensor, int rank, string argument)
    {
        ArgumentNullException.ThrowIfNull(tensor, argument);
        if (tensor.Rank != rank)
        {
            throw new ArgumentException($"{tensor.Describe()} has rank {tensor.Rank}; expected {rank}.", argument);
        }
    }

    private static void RequireKnown(Activation activation)
    {
        if (!Enum.IsDefined(activation))
        {
            throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation function.");
        }
    }
}

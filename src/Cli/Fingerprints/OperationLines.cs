using System.IO.Hashing;
using System.Runtime.InteropServices;
using static NativeNoise.Cli.Fingerprints.FingerprintInput;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>Operations whose bits the library promises on the processor, forward and backward, through tensors.</summary>
internal static class OperationLines
{
    private const int Classes = 16;

    private const int Side = 1 << 10;

    private delegate void Block(Device device, int block, XxHash64 hash);

    public static IEnumerable<FingerprintLine> All { get; } =
    [
        Line("relu", (device, block, hash) => Activation(NativeNoise.Activation.Relu, device, block, hash)),
        Line("tanh", (device, block, hash) => Activation(NativeNoise.Activation.Tanh, device, block, hash)),
        Line("sigmoid", (device, block, hash) => Activation(NativeNoise.Activation.Sigmoid, device, block, hash)),
        Line("gelu", (device, block, hash) => Activation(NativeNoise.Activation.Gelu, device, block, hash)),
        Line("softmax", Softmax),
        Line("softmax_cross_entropy", CrossEntropy),
        Line("mean_squared_error", SquaredError),
        Line("kl_divergence", Divergence),
        Line("sum", Sum),
        Line("multiply", Multiply),
        Line("add_row", AddRow),
        Line("matmul", (device, block, hash) => MatMul(false, false, device, block, hash)),
        Line("matmul_transposed_a", (device, block, hash) => MatMul(true, false, device, block, hash)),
        Line("matmul_transposed_b", (device, block, hash) => MatMul(false, true, device, block, hash)),
        Line("matmul_transposed_both", (device, block, hash) => MatMul(true, true, device, block, hash)),
    ];

    /// <summary>Elements of a stream as a tensor: those that block <paramref name="block"/> has, each block having as many.</summary>
    public static Tensor Data(Device device, uint stream, int block, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = Tensor.Zeros(device, shape);
        Fill(tensor.AsSpan(), stream, block * tensor.Length);
        return tensor;
    }

    public static void Append(this XxHash64 hash, Tensor tensor)
    {
        hash.Append(MemoryMarshal.AsBytes(tensor.AsReadOnlySpan()));
        GC.KeepAlive(tensor);
    }

    private static FingerprintLine Line(string name, Block block) => new(name, "float32", setting => new Run(setting.Device, block));

    private static Tensor Variable(Device device, uint stream, int block, params ReadOnlySpan<int> shape)
    {
        Tensor tensor = Data(device, stream, block, shape);
        tensor.RequiresGrad = true;
        return tensor;
    }

    private static void Activation(Activation activation, Device device, int block, XxHash64 hash)
    {
        Tensor x = Variable(device, X, block, BlockLength);
        Tensor y = Functional.Activate(x, activation);
        y.Backward(Data(device, Gradient, block, BlockLength));
        hash.Append(y);
        hash.Append(x.Grad!);
    }

    private static void Softmax(Device device, int block, XxHash64 hash) =>
        hash.Append(Functional.Softmax(Data(device, X, block, BlockLength / Classes, Classes)));

    private static void CrossEntropy(Device device, int block, XxHash64 hash)
    {
        const int Count = BlockLength / Classes;
        int[] labels = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            labels[i] = (int)(Word(Label, (uint)((block * Count) + i)) % Classes);
        }

        Tensor x = Variable(device, X, block, Count, Classes);
        Tensor loss = Functional.SoftmaxCrossEntropy(x, labels);
        loss.Backward();
        hash.Append(loss);
        hash.Append(x.Grad!);
    }

    private static void SquaredError(Device device, int block, XxHash64 hash)
    {
        Tensor y = Variable(device, X, block, BlockLength);
        Tensor loss = Functional.MeanSquaredError(y, Data(device, Gradient, block, BlockLength));
        loss.Backward();
        hash.Append(loss);
        hash.Append(y.Grad!);
    }

    private static void Divergence(Device device, int block, XxHash64 hash)
    {
        Tensor mean = Variable(device, X, block, BlockLength);
        Tensor logVariance = Variable(device, WeightScale, block, BlockLength);
        Tensor divergence = Functional.KlDivergence(mean, logVariance, 0.25f, 0.5f);
        divergence.Backward();
        hash.Append(divergence);
        hash.Append(mean.Grad!);
        hash.Append(logVariance.Grad!);
    }

    private static void Sum(Device device, int block, XxHash64 hash) =>
        hash.Append(Functional.Sum(Data(device, X, block, BlockLength)));

    private static void Multiply(Device device, int block, XxHash64 hash) =>
        hash.Append(Functional.Multiply(Data(device, X, block, BlockLength), Data(device, Gradient, block, BlockLength)));

    private static void AddRow(Device device, int block, XxHash64 hash)
    {
        Tensor row = Variable(device, Bias, 0, Side);
        Tensor y = Functional.Add(Data(device, X, block, Side, Side), row);
        y.Backward(Data(device, Gradient, block, Side, Side));
        hash.Append(y);
        hash.Append(row.Grad!);
    }

    // 129 x 600 times 600 x 131: no size is a multiple of a vector's or a tile's, and 600 is more than two chunks of k.
    private static void MatMul(bool transposeA, bool transposeB, Device device, int block, XxHash64 hash)
    {
        const int M = 129, N = 131, K = 600;
        Tensor a = transposeA ? Data(device, X, block, K, M) : Data(device, X, block, M, K);
        Tensor b = transposeB ? Data(device, Gradient, block, N, K) : Data(device, Gradient, block, K, N);
        hash.Append(Functional.MatMul(a, b, transposeA, transposeB));
    }

    private sealed class Run(Device device, Block block) : IFingerprintRun
    {
        public void Add(int index, XxHash64 hash)
        {
            using var scope = new TensorScope();
            block(device, index, hash);
        }

        public void Dispose()
        {
        }
    }
}

using System.IO.Hashing;
using static NativeNoise.Cli.Fingerprints.FingerprintInput;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>
/// Linear layers with every kind of weight noise, forward and backward: output, and the gradients of the input and of every parameter.
/// Block b is step b, and its examples begin at row b·batch.
/// </summary>
internal static class LayerLines
{
    private const float Std = 0.1f;

    // 2^20 draws a block: of weights, or, where noise is drawn for each example, of outputs.
    private static readonly Size ByWeight = new(Batch: 4, Inputs: 1024, Outputs: 1024);
    private static readonly Size ByExample = new(Batch: 1024, Inputs: 16, Outputs: 1024);

    public static IEnumerable<FingerprintLine> All { get; } =
    [
        Line("linear", ByWeight, size => new Linear(size.Inputs, size.Outputs) { Site = Site }),
        Line("linear_absolute", ByWeight, size => Noisy(size, NoiseScale.Absolute, NoiseSharing.Batch)),
        Line("linear_relative", ByWeight, size => Noisy(size, NoiseScale.Relative, NoiseSharing.Batch)),
        Line("linear_independent", ByWeight, size => Learnt(size, NoisyForm.Independent)),
        Line("linear_factorized", ByWeight, size => Learnt(size, NoisyForm.Factorized)),
        Line("linear_log_variance", ByWeight, size => Variational(size, VariationalEstimator.SharedWeights)),
        Line("linear_absolute_local", ByExample, size => Noisy(size, NoiseScale.Absolute, NoiseSharing.PerExample)),
        Line("linear_relative_local", ByExample, size => Noisy(size, NoiseScale.Relative, NoiseSharing.PerExample)),
        Line("linear_log_variance_local", ByExample, size => Variational(size, VariationalEstimator.LocalReparameterization)),
        Line("linear_log_variance_flipout", ByExample, size => Variational(size, VariationalEstimator.Flipout)),
    ];

    private static FingerprintLine Line(string name, Size size, Func<Size, LinearModule> layer) =>
        new(name, "float32", setting => new Run(setting.Device, size, layer(size)));

    private static NoisyLinear Noisy(Size size, NoiseScale scale, NoiseSharing sharing) =>
        new(size.Inputs, size.Outputs, Std, options: new NoisyLinearOptions { Scale = scale, Sharing = sharing }) { Site = Site };

    private static FactorizedNoisyLinear Learnt(Size size, NoisyForm form) => new(size.Inputs, size.Outputs, form: form) { Site = Site };

    private static VariationalLinear Variational(Size size, VariationalEstimator estimator) =>
        new(size.Inputs, size.Outputs, new VariationalOptions { Estimator = estimator }) { Site = Site };

    private readonly record struct Size(int Batch, int Inputs, int Outputs);

    private sealed class Run : IFingerprintRun
    {
        // A layer's parameters in their order: weight, bias, and their scales where the kind has them.
        private static readonly uint[] Streams = [Weight, Bias, WeightScale, BiasScale];

        private readonly Device _device;
        private readonly Size _size;
        private readonly LinearModule _layer;

        public Run(Device device, Size size, LinearModule layer)
        {
            (_device, _size, _layer) = (device, size, layer);
            layer.To(device);
            foreach ((Parameter parameter, uint stream) in layer.Parameters().Zip(Streams))
            {
                Fill(parameter.AsSpan(), stream, 0);
            }
        }

        public void Add(int block, XxHash64 hash)
        {
            using var scope = new TensorScope();
            Tensor x = OperationLines.Data(_device, X, block, _size.Batch, _size.Inputs);
            x.RequiresGrad = true;
            _layer.ZeroGrad();
            Tensor y = _layer.Forward(x, new NoiseFrame(Seed, (uint)block, (uint)(block * _size.Batch)));
            y.Backward(OperationLines.Data(_device, Gradient, block, _size.Batch, _size.Outputs));
            hash.Append(y);
            hash.Append(x.Grad!);
            foreach (Parameter parameter in _layer.Parameters())
            {
                hash.Append(parameter.Grad!);
            }
        }

        public void Dispose() => _layer.Dispose();
    }
}

using System.IO.Hashing;
using static NativeNoise.Cli.Fingerprints.FingerprintInput;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>
/// Optimiser steps with clipping, weight decay and gradient noise on one parameter of 2^20 elements. Block b is step b, which goes on
/// from the step before; the parameter is hashed after each.
/// </summary>
internal static class OptimizerLines
{
    private const int Side = 1 << 10;

    public static IEnumerable<FingerprintLine> All { get; } =
    [
        Line("sgd", model => new Sgd(model, new SgdOptions
        {
            LearningRate = 0.01,
            Momentum = 0.9,
            Nesterov = true,
            WeightDecay = 0.001,
            ClipValue = 1.5,
            GradientNoise = new GradientNoise((Schedule)0.01),
            Seed = Seed,
        })),
        Line("adam", model => new Adam(model, new AdamOptions
        {
            LearningRate = 0.01,
            WeightDecay = 0.001,
            ClipValue = 1.5,
            GradientNoise = new GradientNoise((Schedule)0.01),
            Seed = Seed,
        })),
        Line("adamw", model => new AdamW(model, new AdamWOptions
        {
            LearningRate = 0.01,
            WeightDecay = 0.001,
            ClipValue = 1.5,
            GradientNoise = new GradientNoise((Schedule)0.01),
            Seed = Seed,
        })),
    ];

    private static FingerprintLine Line(string name, Func<Module, Optimizer> optimizer) =>
        new(name, "float32", setting => new Run(setting.Device, optimizer));

    private sealed class Run : IFingerprintRun
    {
        private readonly Device _device;
        private readonly Linear _model;
        private readonly Optimizer _optimizer;

        public Run(Device device, Func<Module, Optimizer> optimizer)
        {
            _device = device;
            _model = new Linear(Side, Side, bias: false) { Site = Site };
            _model.To(device);
            Fill(_model.Weight.AsSpan(), Weight, 0);
            _optimizer = optimizer(_model);
        }

        public void Add(int block, XxHash64 hash)
        {
            using (new TensorScope())
            {
                // The gradient of 1·weight is what goes in.
                _model.ZeroGrad();
                Functional.Scale(_model.Weight, 1f).Backward(OperationLines.Data(_device, X, block, Side, Side));
                _optimizer.Step();
            }

            hash.Append(_model.Weight);
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _model.Dispose();
        }
    }
}

using BenchmarkDotNet.Attributes;

namespace NativeNoise.Benchmarks;

/// <summary>An optimiser's step over 1,000,000 parameters, with and without gradient noise fused into it.</summary>
[MemoryDiagnoser]
public class OptimizerBenchmarks : IDisposable
{
    private readonly Linear _layer = new(1000, 1000, bias: false) { Site = "layer" };
    private readonly Device _device = Device.CreateCpu(new CpuOptions { Threads = 1 });
    private Sgd? _sgd;
    private Adam? _adam;

    /// <summary>Whether the step adds gradient noise.</summary>
    [Params(false, true)]
    public bool Noise { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _layer.To(_device).Initialize(1);
        using TensorScope scope = new();
        Tensor x = Tensor.Normal(_device, NoiseKey.ForSite(1, "x:input"), 0f, 1f, 1, 1000);
        Functional.Sum(_layer.Forward(x)).Backward();
        GradientNoise? noise = Noise ? new GradientNoise() : null;
        _sgd = new Sgd(_layer, new SgdOptions { LearningRate = 1e-6, Momentum = 0.9, GradientNoise = noise });
        _adam = new Adam(_layer, new AdamOptions { LearningRate = 1e-6, GradientNoise = noise });
        AllocationBar.Check("optimiser step", 1024, () => _adam.Step());
    }

    [Benchmark]
    public void SgdStep() => _sgd!.Step();

    [Benchmark]
    public void AdamStep() => _adam!.Step();

    [GlobalCleanup]
    public void Dispose()
    {
        _sgd?.Dispose();
        _adam?.Dispose();
        _layer.Dispose();
        _device.Dispose();
        GC.SuppressFinalize(this);
    }
}

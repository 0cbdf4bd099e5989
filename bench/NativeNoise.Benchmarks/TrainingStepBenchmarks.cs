using BenchmarkDotNet.Attributes;

namespace NativeNoise.Benchmarks;

/// <summary>A training step of 784-256-128-10 in steady state: under 4 KB managed, nothing native.</summary>
[MemoryDiagnoser]
public class TrainingStepBenchmarks : IDisposable
{
    private const int Batch = 128;

    private readonly NoiseFrame _frame = new(seed: 1);
    private readonly int[] _labels = [.. Enumerable.Range(0, Batch).Select(i => i % 10)];
    private readonly Device _device = Device.CreateCpu(new CpuOptions { Threads = 1 });
    private Tensor? _x;
    private Sequential? _model;
    private Adam? _adam;

    /// <summary>Whether input, activations and gradients get noise.</summary>
    [Params(false, true)]
    public bool Noise { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _x = Tensor.Uniform(_device, NoiseKey.ForSite(1, "x:input"), 0f, 1f, Batch, 784);
        _model = Noise
            ? new Sequential(
                ("input", new GaussianNoise(0.1)),
                ("fc1", new Linear(784, 256)), ("relu1", new Relu()), ("noise1", new ActivationNoise(0.1)),
                ("fc2", new Linear(256, 128)), ("relu2", new Relu()), ("noise2", new ActivationNoise(0.1)),
                ("fc3", new Linear(128, 10)))
            : new Sequential(
                ("fc1", new Linear(784, 256)), ("relu1", new Relu()),
                ("fc2", new Linear(256, 128)), ("relu2", new Relu()),
                ("fc3", new Linear(128, 10)));
        _model.To(_device).Initialize(1);
        _adam = new Adam(_model, new AdamOptions { GradientNoise = Noise ? new GradientNoise() : null });
        AllocationBar.Check("training step", 4096, () => Step());
    }

    [Benchmark]
    public float Step()
    {
        using TensorScope scope = new();
        _adam!.ZeroGrad();
        Tensor loss = Functional.SoftmaxCrossEntropy(_model!.Forward(_x!, _frame), _labels);
        loss.Backward();
        _adam.Step();
        _frame.Advance();
        return loss.Item();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _adam?.Dispose();
        _model?.Dispose();
        _x?.Dispose();
        _device.Dispose();
        GC.SuppressFinalize(this);
    }
}

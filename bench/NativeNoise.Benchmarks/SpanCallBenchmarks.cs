using BenchmarkDotNet.Attributes;

namespace NativeNoise.Benchmarks;

/// <summary>What a call costs beside its work: 16 elements are four Philox blocks.</summary>
[MemoryDiagnoser]
public class SpanCallBenchmarks : IDisposable
{
    private readonly float[] _x = new float[16];
    private readonly float[] _y = new float[16];
    private readonly NoiseKey _key = NoiseKey.ForSite(1, "span:activation");
    private readonly Device _device = Device.CreateCpu(new CpuOptions { Threads = 1 });

    private readonly ElementNoise _noise = ElementNoise.Gaussian(0.1f);
    private readonly ElementNoise _shared = ElementNoise.Gaussian(0.1f).WithSharedAxes(1);
    private readonly Half[] _half = new Half[16];

    [GlobalSetup]
    public void Setup()
    {
        AllocationBar.Check("span call", 0, () => Gaussian());
        AllocationBar.Check("span call with a device", 0, () => GaussianWithDevice());
        AllocationBar.Check("general span call", 0, () => General());
        AllocationBar.Check("general span call with shared axes", 0, () => SharedAxes());
        AllocationBar.Check("general span call on halves", 0, () => Halves());
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _x.AsSpan().CopyTo(_y);

    [Benchmark]
    public void Signs() => Noise.FillSigns(_y, _key);

    [Benchmark]
    public void Uniform() => Noise.AddUniform(_x, _y, -0.1f, 0.1f, _key);

    [Benchmark]
    public void Gaussian() => Noise.AddGaussian(_x, _y, 0.1f, _key);

    [Benchmark]
    public void GaussianWithDevice() => Noise.AddGaussian(_x, _y, 0.1f, _key, device: _device);

    [Benchmark]
    public void General() => Noise.Apply(_noise, _x, _y, _key);

    [Benchmark]
    public void SharedAxes() => Noise.Apply(_shared, _x, _y, _key, [2, 2, 4]);

    [Benchmark]
    public void Halves() => Noise.Apply(_noise, _half, _key);

    [GlobalCleanup]
    public void Dispose()
    {
        _device.Dispose();
        GC.SuppressFinalize(this);
    }
}

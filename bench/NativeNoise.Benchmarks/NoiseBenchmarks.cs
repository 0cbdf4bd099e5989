using BenchmarkDotNet.Attributes;

namespace NativeNoise.Benchmarks;

/// <summary>Element-wise noise out of place, beside a copy of the same data, in the first-level cache, the second, and memory.</summary>
[MemoryDiagnoser]
public class NoiseBenchmarks
{
    private readonly NoiseKey _key = NoiseKey.ForSite(1, "noise:activation");
    private float[] _x = [];
    private float[] _y = [];

    /// <summary>Number of elements.</summary>
    [Params(2048, 65536, 1 << 23)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _x = new float[Length];
        _y = new float[Length];
        Noise.FillNormal(_x, 0f, 1f, _key);
        AllocationBar.Check("noise", 0, Gaussian);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _x.AsSpan().CopyTo(_y);

    [Benchmark]
    public void Gaussian() => Noise.AddGaussian(_x, _y, 0.1f, _key);

    [Benchmark]
    public void Uniform() => Noise.AddUniform(_x, _y, -0.1f, 0.1f, _key);

    [Benchmark]
    public void SaltAndPepper() => Noise.SaltAndPepper(_x, _y, 0.05f, 1f, 0f, _key);
}

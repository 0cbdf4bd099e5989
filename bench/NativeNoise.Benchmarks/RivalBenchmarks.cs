using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using SpanTensor = System.Numerics.Tensors.Tensor;

namespace NativeNoise.Benchmarks;

/// <summary>
/// Standard normals into an array, beside what .NET users write today; on one thread, <see cref="FillNormalTwoThreads"/> apart.
/// <see cref="Random"/> is measured with a seed, which keeps the slow generator of .NET Framework, and without, where it is
/// xoshiro256** and nothing can be repeated. MathNet.Numerics knows doubles alone; it draws from its own Xoshiro256StarStar,
/// seeded and without locks.
/// </summary>
[MemoryDiagnoser]
public class RivalBenchmarks : IDisposable
{
    private readonly NoiseKey _key = NoiseKey.ForSite(1, "rival:activation");
    private readonly Device _device = Device.CreateCpu(new CpuOptions { Threads = 2 });
    private readonly Random _seeded = new(1);
    private readonly Random _unseeded = new();
    private readonly Xoshiro256StarStar _xoshiro = new(1, threadSafe: false);
    private float[] _y = [];
    private double[] _doubles = [];

    /// <summary>Number of normals.</summary>
    [Params(8192, 1 << 20)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _y = new float[Length];
        _doubles = new double[Length];
        AllocationBar.Check("normals", 0, FillNormal);
        AllocationBar.Check("normals on two threads", 0, FillNormalTwoThreads);
    }

    [Benchmark(Baseline = true)]
    public void FillNormal() => Noise.FillNormal(_y, 0f, 1f, _key);

    [Benchmark]
    public void FillNormalTwoThreads() => Noise.FillNormal(_y, 0f, 1f, _key, device: _device);

    [Benchmark]
    public void RandomSeeded() => FillBoxMuller(_y, _seeded);

    [Benchmark]
    public void RandomUnseeded() => FillBoxMuller(_y, _unseeded);

    [Benchmark]
    public void TensorFillSeeded() => SpanTensor.FillGaussianNormalDistribution(new TensorSpan<float>(_y), _seeded);

    [Benchmark]
    public void TensorFillUnseeded() => SpanTensor.FillGaussianNormalDistribution(new TensorSpan<float>(_y), _unseeded);

    [Benchmark]
    public void MathNet() => Normal.Samples(_xoshiro, _doubles, 0.0, 1.0);

    [GlobalCleanup]
    public void Dispose()
    {
        _device.Dispose();
        GC.SuppressFinalize(this);
    }

    // Box and Muller (1958), both normals of a pair used: as fast as it gets by hand without vectors. 1 - u is never 0.
    private static void FillBoxMuller(float[] y, Random random)
    {
        for (int i = 0; i < y.Length; i += 2)
        {
            float radius = MathF.Sqrt(-2f * MathF.Log(1f - random.NextSingle()));
            (float sin, float cos) = MathF.SinCos(MathF.Tau * random.NextSingle());
            y[i] = radius * cos;
            y[i + 1] = radius * sin;
        }
    }
}

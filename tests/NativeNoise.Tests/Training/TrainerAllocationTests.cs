namespace NativeNoise.Tests;

/// <summary>The trainer's step in steady state: under 4 KB of managed memory, none of native memory.</summary>
[Collection("alone")]
public sealed class TrainerAllocationTests
{
    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Sgd)]
    public void A_step_allocates_next_to_nothing(OptimizerKind kind)
    {
        float[] inputs = new float[256 * 784];
        Noise.FillUniform(inputs, 0, 1, NoiseKey.ForSite(1, "allocation"));
        var data = new Dataset(inputs, 784, [.. Enumerable.Range(0, 256).Select(i => i % 10)], 10);
        using Sequential model = NoisyMlp.Create(new NoisyMlpOptions { Inputs = 784, Hidden = [256, 128], Outputs = 10 });
        using var inputNoise = new GaussianNoise(0.1) { Site = "input" };
        var options = new TrainerOptions
        {
            BatchSize = 128,
            Optimizer = kind,
            Momentum = 0.9,
            GradientNoise = new GradientNoise(),
            ClipNorm = 1,
            LearningRate = new WarmupSchedule(10, new CosineSchedule(0.001, 0, 100)),
        };
        using var run = new TrainingRun(model, inputNoise, options, Device.Cpu, data, null, null);
        run.Shuffle(0);
        Steps(run, 10);

        const int steps = 20;
        long native = NativeMemory.Read().Allocations;
        long managed = GC.GetAllocatedBytesForCurrentThread();
        Steps(run, steps);
        managed = GC.GetAllocatedBytesForCurrentThread() - managed;
        Assert.Equal(native, NativeMemory.Read().Allocations);
        Assert.True(managed < 4096 * steps, $"{managed / steps} bytes a step");
    }

    private static void Steps(TrainingRun run, int count)
    {
        for (int i = 0; i < count; i++)
        {
            run.Read(i % 2);
            run.Step();
        }
    }
}

namespace NativeNoise.Tests;

/// <summary>What a training step in steady state costs in memory.</summary>
[Collection("alone")]
public sealed class AllocationTests
{
    [Fact]
    public void A_training_step_takes_under_4_KB_managed_and_no_native_memory()
    {
        using Sequential model = NoisyMlp.Create(new()
        {
            Inputs = 784, Hidden = [256, 128], Outputs = 10, ActivationNoise = 0.1, WeightNoise = 0.01, Dropout = 0.1,
        });
        using GaussianNoise input = new(0.1) { Site = "input" };
        using Tensor x = Tensor.From(GradientCheck.Data(128 * 784, "alloc"), 128, 784);
        int[] labels = [.. Enumerable.Range(0, 128).Select(i => i % 10)];
        NoiseFrame frame = new(seed: 1);
        Parameter[] parameters = [.. model.Parameters()];

        for (int i = 0; i < 8; i++)
        {
            Step();
        }

        long native = NativeMemory.Read().Allocations;
        long managed = GC.GetAllocatedBytesForCurrentThread();
        const int Steps = 10;
        for (int i = 0; i < Steps; i++)
        {
            Step();
        }

        managed = (GC.GetAllocatedBytesForCurrentThread() - managed) / Steps;
        native = NativeMemory.Read().Allocations - native;
        Assert.True(managed < 4096, $"A step allocates {managed} bytes on the managed heap.");
        Assert.Equal(0, native);

        void Step()
        {
            using TensorScope scope = new();
            model.ZeroGrad();
            Tensor loss = Functional.SoftmaxCrossEntropy(model.Forward(input.Forward(x, frame), frame), labels);
            loss.Backward();
            foreach (Parameter parameter in parameters)
            {
                parameter.Buffer.BumpVersion();
                Kernels.Axpby(parameter.Device, parameter.Length, -0.01f, parameter.Grad!.Buffer, 1f, parameter.Buffer);
            }

            frame.Advance();
        }
    }
}

/// <summary>Tests that read counters of the whole process, and so run while no other test does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;

namespace NativeNoise.Tests;

/// <summary>What a training step in steady state costs in memory.</summary>
[Collection("alone")]
public sealed class AllocationTests
{
    [Fact]
    public void Forgotten_tensors_are_freed_by_the_garbage_collector()
    {
        const int Count = 20;
        NativeMemory.Trim();
        long frees = NativeMemory.Read().Frees;
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(NativeMemory.Read().Frees - frees >= Count);

        // Not inlined: no register keeps the last tensor alive.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget()
        {
            for (int i = 0; i < Count; i++)
            {
                Tensor x = Tensor.Zeros(300_000);
                x.RequiresGrad = true;
                Functional.Tanh(x).Sum();
            }
        }
    }

    [Fact]
    public void Trimming_frees_what_nobody_uses_and_nothing_else()
    {
        using Tensor used = Tensor.Full(5f, 1_234_567);
        Tensor.Zeros(1_234_567).Dispose();
        long bytes = NativeMemory.Read().Bytes;
        NativeMemory.Trim();
        Assert.True(NativeMemory.Read().Bytes <= bytes - (4 * 1_234_567));
        Assert.Equal(5f, used.AsReadOnlySpan()[1_234_566]);
    }

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

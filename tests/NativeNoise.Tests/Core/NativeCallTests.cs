using NativeNoise.Bindings;

namespace NativeNoise.Tests;

/// <summary>Statuses become exceptions; devices, addresses and what the library says about itself.</summary>
public sealed class NativeCallTests
{
    public static TheoryData<int, Type> Statuses => new()
    {
        { 1, typeof(ArgumentException) },
        { 2, typeof(ArgumentNullException) },
        { 3, typeof(ArgumentException) },
        { 4, typeof(ArgumentException) },
        { 5, typeof(InsufficientMemoryException) },
        { 6, typeof(NotSupportedException) },
        { 7, typeof(ArgumentOutOfRangeException) },
        { 8, typeof(ArgumentOutOfRangeException) },
        { 9, typeof(InvalidOperationException) },
        { 10, typeof(NativeNoiseException) },
        { 4711, typeof(NativeNoiseException) },
        { -3, typeof(NativeNoiseException) },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_status_has_an_exception_and_unknown_ones_too(int status, Type type)
    {
        Exception error = NativeCall.ToException((nnoise_status)status, "std is -1");
        Assert.IsType(type, error);
        Assert.Contains("std is -1", error.Message, StringComparison.Ordinal);
        if (error is NativeNoiseException own)
        {
            Assert.Equal(status, (int)own.Status);
            Assert.Contains($"(status {status})", own.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_public_statuses_are_the_native_ones()
    {
        Assert.Equal(
            Enum.GetValues<nnoise_status>().Select(s => (int)s), Enum.GetValues<NativeStatus>().Select(s => (int)s));
        Assert.Equal(
            Enum.GetValues<nnoise_isa>().Select(s => (int)s), Enum.GetValues<InstructionSet>().Select(s => (int)s));
        Assert.Equal(
            Enum.GetValues<nnoise_activation>().Select(s => (int)s), Enum.GetValues<Activation>().Select(s => (int)s));
        Assert.Equal(
            Enum.GetValues<nnoise_estimator>().Select(s => (int)s), Enum.GetValues<VariationalEstimator>().Select(s => (int)s));
    }

    [Fact]
    public void A_failing_call_carries_the_librarys_own_words()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() =>
        {
            unsafe
            {
                float x = 0;
                NativeCall.Check(NativeMethods.nnoise_gaussian(
                    null, nnoise_dtype.NNOISE_DTYPE_FLOAT32, 1, 1, &x, &x, default, -1f));
            }
        });
        Assert.Contains("std", error.Message, StringComparison.Ordinal);
        Assert.Contains("-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_describes_itself()
    {
        Assert.True(NativeInfo.Version >= new Version(0, 1));
        Assert.Equal((int)NativeMethods.NNOISE_ABI_VERSION, NativeInfo.AbiVersion);
        Assert.Equal((int)NativeMethods.NNOISE_CONTRACT_VERSION, NativeInfo.NoiseContractVersion);
        Assert.NotEqual(InstructionSet.Auto, NativeInfo.InstructionSet);
        Assert.InRange(NativeInfo.LogicalProcessors, 1, 4096);
        Assert.Contains("nativenoise", NativeInfo.LibraryPath, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_has_the_threads_and_the_set_it_was_asked_for()
    {
        using Device device = Device.CreateCpu(new() { Threads = 3, InstructionSet = InstructionSet.Scalar });
        Assert.Equal((3, InstructionSet.Scalar), (device.Threads, device.InstructionSet));
        Assert.Equal("cpu (Scalar, 3 threads)", device.Name);
        Device.Cpu.Dispose();
        using Tensor x = Tensor.Zeros(3);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(257)]
    public void A_device_refuses_a_number_of_threads(int threads)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("options", () => Device.CreateCpu(new() { Threads = threads }));
        Assert.Contains("Threads", error.Message, StringComparison.Ordinal);
        Assert.Equal(threads, error.ActualValue);
    }

    [Fact]
    public void A_device_refuses_an_instruction_set_that_is_none_or_missing()
    {
        Assert.Throws<ArgumentOutOfRangeException>("options", () => Device.CreateCpu(new() { InstructionSet = (InstructionSet)99 }));
        InstructionSet foreign = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            is System.Runtime.InteropServices.Architecture.Arm64 ? InstructionSet.Avx2 : InstructionSet.Neon;
        Assert.Throws<NotSupportedException>(() => Device.CreateCpu(new() { InstructionSet = foreign }));
    }

    [Fact]
    public void A_disposed_device_is_an_error()
    {
        Device device = Device.CreateCpu(new() { Threads = 1 });
        using Tensor x = Tensor.Zeros(device, 3);
        device.Dispose();
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Functional.Relu(x));
    }

    [Fact]
    public async Task A_device_serves_many_threads_at_once()
    {
        using Tensor w = Tensor.From(GradientCheck.Data(64 * 64, "parallel"), 64, 64);
        float[] expected = Work();
        Task<float[]>[] tasks = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(Work))];
        foreach (float[] found in await Task.WhenAll(tasks))
        {
            Assert.Equal(expected, found);
        }

        float[] Work()
        {
            using TensorScope scope = new();
            Tensor y = w;
            for (int i = 0; i < 20; i++)
            {
                y = Functional.Tanh(Functional.GaussianNoise(Functional.Linear(y, w), 0.1f, new NoiseKey(1, 2, (uint)i)));
            }

            return y.ToArray();
        }
    }

    [Fact]
    public void A_frame_makes_addresses()
    {
        NoiseFrame frame = new(7, step: 5, firstRow: 9) { StepStride = 2, RowStride = 3 };
        Assert.Equal(new NoiseKey(7, 11, 5, 9, 2, 3), frame.Key(11));
        frame.Advance();
        Assert.Equal(6u, frame.Step);
        Assert.Equal(new NoiseKey(7, 11, 6, 1, 2, 3), frame.WithFirstRow(1).Key(11));
        Assert.Equal(NoiseMode.Mean, frame.WithMode(NoiseMode.Mean).Mode);
        NoiseFrame draw = NoiseFrame.Draw(3, 4, 5);
        Assert.Equal((3ul, 4u, 5u, NoiseMode.Sample), (draw.Seed, draw.Step, draw.FirstRow, draw.Mode));
        frame.Step = uint.MaxValue;
        Assert.Throws<OverflowException>(frame.Advance);
        Assert.Throws<ArgumentOutOfRangeException>("mode", () => new NoiseFrame(1, mode: (NoiseMode)9));
    }

    [Fact]
    public void An_address_that_would_wrap_is_refused()
    {
        float[] x = new float[20];
        NoiseKey last = new(1, 1, FirstRow: uint.MaxValue);
        Noise.AddGaussian(x, 1f, last);
        Assert.Throws<ArgumentOutOfRangeException>(() => Noise.AddGaussian(x, 1f, last, columns: 10));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Noise.AddGaussian(x, 1f, new NoiseKey(1, 1, Step: uint.MaxValue, StepStride: 1), columns: 10));
    }

    [Fact]
    public void Site_hashes_depend_on_the_name_alone()
    {
        Assert.Equal(NoiseKey.SiteHash("fc1:weight"), NoiseKey.SiteHash(new string("fc1:weight".AsSpan())));
        Assert.NotEqual(NoiseKey.SiteHash("fc1:weight"), NoiseKey.SiteHash("fc2:weight"));
        string name = new('é', 5000);
        Assert.NotEqual(NoiseKey.SiteHash(name), NoiseKey.SiteHash(name + "é"));
        Assert.Throws<ArgumentNullException>("name", () => NoiseKey.SiteHash(null!));
    }
}

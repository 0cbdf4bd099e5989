using static NativeNoise.Tests.GradientCheck;

namespace NativeNoise.Tests;

/// <summary>A batch in pieces: the same noise bit for bit, and the whole's gradients up to the rounding of another order.</summary>
public sealed class BatchPieceTests
{
    private const int Rows = 12;
    private const int Inputs = 7;
    private static readonly int[] Labels = [0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0];

    private static Sequential Model() => new(
        ("input", new GaussianNoise(0.1)),
        ("fc1", new NoisyLinear(Inputs, 9, 0.2)),
        ("act1", new Relu()),
        ("noise1", new ActivationNoise(0.1)),
        ("drop1", new Dropout(0.3)),
        ("fc2", new VariationalLinear(9, 8, new() { Estimator = VariationalEstimator.Flipout, InitialLogVariance = -3 })),
        ("act2", new Tanh()),
        ("fc3", new NoisyLinear(8, 6, 0.2, options: new() { Sharing = NoiseSharing.PerExample })),
        ("salt", new SaltAndPepperNoise(0.2) { ApplyProbability = 0.5 }),
        ("laplace", new LaplaceNoise(0.1)),
        ("shared", new StudentTNoise(0.1) { SharedAxes = [1] }),
        ("batch", new BrownNoise(0.1) { SharedAxes = [0] }),
        ("fc4", new FactorizedNoisyLinear(6, 3)));

    [Theory]
    [InlineData(5, 7)]
    [InlineData(1, 11)]
    [InlineData(4, 4, 4)]
    [InlineData(1, 1, 10)]
    public void Pieces_have_the_outputs_of_the_whole_bit_for_bit(params int[] pieces)
    {
        using TensorScope scope = new();
        using Sequential model = Model();
        NoiseFrame frame = new(seed: 5, step: 9, firstRow: 100);
        float[] x = Data(Rows * Inputs, "pieces");
        float[] whole = model.Forward(Tensor.From(x, Rows, Inputs), frame).ToArray();

        List<float> joined = [];
        int first = 0;
        foreach (int rows in pieces)
        {
            Tensor piece = Tensor.From(x.AsSpan(first * Inputs, rows * Inputs), rows, Inputs);
            joined.AddRange(model.Forward(piece, frame.WithFirstRow(100u + (uint)first)).ToArray());
            first += rows;
        }

        Assert.Equal(whole, joined);
    }

    [Fact]
    public void Accumulated_gradients_are_the_gradients_of_the_whole()
    {
        using TensorScope scope = new();
        using Sequential model = Model();
        NoiseFrame frame = new(seed: 5, step: 9);
        float[] x = Data(Rows * Inputs, "pieces");

        Tensor loss = Functional.SoftmaxCrossEntropy(model.Forward(Tensor.From(x, Rows, Inputs), frame), Labels);
        loss.Backward();
        Dictionary<string, float[]> whole = model.NamedParameters().ToDictionary(p => p.Name, p => p.Parameter.Grad!.ToArray());

        model.ZeroGrad();
        double sum = 0;
        foreach ((int first, int rows) in new[] { (0, 5), (5, 4), (9, 3) })
        {
            Tensor piece = Tensor.From(x.AsSpan(first * Inputs, rows * Inputs), rows, Inputs);
            Tensor part = Functional.SoftmaxCrossEntropy(
                model.Forward(piece, frame.WithFirstRow((uint)first)), Labels.AsSpan(first, rows), 1f / Rows);
            part.Backward();
            sum += part.Item();
        }

        Assert.Equal(loss.Item(), sum, 1e-6);
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            float[] pieces = parameter.Grad!.ToArray();
            float largest = whole[name].Max(MathF.Abs);
            for (int i = 0; i < pieces.Length; i++)
            {
                // Sums of 12 products in two orders: a few units of 2^-24 of the largest.
                Assert.True(
                    MathF.Abs(pieces[i] - whole[name][i]) <= (16 * largest / (1 << 24)) + 1e-9f,
                    $"{name}[{i}]: {pieces[i]} in pieces, {whole[name][i]} as a whole.");
            }
        }
    }

    [Fact]
    public void Many_draws_of_one_example_are_one_batch()
    {
        using TensorScope scope = new();
        using Sequential model = new(
            ("noise", new GaussianNoise(0.5)),
            ("fc", new NoisyLinear(Inputs, 3, 0.4, options: new() { Sharing = NoiseSharing.PerExample })));
        float[] x = Data(Inputs, "draws");
        float[] copies = [.. Enumerable.Range(0, 6).SelectMany(_ => x)];

        NoiseFrame many = new(seed: 2, step: 10, firstRow: 4, NoiseMode.Sample) { StepStride = 1, RowStride = 0 };
        float[] batch = model.Forward(Tensor.From(copies, 6, Inputs), many).ToArray();
        for (uint draw = 0; draw < 6; draw++)
        {
            float[] one = model.Forward(Tensor.From(x, 1, Inputs), NoiseFrame.Draw(2, 10 + draw, 4)).ToArray();
            Assert.Equal(one, batch[(int)(3 * draw)..(int)((3 * draw) + 3)]);
        }
    }

    [Fact]
    public void A_shared_weight_sample_refuses_rows_of_different_steps()
    {
        using TensorScope scope = new();
        using Sequential model = new(("fc", new NoisyLinear(Inputs, 3)));
        NoiseFrame many = new(seed: 2, mode: NoiseMode.Sample) { StepStride = 1, RowStride = 0 };
        var error = Assert.Throws<InvalidOperationException>(() => model.Forward(Input("strides", 2, Inputs), many));
        Assert.Contains("'fc'", error.Message, StringComparison.Ordinal);
        Assert.Contains("StepStride is 1", error.Message, StringComparison.Ordinal);
    }

    /// <summary>With several rows an example, a row's address would not be the example's: pieces and whole would differ.</summary>
    [Fact]
    public void Noise_drawn_for_each_example_refuses_several_rows_an_example()
    {
        using TensorScope scope = new();
        Module[] layers =
        [
            new NoisyLinear(4, 2, options: new() { Sharing = NoiseSharing.PerExample }),
            new VariationalLinear(4, 2, new() { Estimator = VariationalEstimator.LocalReparameterization }),
            new VariationalLinear(4, 2, new() { Estimator = VariationalEstimator.Flipout }),
        ];
        Tensor x = Input("further", 4, 3, 4);
        foreach (Module layer in layers)
        {
            using Sequential model = new(("fc", layer));
            var error = Assert.Throws<ArgumentException>("x", () => model.Forward(x, new NoiseFrame(1)));
            Assert.Contains("'fc'", error.Message, StringComparison.Ordinal);
            Assert.Contains("[4, 3, 4]", error.Message, StringComparison.Ordinal);
            Assert.Equal([4, 3, 2], model.Forward(x, new NoiseFrame(1, mode: NoiseMode.Mean)).Shape.ToArray());
        }

        // Noise that all examples share has no such difficulty, and element-wise noise counts examples.
        using Sequential shared = new(("fc", new NoisyLinear(4, 2)), ("noise", new ActivationNoise()));
        float[] whole = shared.Forward(x, new NoiseFrame(1)).ToArray();
        Tensor half = Tensor.From(x.AsReadOnlySpan()[24..], 2, 3, 4);
        Assert.Equal(whole[12..], shared.Forward(half, new NoiseFrame(1, firstRow: 2)).ToArray());
    }

    [Fact]
    public void Threads_and_instruction_sets_change_no_bit()
    {
        float[]? expected = null;
        List<CpuOptions> all = [new() { Threads = 1 }, new() { Threads = 2 }, new() { Threads = 5 },
            new() { Threads = 3, InstructionSet = InstructionSet.Scalar }];
        foreach (CpuOptions options in all)
        {
            using Device device = Device.CreateCpu(options);
            float[] found = OutputsAndGradients(device);
            expected ??= found;
            Assert.Equal(expected, found);
        }
    }

    private static float[] OutputsAndGradients(Device device)
    {
        // Wide enough that work is shared out among threads.
        const int BigRows = 96, BigInputs = 300, Hidden = 200;
        using TensorScope scope = new();
        using Sequential model = new(
            ("input", new GaussianNoise(0.1)),
            ("fc1", new NoisyLinear(BigInputs, Hidden, 0.05)),
            ("act1", new Relu()),
            ("noise1", new ActivationNoise(0.1, additive: false)),
            ("fc2", new VariationalLinear(Hidden, Hidden, new() { Estimator = VariationalEstimator.LocalReparameterization })),
            ("act2", new Gelu()),
            ("drop", new Dropout(0.25)),
            ("fc3", new FactorizedNoisyLinear(Hidden, 10)));
        model.Initialize(4).To(device);
        int[] labels = [.. Enumerable.Range(0, BigRows).Select(i => i % 10)];
        Tensor x = Tensor.From(device, Data(BigRows * BigInputs, "threads"), BigRows, BigInputs);
        x.RequiresGrad = true;
        Tensor logits = model.Forward(x, new NoiseFrame(8, 2));
        Tensor loss = Functional.SoftmaxCrossEntropy(logits, labels) + (model.KlDivergence()! * 1e-4f);
        loss.Backward();
        return [loss.Item(), .. logits.ToArray(), .. x.Grad!.ToArray(), .. model.Parameters().SelectMany(p => p.Grad!.ToArray())];
    }
}

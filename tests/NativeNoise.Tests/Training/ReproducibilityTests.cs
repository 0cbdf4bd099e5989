using NativeNoise.Tests.Contract;
using static NativeNoise.Tests.TrainingFixtures;

namespace NativeNoise.Tests;

public sealed class ReproducibilityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativenoise-repeat-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_model_file_is_the_same_byte_for_byte_for_any_number_of_threads_and_again()
    {
        byte[]? expected = null;
        foreach (int threads in (int[])[1, 2, 5, 2])
        {
            using Device device = Device.CreateCpu(new CpuOptions { Threads = threads });
            using Sequential model = NoisyModel();
            Fit(model, NoisyOptions() with { Device = device }, Clusters(150), Clusters(40, 2));
            string path = Path.Combine(_folder, "model.safetensors");
            model.Save(path);
            byte[] bytes = File.ReadAllBytes(path);
            expected ??= bytes;
            Assert.Equal(expected, bytes);
        }
    }

    [Fact]
    public void Wide_layers_share_their_work_among_threads_without_changing_a_bit()
    {
        DatasetSplit digits = Datasets.DigitsSplit();
        float[]? expected = null;
        foreach (int threads in (int[])[1, 2, 5])
        {
            using Device device = Device.CreateCpu(new CpuOptions { Threads = threads });
            using Sequential model = NoisyMlp.Create(new NoisyMlpOptions { Inputs = 64, Hidden = [300, 100], Outputs = 10, WeightNoise = 0.02, Seed = 2 });
            var options = new TrainerOptions
            {
                Epochs = 1,
                BatchSize = 100,
                Seed = 2,
                InputNoise = new UniformNoise(),
                GradientNoise = new GradientNoise(0.001),
                Optimizer = OptimizerKind.AdamW,
                ClipValue = 0.1,
                Device = device,
            };
            Fit(model, options, digits.Train);
            expected ??= Weights(model);
            Assert.Equal(expected, Weights(model));
        }
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("weights")]
    public void Another_seed_gives_another_model(string what)
    {
        using Sequential first = NoisyModel();
        Fit(first, NoisyOptions(), Clusters(150));
        using Sequential second = NoisyModel(what == "weights" ? 6UL : 5UL);
        Fit(second, NoisyOptions() with { Seed = what == "seed" ? 12UL : 11UL }, Clusters(150));
        Assert.NotEqual(Weights(first), Weights(second));
    }

    /// <summary>The classic loop written by hand does what the trainer does, bit for bit.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loop_written_by_hand_gives_the_trainers_weights(bool separateGradientNoise)
    {
        Dataset data = Clusters(150);
        TrainerOptions options = NoisyOptions() with { ClipNorm = null };
        using Sequential trained = NoisyModel();
        Fit(trained, options, data);

        using Sequential model = NoisyModel();
        using var inputNoise = new GaussianNoise(0.1) { Site = "input" };
        var gradientNoise = new GradientNoise();
        using var adam = new Adam(model, new AdamOptions
        {
            LearningRate = options.LearningRate,
            WeightDecay = 0.001,
            Seed = options.Seed,
            GradientNoise = separateGradientNoise ? null : gradientNoise,
        });
        var frame = new NoiseFrame(options.Seed);
        for (uint epoch = 0; epoch < options.Epochs; epoch++)
        {
            int[] order = Permutation.Create(options.Seed, epoch, data.Count);
            for (int first = 0; first < data.Count; first += options.BatchSize)
            {
                using var scope = new TensorScope();
                Dataset batch = data.Subset(order.AsSpan(first, Math.Min(options.BatchSize, data.Count - first)));
                Tensor x = inputNoise.Forward(Tensor.From(batch.Inputs, batch.Count, batch.Features), frame);
                model.ZeroGrad();
                Tensor loss = Functional.SoftmaxCrossEntropy(model.Forward(x, frame), batch.Labels);
                loss = Functional.Add(loss, Functional.Scale(model.KlDivergence()!, 1f / data.Count));
                loss.Backward();
                if (separateGradientNoise)
                {
                    gradientNoise.AddTo(model, frame.Step, options.Seed);
                }

                adam.Step();
                frame.Advance();
            }
        }

        Assert.Equal(Weights(trained), Weights(model));
    }

    /// <summary>A batch in pieces: the same input, activation and weight noise, and gradient noise once, on the sum.</summary>
    [Fact]
    public void Accumulated_gradients_get_the_large_batchs_noise_bit_for_bit()
    {
        Dataset data = Clusters(24);
        using Sequential model = NoisyModel();
        using var inputNoise = new GaussianNoise(0.1) { Site = "input" };
        var noise = new GradientNoise(0.3);
        var frame = new NoiseFrame(seed: 7, step: 13);

        (float[] wholeOutput, float[] whole) = Accumulate(24);
        (float[] piecesOutput, float[] pieces) = Accumulate(7);
        Assert.Equal(wholeOutput, piecesOutput);
        AssertClose(whole, pieces, 2e-6f);

        // The gradients differ in the last bits (another order of adding), the noise in none: both are fma(std, n, g) with
        // the same normals n, which the contract's own implementation gives.
        Assert.Equal(Expected(whole), WithNoise(whole));
        Assert.Equal(Expected(pieces), WithNoise(pieces));

        (float[] Outputs, float[] Gradients) Accumulate(int size)
        {
            model.ZeroGrad();
            var outputs = new List<float>();
            for (int first = 0; first < data.Count; first += size)
            {
                using var scope = new TensorScope();
                int rows = Math.Min(size, data.Count - first);
                NoiseFrame piece = frame.WithFirstRow((uint)first);
                Tensor x = Tensor.From(data.Inputs.Slice(first * data.Features, rows * data.Features), rows, data.Features);
                Tensor y = model.Forward(inputNoise.Forward(x, piece), piece);
                outputs.AddRange(y.ToArray());
                Functional.SoftmaxCrossEntropy(y, data.Labels.Slice(first, rows), 1f / data.Count).Backward();
            }

            return ([.. outputs], Gradients());
        }

        float[] Expected(float[] gradients)
        {
            float[] expected = [.. gradients];
            int at = 0;
            foreach ((string name, Parameter parameter) in model.NamedParameters())
            {
                var address = new WitnessAddress(7, SiteName.Hash($"{name}:gradient"), frame.Step);
                for (int i = 0; i < parameter.Length; i++, at++)
                {
                    expected[at] = MathF.FusedMultiplyAdd((float)noise.Std(frame.Step), address.Normal(0, i), gradients[at]);
                }
            }

            return expected;
        }

        float[] WithNoise(float[] gradients)
        {
            int at = 0;
            foreach (Parameter parameter in model.Parameters())
            {
                int length = (int)parameter.Length;
                parameter.Grad!.CopyFrom(gradients.AsSpan(at, length));
                at += length;
            }

            noise.AddTo(model, frame.Step, 7);
            return Gradients();
        }

        float[] Gradients() =>
            [.. model.Parameters().SelectMany(parameter => parameter.Grad!.ToArray())];
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= tolerance, $"element {i}: {actual[i]}, expected {expected[i]}");
        }
    }
}

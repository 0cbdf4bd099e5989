using NativeNoise.Bindings;
using static NativeNoise.Bindings.NativeMethods;

namespace NativeNoise.Tests.Contract;

/// <summary>The library's effective weights and noisy gradients equal the witness bit for bit.</summary>
public sealed unsafe class WeightLibraryTests : IDisposable
{
    private const ulong Seed = 0xfeedfacecafebeef;
    private const uint Step = 12;

    private static readonly WitnessAddress Weight = new(Seed, SiteName.Hash("fc:weight"), Step);
    private static readonly WitnessAddress Bias = new(Seed, SiteName.Hash("fc:bias"), Step);
    private static readonly WitnessAddress Input = new(Seed, SiteName.Hash("fc:in"), Step);
    private static readonly WitnessAddress Output = new(Seed, SiteName.Hash("fc:out"), Step);

    private readonly IReadOnlyList<NativeWorker> _workers = NativeWorker.CreateContexts();

    /// <summary>Kinds of weight noise by their names in the ABI, with the standard deviation where the kind has one.</summary>
    public static MatrixTheoryData<string, float> Kinds => new(Enum.GetNames<nnoise_weight_noise>(), [0f, 0.07f]);

    public void Dispose()
    {
        foreach (NativeWorker worker in _workers)
        {
            worker.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Effective_weights_equal_the_witness(string name, float std)
    {
        nnoise_weight_noise kind = Enum.Parse<nnoise_weight_noise>(name);
        foreach ((int outputs, int inputs) in new[] { (1, 1), (3, 4), (7, 5), (17, 33), (6, 784), (259, 3) })
        {
            float[] weight = Finite(outputs * inputs, 5);
            float[] bias = Finite(outputs, 6);
            float[] scale = Scale(kind, outputs * inputs, 7);
            float[] biasScale = Scale(kind, outputs, 8);
            foreach (NativeWorker worker in _workers)
            {
                (float[] gotWeight, float[] gotBias) = Sample(worker, kind, std, outputs, inputs, weight, bias, scale, biasScale);
                for (int o = 0; o < outputs; o++)
                {
                    AssertBits(ExpectedBias(kind, std, o, bias[o], biasScale[o]), gotBias[o], $"{name}, {worker.Name}, bias {o} of {outputs}");
                    for (int i = 0; i < inputs; i++)
                    {
                        int at = (o * inputs) + i;
                        AssertBits(
                            ExpectedWeight(kind, std, o, i, weight[at], scale[at]), gotWeight[at],
                            $"{name}, {worker.Name}, weight ({o}, {i}) of {outputs} x {inputs}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Gradient_noise_equals_the_witness()
    {
        // With learning rate 1, parameters 0 and no momentum a step of SGD leaves minus the noisy gradient.
        WitnessAddress address = new(Seed, SiteName.Hash("fc.weight:gradient"), Step: 3);
        float std = WeightNoise.GradientStd(0.01, 0.55, 3);
        foreach (NativeWorker worker in _workers)
        {
            for (int n = 1; n <= 257; n++)
            {
                float[] gradient = Finite(n, 9);
                float[] parameter = new float[n];
                nnoise_optimizer_options options;
                NativeWorker.Check(nnoise_optimizer_options_default(&options));
                options.learning_rate = 1f;
                options.noise_std = std;
                options.noise_address = NativeWorker.Address(address);
                fixed (float* p = parameter, g = gradient)
                {
                    NativeWorker.Check(nnoise_sgd_step(worker.Context, &options, n, p, g, null));
                }

                for (int e = 0; e < n; e++)
                {
                    float expected = 0f - WeightNoise.Absolute(address.Normal(0, e), gradient[e], std);
                    AssertBits(expected, parameter[e], $"{worker.Name}, element {e} of {n}");
                }
            }
        }
    }

    private static (float[] Weight, float[] Bias) Sample(
        NativeWorker worker, nnoise_weight_noise kind, float std, int outputs, int inputs,
        float[] weight, float[] bias, float[] scale, float[] biasScale)
    {
        float[] sampledWeight = new float[outputs * inputs];
        float[] sampledBias = new float[outputs];
        bool hasScale = kind >= nnoise_weight_noise.NNOISE_WEIGHT_NOISE_INDEPENDENT;
        fixed (float* w = weight, b = bias, s = scale, bs = biasScale, sw = sampledWeight, sb = sampledBias)
        {
            nnoise_linear layer;
            NativeWorker.Check(nnoise_linear_default(&layer));
            layer.noise = (int)kind;
            layer.inputs = inputs;
            layer.outputs = outputs;
            layer.weight = w;
            layer.bias = b;
            layer.weight_scale = hasScale ? s : null;
            layer.bias_scale = hasScale ? bs : null;
            layer.std = std;
            layer.weight_address = NativeWorker.Address(Weight);
            layer.bias_address = NativeWorker.Address(Bias);
            layer.input_address = NativeWorker.Address(Input);
            layer.output_address = NativeWorker.Address(Output);
            NativeWorker.Check(nnoise_linear_sample_weights(worker.Context, &layer, sw, sb));
        }

        return (sampledWeight, sampledBias);
    }

    private static float ExpectedWeight(nnoise_weight_noise kind, float std, int o, int i, float weight, float scale) => kind switch
    {
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_NONE => weight,
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_ABSOLUTE => WeightNoise.Absolute(Weight.Normal(o, i), weight, std),
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_RELATIVE => WeightNoise.Relative(Weight.Normal(o, i), weight, std),
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_INDEPENDENT => WeightNoise.Independent(Weight.Normal(o, i), weight, scale),
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_FACTORIZED =>
            WeightNoise.Factorised(Output.Normal(0, o), Input.Normal(0, i), weight, scale),
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_LOG_VARIANCE => WeightNoise.LogVariance(Weight.Normal(o, i), weight, scale),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of weight noise that the witness does not know."),
    };

    private static float ExpectedBias(nnoise_weight_noise kind, float std, int o, float bias, float scale) => kind switch
    {
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_NONE => bias,
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_ABSOLUTE => WeightNoise.Absolute(Bias.Normal(0, o), bias, std),
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_RELATIVE => WeightNoise.Relative(Bias.Normal(0, o), bias, std),
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_INDEPENDENT => WeightNoise.Independent(Bias.Normal(0, o), bias, scale),
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_FACTORIZED => WeightNoise.FactorisedBias(Output.Normal(0, o), bias, scale),
        nnoise_weight_noise.NNOISE_WEIGHT_NOISE_LOG_VARIANCE => WeightNoise.LogVariance(Bias.Normal(0, o), bias, scale),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of weight noise that the witness does not know."),
    };

    private static float[] Finite(int count, ulong seed) =>
        [.. Samples.Data(count, seed).Select(v => float.IsFinite(v) && MathF.Abs(v) < 1e30f ? v : 0.5f)];

    // Log-variances from far below the smallest float to large; standard deviations of either sign elsewhere.
    private static float[] Scale(nnoise_weight_noise kind, int count, ulong seed)
    {
        WitnessAddress address = new(seed, SiteName.Hash("scale:init"));
        bool isLogVariance = kind == nnoise_weight_noise.NNOISE_WEIGHT_NOISE_LOG_VARIANCE;
        return [.. Enumerable.Range(0, count).Select(i => isLogVariance
            ? Uniforms.Between(address.Word(0, i), i % 5 == 0 ? -250f : -12f, i % 5 == 0 ? 100f : 2f)
            : 0.1f * address.Normal(0, i))];
    }

    private static void AssertBits(float expected, float actual, string what) =>
        Assert.True(Samples.SameBits(expected, actual), $"{what}: the contract gives {expected:R}, the library {actual:R}.");
}

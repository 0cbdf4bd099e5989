namespace NativeNoise.Tests.Contract;

/// <summary>Modules and optimisers draw at the sites, steps and rows that the contract names.</summary>
public sealed class ManagedSiteTests
{
    private const ulong Seed = 99;
    private const uint Step = 4;
    private const int Inputs = 5;
    private const int Outputs = 3;

    private static readonly NoiseFrame Frame = new(Seed, Step, firstRow: 10);

    [Fact]
    public void A_noise_module_draws_at_its_path_and_counts_its_uses()
    {
        const int Rows = 5;
        const int Columns = 37;
        using GaussianNoise noise = new(0.3);
        using Sequential model = new(("front", new Sequential(("noise", noise))), ("again", new Reuse(noise)));
        float[] data = Samples.Data(Rows * Columns, 23);
        using Tensor x = Tensor.From(data, Rows, Columns);
        using Tensor y = model.Forward(x, Frame);
        WitnessAddress first = At("front.noise:activation") with { FirstRow = 10 };
        WitnessAddress second = At("front.noise:activation#1") with { FirstRow = 10 };
        AssertSame(y, Columns, (r, e) => ElementNoise.Gaussian(
            second.Normal(r, e), ElementNoise.Gaussian(first.Normal(r, e), data[(r * Columns) + e], 0.3f), 0.3f));
    }

    [Fact]
    public void Initial_weights_are_drawn_at_the_parameters_path()
    {
        using Linear layer = new(Inputs, Outputs);
        using Sequential model = new(("block", new Sequential(("fc", layer))));
        model.Initialize(Seed);
        WitnessAddress init = new(Seed, SiteName.Hash("block.fc.weight:init"));
        float std = 1f / MathF.Sqrt(Inputs);
        AssertSame(layer.Weight, Inputs, (o, i) => ElementNoise.FillNormal(init.Normal(o, i), 0f, std));
    }

    [Fact]
    public void Noisy_weights_are_drawn_at_weight_whatever_the_batch()
    {
        using NoisyLinear layer = new(Inputs, Outputs, 0.2, bias: false);
        WitnessAddress weight = At("fc:weight");
        AssertWeights(layer, (o, i, w) => WeightNoise.Absolute(weight.Normal(o, i), w, 0.2f));
    }

    [Fact]
    public void Factorised_noise_is_drawn_at_in_and_out()
    {
        using FactorizedNoisyLinear layer = new(Inputs, Outputs, bias: false);
        WitnessAddress input = At("fc:in");
        WitnessAddress output = At("fc:out");
        float[] sigma = layer.WeightSigma.ToArray();
        AssertWeights(layer, (o, i, w) =>
            WeightNoise.Factorised(output.Normal(0, o), input.Normal(0, i), w, sigma[(o * Inputs) + i]));
    }

    [Fact]
    public void Variational_weights_are_drawn_at_weight()
    {
        using VariationalLinear layer = new(Inputs, Outputs, new VariationalOptions { InitialLogVariance = -3f }, bias: false);
        WitnessAddress weight = At("fc:weight");
        AssertWeights(layer, (o, i, w) => WeightNoise.LogVariance(weight.Normal(o, i), w, -3f));
    }

    [Fact]
    public void Gradient_noise_is_drawn_at_gradient_for_every_parameter()
    {
        using Linear layer = new(Inputs, Outputs);
        using Sequential model = new(("fc", layer));
        using Tensor x = Tensor.From(new float[2 * Inputs], 2, Inputs);
        using Tensor loss = Functional.Scale(Functional.Sum(model.Forward(x)), 0f);
        loss.Backward();
        float[] clean = layer.Weight.Grad!.ToArray();
        GradientNoise noise = new(eta: 0.01, gamma: 0.55);
        noise.AddTo(model, Step, Seed);
        WitnessAddress weight = At("fc.weight:gradient");
        WitnessAddress bias = At("fc.bias:gradient");
        float std = WeightNoise.GradientStd(0.01, 0.55, Step);
        Assert.Equal(std, (float)noise.Std(Step));
        AssertSame(layer.Weight.Grad!, clean.Length, (_, e) => WeightNoise.Absolute(weight.Normal(0, e), clean[e], std));
        AssertSame(layer.Bias!.Grad!, Outputs, (_, e) => WeightNoise.Absolute(bias.Normal(0, e), 0f, std));
    }

    private static WitnessAddress At(string site) => new(Seed, SiteName.Hash(site), Step);

    // With the unit matrix for input, row i of the output is column i of the effective weights.
    private static void AssertWeights(LinearModule layer, Func<int, int, float, float> witness)
    {
        using Sequential model = new(("fc", layer));
        float[] unit = new float[Inputs * Inputs];
        for (int i = 0; i < Inputs; i++)
        {
            unit[(i * Inputs) + i] = 1f;
        }

        float[] clean = layer.Weight.ToArray();
        using Tensor x = Tensor.From(unit, Inputs, Inputs);
        using Tensor y = model.Forward(x, Frame);
        AssertSame(y, Outputs, (i, o) => witness(o, i, clean[(o * Inputs) + i]));
    }

    private static void AssertSame(Tensor actual, int columns, Func<int, int, float> expected)
    {
        float[] values = actual.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            float want = expected(i / columns, i % columns);
            Assert.True(
                Samples.SameBits(want, values[i]),
                $"row {i / columns}, element {i % columns}: the contract gives {want:R}, the library {values[i]:R}.");
        }
    }

    /// <summary>Uses a module that belongs to another part of the model once more.</summary>
    private sealed class Reuse(Module module) : Module
    {
        protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame) => module.Forward(x, frame);
    }
}

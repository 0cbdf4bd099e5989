using NativeNoise.Tests.Contract;

namespace NativeNoise.Tests;

public class GradientNoiseTests
{
    /// <summary>The paper's schedule, computed with 60 decimal digits: sqrt(eta/(1 + t)^0.55).</summary>
    [Theory]
    [InlineData(0.01, new[] { 0.1, 0.08264503181542117, 0.05308844442309883, 0.028183829312644536, 0.014962356560944332, 0.007943282347242814 })]
    [InlineData(0.3, new[] { 0.5477225575051661, 0.452665481910383, 0.29077738553390564, 0.15436919071410732, 0.08195220201864631, 0.043507149222174725 })]
    [InlineData(1.0, new[] { 1.0, 0.8264503181542117, 0.5308844442309884, 0.28183829312644537, 0.14962356560944332, 0.07943282347242814 })]
    public void The_standard_deviation_is_the_root_of_eta_over_a_power(double eta, double[] expected)
    {
        var noise = new GradientNoise(eta);
        long[] steps = [0, 1, 9, 99, 999, 9999];
        for (int i = 0; i < steps.Length; i++)
        {
            Assert.Equal(expected[i], noise.Std(steps[i]), 1e-16);
        }
    }

    [Fact]
    public void The_defaults_are_the_papers()
    {
        Assert.Equal(new InversePowerSchedule(0.01, 0.55), new GradientNoise().Variance);
        Assert.Equal(0.5, new GradientNoise(new LinearSchedule(0.25, 0, 10)).Std(0));
    }

    [Fact]
    public void AddTo_adds_the_normals_of_the_contract_to_every_gradient()
    {
        float[] gradient = [1, -2, 3, 0, 5, 6, 7];
        using var bag = new ParameterBag(("w", new float[7]), ("none", new float[3]), ("b", new float[2]));
        bag.SetGradient(0, gradient);
        bag.SetGradient(2, 10, 20);
        new GradientNoise(0.3).AddTo(bag, 41, 99);

        float std = (float)new GradientNoise(0.3).Std(41);
        AssertNoise(gradient, bag[0].Grad!.ToArray(), std, new WitnessAddress(99, SiteName.Hash("w:gradient"), 41));
        AssertNoise([10, 20], bag[2].Grad!.ToArray(), std, new WitnessAddress(99, SiteName.Hash("b:gradient"), 41));
        Assert.Null(bag[1].Grad);
    }

    [Fact]
    public void No_variance_changes_nothing()
    {
        using ParameterBag bag = ParameterBag.Of(1, 2);
        bag.SetGradient(0, 3, -0f);
        new GradientNoise(0).AddTo(bag, 0, 1);
        Assert.Equal([3f, -0f], bag[0].Grad!.ToArray());
    }

    /// <summary>The optimiser's own noise, in its pass over memory, is the hand-written loop's bit for bit.</summary>
    [Theory]
    [InlineData("sgd", 1)]
    [InlineData("momentum", 7)]
    [InlineData("adam", 257)]
    [InlineData("adamw", 5000)]
    public void Fused_and_separate_noise_give_the_same_weights(string kind, int length)
    {
        float[] start = Pattern(length, 0.7f);
        using ParameterBag fused = ParameterBag.Of(start);
        using ParameterBag separate = ParameterBag.Of(start);
        var noise = new GradientNoise(0.3);
        using Optimizer withNoise = Make(kind, fused, noise);
        using Optimizer plain = Make(kind, separate, null);
        for (int step = 0; step < 4; step++)
        {
            float[] gradient = Pattern(length, 0.1f * step);
            fused.SetGradient(0, gradient);
            withNoise.Step();
            separate.SetGradient(0, gradient);
            noise.AddTo(separate, step, 5);
            plain.Step();
            Assert.Equal(separate[0].ToArray(), fused[0].ToArray());
        }
    }

    [Fact]
    public void Noise_comes_after_clipping_and_follows_the_step_that_is_given()
    {
        using ParameterBag bag = ParameterBag.Of(0, 0);
        using var sgd = new Sgd(bag, new SgdOptions { LearningRate = 1, ClipNorm = 5, GradientNoise = new GradientNoise(0.3), Seed = 8 });
        bag.SetGradient(0, 30, 40);
        sgd.Step(noiseStep: 123);
        var address = new WitnessAddress(8, SiteName.Hash("w:gradient"), 123);
        float std = (float)new GradientNoise(0.3).Std(123);
        Assert.Equal(-MathF.FusedMultiplyAdd(std, address.Normal(0, 0), 3), bag[0].ToArray()[0], 1e-6f);
        Assert.Equal(-MathF.FusedMultiplyAdd(std, address.Normal(0, 1), 4), bag[0].ToArray()[1], 1e-6f);
    }

    [Fact]
    public void Wrong_values_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientNoise(-0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientNoise(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientNoise(0.01, double.PositiveInfinity));
        Assert.Throws<ArgumentNullException>(() => new GradientNoise(null!));
        Assert.Throws<InvalidOperationException>(() => new GradientNoise(new LinearSchedule(1, -1, 10)).Std(9));
        using ParameterBag bag = ParameterBag.Of(1);
        bag.SetGradient(0, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientNoise().AddTo(bag, -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientNoise().AddTo(bag, 1L << 32, 0));
        Assert.Equal([1f], bag[0].Grad!.ToArray());
    }

    private static Optimizer Make(string kind, Module model, GradientNoise? noise) => kind switch
    {
        "sgd" => new Sgd(model, new SgdOptions { GradientNoise = noise, Seed = 5 }),
        "momentum" => new Sgd(model, new SgdOptions { GradientNoise = noise, Seed = 5, Momentum = 0.9, WeightDecay = 0.1 }),
        "adam" => new Adam(model, new AdamOptions { GradientNoise = noise, Seed = 5 }),
        _ => new AdamW(model, new AdamWOptions { GradientNoise = noise, Seed = 5 }),
    };

    private static float[] Pattern(int length, float offset) =>
        [.. Enumerable.Range(0, length).Select(i => offset + MathF.Sin(i * 0.37f))];

    private static void AssertNoise(float[] before, float[] after, float std, WitnessAddress address)
    {
        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(MathF.FusedMultiplyAdd(std, address.Normal(0, i), before[i]), after[i]);
        }
    }
}

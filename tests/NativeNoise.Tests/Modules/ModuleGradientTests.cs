using static NativeNoise.Tests.GradientCheck;

namespace NativeNoise.Tests;

/// <summary>
/// Gradients of every module with respect to its input and its parameters, by central differences, with the noise on. The noise
/// that backward draws again must be the forward pass's, or these fail.
/// </summary>
public sealed class ModuleGradientTests
{
    private static readonly NoiseFrame Frame = new(seed: 11, step: 3, firstRow: 7);

    public static TheoryData<string> Names => [.. Modules.Keys];

    private static readonly Dictionary<string, Func<Module>> Modules = new()
    {
        ["linear"] = () => new Linear(4, 5),
        ["linear without bias"] = () => new Linear(4, 5, bias: false),
        ["noisy"] = () => new NoisyLinear(4, 5, 0.3),
        ["noisy without bias"] = () => new NoisyLinear(4, 5, 0.3, bias: false),
        ["noisy relative"] = () => new NoisyLinear(4, 5, 0.3, options: new() { Scale = NoiseScale.Relative }),
        ["noisy per example"] = () => new NoisyLinear(4, 5, 0.3, options: new() { Sharing = NoiseSharing.PerExample }),
        ["noisy per example without bias"] =
            () => new NoisyLinear(4, 5, 0.3, bias: false, new() { Sharing = NoiseSharing.PerExample }),
        ["noisy relative per example"] = () => new NoisyLinear(
            4, 5, 0.3, options: new() { Scale = NoiseScale.Relative, Sharing = NoiseSharing.PerExample }),
        ["factorized"] = () => new FactorizedNoisyLinear(4, 5),
        ["factorized without bias"] = () => new FactorizedNoisyLinear(4, 5, bias: false),
        ["independent"] = () => new FactorizedNoisyLinear(4, 5, form: NoisyForm.Independent),
        ["variational shared"] = () => Variational(VariationalEstimator.SharedWeights),
        ["variational local"] = () => Variational(VariationalEstimator.LocalReparameterization),
        ["variational flipout"] = () => Variational(VariationalEstimator.Flipout),
        ["variational flipout without bias"] = () => Variational(VariationalEstimator.Flipout, bias: false),
        ["gaussian"] = () => new GaussianNoise(0.3),
        ["gaussian relative"] = () => new GaussianNoise(0.3, relative: true),
        ["scheduled"] = () => new ScheduledNoise(),
        ["uniform"] = () => new UniformNoise(-0.5, 0.25),
        ["salt and pepper"] = () => new SaltAndPepperNoise(0.4),
        ["activation"] = () => new ActivationNoise(0.3),
        ["activation multiplicative"] = () => new ActivationNoise(0.3, additive: false),
        ["dropout"] = () => new Dropout(0.4),
        ["laplace"] = () => new LaplaceNoise(0.3),
        ["student-t"] = () => new StudentTNoise(0.3),
        ["speckle"] = () => new SpeckleNoise(0.3),
        ["pink"] = () => new PinkNoise(0.3),
        ["brown"] = () => new BrownNoise(0.3),
        ["spatial dropout"] = () => new Dropout(0.4) { SharedAxes = [1] },
        ["speckle for some"] = () => new SpeckleNoise(0.3) { SharedAxes = [0], ApplyProbability = 0.5 },
        ["tanh"] = () => new Tanh(),
        ["sigmoid"] = () => new Sigmoid(),
        ["gelu"] = () => new Gelu(),
        ["flatten"] = () => new Flatten(),
        ["fused"] = () => new Sequential(new NoisyLinear(4, 5, 0.3), new Tanh(), new ActivationNoise(0.2), new Linear(5, 2)),
        ["fused local"] = () => new Sequential(Variational(VariationalEstimator.LocalReparameterization), new Sigmoid()),
        ["fused flipout"] = () => new Sequential(Variational(VariationalEstimator.Flipout), new Tanh()),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_agrees_with_differences(string name)
    {
        // Inside a model, so that it has a site.
        using Sequential model = new(("m", Modules[name]()));
        using Tensor x = Input("module.x", 3, 4);
        Verify(() => model.Forward(x, Frame), [x, .. model.Parameters()]);
    }

    [Theory]
    [InlineData(VariationalEstimator.SharedWeights)]
    [InlineData(VariationalEstimator.LocalReparameterization)]
    [InlineData(VariationalEstimator.Flipout)]
    public void Loss_with_divergence_agrees_with_differences(VariationalEstimator estimator)
    {
        using Sequential model = new(("a", Variational(estimator)), ("t", new Tanh()), ("b", new VariationalLinear(5, 2)));
        using Tensor x = Input("kl.x", 3, 4);
        Verify(
            () => Functional.SoftmaxCrossEntropy(model.Forward(x, Frame), [0, 1, 1]) + Functional.Scale(model.KlDivergence()!, 0.01f),
            [x, .. model.Parameters()]);
    }

    private static VariationalLinear Variational(VariationalEstimator estimator, bool bias = true)
    {
        VariationalLinear layer = new(4, 5, new() { Estimator = estimator, InitialLogVariance = -1.5f }, bias);
        layer.Bias?.CopyFrom(Data(5, "variational.bias"));
        return layer;
    }
}

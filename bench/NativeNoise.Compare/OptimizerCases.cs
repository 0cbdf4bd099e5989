namespace NativeNoise.Compare;

/// <summary>One step of Adam over a million parameters, with and without gradient noise.</summary>
internal static class OptimizerCases
{
    private const int Count = 1_000_000;

    public static void Run(Timing timing, Device device)
    {
        using Weights weights = new();
        weights.To(device).Initialize(1);
        using Tensor g = Tensor.Normal(device, new NoiseKey(1, NoiseKey.SiteHash("g:input")), 0f, 1f, Count);
        using (new TensorScope())
        {
            // The gradient of the sum of p * g is g.
            Functional.Sum(weights.Values * g).Backward();
        }

        using Adam plain = new(weights, new AdamOptions { LearningRate = 1e-3 });
        using Adam noisy = new(weights, new AdamOptions
        {
            LearningRate = 1e-3,

            // gamma = 0: standard deviation 0.05 at every step.
            GradientNoise = new GradientNoise(eta: 0.05 * 0.05, gamma: 0),
        });
        timing.Time("adam_step", $"{Count}", () => plain.Step());
        timing.Time("gradient_noise_adam_step", $"{Count}", () => noisy.Step());
    }

    private sealed class Weights : Module
    {
        public Weights()
        {
            Site = "weights";
            Values = RegisterParameter("values", Count);
        }

        public Parameter Values { get; }

        protected override void InitializeCore(ulong seed) =>
            Noise.FillNormal(Values.AsSpan(), 0f, 1f, InitialKey(seed, "values"), device: Values.Device);

        protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame) => x * Values;
    }
}

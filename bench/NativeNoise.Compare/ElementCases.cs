namespace NativeNoise.Compare;

/// <summary>Element-wise noise, forward only, out of place: what a user writes with the noise modules.</summary>
internal static class ElementCases
{
    private static readonly int[] Lengths = [8192, 262144, 1 << 24];

    public static void Run(Timing timing, Device device)
    {
        NoiseFrame frame = new(1);
        using NoGradScope noGradient = Autograd.NoGrad();
        foreach (int n in Lengths)
        {
            using Tensor x = Tensor.Normal(device, new NoiseKey(1, NoiseKey.SiteHash("x:input")), 0f, 1f, n);
            uint site = NoiseKey.SiteHash("randn:input");
            timing.Time("randn", $"{n}", () => Draw(() => Tensor.Normal(device, frame.Key(site), 0f, 1f, n)));
            foreach ((string op, Module module) in Modules())
            {
                using (module)
                {
                    timing.Time(op, $"{n}", () => Draw(() => module.Forward(x, frame)));
                }
            }
        }

        // Fresh noise in every call.
        void Draw(Func<Tensor> body)
        {
            body();
            frame.Advance();
        }
    }

    private static (string Op, Module Module)[] Modules() =>
    [
        ("gaussian", new GaussianNoise(0.1) { Site = "gaussian" }),
        ("gaussian_relative", new GaussianNoise(0.1, relative: true) { Site = "relative" }),
        ("gaussian_multiplicative", new ActivationNoise(0.1, additive: false) { Site = "multiplicative" }),
        ("uniform", new UniformNoise(-0.1, 0.1) { Site = "uniform" }),
        ("salt_pepper", new SaltAndPepperNoise(0.05, salt: 1f, pepper: 0f) { Site = "salt" }),
    ];
}

namespace NativeNoise.Compare;

/// <summary>The whole training step of the complete training example: 784-256-128-10, cross-entropy, Adam.</summary>
internal static class TrainingCases
{
    private const int Inputs = 784;
    private const int Classes = 10;

    public static void Run(Timing timing, Device device)
    {
        foreach (int batch in new[] { 32, 128, 512 })
        {
            using Tensor x = Tensor.Uniform(device, new NoiseKey(1, NoiseKey.SiteHash("x:input")), 0f, 1f, batch, Inputs);
            int[] labels = new int[batch];
            for (int i = 0; i < batch; i++)
            {
                labels[i] = i * 7 % Classes;
            }

            foreach (bool noise in new[] { false, true })
            {
                using Sequential model = noise ? Noisy() : Plain();
                model.To(device).Initialize(1);
                using Adam adam = new(model, new AdamOptions
                {
                    LearningRate = 1e-3,
                    GradientNoise = noise ? new GradientNoise(eta: 0.05 * 0.05, gamma: 0) : null,
                });
                NoiseFrame frame = new(1);
                timing.Time(
                    noise ? "train_step_noise" : "train_step_plain",
                    $"{batch}x784x256x128x10",
                    () =>
                    {
                        adam.ZeroGrad();
                        Tensor loss = Functional.SoftmaxCrossEntropy(model.Forward(x, frame), labels);
                        loss.Backward();
                        adam.Step();
                        _ = loss.Item();
                        frame.Advance();
                    },
                    3);
            }
        }
    }

    private static Sequential Plain() => new(
        ("fc1", new Linear(Inputs, 256)), ("relu1", new Relu()),
        ("fc2", new Linear(256, 128)), ("relu2", new Relu()),
        ("fc3", new Linear(128, Classes)));

    private static Sequential Noisy() => new(
        ("input", new GaussianNoise(0.1)),
        ("fc1", new Linear(Inputs, 256)), ("relu1", new Relu()), ("noise1", new ActivationNoise(0.1)),
        ("fc2", new Linear(256, 128)), ("relu2", new Relu()), ("noise2", new ActivationNoise(0.1)),
        ("fc3", new Linear(128, Classes)));
}

using System.IO.Hashing;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>
/// A training run of 200 steps on the digits with every place that noise can enter: input, weights (three kinds), activations, masks,
/// gradients. The prefix is the hash of all parameters after 20 steps; the full hash goes on with those after 200.
/// </summary>
internal static class TrainingLine
{
    // 1,197 images: 20 batches an epoch, the last one of 57.
    private const int BatchSize = 60;
    private const int PrefixEpochs = 1;
    private const int Epochs = 10;

    public static FingerprintLine Line { get; } = new("training", "float32", setting => new Run(setting.Device)) { Blocks = 2 };

    private static Sequential Model() => new(
        ("hidden1", new NoisyLinear(64, 128, 0.02)),
        ("relu1", new Relu()),
        ("speckle", new ActivationNoise(0.1, additive: false)),
        ("dropout", new Dropout(0.1)),
        ("hidden2", new FactorizedNoisyLinear(128, 64)),
        ("tanh", new Tanh()),
        ("hidden3", new VariationalLinear(64, 32)),
        ("gelu", new Gelu()),
        ("hidden4", new NoisyLinear(32, 32, 0.05, options: new NoisyLinearOptions { Scale = NoiseScale.Relative, Sharing = NoiseSharing.PerExample })),
        ("sigmoid", new Sigmoid()),
        ("output", new VariationalLinear(32, 10, new VariationalOptions { Estimator = VariationalEstimator.Flipout })));

    private sealed class Run(Device device) : IFingerprintRun
    {
        // Block 0 is the run of 20 steps, block 1 the whole, from the same start. The full hash is of both.
        public void Add(int block, XxHash64 hash)
        {
            Dataset data = Datasets.DigitsSplit().Train;
            using Sequential model = Model();
            model.Initialize(FingerprintInput.Seed);
            var trainer = new Trainer(model, new TrainerOptions
            {
                Epochs = block == 0 ? PrefixEpochs : Epochs,
                BatchSize = BatchSize,
                Seed = FingerprintInput.Seed,
                Optimizer = OptimizerKind.AdamW,
                LearningRate = new CosineSchedule(0.003, 0.0003, 200),
                ClipNorm = 1,
                GradientNoise = new GradientNoise(0.0001),
                InputNoise = new GaussianNoise(0.2),
                KlWeight = new LinearSchedule(0, 1, 100),
                Device = device,
            });
            trainer.Fit(data);
            foreach (Parameter parameter in model.Parameters())
            {
                hash.Append(parameter);
            }
        }

        public void Dispose()
        {
        }
    }
}

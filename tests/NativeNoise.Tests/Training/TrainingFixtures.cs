using Microsoft.Extensions.Logging;

namespace NativeNoise.Tests;

/// <summary>Small data and small nets that the training tests share.</summary>
internal static class TrainingFixtures
{
    /// <summary>Examples in 3 clusters of 6 features: easy to learn.</summary>
    public static Dataset Clusters(int count, ulong seed = 1)
    {
        const int features = 6;
        float[] inputs = new float[count * features];
        Noise.FillNormal(inputs, 0, 0.5f, NoiseKey.ForSite(seed, "clusters"), features);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            inputs[(i * features) + labels[i]] += 2;
        }

        return new Dataset(inputs, features, labels, 3);
    }

    /// <summary>y = 2 x0 - x1 + 0.5.</summary>
    public static Dataset Line(int count)
    {
        float[] inputs = new float[count * 2];
        Noise.FillNormal(inputs, 0, 1, NoiseKey.ForSite(3, "line"), 2);
        float[] targets = new float[count];
        for (int i = 0; i < count; i++)
        {
            targets[i] = (2 * inputs[2 * i]) - inputs[(2 * i) + 1] + 0.5f;
        }

        return new Dataset(inputs, 2, targets);
    }

    /// <summary>A net with every kind of noise in it.</summary>
    public static Sequential NoisyModel(ulong seed = 5)
    {
        var model = new Sequential(
            ("fc1", new NoisyLinear(6, 32, 0.05)),
            ("act1", new Relu()),
            ("noise1", new ActivationNoise(new LinearSchedule(0.2, 0.05, 20))),
            ("drop1", new Dropout(0.1)),
            ("fc2", new VariationalLinear(32, 16, new VariationalOptions { InitialLogVariance = -6 })),
            ("act2", new Tanh()),
            ("fc3", new FactorizedNoisyLinear(16, 3)));
        model.Initialize(seed);
        return model;
    }

    public static Sequential PlainModel(ulong seed = 5)
    {
        var model = new Sequential(("fc1", new Linear(6, 16)), ("act1", new Relu()), ("fc2", new Linear(16, 3)));
        model.Initialize(seed);
        return model;
    }

    public static TrainerOptions NoisyOptions() => new()
    {
        Epochs = 3,
        BatchSize = 32,
        Seed = 11,
        InputNoise = new GaussianNoise(0.1),
        GradientNoise = new GradientNoise(),
        ClipNorm = 1,
        WeightDecay = 0.001,
        LearningRate = new WarmupSchedule(5, new CosineSchedule(0.01, 0.001, 30)),
    };

    /// <summary>Trains until done, or until the test run is cancelled.</summary>
    public static TrainingHistory Fit(
        Module model, TrainerOptions options, Dataset train, Dataset? validation = null, IProgress<TrainingProgress>? progress = null) =>
        new Trainer(model, options).Fit(train, validation, progress, TestContext.Current.CancellationToken);

    /// <summary>All parameters of a model, one after another.</summary>
    public static float[] Weights(Module model) => [.. model.Parameters().SelectMany(parameter => parameter.ToArray())];
}

/// <summary>Takes progress reports on the calling thread.</summary>
internal sealed class ProgressList(Action<TrainingProgress>? onReport = null) : IProgress<TrainingProgress>
{
    public List<TrainingProgress> Reports { get; } = [];

    public void Report(TrainingProgress value)
    {
        Reports.Add(value);
        onReport?.Invoke(value);
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class LogList : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add(formatter(state, exception));
}

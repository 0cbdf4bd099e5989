using Microsoft.Extensions.Logging;

namespace NativeNoise;

/// <summary>What a training run makes small.</summary>
public enum LossKind
{
    /// <summary>Softmax cross-entropy of class labels, the mean over the batch, in nats.</summary>
    CrossEntropy = 0,

    /// <summary>Mean squared error of target values, the mean over the batch and the outputs.</summary>
    MeanSquaredError = 1,
}

/// <summary>The optimiser that a <see cref="Trainer"/> makes.</summary>
public enum OptimizerKind
{
    /// <summary><see cref="NativeNoise.Adam"/>.</summary>
    Adam = 0,

    /// <summary><see cref="NativeNoise.AdamW"/>.</summary>
    AdamW = 1,

    /// <summary><see cref="NativeNoise.Sgd"/>.</summary>
    Sgd = 2,
}

/// <summary>Ends training when the validation loss, measured without noise, has stopped falling.</summary>
public sealed record EarlyStopping
{
    /// <summary>How many epochs in a row may pass without a better validation loss, at least 1 (10).</summary>
    public int Patience { get; init; } = 10;

    /// <summary>A loss counts as better when it is lower by more than this, at least 0 (0).</summary>
    public double MinimumImprovement { get; init; }

    /// <summary>Whether training ends with the weights of the best epoch instead of the last one (true).</summary>
    public bool RestoreBest { get; init; } = true;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience, 1);
        OptimizerOptions.CheckRange(
            MinimumImprovement, nameof(MinimumImprovement), double.IsFinite(MinimumImprovement) && MinimumImprovement >= 0, "a finite number of at least 0");
    }
}

/// <summary>Options of a <see cref="Trainer"/>.</summary>
public sealed record TrainerOptions
{
    /// <summary>How often the training data is gone through, at least 1 (10).</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Examples in a batch, at least 1 and at most the number of training examples (128). A smaller last batch is trained as it is.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The seed of everything random in the run: order of the examples and all noise (0). Initial weights belong to the
    /// model: <see cref="Module.Initialize(ulong)"/>.</summary>
    public ulong Seed { get; init; }

    /// <summary>The loss (cross-entropy).</summary>
    public LossKind Loss { get; init; }

    /// <summary>The optimiser (Adam).</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Makes the optimiser instead, which the trainer disposes after the run; learning rate, weight decay, momentum, clipping and gradient noise of these options then
    /// do not apply. Null by default.</summary>
    public Func<Module, Optimizer>? OptimizerFactory { get; init; }

    /// <summary>The learning rate at each step (0.001).</summary>
    public Schedule LearningRate { get; init; } = 0.001;

    /// <summary>The weight decay at each step; null (the default) takes the optimiser's own: 0, or 0.01 for AdamW.</summary>
    public Schedule? WeightDecay { get; init; }

    /// <summary>The momentum of SGD, from 0 to 1 (0).</summary>
    public double Momentum { get; init; }

    /// <summary>Largest norm of all gradients together; null (the default) does not clip.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Largest absolute value of a gradient's element; null (the default) does not clip.</summary>
    public double? ClipValue { get; init; }

    /// <summary>Noise on the gradients; null (the default) adds none.</summary>
    public GradientNoise? GradientNoise { get; init; }

    /// <summary>A noise module applied to the inputs in training, at the site "input" unless it has one of its own; null (the
    /// default) applies none.</summary>
    public Module? InputNoise { get; init; }

    /// <summary>For variational models: the loss gains this times the KL divergence divided by the number of training examples (1).</summary>
    public Schedule KlWeight { get; init; } = 1.0;

    /// <summary>When to stop before the last epoch; null (the default) never does. Needs validation data.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>The device to train on, where the model's parameters then stay; null (the default) takes the one they are on, usually
    /// the processor with all its cores. Results do not depend on the number of threads.</summary>
    public Device? Device { get; init; }

    /// <summary>The least time between two progress reports (50 ms); zero reports every step. The end of each epoch is always reported.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Where the run is logged, one line an epoch; null (the default) logs nothing.</summary>
    public ILogger? Logger { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        Magnitudes.Checked(LearningRate, nameof(LearningRate));
        Magnitudes.Checked(WeightDecay ?? 0, nameof(WeightDecay));
        Magnitudes.Checked(KlWeight, nameof(KlWeight));
        OptimizerOptions.CheckRange((int)Loss, nameof(Loss), Enum.IsDefined(Loss), "a loss");
        OptimizerOptions.CheckRange((int)Optimizer, nameof(Optimizer), Enum.IsDefined(Optimizer), "an optimiser");
        OptimizerOptions.CheckRange(Momentum, nameof(Momentum), Momentum is >= 0 and <= 1, "a momentum from 0 to 1");
        NativeNoise.Optimizer.CheckClip(ClipNorm, nameof(ClipNorm));
        NativeNoise.Optimizer.CheckClip(ClipValue, nameof(ClipValue));
        EarlyStopping?.Validate();
    }

    internal Optimizer CreateOptimizer(Module model)
    {
        if (OptimizerFactory is { } factory)
        {
            Optimizer made = factory(model)
                ?? throw new InvalidOperationException($"{nameof(TrainerOptions)}.{nameof(OptimizerFactory)} made no optimiser.");
            made.MeasureGradientNorm = true;
            return made;
        }

        return Optimizer switch
        {
            OptimizerKind.Sgd => new Sgd(model, new SgdOptions
            {
                LearningRate = LearningRate,
                WeightDecay = WeightDecay ?? 0.0,
                ClipNorm = ClipNorm,
                ClipValue = ClipValue,
                GradientNoise = GradientNoise,
                Seed = Seed,
                MeasureGradientNorm = true,
                Momentum = Momentum,
            }),
            OptimizerKind.AdamW => new AdamW(model, AdamOptions(0.01)),
            _ => new Adam(model, AdamOptions(0)),
        };
    }

    private AdamOptions AdamOptions(double weightDecay) => new()
    {
        LearningRate = LearningRate,
        WeightDecay = WeightDecay ?? weightDecay,
        ClipNorm = ClipNorm,
        ClipValue = ClipValue,
        GradientNoise = GradientNoise,
        Seed = Seed,
        MeasureGradientNorm = true,
    };
}

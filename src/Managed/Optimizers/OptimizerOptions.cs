namespace NativeNoise;

/// <summary>What all optimisers have in common. For each element of a parameter, in this order: the gradient is clipped, gets
/// its noise, and moves the parameter.</summary>
public abstract record OptimizerOptions
{
    private protected OptimizerOptions(double learningRate) => LearningRate = learningRate;

    /// <summary>The learning rate at each step, at least 0.</summary>
    public Schedule LearningRate { get; init; }

    /// <summary>Weight decay at each step, at least 0 (0).</summary>
    public Schedule WeightDecay { get; init; } = 0.0;

    /// <summary>Gradients are scaled so that the norm over all parameters is at most this; null (the default) does not clip.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Each element of a gradient is brought into [-value, value]; null (the default) does not clip.</summary>
    public double? ClipValue { get; init; }

    /// <summary>Noise added to the gradients after clipping; null (the default) adds none.</summary>
    public GradientNoise? GradientNoise { get; init; }

    /// <summary>The seed of the gradient noise (0).</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether every step measures the norm of the gradients, at the price of one more read of them (false; always so
    /// with <see cref="ClipNorm"/>).</summary>
    public bool MeasureGradientNorm { get; init; }

    internal virtual void Validate()
    {
        Magnitudes.Checked(LearningRate, nameof(LearningRate));
        Magnitudes.Checked(WeightDecay, nameof(WeightDecay));
        Optimizer.CheckClip(ClipNorm, nameof(ClipNorm));
        Optimizer.CheckClip(ClipValue, nameof(ClipValue));
    }

    internal static void CheckRange(double value, string name, bool inRange, string expected)
    {
        if (!inRange)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
        }
    }
}

/// <summary>Options of <see cref="Sgd"/>.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>The defaults: learning rate 0.01, no momentum.</summary>
    public SgdOptions()
        : base(0.01)
    {
    }

    /// <summary>Momentum, from 0 to 1 (0).</summary>
    public double Momentum { get; init; }

    /// <summary>Nesterov's form of momentum (false); needs a momentum above 0.</summary>
    public bool Nesterov { get; init; }

    internal override void Validate()
    {
        base.Validate();
        CheckRange(Momentum, nameof(Momentum), Momentum is >= 0 and <= 1, "a momentum from 0 to 1");
        if (Nesterov)
        {
            CheckRange(Momentum, nameof(Momentum), Momentum > 0, "a momentum above 0 with Nesterov");
        }
    }
}

/// <summary>Options of <see cref="Adam"/> and <see cref="AdamW"/>.</summary>
public record AdamOptions : OptimizerOptions
{
    /// <summary>The defaults: learning rate 0.001, betas 0.9 and 0.999, epsilon 1e-8.</summary>
    public AdamOptions()
        : base(0.001)
    {
    }

    /// <summary>Decay of the mean of the gradients, from 0 to below 1 (0.9).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of the squared gradients, from 0 to below 1 (0.999).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, at least 0 (1e-8).</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override void Validate()
    {
        base.Validate();
        CheckRange(Beta1, nameof(Beta1), Beta1 >= 0 && (float)Beta1 < 1, "0 to below 1");
        CheckRange(Beta2, nameof(Beta2), Beta2 >= 0 && (float)Beta2 < 1, "0 to below 1");
        CheckRange(Epsilon, nameof(Epsilon), double.IsFinite(Epsilon) && Epsilon >= 0, "a finite number of at least 0");
    }
}

/// <summary>Options of <see cref="AdamW"/>: those of Adam with a weight decay of 0.01.</summary>
public sealed record AdamWOptions : AdamOptions
{
    /// <summary>The defaults.</summary>
    public AdamWOptions() => WeightDecay = 0.01;
}

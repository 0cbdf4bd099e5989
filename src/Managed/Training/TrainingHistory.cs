namespace NativeNoise;

/// <summary>What happened in one epoch.</summary>
public sealed record EpochRecord
{
    /// <summary>The epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Optimiser steps made since training began.</summary>
    public required long Steps { get; init; }

    /// <summary>The loss on the training data, as it was met with noise on: the mean over the epoch's examples, without the KL term.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The KL divergence of a variational model at the epoch's last step, summed over its layers; null for other models.</summary>
    public double? KlDivergence { get; init; }

    /// <summary>The loss on the validation data, without noise; null without validation data.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The share of validation examples classified rightly, without noise, from 0 to 1; null without validation data or classes.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The norm of all gradients together, before clipping and gradient noise: the mean over the epoch's steps.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Every noise magnitude at the epoch's last step, by "path:kind"; gradient noise as "gradient:std".</summary>
    public required IReadOnlyDictionary<string, double> NoiseLevels { get; init; }

    /// <summary>Time spent training in this epoch, without validation, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training examples a second.</summary>
    public required double ImagesPerSecond { get; init; }
}

/// <summary>What happened in a training run.</summary>
public sealed record TrainingHistory
{
    /// <summary>The complete epochs, in order.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>Optimiser steps made, those of an epoch that was not completed included.</summary>
    public required long Steps { get; init; }

    /// <summary>Whether early stopping ended the run.</summary>
    public bool StoppedEarly { get; init; }

    /// <summary>Whether the run was cancelled. The model then has the weights of the last step made.</summary>
    public bool Cancelled { get; init; }

    /// <summary>The epoch, counted from 1, with the lowest validation loss; null without validation data.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Whether the model was left with the weights of <see cref="BestEpoch"/>.</summary>
    public bool RestoredBest { get; init; }

    /// <summary>Duration of the run, validation included, in seconds.</summary>
    public required double Seconds { get; init; }
}

/// <summary>Where a training run stands.</summary>
public readonly record struct TrainingProgress
{
    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>The number of epochs.</summary>
    public int Epochs { get; init; }

    /// <summary>Batches done in this epoch.</summary>
    public int Batch { get; init; }

    /// <summary>Batches in an epoch.</summary>
    public int Batches { get; init; }

    /// <summary>Optimiser steps made since training began.</summary>
    public long Step { get; init; }

    /// <summary>The mean training loss of this epoch so far.</summary>
    public double Loss { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Training examples a second since training began, validation not counted.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>Time since training began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Time left, should the rest go on as fast.</summary>
    public TimeSpan Remaining { get; init; }

    /// <summary>The epoch's record when this report closes an epoch, else null.</summary>
    public EpochRecord? Completed { get; init; }
}

/// <summary>
/// Thrown when a training loss is not a finite number. The model has the weights that gave it, or those of the best epoch where
/// <see cref="EarlyStopping.RestoreBest"/> asks for them (<see cref="TrainingHistory.RestoredBest"/> says which).
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TrainingDivergedException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What caused it.</param>
    public TrainingDivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal TrainingDivergedException(string message, TrainingHistory history)
        : base(message) => History = history;

    /// <summary>The run up to that step.</summary>
    public TrainingHistory? History { get; }
}

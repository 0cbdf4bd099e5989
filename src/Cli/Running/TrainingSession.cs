using NativeNoise.Cli.Reports;
using NativeNoise.Cli.Terminal;

namespace NativeNoise.Cli.Running;

/// <summary>A model after its training, whole or cut short.</summary>
internal sealed record TrainedModel(Module Model, IReadOnlyList<EpochRow> History, bool Cancelled) : IDisposable
{
    public void Dispose() => Model.Dispose();
}

/// <summary>Trains the models of one run: same data, same seed, same device.</summary>
internal sealed class TrainingSession(DataSource data, ulong seed, Device device, IRunReporter reporter, CancellationToken stop)
{
    /// <exception cref="TrainingDivergedException">The loss is no longer a finite number.</exception>
    public TrainedModel Train(string title, Recipe recipe)
    {
        Sequential model = ModelFactory.Create(recipe, data.Train.Features, data.Train.Classes, seed, device);
        try
        {
            using Module? inputNoise = ModelFactory.InputNoise(recipe);
            var trainer = new Trainer(model, new TrainerOptions
            {
                Epochs = recipe.Epochs,
                BatchSize = recipe.BatchSize,
                Seed = seed,
                Optimizer = recipe.Optimizer,
                LearningRate = recipe.LearningRate,
                WeightDecay = recipe.WeightDecay is { } decay ? decay : null,
                InputNoise = inputNoise,
                GradientNoise = recipe.GradientNoiseEta > 0 ? new GradientNoise(recipe.GradientNoiseEta, recipe.GradientNoiseGamma) : null,
                Device = device,
            });
            TrainingHistory history = reporter.Train(
                title, recipe.Epochs, sink => trainer.Fit(data.Train, data.Validation, new Relay(sink), stop));
            model.Eval();
            return new TrainedModel(model, [.. history.Epochs.Select(Row)], history.Cancelled);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static EpochRow Row(EpochRecord record) => new(
        record.Epoch,
        record.TrainLoss,
        record.ValidationLoss,
        record.ValidationAccuracy,
        record.LearningRate,
        record.GradientNorm,
        record.NoiseLevels,
        record.Seconds,
        record.ImagesPerSecond);

    /// <summary>Passes the library's progress on at once, on the training thread.</summary>
    private sealed class Relay(ITrainingSink sink) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            double steps = (double)value.Batches * value.Epochs;
            sink.Step(new TrainingTick(
                value.Epoch,
                value.Epochs,
                steps > 0 ? Math.Min(1, value.Step / steps) : 0,
                value.Loss,
                value.Completed?.ValidationAccuracy,
                value.ImagesPerSecond,
                value.Remaining));
            if (value.Completed is { } record)
            {
                sink.EpochDone(Row(record), value.Epochs);
            }
        }
    }
}

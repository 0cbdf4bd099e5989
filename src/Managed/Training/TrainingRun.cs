using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace NativeNoise;

/// <summary>One call of <see cref="Trainer.Fit"/>: its buffers, its optimiser, its step.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly Module _model;
    private readonly Module? _inputNoise;
    private readonly TrainerOptions _options;
    private readonly Dataset _train;
    private readonly Dataset? _validation;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly Device _device;
    private readonly Optimizer _optimizer;
    private readonly BatchReader _batches;
    private readonly NoiseFrame _frame;
    private readonly WeightSnapshot? _best;
    private readonly List<EpochRecord> _epochs = [];
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private TimeSpan _training;
    private TimeSpan _lastReport;
    private long _step;
    private double _divergence = double.NaN;
    private double _bestLoss = double.PositiveInfinity;
    private int? _bestEpoch;
    private int _epochsWithoutImprovement;

    public TrainingRun(
        Module model,
        Module? inputNoise,
        TrainerOptions options,
        Device device,
        Dataset train,
        Dataset? validation,
        IProgress<TrainingProgress>? progress)
    {
        _model = model;
        _inputNoise = inputNoise;
        _options = options;
        _device = device;
        _train = train;
        _validation = validation;
        _progress = progress;
        _optimizer = options.CreateOptimizer(model);
        _batches = new BatchReader(train, options.BatchSize, device, shuffled: true);
        _frame = new NoiseFrame(options.Seed);
        _best = options.EarlyStopping is { RestoreBest: true } ? new WeightSnapshot(model) : null;
    }

    public TrainingHistory Go(CancellationToken cancellationToken)
    {
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            if (Epoch(epoch, cancellationToken) is not { } record)
            {
                _options.Logger?.LogInformation("Training was cancelled in epoch {Epoch}, after {Steps} steps.", epoch + 1, _step);
                return History(cancelled: true);
            }

            _epochs.Add(record);
            Log(record);
            bool stop = ShouldStop(record);
            Report(epoch, _batches.Batches, record.TrainLoss, record);
            if (stop)
            {
                _options.Logger?.LogInformation(
                    "Training stopped early: no better validation loss for {Epochs} epochs.", _epochsWithoutImprovement);
                return History(stoppedEarly: true);
            }
        }

        return History();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _batches.Dispose();
        _best?.Dispose();
    }

    /// <summary>One step on the batch that was read last; returns its loss without the KL term. Allocates next to nothing.</summary>
    internal double Step()
    {
        using var scope = new TensorScope();
        _frame.Step = GradientNoise.CheckedStep(_step, nameof(_step));
        Tensor x = _batches.Inputs;
        if (_inputNoise is not null)
        {
            x = _inputNoise.Forward(x, _frame);
        }

        Tensor output = _model.Forward(x, _frame);
        Evaluator.CheckOutput(output, _train, _batches.Count, _options.Loss);
        Tensor loss = _options.Loss == LossKind.CrossEntropy
            ? Functional.SoftmaxCrossEntropy(output, _batches.Labels)
            : Functional.MeanSquaredError(output, _batches.Targets);
        double value = loss.Item();
        if (!double.IsFinite(value))
        {
            throw new TrainingDivergedException(
                $"The training loss is {value} at step {_step}: training diverged. A lower learning rate, less noise or clipping may help.",
                History());
        }

        if (_model.KlDivergence() is { } divergence)
        {
            _divergence = divergence.Item();
            loss = Functional.Add(loss, Functional.Scale(divergence, (float)(KlWeight() / _train.Count)));
        }

        _optimizer.ZeroGrad();
        loss.Backward();
        _optimizer.Step(_step);
        _step++;
        return value;
    }

    private double KlWeight() => _options.KlWeight.Value(_step) is >= 0 and var weight
        ? weight
        : throw new InvalidOperationException(
            $"The KL weight is {_options.KlWeight.Value(_step)} at step {_step}; expected at least 0. A negative one would drive the weights away from the prior.");

    internal void Read(int batch) => _batches.Read(batch);

    internal void Shuffle(int epoch) => _batches.Shuffle(_options.Seed, (uint)epoch);

    private EpochRecord? Epoch(int epoch, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan before = _training;
        Shuffle(epoch);
        double sum = 0;
        double norms = 0;
        long examples = 0;
        for (int batch = 0; batch < _batches.Batches; batch++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            Read(batch);
            sum += Step() * _batches.Count;
            examples += _batches.Count;
            norms += _optimizer.LastGradientNorm;
            _training = before + Stopwatch.GetElapsedTime(started);
            if (_progress is not null && batch + 1 < _batches.Batches && _total.Elapsed - _lastReport >= _options.ProgressInterval)
            {
                Report(epoch, batch + 1, sum / examples, completed: null);
            }
        }

        double seconds = (_training - before).TotalSeconds;
        EvaluationResult? measured = _validation is null ? null : Evaluator.Evaluate(_model, _validation, EvaluationOptions());
        return new EpochRecord
        {
            Epoch = epoch + 1,
            Steps = _step,
            TrainLoss = sum / examples,
            KlDivergence = double.IsNaN(_divergence) ? null : _divergence,
            ValidationLoss = measured?.Loss,
            ValidationAccuracy = measured?.Accuracy,
            LearningRate = _optimizer.LearningRate.Value(_step - 1),
            GradientNorm = norms / _batches.Batches,
            NoiseLevels = NoiseLevels(_step - 1),
            Seconds = seconds,
            ImagesPerSecond = examples / Math.Max(seconds, 1e-9),
        };
    }

    private EvaluationOptions EvaluationOptions() => new() { Loss = _options.Loss, Device = _device };

    private OrderedDictionary<string, double> NoiseLevels(long step)
    {
        var levels = new OrderedDictionary<string, double>();
        if (_inputNoise is not null)
        {
            AddLevels(levels, _inputNoise, step);
        }

        AddLevels(levels, _model, step);
        if (_optimizer.GradientNoise is { } noise)
        {
            levels["gradient:std"] = noise.Std(step);
        }

        return levels;
    }

    private static void AddLevels(OrderedDictionary<string, double> levels, Module module, long step)
    {
        foreach (NoiseLevel level in module.NoiseLevels(step))
        {
            levels[level.Name] = level.Value;
        }
    }

    private bool ShouldStop(EpochRecord record)
    {
        if (record.ValidationLoss is not { } loss)
        {
            return false;
        }

        double least = _options.EarlyStopping?.MinimumImprovement ?? 0;
        if (loss < _bestLoss - least || (_bestEpoch is null && !double.IsNaN(loss)))
        {
            _bestLoss = loss;
            _bestEpoch = record.Epoch;
            _epochsWithoutImprovement = 0;
            _best?.Take();
            return false;
        }

        _epochsWithoutImprovement++;
        return _options.EarlyStopping is { } stopping && _epochsWithoutImprovement >= stopping.Patience;
    }

    private TrainingHistory History(bool cancelled = false, bool stoppedEarly = false)
    {
        // A cancelled run keeps the weights of its last step; every other one ends with the best, where that was asked for.
        bool restore = !cancelled && _best is { IsTaken: true };
        if (restore)
        {
            _best!.Restore();
        }

        return new TrainingHistory
        {
            Epochs = [.. _epochs],
            Steps = _step,
            Cancelled = cancelled,
            StoppedEarly = stoppedEarly,
            BestEpoch = _bestEpoch,
            RestoredBest = restore,
            Seconds = _total.Elapsed.TotalSeconds,
        };
    }

    private void Report(int epoch, int batch, double loss, EpochRecord? completed)
    {
        if (_progress is null)
        {
            return;
        }

        TimeSpan elapsed = _total.Elapsed;
        _lastReport = elapsed;
        long done = ((long)epoch * _batches.Batches) + batch;
        long all = (long)_options.Epochs * _batches.Batches;
        long examples = ((long)epoch * _train.Count) + Math.Min((long)batch * _options.BatchSize, _train.Count);
        _progress.Report(new TrainingProgress
        {
            Epoch = epoch + 1,
            Epochs = _options.Epochs,
            Batch = batch,
            Batches = _batches.Batches,
            Step = _step,
            Loss = loss,
            LearningRate = _optimizer.LearningRate.Value(_step - 1),
            ImagesPerSecond = examples / Math.Max(_training.TotalSeconds, 1e-9),
            Elapsed = elapsed,
            Remaining = elapsed * ((double)(all - done) / done),
            Completed = completed,
        });
    }

    private void Log(EpochRecord record) => _options.Logger?.LogInformation(
        "Epoch {Epoch}/{Epochs}: training loss {TrainLoss:0.0000}, validation loss {ValidationLoss:0.0000}, validation accuracy "
        + "{ValidationAccuracy:0.0000}, learning rate {LearningRate:g3}, gradient norm {GradientNorm:g3}, {ImagesPerSecond:0} examples/s",
        record.Epoch,
        _options.Epochs,
        record.TrainLoss,
        record.ValidationLoss,
        record.ValidationAccuracy,
        record.LearningRate,
        record.GradientNorm,
        record.ImagesPerSecond);
}

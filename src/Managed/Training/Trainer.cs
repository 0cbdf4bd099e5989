namespace NativeNoise;

/// <summary>
/// The complete training loop. Each step: schedules, input noise, forward with activation and weight noise, loss (and KL
/// divergence for variational models), backward, clipping, gradient noise and update. Validation runs without noise.
/// </summary>
/// <remarks>
/// <para>
/// A run is a function of the model's initial weights, the data and the options: the same seed gives the same weights bit for
/// bit, whatever the number of threads. Initial weights are those the model has: give it a seed with
/// <see cref="Module.Initialize(ulong)"/> before, or load it from a file to train on.
/// </para>
/// <para>Every call of <see cref="Fit"/> is a run of its own: the optimiser begins anew, and steps count from 0.</para>
/// </remarks>
/// <example>
/// <code>
/// using Sequential model = NoisyMlp.Create(new NoisyMlpOptions { Inputs = 64, Hidden = [128, 64], Outputs = 10, Seed = 1 });
/// DatasetSplit digits = Datasets.DigitsSplit();
/// var trainer = new Trainer(model, new TrainerOptions { Epochs = 20, Seed = 1, InputNoise = new GaussianNoise(0.1) });
/// TrainingHistory history = trainer.Fit(digits.Train, digits.Validation);
/// EvaluationResult test = Evaluator.Evaluate(model, digits.Test);
/// </code>
/// </example>
public sealed class Trainer
{
    private const string InputSite = "input";

    private readonly Module _model;
    private readonly Module? _inputNoise;

    /// <summary>Creates a trainer.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="options">Options; null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The input noise is a part of the model, or shares a site with it: both would draw the same noise.
    /// </exception>
    public Trainer(Module model, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Options = options ?? new TrainerOptions();
        Options.Validate();
        _model = model;
        _inputNoise = WithSite(Options.InputNoise);
        CheckInputSite();
    }

    /// <summary>The options.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Trains the model.</summary>
    /// <param name="train">The training data.</param>
    /// <param name="validation">Data to measure on after every epoch, without noise; null measures nothing.</param>
    /// <param name="progress">Receives reports, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the run after the step in hand; the history so far is returned, the model is usable.</param>
    /// <returns>The history.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="train"/> is null.</exception>
    /// <exception cref="ArgumentException">A data set is empty or does not fit the model, the loss or the batch size, or early stopping
    /// has no validation data. No weight has been changed then.</exception>
    /// <exception cref="TrainingDivergedException">A loss is not a finite number; it holds the history so far.</exception>
    public TrainingHistory Fit(
        Dataset train,
        Dataset? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckData(train, validation);
        (Module Module, bool IsTraining)[] modes =
        [
            .. _model.NamedModules().Concat(_inputNoise?.NamedModules() ?? []).Select(entry => (entry.Module, entry.Module.IsTraining)),
        ];
        Device device = Options.Device ?? Evaluator.DeviceOf(_model);
        _model.To(device);
        _model.Train();
        _inputNoise?.Train();
        try
        {
            using var run = new TrainingRun(_model, _inputNoise, Options, device, train, validation, progress);
            return run.Go(cancellationToken);
        }
        finally
        {
            // Parents come first: a part in another mode than the whole gets its own back.
            foreach ((Module module, bool isTraining) in modes)
            {
                module.Train(isTraining);
            }
        }
    }

    // A module outside any model has no site: as the child "input" it gets one.
    private static Module? WithSite(Module? inputNoise) =>
        inputNoise is null || inputNoise.SitePath.Length > 0 ? inputNoise : new Sequential((InputSite, inputNoise));

    private void CheckInputSite()
    {
        if (_inputNoise is null)
        {
            return;
        }

        if (_inputNoise.Root == _model.Root)
        {
            throw new InvalidOperationException(
                $"The input noise, {_inputNoise.Describe()}, is a part of the model and would be drawn twice. Give a module of its own.");
        }

        SiteTable sites = new();
        _model.ClaimSites(sites);
        _inputNoise.ClaimSites(sites);
    }

    private void CheckData(Dataset train, Dataset? validation)
    {
        ArgumentNullException.ThrowIfNull(train);
        CheckDataset(train, nameof(train));
        if (Options.BatchSize > train.Count)
        {
            throw new ArgumentException(
                $"The batch size is {Options.BatchSize}, the training data has {train.Count} examples; expected a batch no larger than the data.", nameof(train));
        }

        if (validation is null)
        {
            if (Options.EarlyStopping is not null)
            {
                throw new ArgumentException("Early stopping watches the validation loss and needs validation data.", nameof(validation));
            }

            return;
        }

        CheckDataset(validation, nameof(validation));
        if (validation.Features != train.Features || validation.Outputs != train.Outputs)
        {
            throw new ArgumentException(
                $"The validation data has {validation.Features} features and {validation.Outputs} outputs, the training data {train.Features} and {train.Outputs}.",
                nameof(validation));
        }
    }

    private void CheckDataset(Dataset data, string argument)
    {
        if (data.Count == 0)
        {
            throw new ArgumentException("The data set is empty.", argument);
        }

        if (data.IsClassification != (Options.Loss == LossKind.CrossEntropy))
        {
            throw new ArgumentException(
                $"The loss {Options.Loss} needs {(data.IsClassification ? "target values" : "class labels")}, which the data set does not have.", argument);
        }
    }
}

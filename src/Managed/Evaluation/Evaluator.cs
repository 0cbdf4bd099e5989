namespace NativeNoise;

/// <summary>How a model is measured.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Examples in a batch, at least 1 (500). Results do not depend on it but for the last digits of the loss.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>The loss; null (the default) takes cross-entropy for classes and the mean squared error for targets.</summary>
    public LossKind? Loss { get; init; }

    /// <summary>Whether noise is off (<see cref="NoiseMode.Mean"/>, the default) or drawn (<see cref="NoiseMode.Sample"/>: a Monte Carlo draw).</summary>
    public NoiseMode Mode { get; init; } = NoiseMode.Mean;

    /// <summary>The seed of the noise in <see cref="NoiseMode.Sample"/> and of corruptions (0).</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of the Monte Carlo draw (0).</summary>
    public uint Draw { get; init; }

    /// <summary>The optimiser step at which noise magnitudes are taken in <see cref="NoiseMode.Sample"/>, usually the number of steps
    /// trained; null (the default) takes the draw's number.</summary>
    public long? ScheduleStep { get; init; }

    /// <summary>A corruption of the inputs; null (the default) leaves them as they are. An example's noise belongs to its index in the data set.</summary>
    public Corruption? Corruption { get; init; }

    /// <summary>The device; null (the default) takes the one of the model's parameters, usually the processor with all its cores.</summary>
    public Device? Device { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        if (Mode is not (NoiseMode.Mean or NoiseMode.Sample))
        {
            throw new ArgumentOutOfRangeException(nameof(Mode), Mode, "Expected Mean or Sample.");
        }
    }
}

/// <summary>What a model achieves on a data set.</summary>
/// <param name="Loss">The mean loss over the examples.</param>
/// <param name="Accuracy">The share of examples classified rightly, from 0 to 1; null for regression.</param>
/// <param name="Count">The number of examples.</param>
public sealed record EvaluationResult(double Loss, double? Accuracy, int Count);

/// <summary>Measures models and predicts with them. The model's training mode is left as it is.</summary>
public static class Evaluator
{
    private static readonly EvaluationOptions Defaults = new();

    private delegate void BatchVisitor(Tensor output, BatchReader batch);

    /// <summary>Loss and accuracy on a data set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data.</param>
    /// <param name="options">Options; null means the defaults: no noise.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The data set is empty, or does not fit the model or the loss.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static EvaluationResult Evaluate(Module model, Dataset data, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= Defaults;
        options.Validate();
        LossKind loss = options.Loss ?? (data.IsClassification ? LossKind.CrossEntropy : LossKind.MeanSquaredError);
        if (data.IsClassification != (loss == LossKind.CrossEntropy))
        {
            throw new ArgumentException(
                $"The loss {loss} needs {(data.IsClassification ? "target values" : "class labels")}, which the data set does not have.", nameof(data));
        }

        double sum = 0;
        int right = 0;
        int[] classes = new int[Math.Min(options.BatchSize, data.Count)];
        Visit(model, data, options, (output, batch) =>
        {
            CheckOutput(output, data, batch.Count, loss);
            if (!data.IsClassification)
            {
                sum += Functional.MeanSquaredError(output, batch.Targets).Item() * (double)batch.Count;
                return;
            }

            sum += Functional.SoftmaxCrossEntropy(output, batch.Labels).Item() * (double)batch.Count;
            Span<int> found = classes.AsSpan(0, batch.Count);
            Functional.ArgMax(output, found);
            for (int i = 0; i < found.Length; i++)
            {
                right += found[i] == batch.Labels[i] ? 1 : 0;
            }
        });

        return new EvaluationResult(sum / data.Count, data.IsClassification ? (double)right / data.Count : null, data.Count);
    }

    /// <summary>What the model gives for every example: logits of a classifier, values of a regression.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data; labels and targets are not used.</param>
    /// <param name="options">Options; null means the defaults: no noise.</param>
    /// <returns>The outputs, [Count, outputs] row-major.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The data set is empty or does not fit the model.</exception>
    public static float[] Predict(Module model, Dataset data, EvaluationOptions? options = null) =>
        Collect(model, data, options, softmax: false);

    /// <summary>The probability of every class for every example.</summary>
    /// <param name="model">A classifier.</param>
    /// <param name="data">The data; labels are not used.</param>
    /// <param name="options">Options; null means the defaults: no noise.</param>
    /// <returns>The probabilities, [Count, classes] row-major.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The data set is empty or does not fit the model.</exception>
    public static float[] PredictProbabilities(Module model, Dataset data, EvaluationOptions? options = null) =>
        Collect(model, data, options, softmax: true);

    /// <summary>The most probable class of every example.</summary>
    /// <param name="model">A classifier.</param>
    /// <param name="data">The data; labels are not used.</param>
    /// <param name="options">Options; null means the defaults: no noise.</param>
    /// <returns>One class for each example.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The data set is empty or does not fit the model.</exception>
    public static int[] PredictClasses(Module model, Dataset data, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] classes = new int[data.Count];
        Visit(model, data, options, (output, batch) => Functional.ArgMax(output, classes.AsSpan(batch.First, batch.Count)));
        return classes;
    }

    internal static Device DeviceOf(Module model) => model.Parameters().FirstOrDefault()?.Device ?? Device.Cpu;

    internal static void CheckOutput(Tensor output, Dataset data, int rows, LossKind loss)
    {
        bool fits = output.Rank == 2 && output.Rows == rows
            && (loss == LossKind.CrossEntropy ? output.Columns >= data.Outputs : output.Columns == data.Outputs);
        if (!fits)
        {
            throw new ArgumentException(
                $"The model gives {output.Describe()} for {rows} examples; expected {data.Outputs} "
                + $"{(loss == LossKind.CrossEntropy ? "or more logits (one a class)" : "values")} for each.",
                nameof(data));
        }
    }

    private static float[] Collect(Module model, Dataset data, EvaluationOptions? options, bool softmax)
    {
        ArgumentNullException.ThrowIfNull(data);
        float[] all = [];
        Visit(model, data, options, (output, batch) =>
        {
            int columns = checked((int)output.Columns);
            if (all.Length == 0)
            {
                all = new float[checked(data.Count * columns)];
            }

            Tensor values = softmax ? Functional.Softmax(output) : output;
            values.AsReadOnlySpan().CopyTo(all.AsSpan(batch.First * columns));
        });
        return all;
    }

    private static void Visit(Module model, Dataset data, EvaluationOptions? options, BatchVisitor visit)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= Defaults;
        options.Validate();
        if (data.Count == 0)
        {
            throw new ArgumentException("The data set is empty.", nameof(data));
        }

        CorruptionLevels levels = options.Corruption is { } corruption ? new CorruptionLevels(corruption, data) : default;
        using NoGradScope noGradient = Autograd.NoGrad();
        using var batches = new BatchReader(data, options.BatchSize, options.Device ?? DeviceOf(model), shuffled: false);
        var frame = new NoiseFrame(options.Seed, options.Draw, 0, options.Mode) { ScheduleStep = options.ScheduleStep };
        for (int batch = 0; batch < batches.Batches; batch++)
        {
            using var scope = new TensorScope();
            batches.Read(batch);
            frame.FirstRow = (uint)batches.First;
            Tensor x = options.Corruption is { } kind
                ? kind.Apply(batches.Inputs, levels, options.Seed, options.Draw, frame.FirstRow)
                : batches.Inputs;
            visit(model.Forward(x, frame), batches);
        }
    }
}

namespace NativeNoise;

/// <summary>Examples in memory: inputs [count, features], row-major, with class labels or with target values.</summary>
/// <remarks>A data set is never changed after it was made; the arrays given to a constructor are used, not copied.</remarks>
public sealed class Dataset
{
    private readonly float[] _inputs;
    private readonly int[]? _labels;
    private readonly float[]? _targets;

    /// <summary>A classification data set.</summary>
    /// <param name="inputs">The inputs, [count, features] row-major.</param>
    /// <param name="features">The number of features of an example, at least 1.</param>
    /// <param name="labels">The class of each example, from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="features"/> or <paramref name="classes"/> is below 1, or a label is out of range.</exception>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    public Dataset(float[] inputs, int features, int[] labels, int classes)
        : this(inputs, features)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (labels.Length != Count)
        {
            throw new ArgumentException($"{labels.Length} labels do not fit {Count} examples.", nameof(labels));
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(labels), labels[i], $"The label of example {i} is {labels[i]}; expected 0 to {classes - 1}.");
            }
        }

        _labels = labels;
        Outputs = Classes = classes;
    }

    /// <summary>A regression data set.</summary>
    /// <param name="inputs">The inputs, [count, features] row-major.</param>
    /// <param name="features">The number of features of an example, at least 1.</param>
    /// <param name="targets">The targets, [count, outputs] row-major.</param>
    /// <param name="outputs">The number of target values of an example, at least 1 (default 1).</param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="features"/> or <paramref name="outputs"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    public Dataset(float[] inputs, int features, float[] targets, int outputs = 1)
        : this(inputs, features)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (targets.LongLength != (long)Count * outputs)
        {
            throw new ArgumentException($"{targets.Length} targets do not fit {Count} examples of {outputs} values.", nameof(targets));
        }

        _targets = targets;
        Outputs = outputs;
    }

    private Dataset(float[] inputs, int features)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (inputs.Length % features != 0)
        {
            throw new ArgumentException($"{inputs.Length} input values are not a whole number of examples of {features} features.", nameof(inputs));
        }

        _inputs = inputs;
        Features = features;
        Count = inputs.Length / features;
    }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>The number of features of an example.</summary>
    public int Features { get; }

    /// <summary>The number of classes; 0 for a regression data set.</summary>
    public int Classes { get; }

    /// <summary>The number of values a model gives for an example: the classes, or the target values.</summary>
    public int Outputs { get; }

    /// <summary>Whether the examples have class labels.</summary>
    public bool IsClassification => _labels is not null;

    /// <summary>A name for people, for example "digits".</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Width of the images that the inputs are, in pixels; 0 when they are not images.</summary>
    public int ImageWidth { get; init; }

    /// <summary>Height of the images that the inputs are, in pixels; 0 when they are not images.</summary>
    public int ImageHeight { get; init; }

    /// <summary>All inputs, [Count, Features] row-major.</summary>
    public ReadOnlySpan<float> Inputs => _inputs;

    /// <summary>The class of each example; empty for a regression data set.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>All targets, [Count, Outputs] row-major; empty for a classification data set.</summary>
    public ReadOnlySpan<float> Targets => _targets;

    /// <summary>The inputs of one example.</summary>
    /// <param name="index">The example, from 0 to Count - 1.</param>
    /// <returns>Features values.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is out of range.</exception>
    public ReadOnlySpan<float> Input(int index) => _inputs.AsSpan(Checked(index) * Features, Features);

    /// <summary>The targets of one example of a regression data set.</summary>
    /// <param name="index">The example, from 0 to Count - 1.</param>
    /// <returns>Outputs values; empty for a classification data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is out of range.</exception>
    public ReadOnlySpan<float> Target(int index) =>
        _targets is null ? default : _targets.AsSpan(Checked(index) * Outputs, Outputs);

    /// <summary>The first examples.</summary>
    /// <param name="count">How many, from 0 to Count.</param>
    /// <returns>A new data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    public Dataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        return Make(
            _inputs.AsSpan(0, count * Features).ToArray(),
            _labels?.AsSpan(0, count).ToArray(),
            _targets?.AsSpan(0, count * Outputs).ToArray());
    }

    /// <summary>Chosen examples, in the order given.</summary>
    /// <param name="indices">The examples, each from 0 to Count - 1; one may come more than once.</param>
    /// <returns>A new data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public Dataset Subset(ReadOnlySpan<int> indices)
    {
        float[] inputs = new float[checked(indices.Length * Features)];
        int[]? labels = _labels is null ? null : new int[indices.Length];
        float[]? targets = _targets is null ? null : new float[checked(indices.Length * Outputs)];
        for (int i = 0; i < indices.Length; i++)
        {
            Input(indices[i]).CopyTo(inputs.AsSpan(i * Features));
            if (labels is not null)
            {
                labels[i] = _labels![indices[i]];
            }

            if (targets is not null)
            {
                Target(indices[i]).CopyTo(targets.AsSpan(i * Outputs));
            }
        }

        return Make(inputs, labels, targets);
    }

    /// <summary>Shuffles by (seed, epoch 0) of <see cref="Permutation"/> and cuts in two.</summary>
    /// <param name="fraction">The share of the examples in the first part, from 0 to 1; the number is rounded to the nearest.</param>
    /// <param name="seed">The seed: the same seed gives the same parts.</param>
    /// <returns>The two parts.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fraction"/> is not between 0 and 1.</exception>
    public (Dataset First, Dataset Second) Split(double fraction, ulong seed)
    {
        if (!(fraction >= 0 && fraction <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "Expected a share between 0 and 1.");
        }

        Dataset[] parts = Split(seed, (int)Math.Round(Count * fraction));
        return (parts[0], parts[1]);
    }

    /// <summary>Shuffles by (seed, epoch 0) of <see cref="Permutation"/> and cuts into parts of the given sizes and a last part with the rest.</summary>
    /// <param name="seed">The seed: the same seed gives the same parts.</param>
    /// <param name="counts">The sizes of all parts but the last; their sum is at most Count.</param>
    /// <returns>One part more than there are sizes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the sum exceeds Count.</exception>
    public Dataset[] Split(ulong seed, params ReadOnlySpan<int> counts)
    {
        long sum = 0;
        foreach (int count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
            sum += count;
        }

        if (sum > Count)
        {
            throw new ArgumentOutOfRangeException(nameof(counts), sum, $"The parts have {sum} examples together; the data set has {Count}.");
        }

        int[] order = Permutation.Create(seed, 0, Count);
        var parts = new Dataset[counts.Length + 1];
        int first = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            int end = i < counts.Length ? first + counts[i] : Count;
            parts[i] = Subset(order.AsSpan(first, end - first));
            first = end;
        }

        return parts;
    }

    /// <summary>The same examples with other inputs.</summary>
    /// <param name="inputs">The inputs, [Count, Features] row-major.</param>
    /// <returns>A new data set that shares labels or targets with this one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="inputs"/> is null.</exception>
    /// <exception cref="ArgumentException">The length is not Count·Features.</exception>
    public Dataset WithInputs(float[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.Length == _inputs.Length
            ? Make(inputs, _labels, _targets)
            : throw new ArgumentException($"{inputs.Length} input values do not fit {Count} examples of {Features} features.", nameof(inputs));
    }

    /// <summary>Standardises every feature to mean 0 and standard deviation 1.</summary>
    /// <returns>The new data set, and the standardiser to apply to other data (validation and test data get the training data's).</returns>
    /// <exception cref="InvalidOperationException">The data set is empty.</exception>
    public (Dataset Data, Standardizer Standardizer) Standardize()
    {
        Standardizer standardizer = Standardizer.Fit(this);
        return (standardizer.Apply(this), standardizer);
    }

    private Dataset Make(float[] inputs, int[]? labels, float[]? targets) => labels is not null
        ? new Dataset(inputs, Features, labels, Classes) { Name = Name, ImageWidth = ImageWidth, ImageHeight = ImageHeight }
        : new Dataset(inputs, Features, targets!, Outputs) { Name = Name, ImageWidth = ImageWidth, ImageHeight = ImageHeight };

    private int Checked(int index) => (uint)index < (uint)Count
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Expected an example from 0 to {Count - 1}.");
}

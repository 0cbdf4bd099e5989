namespace NativeNoise;

/// <summary>Brings each feature to mean 0 and standard deviation 1: y = (x - mean)/std.</summary>
/// <remarks>
/// Mean and standard deviation (the population's, divided by n) are accumulated in double precision in the order of the
/// examples. A feature that never changes has standard deviation 0 and is only shifted.
/// </remarks>
public sealed class Standardizer
{
    private readonly float[] _mean;
    private readonly float[] _std;

    private Standardizer(float[] mean, float[] std)
    {
        _mean = mean;
        _std = std;
    }

    /// <summary>The mean of each feature.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>The standard deviation of each feature; 0 where it never changes.</summary>
    public ReadOnlySpan<float> Std => _std;

    /// <summary>Measures a data set.</summary>
    /// <param name="dataset">The data, usually the training part.</param>
    /// <returns>The standardiser.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The data set is empty.</exception>
    public static Standardizer Fit(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Count == 0)
        {
            throw new InvalidOperationException("A data set without examples has no mean and no standard deviation.");
        }

        int features = dataset.Features;
        double[] sum = new double[features];
        for (int i = 0; i < dataset.Count; i++)
        {
            ReadOnlySpan<float> x = dataset.Input(i);
            for (int j = 0; j < features; j++)
            {
                sum[j] += x[j];
            }
        }

        float[] mean = new float[features];
        for (int j = 0; j < features; j++)
        {
            sum[j] /= dataset.Count;
            mean[j] = (float)sum[j];
        }

        // Two passes: the one-pass formula loses everything when the mean is large beside the deviation.
        double[] squares = new double[features];
        for (int i = 0; i < dataset.Count; i++)
        {
            ReadOnlySpan<float> x = dataset.Input(i);
            for (int j = 0; j < features; j++)
            {
                double difference = x[j] - sum[j];
                squares[j] += difference * difference;
            }
        }

        float[] std = new float[features];
        for (int j = 0; j < features; j++)
        {
            std[j] = (float)Math.Sqrt(squares[j] / dataset.Count);
        }

        return new Standardizer(mean, std);
    }

    /// <summary>Standardises the inputs of a data set.</summary>
    /// <param name="dataset">The data; it is not changed.</param>
    /// <returns>A new data set.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="dataset"/> is null.</exception>
    /// <exception cref="ArgumentException">The data set has another number of features.</exception>
    public Dataset Apply(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Features != _mean.Length)
        {
            throw new ArgumentException(
                $"The data set has {dataset.Features} features; expected {_mean.Length}, as in the data that was measured.", nameof(dataset));
        }

        float[] inputs = dataset.Inputs.ToArray();
        Apply(inputs);
        return dataset.WithInputs(inputs);
    }

    /// <summary>Standardises examples in place.</summary>
    /// <param name="inputs">Whole examples, row-major.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of the number of features.</exception>
    public void Apply(Span<float> inputs)
    {
        CheckLength(inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            int j = i % _mean.Length;
            inputs[i] = (inputs[i] - _mean[j]) / (_std[j] > 0 ? _std[j] : 1);
        }
    }

    /// <summary>Turns standardised examples back, in place: x = mean + std·y.</summary>
    /// <param name="inputs">Whole standardised examples, row-major.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of the number of features.</exception>
    public void Invert(Span<float> inputs)
    {
        CheckLength(inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            int j = i % _mean.Length;
            inputs[i] = (inputs[i] * (_std[j] > 0 ? _std[j] : 1)) + _mean[j];
        }
    }

    private void CheckLength(ReadOnlySpan<float> inputs)
    {
        if (inputs.Length % _mean.Length != 0)
        {
            throw new ArgumentException($"{inputs.Length} values are not a whole number of examples of {_mean.Length} features.", nameof(inputs));
        }
    }
}

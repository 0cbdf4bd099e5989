using System.Globalization;

namespace NativeNoise;

/// <summary>What <see cref="NoisyMlp.Create"/> builds.</summary>
public sealed record NoisyMlpOptions
{
    /// <summary>Number of inputs, at least 1.</summary>
    public required int Inputs { get; init; }

    /// <summary>Sizes of the hidden layers, in order, each at least 1; empty: a linear model.</summary>
    public required IReadOnlyList<int> Hidden { get; init; }

    /// <summary>Number of outputs, at least 1.</summary>
    public required int Outputs { get; init; }

    /// <summary>Activation of the hidden layers (<see cref="Activation.Relu"/>).</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Standard deviation of the noise behind each hidden activation (0.1); null: none.</summary>
    public Schedule? ActivationNoise { get; init; } = 0.1;

    /// <summary>Whether activation noise is added (true) or multiplied.</summary>
    public bool ActivationNoiseAdditive { get; init; } = true;

    /// <summary>Standard deviation of the noise on weights (null: none).</summary>
    public Schedule? WeightNoise { get; init; }

    /// <summary>How weight noise is drawn; null: the defaults.</summary>
    public NoisyLinearOptions? WeightNoiseOptions { get; init; }

    /// <summary>Drop probability behind each hidden layer (null: none).</summary>
    public Schedule? Dropout { get; init; }

    /// <summary>Not null: variational layers in place of linear ones (null). Excludes weight noise.</summary>
    public VariationalOptions? Variational { get; init; }

    /// <summary>Seed of the initial parameters (0).</summary>
    public ulong Seed { get; init; }
}

/// <summary>
/// Builds the classic example network: input, then for each hidden layer a linear layer, an activation, activation noise and
/// dropout, then a linear layer to the output.
/// </summary>
public static class NoisyMlp
{
    /// <summary>
    /// Builds the network. Modules are named <c>fc1</c>, <c>act1</c>, <c>noise1</c>, <c>drop1</c>, <c>fc2</c>, ...
    /// </summary>
    /// <param name="options">What to build.</param>
    /// <returns>The network, initialised with the seed.</returns>
    /// <exception cref="ArgumentException">
    /// A size is below 1, a magnitude out of range, or both weight noise and variational layers are asked for.
    /// </exception>
    public static Sequential Create(NoisyMlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Hidden);
        if (options.Variational is not null && options.WeightNoise is not null)
        {
            throw new ArgumentException(
                "Variational layers have weight noise of their own: give either NoisyMlpOptions.Variational or WeightNoise.",
                nameof(options));
        }

        Sequential model = new();
        int inputs = options.Inputs;
        for (int i = 1; i <= options.Hidden.Count; i++)
        {
            string suffix = i.ToString(CultureInfo.InvariantCulture);
            model.Append("fc" + suffix, Layer(options, inputs, options.Hidden[i - 1]));
            if (ActivationOf(options.Activation) is { } activation)
            {
                model.Append("act" + suffix, activation);
            }

            if (options.ActivationNoise is { } noise)
            {
                model.Append("noise" + suffix, new ActivationNoise(noise, options.ActivationNoiseAdditive));
            }

            if (options.Dropout is { } probability)
            {
                model.Append("drop" + suffix, new Dropout(probability));
            }

            inputs = options.Hidden[i - 1];
        }

        string last = (options.Hidden.Count + 1).ToString(CultureInfo.InvariantCulture);
        model.Append("fc" + last, Layer(options, inputs, options.Outputs));
        model.Initialize(options.Seed);
        return model;
    }

    private static LinearModule Layer(NoisyMlpOptions options, int inputs, int outputs) => options switch
    {
        { Variational: { } variational } => new VariationalLinear(inputs, outputs, variational),
        { WeightNoise: { } noise } => new NoisyLinear(inputs, outputs, noise, bias: true, options.WeightNoiseOptions),
        _ => new Linear(inputs, outputs),
    };

    private static ActivationModule? ActivationOf(Activation activation) => activation switch
    {
        Activation.None => null,
        Activation.Relu => new Relu(),
        Activation.Tanh => new Tanh(),
        Activation.Sigmoid => new Sigmoid(),
        Activation.Gelu => new Gelu(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation function."),
    };
}

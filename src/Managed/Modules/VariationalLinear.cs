using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>How a <see cref="VariationalLinear"/> samples. All have the same mean gradient; they differ in its variance.</summary>
public enum VariationalEstimator
{
    /// <summary>One sample of the weights for the whole batch (Blundell et al. 2015).</summary>
    SharedWeights = 0,

    /// <summary>Drawn at the output, independently for each example (Kingma et al. 2015).</summary>
    LocalReparameterization = 1,

    /// <summary>One sample of the weights with signs of its own for each example (Wen et al. 2018).</summary>
    Flipout = 2,
}

/// <summary>Initial means of a <see cref="VariationalLinear"/>'s weights. Biases' means begin with 0.</summary>
public enum VariationalMeanInitialization
{
    /// <summary>N(0, 0.1^2), whatever the size.</summary>
    Fixed = 0,

    /// <summary>N(0, 1/in).</summary>
    FanIn = 1,
}

/// <summary>Further choices for a <see cref="VariationalLinear"/>.</summary>
public sealed record VariationalOptions
{
    /// <summary>Standard deviation of the prior N(0, PriorStd^2), finite and above 0 (1).</summary>
    public float PriorStd { get; init; } = 1f;

    /// <summary>How the layer samples (<see cref="VariationalEstimator.SharedWeights"/>).</summary>
    public VariationalEstimator Estimator { get; init; }

    /// <summary>Initial means (<see cref="VariationalMeanInitialization.Fixed"/>).</summary>
    public VariationalMeanInitialization MeanInit { get; init; }

    /// <summary>Initial log-variance of weights and biases, finite (-10: a standard deviation of 0.0067).</summary>
    public float InitialLogVariance { get; init; } = -10f;
}

/// <summary>
/// Linear layer with a normal distribution over its weights (Bayes by backprop): W ~ N(mean, exp(logVariance)), both learnable.
/// With noise the layer samples; without, it uses the means.
/// </summary>
/// <remarks>
/// Train on (mean loss per example) + beta / N <see cref="Module.KlDivergence"/>, with N the number of training examples and beta
/// a weight that often rises from 0 to 1. Local reparameterisation and flipout draw for each example and take inputs of rank 1 or 2.
/// </remarks>
public sealed class VariationalLinear : LinearModule
{
    private const float FixedMeanStd = 0.1f;

    private readonly VariationalOptions _options;
    private readonly NoiseSite _weightSite;
    private readonly NoiseSite _biasSite;
    private readonly NoiseSite _inputSite;
    private readonly NoiseSite _outputSite;

    /// <summary>Makes the layer.</summary>
    /// <param name="inFeatures">Size of the input's last dimension, at least 1.</param>
    /// <param name="outFeatures">Size of the output's last dimension, at least 1.</param>
    /// <param name="options">Further choices; null: the defaults.</param>
    /// <param name="bias">Whether there is a bias (true).</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or an option out of range.</exception>
    public VariationalLinear(int inFeatures, int outFeatures, VariationalOptions? options = null, bool bias = true)
        : base(inFeatures, outFeatures, bias)
    {
        _options = options ?? new VariationalOptions();
        Check(_options);
        WeightLogVariance = RegisterParameter("weight_logvar", outFeatures, inFeatures);
        BiasLogVariance = bias ? RegisterParameter("bias_logvar", outFeatures) : null;
        _weightSite = DeclareSite("weight");
        _biasSite = DeclareSite("bias");
        _inputSite = DeclareSite("in");
        _outputSite = DeclareSite("out");
        InitializeDefault();
    }

    /// <summary>Log-variances of the weights [out, in]; their means are <see cref="LinearModule.Weight"/>.</summary>
    public Parameter WeightLogVariance { get; }

    /// <summary>Log-variances of the bias [out], or null.</summary>
    public Parameter? BiasLogVariance { get; }

    /// <summary>How the layer samples.</summary>
    public VariationalEstimator Estimator => _options.Estimator;

    /// <summary>Standard deviation of the prior.</summary>
    public float PriorStd => _options.PriorStd;

    /// <summary>A plain layer with the means as weights.</summary>
    /// <returns>The layer; its forward equals this layer's without noise, bit for bit.</returns>
    /// <exception cref="ObjectDisposedException">The layer has been disposed.</exception>
    public Linear Collapse()
    {
        Linear plain = new(InFeatures, OutFeatures, Bias is not null);
        plain.Weight.CopyFrom(Weight.AsReadOnlySpan());
        plain.Bias?.CopyFrom(Bias!.AsReadOnlySpan());
        return plain;
    }

    /// <inheritdoc/>
    protected override void InitializeCore(ulong seed)
    {
        float std = _options.MeanInit == VariationalMeanInitialization.FanIn ? 1f / MathF.Sqrt(InFeatures) : FixedMeanStd;
        Fill.Normal(Weight, InitialKey(seed, "weight"), 0f, std);
        Fill.Constant(WeightLogVariance, _options.InitialLogVariance);
        if (Bias is not null)
        {
            Fill.Constant(Bias, 0f);
            Fill.Constant(BiasLogVariance!, _options.InitialLogVariance);
        }
    }

    /// <inheritdoc/>
    protected override Tensor? KlDivergenceCore()
    {
        Tensor weights = Functional.KlDivergence(Weight, WeightLogVariance, 0f, PriorStd);
        return Bias is null
            ? weights
            : Functional.Add(weights, Functional.KlDivergence(Bias, BiasLogVariance!, 0f, PriorStd));
    }

    /// <summary>The mean log-variance's standard deviation, exp(mean / 2).</summary>
    /// <param name="step">Does not matter: the variances are learnt.</param>
    /// <returns>One magnitude.</returns>
    protected override IEnumerable<NoiseLevel> NoiseLevelsCore(long step) =>
        [new NoiseLevel(SitePath, "weight_std", DeterministicMath.Exp(
            0.5 * Kernels.Sum(WeightLogVariance.Device, WeightLogVariance.Length, WeightLogVariance.Buffer) / WeightLogVariance.Length))];

    private protected override Tensor Compute(Tensor x, NoiseFrame? frame, Activation activation)
    {
        nnoise_linear layer = LinearNode.NewLayer();
        if (!DrawsNoise(frame))
        {
            return Functional.ApplyLinear(layer, new LinearTensors(x, Weight, Bias), activation);
        }

        int use = CountUse(frame);
        layer.noise = (int)nnoise_weight_noise.NNOISE_WEIGHT_NOISE_LOG_VARIANCE;
        layer.estimator = (int)Estimator;
        if (Estimator != VariationalEstimator.LocalReparameterization)
        {
            RequireOneStep(frame);
            layer.weight_address = frame.SharedKey(SiteOf(_weightSite, use)).ToAddress();
            layer.bias_address = frame.SharedKey(SiteOf(_biasSite, use)).ToAddress();
        }

        if (Estimator != VariationalEstimator.SharedWeights)
        {
            RequireOneRowAnExample(x);
            layer.input_address = frame.Key(SiteOf(_inputSite, use)).ToAddress();
            layer.output_address = frame.Key(SiteOf(_outputSite, use)).ToAddress();
        }

        return Functional.ApplyLinear(layer, new LinearTensors(x, Weight, Bias, WeightLogVariance, BiasLogVariance), activation);
    }

    private static void Check(VariationalOptions options)
    {
        if (!(float.IsFinite(options.PriorStd) && options.PriorStd > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.PriorStd, "VariationalOptions.PriorStd must be finite and above 0.");
        }

        if (!float.IsFinite(options.InitialLogVariance))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.InitialLogVariance, "VariationalOptions.InitialLogVariance must be finite.");
        }

        if (!Enum.IsDefined(options.Estimator) || !Enum.IsDefined(options.MeanInit))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), $"{options.Estimator}, {options.MeanInit}", "Not a known estimator or initialisation of the means.");
        }
    }
}

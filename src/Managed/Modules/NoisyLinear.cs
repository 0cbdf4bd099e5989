using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>What weight noise is measured in.</summary>
public enum NoiseScale
{
    /// <summary>W + std eps.</summary>
    Absolute = 0,

    /// <summary>W + std |W| eps: relative to each weight's magnitude.</summary>
    Relative = 1,
}

/// <summary>Who shares a draw of weight noise.</summary>
public enum NoiseSharing
{
    /// <summary>One noisy W for the whole batch.</summary>
    Batch = 0,

    /// <summary>
    /// Each example its own, drawn at the output: the same distribution for each example, far cheaper than that many weights,
    /// and with less variance in the gradient (Kingma et al. 2015).
    /// </summary>
    PerExample = 1,
}

/// <summary>Further choices for a <see cref="NoisyLinear"/>.</summary>
public sealed record NoisyLinearOptions
{
    /// <summary>What the noise is measured in (<see cref="NoiseScale.Absolute"/>).</summary>
    public NoiseScale Scale { get; init; }

    /// <summary>Who shares a draw (<see cref="NoiseSharing.Batch"/>).</summary>
    public NoiseSharing Sharing { get; init; }

    /// <summary>Initial weights (N(0, 1/in)).</summary>
    public WeightInitialization Initialization { get; init; }
}

/// <summary>
/// Linear layer with Gaussian noise on weights and bias: y = x (W + std eps_W)^T + b + std eps_b. The noise is fresh each step,
/// the same forward and backward, never stored, and the gradients go to the clean parameters. Without noise: y = x W^T + b.
/// </summary>
/// <remarks>
/// Per example (input of rank 1 or 2 only), the output is drawn: y = x W^T + b + sqrt(std^2 |x|^2 + std^2) eps, independent for each example and unit. With
/// relative scale the variance is std^2 (sum of x_i^2 W_ji^2 + b_j^2).
/// </remarks>
public sealed class NoisyLinear : LinearModule
{
    private readonly NoisyLinearOptions _options;
    private readonly NoiseSite _weightSite;
    private readonly NoiseSite _biasSite;
    private readonly NoiseSite _outputSite;

    /// <summary>Makes the layer.</summary>
    /// <param name="inFeatures">Size of the input's last dimension, at least 1.</param>
    /// <param name="outFeatures">Size of the output's last dimension, at least 1.</param>
    /// <param name="noiseStd">Standard deviation of the noise; null: 0.1.</param>
    /// <param name="bias">Whether there is a bias (true).</param>
    /// <param name="options">Further choices; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a magnitude or option out of range.</exception>
    public NoisyLinear(
        int inFeatures, int outFeatures, Schedule? noiseStd = null, bool bias = true, NoisyLinearOptions? options = null)
        : base(inFeatures, outFeatures, bias)
    {
        _options = options ?? new NoisyLinearOptions();
        if (!Enum.IsDefined(_options.Scale))
        {
            throw new ArgumentOutOfRangeException(nameof(options), _options.Scale, "NoisyLinearOptions.Scale is not a known scale.");
        }

        if (!Enum.IsDefined(_options.Sharing))
        {
            throw new ArgumentOutOfRangeException(nameof(options), _options.Sharing, "NoisyLinearOptions.Sharing is not a known sharing.");
        }

        Known(_options.Initialization);
        NoiseStd = Magnitudes.Checked(noiseStd ?? 0.1, nameof(noiseStd));
        _weightSite = DeclareSite("weight");
        _biasSite = DeclareSite("bias");
        _outputSite = DeclareSite("out");
        InitializeDefault();
    }

    /// <summary>Standard deviation of the noise.</summary>
    public Schedule NoiseStd { get; }

    /// <summary>What the noise is measured in.</summary>
    public NoiseScale Scale => _options.Scale;

    /// <summary>Who shares a draw.</summary>
    public NoiseSharing Sharing => _options.Sharing;

    /// <inheritdoc/>
    protected override void InitializeCore(ulong seed) => DrawWeights(seed, _options.Initialization);

    /// <inheritdoc/>
    protected override IEnumerable<NoiseLevel> NoiseLevelsCore(long step) =>
        [new NoiseLevel(SitePath, "weight_std", NoiseStd.Value(step))];

    private protected override Tensor Compute(Tensor x, NoiseFrame? frame, Activation activation)
    {
        nnoise_linear layer = LinearNode.NewLayer();
        if (DrawsNoise(frame))
        {
            int use = CountUse(frame);
            layer.noise = (int)(Scale == NoiseScale.Relative
                ? nnoise_weight_noise.NNOISE_WEIGHT_NOISE_RELATIVE
                : nnoise_weight_noise.NNOISE_WEIGHT_NOISE_ABSOLUTE);
            layer.std = ElementNoise.Magnitude((float)NoiseStd.Value(frame.MagnitudeStep), "noiseStd");
            if (Sharing == NoiseSharing.PerExample)
            {
                RequireOneRowAnExample(x);
                layer.estimator = (int)nnoise_estimator.NNOISE_ESTIMATOR_LOCAL;
                layer.output_address = frame.Key(SiteOf(_outputSite, use)).ToAddress();
            }
            else
            {
                RequireOneStep(frame);
                layer.weight_address = frame.SharedKey(SiteOf(_weightSite, use)).ToAddress();
                layer.bias_address = frame.SharedKey(SiteOf(_biasSite, use)).ToAddress();
            }
        }

        return Functional.ApplyLinear(layer, new LinearTensors(x, Weight, Bias), activation);
    }
}

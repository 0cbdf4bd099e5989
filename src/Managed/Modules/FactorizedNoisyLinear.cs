using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>How the noise of a <see cref="FactorizedNoisyLinear"/> arises.</summary>
public enum NoisyForm
{
    /// <summary>in + out normals: eps_ji = f(eps_j) f(eps_i), f(v) = sign(v) sqrt(|v|).</summary>
    Factorized = 0,

    /// <summary>in x out independent normals.</summary>
    Independent = 1,
}

/// <summary>
/// Noisy layer of Fortunato et al. 2018 (Noisy Networks for Exploration): y = x (mu + sigma eps_W)^T + mu_b + sigma_b eps_b with
/// learnable mu and sigma. Without noise: y = x mu^T + mu_b.
/// </summary>
/// <remarks>
/// Factorised: mu ~ U(-1/sqrt(in), 1/sqrt(in)), sigma = sigma0 / sqrt(in) for weights and bias; the noise of a weight has
/// variance 2/pi. Independent: mu ~ U(-sqrt(3/in), sqrt(3/in)), sigma = 0.017.
/// </remarks>
public sealed class FactorizedNoisyLinear : LinearModule
{
    /// <summary>Initial sigma of the independent form.</summary>
    public const float IndependentSigma = 0.017f;

    private readonly NoiseSite _weightSite;
    private readonly NoiseSite _biasSite;
    private readonly NoiseSite _inputSite;
    private readonly NoiseSite _outputSite;

    /// <summary>Makes the layer.</summary>
    /// <param name="inFeatures">Size of the input's last dimension, at least 1.</param>
    /// <param name="outFeatures">Size of the output's last dimension, at least 1.</param>
    /// <param name="sigma0">Initial sigma times sqrt(in), for the factorised form; finite, at least 0 (0.5).</param>
    /// <param name="form">How the noise arises (<see cref="NoisyForm.Factorized"/>).</param>
    /// <param name="bias">Whether there is a bias (true).</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or sigma0 or the form out of range.</exception>
    public FactorizedNoisyLinear(
        int inFeatures, int outFeatures, float sigma0 = 0.5f, NoisyForm form = NoisyForm.Factorized, bool bias = true)
        : base(inFeatures, outFeatures, bias)
    {
        Sigma0 = ElementNoise.Magnitude(sigma0, nameof(sigma0));
        Form = Enum.IsDefined(form) ? form : throw new ArgumentOutOfRangeException(nameof(form), form, "Not a known form.");
        WeightSigma = RegisterParameter("weight_sigma", outFeatures, inFeatures);
        BiasSigma = bias ? RegisterParameter("bias_sigma", outFeatures) : null;
        _weightSite = DeclareSite("weight");
        _biasSite = DeclareSite("bias");
        _inputSite = DeclareSite("in");
        _outputSite = DeclareSite("out");
        InitializeDefault();
    }

    /// <summary>Initial sigma times sqrt(in), for the factorised form.</summary>
    public float Sigma0 { get; }

    /// <summary>How the noise arises.</summary>
    public NoisyForm Form { get; }

    /// <summary>sigma [out, in].</summary>
    public Parameter WeightSigma { get; }

    /// <summary>sigma_b [out], or null.</summary>
    public Parameter? BiasSigma { get; }

    /// <inheritdoc/>
    protected override void InitializeCore(ulong seed)
    {
        bool factorized = Form == NoisyForm.Factorized;
        float bound = MathF.Sqrt((factorized ? 1f : 3f) / InFeatures);
        float sigma = factorized ? Sigma0 / MathF.Sqrt(InFeatures) : IndependentSigma;
        Fill.Uniform(Weight, InitialKey(seed, "weight"), -bound, bound);
        Fill.Constant(WeightSigma, sigma);
        if (Bias is not null)
        {
            Fill.Uniform(Bias, InitialKey(seed, "bias"), -bound, bound);
            Fill.Constant(BiasSigma!, sigma);
        }
    }

    /// <summary>The root mean square of sigma.</summary>
    /// <param name="step">Does not matter: sigma is learnt.</param>
    /// <returns>One magnitude.</returns>
    protected override IEnumerable<NoiseLevel> NoiseLevelsCore(long step) =>
        [new NoiseLevel(SitePath, "weight_sigma", Math.Sqrt(
            Kernels.SumSquares(WeightSigma.Device, WeightSigma.Length, WeightSigma.Buffer) / WeightSigma.Length))];

    private protected override Tensor Compute(Tensor x, NoiseFrame? frame, Activation activation)
    {
        nnoise_linear layer = LinearNode.NewLayer();
        if (!DrawsNoise(frame))
        {
            return Functional.ApplyLinear(layer, new LinearTensors(x, Weight, Bias), activation);
        }

        RequireOneStep(frame);
        int use = CountUse(frame);
        if (Form == NoisyForm.Factorized)
        {
            layer.noise = (int)nnoise_weight_noise.NNOISE_WEIGHT_NOISE_FACTORIZED;
            layer.input_address = frame.SharedKey(SiteOf(_inputSite, use)).ToAddress();
            layer.output_address = frame.SharedKey(SiteOf(_outputSite, use)).ToAddress();
        }
        else
        {
            layer.noise = (int)nnoise_weight_noise.NNOISE_WEIGHT_NOISE_INDEPENDENT;
            layer.weight_address = frame.SharedKey(SiteOf(_weightSite, use)).ToAddress();
            layer.bias_address = frame.SharedKey(SiteOf(_biasSite, use)).ToAddress();
        }

        return Functional.ApplyLinear(layer, new LinearTensors(x, Weight, Bias, WeightSigma, BiasSigma), activation);
    }
}

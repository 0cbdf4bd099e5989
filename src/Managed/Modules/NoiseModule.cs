namespace NativeNoise;

/// <summary>
/// Base of layers that add noise element by element and learn nothing. The output has the input's shape; without noise it is
/// the input itself.
/// </summary>
/// <remarks>
/// The input is [examples, ..] of any rank: an example's row is its position on the first axis, an element's number its row-major
/// index in the rest. So a batch in pieces draws the noise of the whole, however many axes there are.
/// </remarks>
/// <example><code>
/// // Half of the images get noise, the same on the three channels of [examples, channels, height, width].
/// var noise = new GaussianNoise(0.1) { SharedAxes = [1], ApplyProbability = 0.5 };
/// </code></example>
public abstract class NoiseModule : Module
{
    private readonly NoiseSite _noise;
    private readonly NoiseSite? _apply;
    private readonly uint _sharedAxes;

    private protected NoiseModule(string purpose)
    {
        _noise = DeclareSite(purpose);
    }

    /// <summary>
    /// Axes of the input along which the noise is the same, drawn once for all positions (Keras's noise_shape); none (the default):
    /// every element has noise of its own. Axis 0 are the examples: the whole batch gets one draw, at row 0 of the step, and, with
    /// <see cref="ApplyProbability"/>, one decision; pieces of a batch get the same. Pink and brown noise run along the last axis, which
    /// they cannot share.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An axis lies outside [0, 31].</exception>
    public IReadOnlyList<int> SharedAxes
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(SharedAxes));
            int[] axes = [.. value];
            _sharedAxes = ElementNoise.AxesMask(axes, nameof(SharedAxes));
            field = Array.AsReadOnly(axes);
        }
    } = [];

    /// <summary>
    /// The probability with which an example gets any noise; the others pass unchanged (1: all get it). Decided for each example at
    /// the site <c>{path}:apply</c>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A constant lies outside [0, 1].</exception>
    public Schedule ApplyProbability
    {
        get;
        init
        {
            field = Magnitudes.CheckedProbability(value, nameof(ApplyProbability));
            _apply ??= DeclareSite("apply");
        }
    } = 1.0;

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor x, NoiseFrame? frame)
    {
        if (!DrawsNoise(frame))
        {
            return x;
        }

        int use = CountUse(frame);
        NoiseKey key = frame.Key(SiteOf(_noise, use));
        ElementNoise noise = NoiseAt(frame.MagnitudeStep);
        if (_apply is not null)
        {
            float probability = (float)ApplyProbability.Value(frame.MagnitudeStep);
            noise = noise.WithApplyProbability(ElementNoise.Probability(probability, nameof(ApplyProbability)), SiteOf(_apply, use));
        }

        if (_sharedAxes != 0)
        {
            noise = noise.WithSharedAxes(_sharedAxes);
            noise.Require(x.Shape, nameof(x), Describe());
        }

        // What the batch shares belongs to no example, so that pieces of the batch agree.
        return Functional.ApplyNoise(x, noise, noise.SharesRows ? key with { FirstRow = 0 } : key);
    }

    /// <inheritdoc/>
    protected sealed override IEnumerable<NoiseLevel> NoiseLevelsCore(long step) =>
        _apply is null ? LevelsAt(step) : [.. LevelsAt(step), Level("apply_probability", ApplyProbability.Value(step))];

    private protected abstract ElementNoise NoiseAt(long step);

    private protected abstract IEnumerable<NoiseLevel> LevelsAt(long step);

    private protected NoiseLevel Level(string kind, double value) => new(SitePath, kind, value);
}

using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>
/// Adam (Kingma and Ba 2015): m = beta1·m + (1 - beta1)·g, v = beta2·v + (1 - beta2)·g², p = p - lr·m'/(sqrt(v') + epsilon) with the
/// moments m' = m/(1 - beta1^t) and v' = v/(1 - beta2^t). Weight decay is L2: it is added to the gradient.
/// </summary>
public class Adam : Optimizer
{
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _epsilon;
    private readonly bool _decoupled;

    /// <summary>Optimises the parameters of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Options; null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The model has no parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Adam(Module model, AdamOptions? options = null)
        : this((model ?? throw new ArgumentNullException(nameof(model))).Parameters(), options ?? new AdamOptions(), decoupled: false)
    {
    }

    /// <summary>Optimises the given parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Options; null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no parameter, or one is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Adam(IEnumerable<Parameter> parameters, AdamOptions? options = null)
        : this(parameters, options ?? new AdamOptions(), decoupled: false)
    {
    }

    private protected Adam(IEnumerable<Parameter> parameters, AdamOptions options, bool decoupled)
        : base(parameters, options, "first_moment", "second_moment")
    {
        _beta1 = (float)options.Beta1;
        _beta2 = (float)options.Beta2;
        _epsilon = (float)options.Epsilon;
        _decoupled = decoupled;
    }

    private protected sealed override unsafe void Update(
        nnoise_optimizer_options* options, int index, Parameter parameter, NativeBuffer values, NativeBuffer gradient)
    {
        options->beta1 = _beta1;
        options->beta2 = _beta2;
        options->epsilon = _epsilon;
        options->decoupled = _decoupled ? 1 : 0;
        using ContextLease context = new(parameter.Device);
        using BufferLease p = new(values), g = new(gradient), m = new(StateBuffer(0, index)), v = new(StateBuffer(1, index));
        NativeCall.Check(NativeMethods.nnoise_adamw_step(
            context.Pointer, options, parameter.Length, p.Pointer, g.Pointer, m.Pointer, v.Pointer));
    }
}

/// <summary>
/// AdamW (Loshchilov and Hutter 2019): Adam with decoupled weight decay, p = p·(1 - lr·weightDecay) before the step.
/// </summary>
public sealed class AdamW : Adam
{
    /// <summary>Optimises the parameters of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Options; null means <see cref="AdamWOptions"/>, whose weight decay is 0.01.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The model has no parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public AdamW(Module model, AdamOptions? options = null)
        : base((model ?? throw new ArgumentNullException(nameof(model))).Parameters(), options ?? new AdamWOptions(), decoupled: true)
    {
    }

    /// <summary>Optimises the given parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Options; null means <see cref="AdamWOptions"/>, whose weight decay is 0.01.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no parameter, or one is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public AdamW(IEnumerable<Parameter> parameters, AdamOptions? options = null)
        : base(parameters, options ?? new AdamWOptions(), decoupled: true)
    {
    }
}

using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>
/// Stochastic gradient descent: d = g + weightDecay·p; with momentum v = momentum·v + d and d = v, or d + momentum·v in
/// Nesterov's form; p = p - lr·d.
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly float _momentum;
    private readonly bool _nesterov;

    /// <summary>Optimises the parameters of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Options; null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The model has no parameters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Sgd(Module model, SgdOptions? options = null)
        : this((model ?? throw new ArgumentNullException(nameof(model))).Parameters(), options)
    {
    }

    /// <summary>Optimises the given parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Options; null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no parameter, or one is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Sgd(IEnumerable<Parameter> parameters, SgdOptions? options = null)
        : base(parameters, options ??= new SgdOptions(), options.Momentum > 0 ? ["velocity"] : [])
    {
        _momentum = (float)options.Momentum;
        _nesterov = options.Nesterov;
    }

    private protected override unsafe void Update(
        nnoise_optimizer_options* options, int index, Parameter parameter, NativeBuffer values, NativeBuffer gradient)
    {
        options->momentum = _momentum;
        options->nesterov = _nesterov ? 1 : 0;
        using ContextLease context = new(parameter.Device);
        using BufferLease p = new(values), g = new(gradient), velocity = new(_momentum > 0 ? StateBuffer(0, index) : null);
        NativeCall.Check(NativeMethods.nnoise_sgd_step(context.Pointer, options, parameter.Length, p.Pointer, g.Pointer, velocity.Pointer));
    }
}

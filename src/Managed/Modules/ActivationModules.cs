namespace NativeNoise;

/// <summary>
/// Base of the activation layers. A <see cref="Sequential"/> fuses one that follows a linear layer into the layer's own pass.
/// </summary>
public abstract class ActivationModule : Module
{
    private protected ActivationModule(Activation function)
    {
        Function = function;
    }

    /// <summary>The function.</summary>
    public Activation Function { get; }

    /// <inheritdoc/>
    protected sealed override Tensor ForwardCore(Tensor x, NoiseFrame? frame) => Functional.Activate(x, Function);
}

/// <summary>y = max(x, 0).</summary>
public sealed class Relu() : ActivationModule(Activation.Relu);

/// <summary>y = tanh(x).</summary>
public sealed class Tanh() : ActivationModule(Activation.Tanh);

/// <summary>y = 1 / (1 + exp(-x)).</summary>
public sealed class Sigmoid() : ActivationModule(Activation.Sigmoid);

/// <summary>y = 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).</summary>
public sealed class Gelu() : ActivationModule(Activation.Gelu);

/// <summary>Each example as one row: [n, ..] becomes [n, columns].</summary>
public sealed class Flatten : Module
{
    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame) => Functional.Flatten(x);
}

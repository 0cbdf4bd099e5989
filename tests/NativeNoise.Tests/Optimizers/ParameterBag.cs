namespace NativeNoise.Tests;

/// <summary>Bare parameters with gradients of the test's choice: the gradient of sum(w c) is c.</summary>
internal sealed class ParameterBag : Module
{
    private readonly List<Parameter> _parameters = [];

    public ParameterBag(params (string Name, float[] Values)[] parameters)
    {
        foreach ((string name, float[] values) in parameters)
        {
            using Tensor value = Tensor.From(values);
            _parameters.Add(RegisterParameter(name, value));
        }
    }

    public Parameter this[int index] => _parameters[index];

    public static ParameterBag Of(params float[] values) => new(("w", values));

    public void SetGradient(int index, params float[] gradient)
    {
        using var scope = new TensorScope();
        _parameters[index].ZeroGrad();
        Functional.Sum(Functional.Multiply(_parameters[index], Tensor.From(gradient))).Backward();
    }

    protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame) => x;
}

using System.Globalization;

namespace NativeNoise;

/// <summary>Modules one after another: y = m_n(.. m_2(m_1(x))).</summary>
public sealed class Sequential : Module
{
    /// <summary>No modules yet: the identity, for <see cref="Append"/> to fill.</summary>
    public Sequential()
    {
    }

    /// <summary>Named modules. Names stay when others are inserted, and with them the noise.</summary>
    /// <param name="modules">Names and modules, in order.</param>
    /// <exception cref="ArgumentException">A name is not fit or used twice, or a module is part of a model already.</exception>
    public Sequential(params ReadOnlySpan<(string Name, Module Module)> modules)
    {
        foreach ((string name, Module module) in modules)
        {
            Register(name, module);
        }
    }

    /// <summary>Modules named by their index: <c>0</c>, <c>1</c>, ... Inserting one moves the names of those behind it.</summary>
    /// <param name="modules">The modules, in order.</param>
    /// <exception cref="ArgumentException">A module is part of a model already.</exception>
    public Sequential(params ReadOnlySpan<Module> modules)
    {
        for (int i = 0; i < modules.Length; i++)
        {
            Register(i.ToString(CultureInfo.InvariantCulture), modules[i]);
        }
    }

    /// <summary>Adds a module at the end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="module">The module.</param>
    /// <returns>This module.</returns>
    /// <exception cref="ArgumentException">The name is not fit or used, or the module is part of a model already.</exception>
    public Sequential Append(string name, Module module)
    {
        Register(name, module);
        return this;
    }

    /// <inheritdoc/>
    protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame)
    {
        Tensor y = x;
        for (int i = 0; i < Children.Count; i++)
        {
            if (Children[i] is LinearModule linear && i + 1 < Children.Count
                && Children[i + 1] is ActivationModule { Function: not Activation.Gelu } activation)
            {
                y = linear.ForwardFused(y, frame, activation.Function);
                i++;
            }
            else
            {
                y = Children[i].Forward(y, frame);
            }
        }

        return y;
    }
}

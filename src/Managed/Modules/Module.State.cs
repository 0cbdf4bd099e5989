namespace NativeNoise;

public abstract partial class Module
{
    /// <summary>All parameters of the tree with their paths from this module, own ones first.</summary>
    /// <returns>Pairs such as (<c>fc1.weight</c>, the parameter), in a fixed order.</returns>
    public IEnumerable<(string Name, Parameter Parameter)> NamedParameters() => NamedParameters("");

    /// <summary>All parameters of the tree, in the order of <see cref="NamedParameters()"/>.</summary>
    /// <returns>The parameters.</returns>
    public IEnumerable<Parameter> Parameters()
    {
        foreach ((_, Parameter parameter) in NamedParameters())
        {
            yield return parameter;
        }
    }

    /// <summary>The module and all its descendants, parents first, with their paths from this module.</summary>
    /// <returns>Pairs of path and module; the path of this module is empty.</returns>
    public IEnumerable<(string Name, Module Module)> NamedModules() => NamedModules("");

    /// <summary>The parameters by name: live tensors, not copies.</summary>
    /// <returns>The state, in the order of <see cref="NamedParameters()"/>.</returns>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        OrderedDictionary<string, Tensor> state = [];
        foreach ((string name, Parameter parameter) in NamedParameters())
        {
            state.Add(name, parameter);
        }

        return state;
    }

    /// <summary>Copies values into the parameters. Everything is checked before anything is written.</summary>
    /// <param name="state">Values by name.</param>
    /// <param name="strict">Whether names that are missing or too many are errors (true).</param>
    /// <exception cref="ArgumentException">A name is missing or unexpected, or a shape differs.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(state);
        HashSet<string> unexpected = [.. state.Keys];
        List<(Parameter Parameter, Tensor Value)> pairs = [];
        foreach ((string name, Parameter parameter) in NamedParameters())
        {
            unexpected.Remove(name);
            if (!state.TryGetValue(name, out Tensor? value))
            {
                if (strict)
                {
                    throw new ArgumentException($"The state has no '{name}', which the model needs.", nameof(state));
                }

                continue;
            }

            if (!value.Shape.SequenceEqual(parameter.Shape))
            {
                throw new ArgumentException(
                    $"'{name}' has the shape {NativeNoise.Shape.Text(value.Shape)} in the state; the model's is " +
                    $"{NativeNoise.Shape.Text(parameter.Shape)}.", nameof(state));
            }

            _ = value.Buffer;
            pairs.Add((parameter, value));
        }

        if (strict && unexpected.Count > 0)
        {
            throw new ArgumentException($"The state has '{unexpected.First()}', which the model has not.", nameof(state));
        }

        foreach ((Parameter parameter, Tensor value) in pairs)
        {
            if (value.Buffer != parameter.Buffer)
            {
                parameter.Buffer.BumpVersion();
                Kernels.Copy(parameter.Device, value.Buffer, parameter.Buffer, parameter.Length);
            }
        }
    }

    /// <summary>Makes the gradient of every parameter of the tree null, as <see cref="Tensor.ZeroGrad"/>.</summary>
    public void ZeroGrad()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.ZeroGrad();
        }

        foreach (Module child in _children)
        {
            child.ZeroGrad();
        }
    }

    /// <summary>Makes a module a child of this one; in the constructor.</summary>
    /// <typeparam name="T">Kind of module.</typeparam>
    /// <param name="name">Name, without dots, colons and number signs, and not in use here.</param>
    /// <param name="child">The module, which must not be part of a model yet.</param>
    /// <returns><paramref name="child"/>.</returns>
    /// <exception cref="ArgumentException">The name is not fit or in use, or the module has a parent or contains this one.</exception>
    protected T Register<T>(string name, T child)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(child);
        CheckName(name);
        if (child._parent is not null)
        {
            throw new ArgumentException(
                $"{child.Describe()} is part of a model already. To use one module twice, call it twice in ForwardCore.", nameof(child));
        }

        if (Root == child)
        {
            throw new ArgumentException($"{child.Describe()} cannot contain itself.", nameof(child));
        }

        child._parent = this;
        child.Name = name;
        _children.Add(child);
        Root.ForgetSites();
        child.InitializeUntouched();
        return child;
    }

    /// <summary>Registers a parameter with a copy of a value; in the constructor.</summary>
    /// <param name="name">Name, without dots, colons and number signs, and not in use here.</param>
    /// <param name="value">The initial value.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">The name is not fit or in use.</exception>
    protected Parameter RegisterParameter(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Parameter parameter = RegisterParameter(name, value.Shape);
        Kernels.Copy(parameter.Device, value.Buffer, parameter.Buffer, value.Length);
        return parameter;
    }

    /// <summary>Registers a parameter of zeros; in the constructor.</summary>
    /// <param name="name">Name, without dots, colons and number signs, and not in use here.</param>
    /// <param name="shape">Dimensions.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">The name is not fit or in use, or the shape is not one.</exception>
    protected Parameter RegisterParameter(string name, params ReadOnlySpan<int> shape)
    {
        CheckName(name);
        long length = NativeNoise.Shape.Length(shape, nameof(shape));
        Parameter parameter = new(this, name, NativeBufferPool.Rent(length), shape.ToArray(), length, Device.Cpu);
        Kernels.Fill(parameter.Device, parameter.Buffer, length, 0f);
        _parameters.Add(parameter);
        Root.ForgetSites();
        return parameter;
    }

    /// <summary>
    /// Initialises this module's own parameters with seed 0; at the end of the constructor. Done again when the module gets its
    /// path or site, as long as nobody has changed them.
    /// </summary>
    protected void InitializeDefault()
    {
        InitializeCore(0);
        _initialVersions = Versions();
    }

    private void InitializeUntouched()
    {
        if (_initialVersions >= 0 && _initialVersions == Versions())
        {
            InitializeDefault();
        }

        foreach (Module child in _children)
        {
            child.InitializeUntouched();
        }
    }

    private long Versions()
    {
        long sum = 0;
        foreach (Parameter parameter in _parameters)
        {
            sum += parameter.Version;
        }

        return sum;
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.AsSpan().ContainsAny('.', ':', '#'))
        {
            throw new ArgumentException($"'{name}' must not contain '.', ':' or '#'.", nameof(name));
        }

        if (_children.Exists(child => child.Name == name) || _parameters.Exists(parameter => parameter.LocalName == name))
        {
            throw new ArgumentException($"The name '{name}' is in use in {Describe()} already.", nameof(name));
        }
    }

    private IEnumerable<(string Name, Parameter Parameter)> NamedParameters(string prefix)
    {
        foreach (Parameter parameter in _parameters)
        {
            yield return (Join(prefix, parameter.LocalName), parameter);
        }

        foreach (Module child in _children)
        {
            foreach ((string Name, Parameter Parameter) pair in child.NamedParameters(Join(prefix, child.Name!)))
            {
                yield return pair;
            }
        }
    }

    private IEnumerable<(string Name, Module Module)> NamedModules(string prefix)
    {
        yield return (prefix, this);
        foreach (Module child in _children)
        {
            foreach ((string Name, Module Module) pair in child.NamedModules(Join(prefix, child.Name!)))
            {
                yield return pair;
            }
        }
    }
}

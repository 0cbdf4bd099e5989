using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>
/// Moves parameters along their gradients. Clipping, gradient noise and the update are one pass over memory for each parameter;
/// clipping by the global norm costs one more read of the gradients.
/// </summary>
/// <remarks>
/// Parameters without a gradient are left alone and keep their own count of steps. An optimiser is for one thread at a time.
/// </remarks>
public abstract class Optimizer : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly NativeBuffer?[][] _state;
    private readonly long[] _steps;
    private double? _clipNorm;
    private double? _clipValue;
    private bool _isDisposed;

    private protected Optimizer(IEnumerable<Parameter> parameters, OptimizerOptions options, params ReadOnlySpan<string> stateNames)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _parameters = [.. parameters];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("There is no parameter to optimise.", nameof(parameters));
        }

        if (_parameters.Distinct().Count() != _parameters.Length)
        {
            throw new ArgumentException("A parameter is given twice.", nameof(parameters));
        }

        _steps = new long[_parameters.Length];
        StateNames = stateNames.ToArray();
        _state = new NativeBuffer?[StateNames.Length][];
        for (int i = 0; i < _state.Length; i++)
        {
            _state[i] = new NativeBuffer?[_parameters.Length];
        }

        LearningRate = options.LearningRate;
        WeightDecay = options.WeightDecay;
        ClipNorm = options.ClipNorm;
        ClipValue = options.ClipValue;
        GradientNoise = options.GradientNoise;
        Seed = options.Seed;
        MeasureGradientNorm = options.MeasureGradientNorm;
    }

    /// <summary>The parameters, in the order of the model.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The learning rate at each step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is a constant that is negative or not finite.</exception>
    public Schedule LearningRate
    {
        get;
        set => field = Magnitudes.Checked(value, nameof(LearningRate));
    }

    /// <summary>The weight decay at each step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is a constant that is negative or not finite.</exception>
    public Schedule WeightDecay
    {
        get;
        set => field = Magnitudes.Checked(value, nameof(WeightDecay));
    }

    /// <summary>The largest norm of the gradients of all parameters together; null does not clip.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or not above 0.</exception>
    public double? ClipNorm
    {
        get => _clipNorm;
        set => _clipNorm = CheckClip(value, nameof(ClipNorm));
    }

    /// <summary>The largest absolute value of a gradient's element; null does not clip.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or not above 0.</exception>
    public double? ClipValue
    {
        get => _clipValue;
        set => _clipValue = CheckClip(value, nameof(ClipValue));
    }

    /// <summary>Noise added to the gradients; null adds none.</summary>
    public GradientNoise? GradientNoise { get; set; }

    /// <summary>The seed of the gradient noise.</summary>
    public ulong Seed { get; set; }

    /// <summary>Whether every step measures the norm of the gradients.</summary>
    public bool MeasureGradientNorm { get; set; }

    /// <summary>How many steps have been made.</summary>
    public long StepCount { get; private set; }

    /// <summary>The norm of all gradients together in the last step, before clipping and noise; NaN when it was not measured.</summary>
    public double LastGradientNorm { get; private set; } = double.NaN;

    /// <summary>The names of what is remembered for each parameter from step to step, for example first_moment.</summary>
    internal string[] StateNames { get; }

    /// <summary>
    /// Makes one step: learning rate, weight decay and noise are those of step <see cref="StepCount"/>, which then rises by 1.
    /// </summary>
    /// <param name="noiseStep">The step t of the gradient noise; null (the default) takes <see cref="StepCount"/>.</param>
    /// <exception cref="InvalidOperationException">A schedule gives a negative value, or clipping by norm meets a gradient that is not
    /// finite. No parameter has been changed then.</exception>
    /// <exception cref="ObjectDisposedException">The optimiser or a parameter has been disposed; nothing has been changed then.</exception>
    public unsafe void Step(long? noiseStep = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (Parameter parameter in _parameters)
        {
            ObjectDisposedException.ThrowIf(parameter.IsDisposed, parameter);
        }

        long noiseTime = noiseStep ?? StepCount;
        nnoise_optimizer_options options;
        NativeCall.Check(NativeMethods.nnoise_optimizer_options_default(&options));
        options.learning_rate = Rate(LearningRate, "learning rate");
        options.weight_decay = Rate(WeightDecay, "weight decay");
        options.clip_value = (float)(_clipValue ?? double.PositiveInfinity);
        options.noise_std = GradientNoise is { } noise ? noise.SingleStd(noiseTime) : 0;
        uint noiseAddressStep = options.noise_std > 0 ? GradientNoise.CheckedStep(noiseTime, nameof(noiseStep)) : 0;
        options.gradient_scale = GradientScale();
        for (int i = 0; i < _parameters.Length; i++)
        {
            Parameter parameter = _parameters[i];
            if (parameter.Grad is not { } gradient)
            {
                continue;
            }

            if (options.noise_std > 0)
            {
                options.noise_address = GradientNoise.Address(parameter, noiseAddressStep, Seed);
            }

            options.step = (ulong)++_steps[i];
            NativeBuffer values = parameter.Buffer;
            values.BumpVersion();
            Update(&options, i, parameter, values, gradient.Buffer);
        }

        StepCount++;
    }

    /// <summary>Makes the gradients of all parameters null.</summary>
    public void ZeroGrad()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.ZeroGrad();
        }
    }

    /// <summary>Writes the optimiser's memory (moments and counts of steps) to a safetensors file.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The optimiser has been disposed.</exception>
    public void Save(string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        OptimizerState.Save(this, path);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for the same kind of optimiser over the same parameters: training goes on
    /// as if it had not been interrupted.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or belongs to another kind of optimiser or another model; nothing has been changed then.</exception>
    public void Load(string path) => OptimizerState.Load(this, path);

    /// <summary>Gives the optimiser's memory back; the parameters are not touched.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            foreach (NativeBuffer?[] buffers in _state)
            {
                foreach (NativeBuffer? buffer in buffers)
                {
                    buffer?.Release();
                }
            }
        }
    }

    internal static double? CheckClip(double? value, string name) => value is not { } limit || (float.IsFinite((float)limit) && limit > 0)
        ? value
        : throw new ArgumentOutOfRangeException(name, limit, "Expected a finite number above 0, or null for no clipping.");

    internal long StepsOf(int index) => _steps[index];

    internal NativeBuffer? StateOf(int state, int index) => _state[state][index];

    /// <summary>Takes over what was read from a file: one array of every state and one count for each parameter.</summary>
    internal unsafe void Restore(long stepCount, long[] steps, ReadOnlyMemory<float>?[][] state)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        StepCount = stepCount;
        steps.CopyTo(_steps, 0);
        for (int s = 0; s < _state.Length; s++)
        {
            for (int i = 0; i < _parameters.Length; i++)
            {
                if (state[s][i] is { } values)
                {
                    using BufferLease lease = new(StateBuffer(s, i));
                    values.Span.CopyTo(new Span<float>(lease.Pointer, values.Length));
                }
                else
                {
                    _state[s][i]?.Release();
                    _state[s][i] = null;
                }
            }
        }
    }

    /// <summary>The native call for one parameter.</summary>
    private protected abstract unsafe void Update(
        nnoise_optimizer_options* options, int index, Parameter parameter, NativeBuffer values, NativeBuffer gradient);

    /// <summary>The memory of a parameter, zeros at first.</summary>
    private protected NativeBuffer StateBuffer(int state, int index)
    {
        if (_state[state][index] is not { } buffer)
        {
            Parameter parameter = _parameters[index];
            buffer = NativeBufferPool.Rent(parameter.Length);
            Kernels.Fill(parameter.Device, buffer, parameter.Length, 0f);
            _state[state][index] = buffer;
        }

        return buffer;
    }

    private float Rate(Schedule schedule, string what)
    {
        float value = (float)schedule.Value(StepCount);
        return value >= 0 && float.IsFinite(value)
            ? value
            : throw new InvalidOperationException($"The {what} is {value} at step {StepCount}; expected a finite number of at least 0.");
    }

    // min(1, limit / norm): the norm over all parameters, summed in double in the order of the parameters, each in the
    // library's fixed order, so that it does not depend on the number of threads.
    private float GradientScale()
    {
        if (_clipNorm is null && !MeasureGradientNorm)
        {
            LastGradientNorm = double.NaN;
            return 1;
        }

        double squares = 0;
        foreach (Parameter parameter in _parameters)
        {
            if (parameter.Grad is { } gradient)
            {
                squares += Kernels.SumSquares(parameter.Device, parameter.Length, gradient.Buffer);
            }
        }

        LastGradientNorm = Math.Sqrt(squares);
        if (_clipNorm is not { } limit)
        {
            return 1;
        }

        if (!double.IsFinite(LastGradientNorm))
        {
            throw new InvalidOperationException(
                $"The norm of the gradients is {LastGradientNorm} at step {StepCount} and cannot be clipped to {limit}. No parameter was changed.");
        }

        return LastGradientNorm > limit ? (float)(limit / LastGradientNorm) : 1;
    }
}

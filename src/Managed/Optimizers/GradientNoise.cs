using System.Runtime.CompilerServices;
using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>
/// Annealed Gaussian noise on the gradients (Neelakantan et al. 2015, "Adding gradient noise improves learning for very deep
/// networks"): g = g + N(0, variance) with variance eta/(1 + t)^gamma, t counting optimiser steps from 0.
/// </summary>
/// <remarks>
/// <para>
/// eta is a variance, as in the paper: the standard deviation at t = 0 is sqrt(eta). The noise comes after clipping and before
/// the optimiser's moments, once per optimiser step however many pieces the gradient was accumulated from.
/// </para>
/// <para>
/// An <see cref="Optimizer"/> adds it in its own pass over memory; <see cref="AddTo(Module, long, ulong)"/> is for loops that
/// update the weights themselves. Both draw the same bits: site "{parameter}:gradient", step t, row 0.
/// </para>
/// </remarks>
public sealed record GradientNoise
{
    /// <summary>Noise of variance eta/(1 + t)^gamma.</summary>
    /// <param name="eta">The variance at step 0, at least 0 (default 0.01; the paper uses 0.01, 0.3 and 1).</param>
    /// <param name="gamma">The exponent, at least 0 (default 0.55, as in the paper).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or not finite.</exception>
    public GradientNoise(double eta = 0.01, double gamma = 0.55)
        : this(new InversePowerSchedule(eta, gamma))
    {
    }

    /// <summary>Noise whose variance follows any schedule.</summary>
    /// <param name="variance">The variance at each step, at least 0.</param>
    /// <exception cref="ArgumentNullException"><paramref name="variance"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is a constant that is negative or not finite.</exception>
    public GradientNoise(Schedule variance) => Variance = Magnitudes.Checked(variance, nameof(variance));

    /// <summary>The variance at each step.</summary>
    public Schedule Variance { get; }

    /// <summary>The standard deviation sqrt(variance) at a step.</summary>
    /// <param name="step">The optimiser step, counted from 0.</param>
    /// <returns>The standard deviation, in the gradient's units.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The schedule's value at the step is negative.</exception>
    public double Std(long step)
    {
        double variance = Variance.Value(step);
        return variance >= 0
            ? Math.Sqrt(variance)
            : throw new InvalidOperationException($"The variance of the gradient noise is {variance} at step {step}; expected at least 0.");
    }

    /// <summary>The standard deviation as the kernels take it.</summary>
    /// <exception cref="InvalidOperationException">It is negative, or beyond the range of a float.</exception>
    internal float SingleStd(long step)
    {
        double std = Std(step);
        return float.IsFinite((float)std)
            ? (float)std
            : throw new InvalidOperationException($"The standard deviation of the gradient noise is {std} at step {step}, too large for a float.");
    }

    /// <summary>Adds the noise of a step to the gradients of a model, for a loop written by hand.</summary>
    /// <param name="model">The model; parameters without a gradient are left alone.</param>
    /// <param name="step">The optimiser step t, counted from 0.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative or above 2^32 - 1.</exception>
    public void AddTo(Module model, long step, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        AddTo(model.Parameters(), step, seed);
    }

    /// <summary>Adds the noise of a step to the gradients of parameters, for a loop written by hand.</summary>
    /// <param name="parameters">The parameters; those without a gradient are left alone.</param>
    /// <param name="step">The optimiser step t, counted from 0.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative or above 2^32 - 1.</exception>
    public unsafe void AddTo(IEnumerable<Parameter> parameters, long step, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        uint noiseStep = CheckedStep(step, nameof(step));
        float std = SingleStd(step);
        if (std == 0)
        {
            return;
        }

        foreach (Parameter parameter in parameters)
        {
            if (parameter.Grad is not { } gradient)
            {
                continue;
            }

            NativeBuffer buffer = gradient.Buffer;
            buffer.BumpVersion();
            using ContextLease context = new(parameter.Device);
            using BufferLease lease = new(buffer);
            NativeCall.Check(NativeMethods.nnoise_gaussian(
                context.Pointer,
                nnoise_dtype.NNOISE_DTYPE_FLOAT32,
                1,
                parameter.Length,
                lease.Pointer,
                lease.Pointer,
                Address(parameter, noiseStep, seed),
                std));
        }
    }

    internal static nnoise_address Address(Parameter parameter, uint step, ulong seed) =>
        new NoiseKey(seed, parameter.GradientSite, step).ToAddress();

    internal static uint CheckedStep(long step, string argument, [CallerMemberName] string caller = "") => step is >= 0 and <= uint.MaxValue
        ? (uint)step
        : throw new ArgumentOutOfRangeException(argument, step, $"{caller}: a noise step lies between 0 and {uint.MaxValue}.");
}

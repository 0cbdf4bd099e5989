using System.Text.Json.Serialization;

namespace NativeNoise;

/// <summary>
/// A magnitude as a pure function of the step: noise standard deviation, gradient-noise variance, drop probability, KL weight,
/// learning rate.
/// </summary>
/// <remarks>
/// <para>
/// A schedule has no state: any step can be asked for at any time, so resuming, plotting and evaluating at an arbitrary step
/// need nothing but the step. Steps are optimiser steps, counted from 0. The value after a schedule's last step is held.
/// </para>
/// <para>
/// The values are the same doubles on every machine: exponentials, powers and cosines come from operations that IEEE 754
/// defines exactly, never from the platform's C library.
/// </para>
/// <para>
/// Numbers convert implicitly to a <see cref="ConstantSchedule"/>. <see cref="ToString"/> and <see cref="Parse(string)"/> form
/// a short text such as <c>linear(0.2,0.01,10000)</c>; <see cref="ToJson"/> and <see cref="FromJson(string)"/> a JSON object.
/// System.Text.Json serialises a property of type <see cref="Schedule"/> in the same form.
/// </para>
/// </remarks>
[JsonConverter(typeof(ScheduleJsonConverter))]
public abstract record Schedule
{
    private protected Schedule()
    {
    }

    /// <summary>The value at optimiser step <paramref name="step"/>.</summary>
    /// <param name="step">The optimiser step, counted from 0.</param>
    /// <returns>A finite number.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The schedule's formula gives no finite number at this step.</exception>
    public double Value(long step)
    {
        if (step < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, "A schedule's step is counted from 0 and cannot be negative.");
        }

        double value = Evaluate(step);
        return double.IsFinite(value)
            ? value
            : throw new InvalidOperationException($"The schedule {this} gives {ScheduleText.Number(value)} at step {step}; expected a finite number.");
    }

    /// <summary>This schedule times <paramref name="factor"/>.</summary>
    /// <param name="factor">A finite factor.</param>
    /// <returns>A schedule whose value at every step is <paramref name="factor"/> times this one's.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is not finite.</exception>
    public Schedule Scale(double factor) => new ScaledSchedule(factor, this);

    /// <summary>Writes the schedule as a JSON object, for example <c>{"kind":"linear","initial":0.2,"final":0.01,"steps":10000}</c>.</summary>
    /// <returns>The JSON text; <see cref="FromJson(string)"/> gives an equal schedule back.</returns>
    /// <exception cref="NotSupportedException">The schedule is, or contains, a <see cref="CustomSchedule"/>.</exception>
    public string ToJson() => ScheduleJson.Write(this);

    /// <summary>Reads a schedule that <see cref="ToJson"/> wrote. A bare JSON number is a constant.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="FormatException">The text is not JSON, names no known kind, or lacks a parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter's value is outside its range.</exception>
    public static Schedule FromJson(string json) => ScheduleJson.Read(json);

    /// <summary>
    /// Reads the short text form: a number, or <c>kind(parameter, ...)</c> with the parameters in order or by name,
    /// for example <c>0.1</c>, <c>linear(0.2,0.01,10000)</c>, <c>cosine(initial=0.2, final=0, steps=5000)</c>,
    /// <c>warmup(500,cosine(0.1,0.001,5000))</c> or <c>piecewise(0:0.1,1000:linear(0.1,0,1000))</c>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="FormatException">The text is not a schedule; the message says where and what was expected.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter's value is outside its range.</exception>
    public static Schedule Parse(string text) => ScheduleText.Read(text);

    /// <summary>
    /// A constant schedule. A number that is not finite, or out of range, is refused by whoever takes the schedule as an argument,
    /// under that argument's name.
    /// </summary>
    /// <param name="value">The value at every step.</param>
    public static implicit operator Schedule(double value) => ConstantSchedule.FromNumber(value);

    /// <summary>A constant schedule, as from a double.</summary>
    /// <param name="value">The value at every step.</param>
    public static implicit operator Schedule(float value) => ConstantSchedule.FromNumber(value);

    /// <summary>A constant schedule: the named form of the conversion from a number.</summary>
    /// <param name="value">The value at every step.</param>
    /// <returns>The schedule.</returns>
    public static Schedule FromDouble(double value) => ConstantSchedule.FromNumber(value);

    /// <summary>A constant schedule: the named form of the conversion from a number.</summary>
    /// <param name="value">The value at every step.</param>
    /// <returns>The schedule.</returns>
    public static Schedule FromSingle(float value) => ConstantSchedule.FromNumber(value);

    /// <summary>The schedule's text form, which <see cref="Parse(string)"/> reads.</summary>
    /// <returns>For example <c>linear(0.2,0.01,10000)</c>.</returns>
    public sealed override string ToString() => ScheduleText.Write(this);

    /// <summary>The formula; the step is at least 0.</summary>
    private protected abstract double Evaluate(long step);

    private protected static double Finite(double value, string parameter) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(parameter, value, "Expected a finite number.");

    private protected static double NonNegative(double value, string parameter) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(parameter, value, "Expected a finite number of at least 0.");

    private protected static long Positive(long value, string parameter) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(parameter, value, "Expected at least 1 step.");
}

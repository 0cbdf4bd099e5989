using System.Globalization;

namespace NativeNoise;

/// <summary>What a schedule's parameter holds.</summary>
internal enum ScheduleParameterType
{
    Number,
    Integer,
    Schedule,
    Segments,
}

/// <summary>One parameter of a kind of schedule; without a default it must be given.</summary>
internal sealed record ScheduleParameter(string Name, ScheduleParameterType Type, object? Default = null);

/// <summary>
/// One kind of schedule as its text and JSON forms see it: a name and a list of parameters. A value is a double, a long, a
/// <see cref="Schedule"/> or a list of <see cref="ScheduleSegment"/>.
/// </summary>
internal sealed record ScheduleKind(
    string Name,
    Type Type,
    ScheduleParameter[] Parameters,
    Func<object[], Schedule> Create,
    Func<Schedule, object[]> Values)
{
    private static readonly ScheduleKind[] All =
    [
        Define<ConstantSchedule>(
            "constant",
            [Number("value")],
            v => new ConstantSchedule((double)v[0]),
            s => [s.Constant]),
        Define<LinearSchedule>(
            "linear",
            [Number("initial"), Number("final"), Integer("steps")],
            v => new LinearSchedule((double)v[0], (double)v[1], (long)v[2]),
            s => [s.Initial, s.Final, s.Steps]),
        Define<ExponentialSchedule>(
            "exponential",
            [Number("initial"), Number("decay"), Integer("steps", 1), Number("floor", 0)],
            v => new ExponentialSchedule((double)v[0], (double)v[1], (long)v[2], (double)v[3]),
            s => [s.Initial, s.Decay, s.Steps, s.Floor]),
        Define<CosineSchedule>(
            "cosine",
            [Number("initial"), Number("final"), Integer("steps")],
            v => new CosineSchedule((double)v[0], (double)v[1], (long)v[2]),
            s => [s.Initial, s.Final, s.Steps]),
        Define<InversePowerSchedule>(
            "inverse-power",
            [Number("eta"), Number("gamma", 0.55)],
            v => new InversePowerSchedule((double)v[0], (double)v[1]),
            s => [s.Eta, s.Gamma]),
        Define<StepSchedule>(
            "step",
            [Number("initial"), Number("factor"), Integer("every")],
            v => new StepSchedule((double)v[0], (double)v[1], (long)v[2]),
            s => [s.Initial, s.Factor, s.Every]),
        Define<PolynomialSchedule>(
            "polynomial",
            [Number("initial"), Number("final"), Integer("steps"), Number("power", 2)],
            v => new PolynomialSchedule((double)v[0], (double)v[1], (long)v[2], (double)v[3]),
            s => [s.Initial, s.Final, s.Steps, s.Power]),
        Define<CyclicSchedule>(
            "cyclic",
            [Number("low"), Number("high"), Integer("period")],
            v => new CyclicSchedule((double)v[0], (double)v[1], (long)v[2]),
            s => [s.Low, s.High, s.Period]),
        Define<WarmupSchedule>(
            "warmup",
            [Integer("steps"), new("then", ScheduleParameterType.Schedule)],
            v => new WarmupSchedule((long)v[0], (Schedule)v[1]),
            s => [s.Steps, s.Then]),
        Define<ScaledSchedule>(
            "scaled",
            [Number("factor"), new("schedule", ScheduleParameterType.Schedule)],
            v => new ScaledSchedule((double)v[0], (Schedule)v[1]),
            s => [s.Factor, s.Schedule]),
        Define<PiecewiseSchedule>(
            "piecewise",
            [new("segments", ScheduleParameterType.Segments)],
            v => new PiecewiseSchedule((IReadOnlyList<ScheduleSegment>)v[0]),
            s => [s.Segments]),
    ];

    /// <summary>The kind of a schedule, or null for a custom one, which has no written form.</summary>
    public static ScheduleKind? Of(Schedule schedule) => Array.Find(All, kind => kind.Type == schedule.GetType());

    /// <summary>The kind with a name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static ScheduleKind Named(string name) => Array.Find(All, kind => kind.Name == name)
        ?? throw new FormatException($"'{name}' is not a kind of schedule; expected one of {string.Join(", ", All.Select(kind => kind.Name))}.");

    /// <summary>The index of a parameter.</summary>
    /// <exception cref="FormatException">The kind has no such parameter.</exception>
    public int IndexOf(string parameter)
    {
        int index = Array.FindIndex(Parameters, p => p.Name == parameter);
        return index >= 0
            ? index
            : throw new FormatException(
                $"The schedule '{Name}' has no parameter '{parameter}'; expected {string.Join(", ", Parameters.Select(p => p.Name))}.");
    }

    /// <summary>Fills in the defaults and creates the schedule.</summary>
    /// <exception cref="FormatException">A parameter without a default is missing.</exception>
    public Schedule Build(object?[] given)
    {
        var values = new object[Parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = given[i] ?? Parameters[i].Default
                ?? throw new FormatException($"The schedule '{Name}' needs the parameter '{Parameters[i].Name}'.");
        }

        return Create(values);
    }

    /// <summary>A number as the parameter's type: a whole number for steps.</summary>
    /// <exception cref="FormatException">The parameter takes no number, or takes a whole one and gets another.</exception>
    public object ConvertNumber(int parameter, double value)
    {
        switch (Parameters[parameter].Type)
        {
            case ScheduleParameterType.Number:
                return value;
            case ScheduleParameterType.Schedule:
                return new ConstantSchedule(value);
            case ScheduleParameterType.Integer when value == Math.Floor(value) && Math.Abs(value) <= 9007199254740992:
                return (long)value;
            case ScheduleParameterType.Integer:
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture, $"The parameter '{Parameters[parameter].Name}' of the schedule '{Name}' is {value}; expected a whole number."));
            default:
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture, $"The parameter '{Parameters[parameter].Name}' of the schedule '{Name}' is {value}; expected segments."));
        }
    }

    /// <summary>What to say when a custom schedule is to be written down.</summary>
    public static NotSupportedException NoWrittenForm(Schedule schedule) => new(
        $"A {schedule.GetType().Name} holds a delegate and cannot be serialised; use one of the other schedules, or set it again after loading.");

    private static ScheduleParameter Number(string name, double? value = null) => new(name, ScheduleParameterType.Number, value);

    private static ScheduleParameter Integer(string name, long? value = null) => new(name, ScheduleParameterType.Integer, value);

    private static ScheduleKind Define<T>(string name, ScheduleParameter[] parameters, Func<object[], Schedule> create, Func<T, object[]> values)
        where T : Schedule => new(name, typeof(T), parameters, create, schedule => values((T)schedule));
}

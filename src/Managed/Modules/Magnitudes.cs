namespace NativeNoise;

/// <summary>Checks on schedules. A constant is checked at once, under the argument's name; other schedules when they are used.</summary>
internal static class Magnitudes
{
    /// <summary>Throws for a constant that is negative or not finite.</summary>
    public static Schedule Checked(Schedule schedule, string argument) => Check(schedule, argument, ElementNoise.Magnitude);

    /// <summary>Throws for a constant outside [0, 1].</summary>
    public static Schedule CheckedProbability(Schedule schedule, string argument) =>
        Check(schedule, argument, ElementNoise.Probability);

    /// <summary>Throws for a constant that is not finite.</summary>
    public static Schedule CheckedFinite(Schedule schedule, string argument) => Check(schedule, argument, ElementNoise.Finite);

    /// <summary>Throws for a constant that is not finite or not above 0.</summary>
    public static Schedule CheckedPositive(Schedule schedule, string argument) => Check(schedule, argument, ElementNoise.Positive);

    /// <summary>Throws for a constant that is not finite or below 1.</summary>
    public static Schedule CheckedDegrees(Schedule schedule, string argument) => Check(schedule, argument, ElementNoise.Degrees);

    /// <summary>Throws for a value at some step that is not above 0.</summary>
    public static double Positive(double value, string argument) => value > 0
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' must be above 0 at every step.");

    private static Schedule Check(Schedule schedule, string argument, Func<float, string, float> check)
    {
        ArgumentNullException.ThrowIfNull(schedule, argument);
        if (schedule is ConstantSchedule constant)
        {
            check((float)constant.Constant, argument);
        }

        return schedule;
    }
}

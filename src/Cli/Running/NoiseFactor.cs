namespace NativeNoise.Cli.Running;

/// <summary>The meaning of <c>--noise-schedule</c>: a factor on noise levels as a function of the optimiser step.</summary>
internal static class NoiseFactor
{
    private const double Constant = 1;

    public static bool IsWord(string text) => text is "constant" or "linear" or "cosine";

    /// <param name="text">What the user wrote; null means constant.</param>
    /// <param name="steps">Optimiser steps of the whole run, over which the plain words decay from 1 to 0.</param>
    public static Schedule Create(string? text, long steps) => text switch
    {
        null or "constant" => Constant,
        "linear" => new LinearSchedule(1, 0, steps),
        "cosine" => new CosineSchedule(1, 0, steps),
        _ => Schedule.Parse(text),
    };

    /// <summary>Refuses, before any training, a schedule that leaves the range of a level at some step of the run.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="text">What the user wrote.</param>
    /// <param name="steps">Optimiser steps of the whole run.</param>
    /// <param name="highest">The largest factor that all levels allow; infinity where none is a probability.</param>
    /// <param name="positive">Whether a level does not allow 0.</param>
    public static void Check(Schedule factor, string? text, long steps, double highest, bool positive)
    {
        // The plain words stay within (0, 1] before the run's end, which every level allows; a long run has too many steps to try them all for nothing.
        if (text is null || IsWord(text))
        {
            return;
        }

        for (long step = 0; step < steps; step++)
        {
            double value = factor.Value(step);
            if (!((positive ? value > 0 : value >= 0) && value <= highest && double.IsFinite(value)))
            {
                string expected = positive ? "a finite number above 0"
                    : double.IsInfinity(highest) ? "a finite number of at least 0" : $"a number from 0 to {highest:0.####}";
                throw new ToolException(
                    $"--noise-schedule is '{text}', which is {value:0.######} at step {step}; expected {expected} at every step.");
            }
        }
    }
}

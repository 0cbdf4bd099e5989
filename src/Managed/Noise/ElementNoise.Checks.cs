using System.Globalization;
using System.Numerics;

namespace NativeNoise;

// The one place that knows which magnitudes and axes are none.
public readonly partial struct ElementNoise
{
    /// <summary>The largest mean of a Poisson count, so that every count is a float: docs/noise-contract.md, section 6.</summary>
    internal const float LargestPoissonRate = 1 << 23;

    private const int MostAxes = 32;

    /// <summary>Throws unless the value is finite and not negative.</summary>
    internal static float Magnitude(float value, string argument) => float.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' must be finite and at least 0.");

    /// <summary>Throws unless the value is finite and above 0.</summary>
    internal static float Positive(float value, string argument) => float.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' must be finite and above 0.");

    /// <summary>Throws unless the value is finite and at least 1.</summary>
    internal static float Degrees(float value, string argument) => float.IsFinite(value) && value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' must be finite and at least 1.");

    /// <summary>Throws unless the value lies in [0, 1].</summary>
    internal static float Probability(float value, string argument) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' is a probability and must lie in [0, 1].");

    /// <summary>Throws unless the value is finite.</summary>
    internal static float Finite(float value, string argument) => float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(argument, value, $"'{argument}' must be finite.");

    /// <summary>Throws unless both are finite, their difference too, and low is not above high.</summary>
    internal static void Interval(float low, float high)
    {
        Finite(low, nameof(low));
        Finite(high, nameof(high));
        if (low > high)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"'low' is {low} and 'high' is {high}; 'low' must not be above 'high'."), nameof(low));
        }

        if (!float.IsFinite(high - low))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"'low' is {low} and 'high' is {high}; their difference must be finite."), nameof(high));
        }
    }

    /// <summary>A bit for each axis. Throws for an axis that cannot be.</summary>
    internal static uint AxesMask(ReadOnlySpan<int> axes, string argument)
    {
        uint mask = 0;
        foreach (int axis in axes)
        {
            mask |= axis is >= 0 and < MostAxes
                ? 1u << axis
                : throw new ArgumentOutOfRangeException(argument, axis, $"An axis of '{argument}' is {axis}; expected 0 to {MostAxes - 1}.");
        }

        return mask;
    }

    /// <summary>Such as <c>[2, 3]</c>.</summary>
    internal static string AxesText(uint mask)
    {
        int[] axes = new int[BitOperations.PopCount(mask)];
        int count = 0;
        for (int i = 0; i < MostAxes; i++)
        {
            if (((mask >> i) & 1) != 0)
            {
                axes[count++] = i;
            }
        }

        return Shape.Text(axes);
    }
}

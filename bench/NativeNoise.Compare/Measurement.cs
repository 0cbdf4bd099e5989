using System.Globalization;
using System.Text.Json;

namespace NativeNoise.Compare;

/// <summary>One operation's times.</summary>
/// <param name="Op">Name of the operation.</param>
/// <param name="Shape">Its size.</param>
/// <param name="Threads">Threads that it ran on.</param>
/// <param name="MinMicroseconds">Shortest run.</param>
/// <param name="MedianMicroseconds">Median run.</param>
internal sealed record Measurement(string Op, string Shape, int Threads, double MinMicroseconds, double MedianMicroseconds)
{
    /// <summary>The line <c>{"op","shape","threads","min_us","median_us"}</c>.</summary>
    public string ToJson() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"op\":\"{Op}\",\"shape\":\"{Shape}\",\"threads\":{Threads},\"min_us\":{MinMicroseconds:F2},\"median_us\":{MedianMicroseconds:F2}}}");

    /// <summary>Reads a line; null when it is not a measurement (a build message, say).</summary>
    /// <param name="line">The line.</param>
    public static Measurement? Parse(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        return new Measurement(
            root.GetProperty("op").GetString()!,
            root.GetProperty("shape").GetString()!,
            root.GetProperty("threads").GetInt32(),
            root.GetProperty("min_us").GetDouble(),
            root.GetProperty("median_us").GetDouble());
    }
}

using NativeNoise.Cli.Pictures;
using NativeNoise.Cli.Reports;

namespace NativeNoise.Cli.Terminal;

/// <summary>The closing table: the run beside the same run without noise.</summary>
internal static class ResultTable
{
    /// <summary>One line of the table; the difference is in percentage points.</summary>
    internal readonly record struct Line(string Title, string Strength, double Accuracy, double? Baseline, bool FirstOfGroup)
    {
        public double? Points => (Accuracy - Baseline) * 100;
    }

    public static IReadOnlyList<Line> Lines(RunReport report)
    {
        var lines = new List<Line> { new("Clean test images", string.Empty, report.TestAccuracy, report.BaselineTestAccuracy, true) };
        string? kind = null;
        foreach (RobustnessRow row in report.Robustness)
        {
            (string title, _) = Corruptions.Describe(row.Kind);
            lines.Add(new Line(title, row.Strength.ToString("0.##"), row.Accuracy, row.BaselineAccuracy, row.Kind != kind));
            kind = row.Kind;
        }

        return lines;
    }

    public static string Percent(double? accuracy) => accuracy is { } value ? $"{value * 100:0.00} %" : "-";

    public static string Difference(double? points) => points is { } value ? $"{value:+0.00;-0.00;0.00}" : "-";
}

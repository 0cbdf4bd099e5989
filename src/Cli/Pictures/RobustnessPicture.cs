using NativeNoise.Cli.Reports;
using ScottPlot;

namespace NativeNoise.Cli.Pictures;

/// <summary>robustness.png: accuracy against the strength of each kind of corruption, with and without noise.</summary>
internal static class RobustnessPicture
{
    public const int Width = 1320;
    public const int Height = 470;
    private const int Top = 74;

    public static byte[] Draw(RunReport report)
    {
        using var picture = new PictureCanvas(Width, Height);
        picture.Heading(
            "Accuracy on corrupted test images",
            $"{report.DataName}, {report.TestImages:N0} test images, network {report.Network}, seed {report.Seed}: {report.NoiseDescription}");
        bool compared = report.BaselineTestAccuracy is not null;
        if (compared)
        {
            picture.LineLegend(
                Width - 24, 36, [("trained with noise", PictureStyle.Noise, false), ("trained without noise", PictureStyle.Baseline, true)]);
        }

        var kinds = report.Robustness.GroupBy(row => row.Kind).ToList();
        double low = report.Robustness.Select(row => Math.Min(row.Accuracy, row.BaselineAccuracy ?? 1)).Append(report.TestAccuracy).Min();
        float panelWidth = (Width - 32f) / Math.Max(1, kinds.Count);
        for (int i = 0; i < kinds.Count; i++)
        {
            (string title, string axis) = Corruptions.Describe(kinds[i].Key);
            using Plot plot = ChartPanel.Create(title, axis, i == 0 ? "test accuracy" : null);
            List<RobustnessRow> rows = [.. kinds[i].OrderBy(row => row.Strength)];
            double[] x = [0, .. rows.Select(row => row.Strength)];
            if (compared)
            {
                double[] baseline = [report.BaselineTestAccuracy!.Value, .. rows.Select(row => row.BaselineAccuracy ?? double.NaN)];
                ChartPanel.Line(plot, x, baseline, PictureStyle.Baseline, dashed: true, markers: true);
            }

            ChartPanel.Line(plot, x, [report.TestAccuracy, .. rows.Select(row => row.Accuracy)], PictureStyle.Noise, markers: true);
            plot.Axes.Bottom.SetTicks(x, [.. x.Select(v => v == 0 ? "clean" : v.ToString("0.##"))]);
            plot.Axes.SetLimitsX(-0.05 * x[^1], x[^1] * 1.05);
            ChartPanel.Percent(plot, Math.Max(0, low - 0.02), 1);
            picture.Chart(plot, 16 + (i * panelWidth), Top, panelWidth, Height - Top - 8);
        }

        return picture.ToPng();
    }
}

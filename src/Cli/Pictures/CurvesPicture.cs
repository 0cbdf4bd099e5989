using NativeNoise.Cli.Reports;
using ScottPlot;
using SkiaSharp;

namespace NativeNoise.Cli.Pictures;

/// <summary>curves.png: losses, accuracy and noise levels over the epochs of a run.</summary>
internal static class CurvesPicture
{
    public const int Width = 1320;
    public const int Height = 470;
    private const int Top = 74;
    private const int Panels = 3;

    public static byte[] Draw(RunReport report)
    {
        using var picture = new PictureCanvas(Width, Height);
        picture.Heading("Training", $"{report.DataName}, network {report.Network}, seed {report.Seed}: {report.NoiseDescription}");
        if (report.BaselineHistory is not null)
        {
            picture.LineLegend(Width - 24, 36, [("with noise", PictureStyle.Noise, false), ("without noise", PictureStyle.Baseline, false)]);
        }

        const float PanelWidth = (Width - 32f) / Panels;
        Plot[] plots = [Losses(report), Accuracy(report), NoiseLevels(report)];
        for (int i = 0; i < plots.Length; i++)
        {
            using Plot plot = plots[i];
            picture.Chart(plot, 16 + (i * PanelWidth), Top, PanelWidth, Height - Top - 8);
        }

        return picture.ToPng();
    }

    private static Plot Losses(RunReport report)
    {
        Plot plot = ChartPanel.Create("Loss", "epoch", null);
        if (report.History.Count == 0)
        {
            ChartPanel.Note(plot, "no epoch was finished");
            return plot;
        }

        double top = 0;
        bool validated = false;
        foreach ((IReadOnlyList<EpochRow> history, SKColor color) in Runs(report))
        {
            (double[] x, double[] train) = Points(history, row => row.TrainLoss);
            ChartPanel.Line(plot, x, train, color, dashed: true, width: 1.7f);
            (double[] vx, double[] validation) = Points(history, row => row.ValidationLoss);
            if (vx.Length > 0)
            {
                ChartPanel.Line(plot, vx, validation, color);
                validated = true;
            }

            top = Math.Max(top, Math.Max(Ceiling(train), Ceiling(validation)));
        }

        ChartPanel.CountEpochs(plot, Epochs(report));
        plot.Axes.SetLimitsY(0, top > 0 ? top : 1);

        // Colours tell the runs apart (see the heading); the dashes tell training from validation.
        SKColor ink = report.BaselineHistory is null ? PictureStyle.Noise : PictureStyle.QuietInk;
        (string Label, SKColor Color, bool Dashed) training = ("training", ink, true);
        ChartPanel.Legend(plot, validated ? [training, ("validation, without noise", ink, false)] : [training]);
        return plot;
    }

    private static Plot Accuracy(RunReport report)
    {
        Plot plot = ChartPanel.Create("Validation accuracy", "epoch", null);
        var all = new List<double>();
        foreach ((IReadOnlyList<EpochRow> history, SKColor color) in Runs(report))
        {
            (double[] x, double[] y) = Points(history, row => row.ValidationAccuracy);
            if (x.Length > 0)
            {
                ChartPanel.Line(plot, x, y, color);
                all.AddRange(y);
            }
        }

        if (all.Count == 0)
        {
            ChartPanel.Note(plot, report.History.Count == 0 ? "no epoch was finished" : "no validation images");
            return plot;
        }

        // The first epochs may start near chance; what matters is told apart near the top.
        all.Sort();
        double low = Math.Min(all[all.Count / 10], all[^1] - 0.02);
        ChartPanel.CountEpochs(plot, Epochs(report));
        ChartPanel.Percent(plot, Math.Max(0, low - 0.005), all[^1]);
        return plot;
    }

    private static Plot NoiseLevels(RunReport report)
    {
        Plot plot = ChartPanel.Create("Noise level", "epoch", null);
        if (report.History.Count == 0 || report.History[0].NoiseLevels.Count == 0)
        {
            ChartPanel.Note(plot, report.History.Count == 0 ? "no epoch was finished" : "no noise in this run");
            return plot;
        }

        // Sites that hold the same level all along would hide each other: they share one line and its label.
        var groups = report.History[0].NoiseLevels.Keys
            .Select(site => (Site: site, Levels: report.History.Select(row => row.NoiseLevels.GetValueOrDefault(site)).ToArray()))
            .GroupBy(s => string.Join(';', s.Levels.Select(v => v.ToString("R"))))
            .Select(g => (Label: LabelOf([.. g.Select(s => s.Site)]), g.First().Levels))
            .ToList();
        double[] x = [.. report.History.Select(row => (double)row.Epoch)];
        var legend = new List<(string Label, SKColor Color, bool Dashed)>();
        for (int i = 0; i < groups.Count; i++)
        {
            SKColor color = PictureStyle.Series[i % PictureStyle.Series.Length];
            bool dashed = i >= PictureStyle.Series.Length;
            ChartPanel.Line(plot, x, groups[i].Levels, color, dashed);
            legend.Add((groups[i].Label, color, dashed));
        }

        double top = groups.Max(g => g.Levels.Max());
        ChartPanel.CountEpochs(plot, Epochs(report));
        // Room above the highest line for the legend.
        plot.Axes.SetLimitsY(0, top > 0 ? top * (1.15 + (0.09 * Math.Min(groups.Count, 6))) : 1);
        ChartPanel.Legend(plot, legend);
        return plot;
    }

    private static string LabelOf(string[] sites) =>
        sites.Length <= 2 ? string.Join(", ", sites) : $"{sites[0]} … {sites[^1]} ({sites.Length})";

    private static IEnumerable<(IReadOnlyList<EpochRow> History, SKColor Color)> Runs(RunReport report)
    {
        if (report.BaselineHistory is { } baseline)
        {
            yield return (baseline, PictureStyle.Baseline);
        }

        yield return (report.History, PictureStyle.Noise);
    }

    private static (double[] X, double[] Y) Points(IReadOnlyList<EpochRow> history, Func<EpochRow, double?> value)
    {
        var kept = history.Where(row => value(row) is { } v && double.IsFinite(v)).ToList();
        return ([.. kept.Select(row => (double)row.Epoch)], [.. kept.Select(row => value(row)!.Value)]);
    }

    private static int Epochs(RunReport report) => Math.Max(report.History.Count, report.BaselineHistory?.Count ?? 0);

    /// <summary>The top of the loss axis: the first epoch may tower over the rest, and may be cut.</summary>
    private static double Ceiling(double[] losses)
    {
        if (losses.Length == 0)
        {
            return 0;
        }

        double[] sorted = [.. losses.Order()];
        return Math.Min(sorted[^1] * 1.06, Math.Max(sorted[sorted.Length / 2] * 6, sorted[(int)(0.92 * (sorted.Length - 1))] * 1.5));
    }
}

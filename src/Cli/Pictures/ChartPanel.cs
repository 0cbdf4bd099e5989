using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace NativeNoise.Cli.Pictures;

/// <summary>One chart in the house style.</summary>
internal static class ChartPanel
{
    public static Plot Create(string title, string xLabel, string? yLabel)
    {
        PictureStyle.UseEmbeddedFont();
        var plot = new Plot();
        plot.FigureBackground.Color = PictureStyle.Paper.ToChart();
        plot.DataBackground.Color = PictureStyle.Paper.ToChart();
        plot.Grid.MajorLineColor = PictureStyle.GridLine.ToChart();
        plot.Grid.MajorLineWidth = 1;

        plot.Title(title, 14);
        plot.Axes.Title.Label.Bold = true;
        plot.Axes.Title.Label.ForeColor = PictureStyle.Ink.ToChart();
        plot.Axes.Title.Label.FontName = PictureStyle.FontName;

        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.TickLabelStyle.FontName = PictureStyle.FontName;
            axis.TickLabelStyle.FontSize = 11.5f;
            axis.TickLabelStyle.ForeColor = PictureStyle.QuietInk.ToChart();
            axis.Label.FontName = PictureStyle.FontName;
            axis.Label.FontSize = 12;
            axis.Label.Bold = false;
            axis.Label.ForeColor = PictureStyle.QuietInk.ToChart();
            axis.FrameLineStyle.Color = PictureStyle.AxisLine.ToChart();
            axis.FrameLineStyle.Width = 1;
            axis.MajorTickStyle.Length = 4;
            axis.MajorTickStyle.Color = PictureStyle.AxisLine.ToChart();
            axis.MinorTickStyle.Length = 0;
        }

        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.Label.Text = xLabel;
        plot.Axes.Left.Label.Text = yLabel ?? string.Empty;
        return plot;
    }

    public static Scatter Line(Plot plot, double[] x, double[] y, SKColor color, bool dashed = false, bool markers = false, float width = 2.2f)
    {
        Scatter line = plot.Add.Scatter(x, y, color.ToChart());
        line.LineWidth = width;
        line.LinePattern = dashed ? LinePattern.DenselyDashed : LinePattern.Solid;
        // A single point has no line to show.
        line.MarkerSize = markers || x.Length == 1 ? 6.5f : 0;
        return line;
    }

    /// <summary>Names the lines in the chart's upper right corner.</summary>
    public static void Legend(Plot plot, IReadOnlyList<(string Label, SKColor Color, bool Dashed)> entries)
    {
        Legend legend = plot.Legend;
        legend.FontName = PictureStyle.FontName;
        legend.FontSize = 11.5f;
        legend.FontColor = PictureStyle.Ink.ToChart();
        legend.BackgroundColor = PictureStyle.Paper.WithAlpha(225).ToChart();
        legend.OutlineWidth = 0;
        legend.ShadowColor = Colors.Transparent;
        legend.SymbolWidth = 26;
        plot.ShowLegend(
            entries.Select(entry => new LegendItem
            {
                LabelText = entry.Label,
                LineColor = entry.Color.ToChart(),
                LineWidth = 2.2f,
                LinePattern = entry.Dashed ? LinePattern.DenselyDashed : LinePattern.Solid,
            }),
            Alignment.UpperRight);
    }

    /// <summary>Whole-numbered ticks for an axis that counts epochs, at most about eight.</summary>
    public static void CountEpochs(Plot plot, int epochs)
    {
        int[] steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000];
        int step = steps.FirstOrDefault(s => epochs / s <= 8, Math.Max(1000, epochs / 8));
        double[] positions = [1, .. Enumerable.Range(1, epochs / step).Select(i => (double)(i * step)).Where(p => p > 1)];
        if (positions.Length > 2 && positions[1] - positions[0] < step * 0.7)
        {
            positions = [positions[0], .. positions[(positions[1] - positions[0] < step * 0.4 ? 2 : 1)..]];
        }

        plot.Axes.Bottom.SetTicks(positions, [.. positions.Select(p => p.ToString("0"))]);
        plot.Axes.SetLimitsX(Math.Min(1, epochs) - (0.03 * epochs), epochs * 1.03);
    }

    /// <summary>A vertical axis of percentages, the data 0..1.</summary>
    public static void Percent(Plot plot, double low, double high)
    {
        double range = high - low;
        double step = range > 0.6 ? 0.2 : range > 0.25 ? 0.1 : range > 0.12 ? 0.05 : range > 0.05 ? 0.02 : 0.01;
        double first = Math.Floor((low / step) + 1e-9) * step;
        double last = Math.Min(1, Math.Ceiling((high / step) - 1e-9) * step);
        int count = (int)Math.Round((last - first) / step);
        double[] positions = [.. Enumerable.Range(0, count + 1).Select(i => first + (i * step))];
        plot.Axes.Left.SetTicks(positions, [.. positions.Select(p => $"{p * 100:0} %")]);
        plot.Axes.SetLimitsY(first - (0.03 * (last - first)), last + (0.04 * (last - first)));
    }

    /// <summary>Says in the middle of an empty chart why it is empty.</summary>
    public static void Note(Plot plot, string text)
    {
        plot.Axes.SetLimits(0, 1, 0, 1);
        plot.Axes.Bottom.SetTicks([], []);
        plot.Axes.Left.SetTicks([], []);
        Text note = plot.Add.Text(text, 0.5, 0.5);
        note.LabelFontName = PictureStyle.FontName;
        note.LabelFontSize = 13;
        note.LabelFontColor = PictureStyle.QuietInk.ToChart();
        note.LabelAlignment = Alignment.MiddleCenter;
    }
}

using System.Globalization;
using System.Text;

namespace NativeNoise.Cli.Reports;

/// <summary>
/// history.csv: one line an epoch. It holds no times, so that two runs of the same command write the same bytes; times
/// stand in timing.csv.
/// </summary>
internal static class HistoryCsv
{
    public static string Write(RunReport report)
    {
        string[] sites = report.History.Count > 0 ? [.. report.History[0].NoiseLevels.Keys] : [];
        var text = new StringBuilder();
        string[] header =
        [
            "epoch", "train_loss", "val_loss", "val_accuracy", "learning_rate", "gradient_norm",
            .. sites.Select(site => $"noise {site}"),
            .. report.BaselineHistory is null ? [] : new[] { "baseline_train_loss", "baseline_val_loss", "baseline_val_accuracy" },
        ];
        Line(text, header);
        for (int i = 0; i < report.History.Count; i++)
        {
            EpochRow row = report.History[i];
            EpochRow? baseline = report.BaselineHistory is { } runs && i < runs.Count ? runs[i] : null;
            string[] baselineFields = report.BaselineHistory is null
                ? []
                : [Number(baseline?.TrainLoss), Number(baseline?.ValidationLoss), Number(baseline?.ValidationAccuracy)];
            Line(text,
            [
                row.Epoch.ToString(CultureInfo.InvariantCulture),
                Number(row.TrainLoss),
                Number(row.ValidationLoss),
                Number(row.ValidationAccuracy),
                Number(row.LearningRate),
                Number(row.GradientNorm),
                .. sites.Select(site => Number(row.NoiseLevels.TryGetValue(site, out double level) ? level : null)),
                .. baselineFields,
            ]);
        }

        return text.ToString();
    }

    /// <summary>timing.csv: what differs from run to run.</summary>
    public static string WriteTiming(RunReport report)
    {
        var text = new StringBuilder();
        Line(text, ["run", "epoch", "seconds", "images_per_second"]);
        foreach ((string run, IReadOnlyList<EpochRow>? history) in new[] { ("noise", report.History), ("baseline", report.BaselineHistory) })
        {
            foreach (EpochRow row in history ?? [])
            {
                Line(text, [run, row.Epoch.ToString(CultureInfo.InvariantCulture), Number(row.Seconds), Number(row.ImagesPerSecond)]);
            }
        }

        return text.ToString();
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty;

    private static void Line(StringBuilder text, IEnumerable<string> fields) =>
        text.AppendJoin(',', fields.Select(Quote)).Append('\n');

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\n\r") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}

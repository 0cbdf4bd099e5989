using System.Text.Json;

namespace NativeNoise.Cli.Reports;

/// <summary>summary.json: the run in one object, names in snake_case. A number that is not finite is written as null.</summary>
internal static class SummaryJson
{
    public static string Write(RunReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("data", report.DataName);
            json.WriteString("network", report.Network);
            json.WriteNumber("seed", report.Seed);
            json.WriteString("device", report.Device);
            json.WriteNumber("threads", report.Threads);
            json.WriteNumber("epochs", report.History.Count);
            json.WriteNumber("requested_epochs", report.RequestedEpochs);
            json.WriteBoolean("cancelled", report.Cancelled);
            json.WriteNumber("train_images", report.TrainImages);
            json.WriteNumber("val_images", report.ValidationImages);
            json.WriteNumber("test_images", report.TestImages);
            EpochRow? last = report.History.Count > 0 ? report.History[^1] : null;
            Number(json, "train_loss", last?.TrainLoss);
            Number(json, "val_loss", last?.ValidationLoss);
            Number(json, "val_accuracy", last?.ValidationAccuracy);
            Number(json, "test_loss", report.TestLoss);
            Number(json, "test_accuracy", report.TestAccuracy);
            Number(json, "baseline_test_accuracy", report.BaselineTestAccuracy);
            Number(json, "images_per_second", Math.Round(report.ImagesPerSecond, 1));
            Number(json, "seconds", Math.Round(report.Seconds, 3));

            json.WriteStartObject("noise");
            foreach ((string name, double level) in report.Noise)
            {
                Number(json, name, level);
            }

            json.WriteEndObject();

            json.WriteStartArray("robustness");
            foreach (RobustnessRow row in report.Robustness)
            {
                json.WriteStartObject();
                json.WriteString("kind", row.Kind);
                Number(json, "strength", row.Strength);
                Number(json, "accuracy", row.Accuracy);
                Number(json, "baseline_accuracy", row.BaselineAccuracy);
                json.WriteEndObject();
            }

            json.WriteEndArray();

            json.WriteStartObject("options");
            foreach ((string name, string value) in report.Options)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}

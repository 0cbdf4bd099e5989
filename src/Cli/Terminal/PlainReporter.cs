using NativeNoise.Cli.Reports;

namespace NativeNoise.Cli.Terminal;

/// <summary>Plain lines without colours or cursor movements, for output that goes to a file or another program.</summary>
internal sealed class PlainReporter(TextWriter output) : IRunReporter
{
    /// <summary>A training prints about this many lines, however many epochs it has.</summary>
    private const int LinesPerTraining = 10;

    public void Start(RunHeader header)
    {
        foreach ((string name, string value) in HeaderLines(header))
        {
            output.WriteLine($"{name,-10} {value}");
        }
    }

    /// <summary>The heading's lines, which the live display shows too.</summary>
    public static IEnumerable<(string Name, string Value)> HeaderLines(RunHeader header) =>
    [
        ("data", $"{header.DataName}: {header.TrainImages:N0} training, {header.ValidationImages:N0} validation and " +
            $"{header.TestImages:N0} test images"),
        ("network", header.Network),
        ("training", header.Training),
        ("noise", header.Noise),
        ("device", header.Device),
    ];

    public T Train<T>(string title, int epochs, Func<ITrainingSink, T> work)
    {
        output.WriteLine();
        output.WriteLine($"Training {title}");
        return work(new Sink(output, (epochs + LinesPerTraining - 1) / LinesPerTraining));
    }

    public void Note(string text) => output.WriteLine(text);

    public void Finish(RunReport report, string folder, IReadOnlyList<string> files)
    {
        output.WriteLine();
        bool compared = report.BaselineTestAccuracy is not null;
        string more = compared ? $" {"without",12} {"difference",12}" : string.Empty;
        output.WriteLine($"{"Test accuracy",-20} {"strength",8} {(compared ? "with noise" : "accuracy"),12}{more}");
        foreach (ResultTable.Line line in ResultTable.Lines(report))
        {
            more = compared ? $" {ResultTable.Percent(line.Baseline),12} {ResultTable.Difference(line.Points),12}" : string.Empty;
            output.WriteLine($"{line.Title,-20} {line.Strength,8} {ResultTable.Percent(line.Accuracy),12}{more}");
        }

        output.WriteLine();
        output.WriteLine($"{report.ImagesPerSecond:N0} images/s, {report.Seconds:0.0} s in all");
        output.WriteLine($"Results in {folder}: {string.Join(", ", files)}");
    }

    private sealed class Sink(TextWriter output, int every) : ITrainingSink
    {
        public void Step(TrainingTick tick)
        {
        }

        public void EpochDone(EpochRow row, int epochs)
        {
            if (row.Epoch % every != 0 && row.Epoch != epochs && row.Epoch != 1)
            {
                return;
            }

            string validation = row.ValidationLoss is { } loss && row.ValidationAccuracy is { } accuracy
                ? $"  validation loss {loss:0.0000}  accuracy {accuracy * 100:0.00} %"
                : string.Empty;
            int width = epochs.ToString().Length;
            string epoch = row.Epoch.ToString().PadLeft(width);
            output.WriteLine($"  epoch {epoch}/{epochs}  loss {row.TrainLoss:0.0000}{validation}  {row.ImagesPerSecond:N0} images/s");
        }
    }
}

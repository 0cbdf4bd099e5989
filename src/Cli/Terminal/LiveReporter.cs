using NativeNoise.Cli.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NativeNoise.Cli.Terminal;

/// <summary>The display in a terminal: a progress bar that moves with every step, then a table.</summary>
internal sealed class LiveReporter(IAnsiConsole console) : IRunReporter
{
    /// <summary>Columns that the bar leaves to the title and the numbers.</summary>
    private const int RestOfLine = 72;

    public static LiveReporter ForConsole(TextWriter output) =>
        new(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }));

    public void Start(RunHeader header)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        foreach ((string name, string value) in PlainReporter.HeaderLines(header))
        {
            grid.AddRow(new Markup($"[grey]{name}[/]"), new Text(value));
        }

        console.WriteLine();
        console.Write(grid);
        console.WriteLine();
    }

    public T Train<T>(string title, int epochs, Func<ITrainingSink, T> work)
    {
        var sink = new Sink();
        return console.Progress()
            .AutoRefresh(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn
                {
                    Width = Math.Clamp(console.Profile.Width - RestOfLine, 8, 40),
                    CompletedStyle = new Style(Color.DodgerBlue1),
                    FinishedStyle = new Style(Color.Green),
                },
                new TickColumn(sink))
            .Start(context =>
            {
                ProgressTask task = context.AddTask(title, maxValue: 1);
                sink.Task = task;
                T result = work(sink);
                task.StopTask();
                return result;
            });
    }

    public void Note(string text) => console.MarkupLineInterpolated($"[yellow]{text}[/]");

    public void Finish(RunReport report, string folder, IReadOnlyList<string> files)
    {
        bool compared = report.BaselineTestAccuracy is not null;
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey50) };
        table.AddColumn("Test accuracy");
        table.AddColumn(new TableColumn("strength").RightAligned());
        table.AddColumn(new TableColumn(compared ? "[dodgerblue1]with noise[/]" : "accuracy").RightAligned());
        if (compared)
        {
            table.AddColumn(new TableColumn("[darkorange]without[/]").RightAligned());
            table.AddColumn(new TableColumn("difference").RightAligned());
        }

        foreach (ResultTable.Line line in ResultTable.Lines(report))
        {
            if (line.FirstOfGroup && table.Rows.Count > 0)
            {
                table.AddEmptyRow();
            }

            var cells = new List<IRenderable>
            {
                new Text(line.FirstOfGroup ? line.Title : string.Empty),
                new Text(line.Strength),
                new Text(ResultTable.Percent(line.Accuracy)),
            };
            if (compared)
            {
                string color = line.Points switch { >= 0.005 => "green", <= -0.005 => "red", _ => "grey" };
                cells.Add(new Text(ResultTable.Percent(line.Baseline)));
                cells.Add(new Markup($"[{color}]{ResultTable.Difference(line.Points)}[/]"));
            }

            table.AddRow(cells);
        }

        console.WriteLine();
        console.Write(table);
        console.WriteLine();
        console.MarkupLineInterpolated($"[grey]{report.ImagesPerSecond:N0} images/s, {report.Seconds:0.0} s in all[/]");
        console.MarkupLineInterpolated($"Results in [bold]{folder}[/]: {string.Join(", ", files)}");
    }

    private sealed class Sink : ITrainingSink
    {
        private double? _lastAccuracy;

        public ProgressTask? Task { get; set; }

        public TrainingTick? Last { get; private set; }

        public void Step(TrainingTick tick)
        {
            Last = tick with { Accuracy = tick.Accuracy ?? _lastAccuracy };
            Task!.Value = tick.Fraction;
        }

        public void EpochDone(EpochRow row, int epochs)
        {
            _lastAccuracy = row.ValidationAccuracy;
            if (Last is { } last)
            {
                Last = last with { Accuracy = row.ValidationAccuracy };
            }
        }
    }

    /// <summary>Epoch, loss, accuracy, speed and time left. The display's own thread draws it, from one reference.</summary>
    private sealed class TickColumn(Sink sink) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            if (sink.Last is not { } tick)
            {
                return new Text(string.Empty);
            }

            string accuracy = tick.Accuracy is { } value ? $"[grey]acc[/] {value * 100:0.0} %  " : string.Empty;
            string left = tick.Remaining is { } time ? $"  {Clock(time)} [grey]left[/]" : string.Empty;
            return new Markup(
                $"{tick.Epoch}/{tick.Epochs}  [grey]loss[/] {tick.Loss:0.000}  {accuracy}{Speed(tick.ImagesPerSecond)} [grey]img/s[/]{left}");
        }

        private static string Clock(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss") : time.ToString(@"m\:ss");

        private static string Speed(double perSecond) => perSecond >= 10_000 ? $"{perSecond / 1000:0}k" : $"{perSecond:0}";
    }
}

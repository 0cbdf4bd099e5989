using System.Diagnostics;
using NativeNoise.Cli.Pictures;
using NativeNoise.Cli.Reports;
using NativeNoise.Cli.Terminal;

namespace NativeNoise.Cli.Running;

/// <summary>The <c>train</c> command from its settings to its files.</summary>
internal static class TrainingCommandRunner
{
    /// <returns>The exit code.</returns>
    /// <exception cref="ToolException">Something that was asked cannot be done; the message says what.</exception>
    public static int Run(ToolHost host, TrainSettings settings)
    {
        var clock = Stopwatch.StartNew();

        // Everything that can be refused is refused here, before a folder is made or a step is taken.
        DataSource data = DataSource.Load(settings);
        Recipe recipe = Recipe.For(settings, data.IsDigits);
        if (recipe.BatchSize > data.Train.Count)
        {
            throw new ToolException($"--batch is {recipe.BatchSize}; expected at most the number of training images, {data.Train.Count}.");
        }

        long stepsPerEpoch = (data.Train.Count + recipe.BatchSize - 1) / recipe.BatchSize;
        long steps = stepsPerEpoch * recipe.Epochs;
        Schedule factor = NoiseFactor.Create(settings.NoiseSchedule, steps);
        NoiseFactor.Check(factor, settings.NoiseSchedule, steps, recipe.HighestFactor, recipe.NeedsPositiveFactor);
        recipe = recipe with { NoiseFactor = factor };
        RunFolder folder = RunFolder.Open(settings.OutputDirectory, DateTime.Now);

        using Device device = Device.CreateCpu(new CpuOptions { Threads = settings.Threads });
        IRunReporter reporter = settings switch
        {
            { Quiet: true } or { Json: true } => new SilentReporter(),
            _ when host.Interactive => LiveReporter.ForConsole(host.Output),
            _ => new PlainReporter(host.Output),
        };
        reporter.Start(new RunHeader(
            data.Name,
            data.Train.Count,
            data.Validation?.Count ?? 0,
            data.Test.Count,
            Wording.Network(recipe, data.Train),
            Wording.Training(recipe, settings.Seed),
            Wording.Noise(recipe),
            device.Name));

        try
        {
            return Train(host, settings, recipe, data, device, reporter, folder, clock);
        }
        catch (TrainingDivergedException exception)
        {
            folder.RemoveIfEmpty();
            throw new ToolException(exception.Message, exception);
        }
    }

    private static int Train(
        ToolHost host,
        TrainSettings settings,
        Recipe recipe,
        DataSource data,
        Device device,
        IRunReporter reporter,
        RunFolder folder,
        Stopwatch clock)
    {
        var session = new TrainingSession(data, settings.Seed, device, reporter, host.Stop);
        using TrainedModel model = session.Train("with noise", recipe);

        // The comparison may fail or be cut short without taking the run with it.
        TrainingDivergedException? diverged = null;
        TrainedModel? baseline = null;
        try
        {
            if (settings.Compare && recipe.HasNoise && !model.Cancelled)
            {
                baseline = session.Train("without noise", recipe.WithoutNoise());
            }
        }
        catch (TrainingDivergedException exception)
        {
            diverged = exception;
        }

        using (baseline)
        {
            // Half a comparison would mislead: a baseline that was cut short is left out.
            Module? compared = baseline is { Cancelled: false } ? baseline.Model : null;
            var study = new RobustnessStudy(data.Test, device);
            EvaluationResult clean = study.Clean(model.Model);
            var report = new RunReport
            {
                DataName = data.Name,
                Network = Wording.Network(recipe, data.Train),
                NoiseDescription = Wording.Noise(recipe),
                Seed = settings.Seed,
                Device = device.Name,
                Threads = device.Threads,
                TrainImages = data.Train.Count,
                ValidationImages = data.Validation?.Count ?? 0,
                TestImages = data.Test.Count,
                RequestedEpochs = recipe.Epochs,
                Cancelled = model.Cancelled || baseline is { Cancelled: true },
                History = model.History,
                BaselineHistory = compared is null ? null : baseline!.History,
                TestLoss = clean.Loss,
                TestAccuracy = clean.Accuracy!.Value,
                BaselineTestAccuracy = compared is null ? null : study.Clean(compared).Accuracy,
                Noise = Wording.Levels(recipe),
                Robustness = study.Measure(model.Model, compared),
                Options = Wording.Options(recipe, settings),
                Samples = study.Samples(model.Model, compared),
                Seconds = clock.Elapsed.TotalSeconds,
            };
            IReadOnlyList<string> files = Write(folder, report, model.Model);
            if (settings.Json)
            {
                host.Output.Write(SummaryJson.Write(report));
            }

            reporter.Finish(report, folder.Path, files);
            return Conclude(host, report, folder, diverged);
        }
    }

    private static List<string> Write(RunFolder folder, RunReport report, Module model)
    {
        var files = new List<string>();

        void Add(string name, byte[] content)
        {
            folder.Write(name, content);
            files.Add(name);
        }

        // The model first: whatever happens to a picture, it is safe.
        model.Save(folder.File("model.safetensors"));
        files.Add("model.safetensors");
        Add("summary.json", System.Text.Encoding.UTF8.GetBytes(SummaryJson.Write(report)));
        Add("history.csv", System.Text.Encoding.UTF8.GetBytes(HistoryCsv.Write(report)));
        Add("timing.csv", System.Text.Encoding.UTF8.GetBytes(HistoryCsv.WriteTiming(report)));
        Add("curves.png", CurvesPicture.Draw(report));
        Add("robustness.png", RobustnessPicture.Draw(report));
        if (report.Samples is { } samples)
        {
            Add("samples.png", SamplesPicture.Draw(samples, report.DataName));
        }

        return files;
    }

    private static int Conclude(ToolHost host, RunReport report, RunFolder folder, TrainingDivergedException? diverged)
    {
        if (diverged is not null)
        {
            throw new ToolException(
                $"The comparison without noise failed: {diverged.Message} The results with noise are in {folder.Path}.", diverged);
        }

        if (report.Cancelled)
        {
            string comparison = report.History.Count == report.RequestedEpochs ? ", during the comparison without noise" : string.Empty;
            string epochs = $"{report.History.Count} of {report.RequestedEpochs} epochs{comparison}";
            host.Error.WriteLine($"Stopped after {epochs}; what was trained is saved in {folder.Path}.");
            return host.StopCode();
        }

        return ExitCode.Success;
    }
}

using NativeNoise.Cli.Reports;

namespace NativeNoise.Cli.Terminal;

/// <summary>What is known of a run before it starts.</summary>
internal sealed record RunHeader(
    string DataName,
    int TrainImages,
    int ValidationImages,
    int TestImages,
    string Network,
    string Training,
    string Noise,
    string Device);

/// <summary>Where a training stands.</summary>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Epochs">Of the whole training.</param>
/// <param name="Fraction">Share of all steps that are done, 0..1.</param>
/// <param name="Loss">The training loss of late.</param>
/// <param name="Accuracy">The last validation accuracy, 0..1; null before the first.</param>
/// <param name="ImagesPerSecond">Of late.</param>
/// <param name="Remaining">Estimated time to the end; null while it cannot be told.</param>
internal sealed record TrainingTick(
    int Epoch,
    int Epochs,
    double Fraction,
    double Loss,
    double? Accuracy,
    double ImagesPerSecond,
    TimeSpan? Remaining);

/// <summary>What receives the progress of one training.</summary>
internal interface ITrainingSink
{
    void Step(TrainingTick tick);

    void EpochDone(EpochRow row, int epochs);
}

/// <summary>How a run is shown: live, as plain lines, or not at all.</summary>
internal interface IRunReporter
{
    void Start(RunHeader header);

    /// <summary>Shows one training while <paramref name="work"/> does it.</summary>
    T Train<T>(string title, int epochs, Func<ITrainingSink, T> work);

    void Note(string text);

    void Finish(RunReport report, string folder, IReadOnlyList<string> files);
}

/// <summary>Shows nothing: <c>--quiet</c> and <c>--json</c>.</summary>
internal sealed class SilentReporter : IRunReporter, ITrainingSink
{
    public void Start(RunHeader header)
    {
    }

    public T Train<T>(string title, int epochs, Func<ITrainingSink, T> work) => work(this);

    public void Note(string text)
    {
    }

    public void Finish(RunReport report, string folder, IReadOnlyList<string> files)
    {
    }

    public void Step(TrainingTick tick)
    {
    }

    public void EpochDone(EpochRow row, int epochs)
    {
    }
}

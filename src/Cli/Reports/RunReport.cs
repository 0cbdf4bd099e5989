namespace NativeNoise.Cli.Reports;

/// <summary>One finished epoch of a run.</summary>
/// <param name="Epoch">Counts from 1.</param>
/// <param name="TrainLoss">Mean loss over the epoch's batches, with noise.</param>
/// <param name="ValidationLoss">Loss on the validation images, without noise.</param>
/// <param name="ValidationAccuracy">Share of the validation images named rightly, 0..1, without noise.</param>
/// <param name="LearningRate">At the epoch's last step.</param>
/// <param name="GradientNorm">Mean Euclidean norm of the whole gradient, before clipping and noise.</param>
/// <param name="NoiseLevels">Each noise site's magnitude at the epoch's last step.</param>
/// <param name="Seconds">Wall time of the training steps.</param>
/// <param name="ImagesPerSecond">Training images per second of wall time.</param>
internal sealed record EpochRow(
    int Epoch,
    double TrainLoss,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double LearningRate,
    double GradientNorm,
    IReadOnlyDictionary<string, double> NoiseLevels,
    double Seconds,
    double ImagesPerSecond);

/// <summary>Accuracy on the test images under one corruption.</summary>
/// <param name="Kind">gaussian, salt-pepper or uniform.</param>
/// <param name="Strength">Standard deviation, share of pixels replaced, or half-width, in units of the pixel range [0, 1].</param>
/// <param name="Accuracy">Of the model trained with noise, 0..1.</param>
/// <param name="BaselineAccuracy">Of the same run without noise; null when it was not made.</param>
internal sealed record RobustnessRow(string Kind, double Strength, double Accuracy, double? BaselineAccuracy);

/// <summary>What one model says about one image.</summary>
/// <param name="Label">The class it names.</param>
/// <param name="Confidence">The probability that it gives to that class.</param>
internal readonly record struct Verdict(int Label, double Confidence);

/// <summary>One row of the picture of test images: the same images under one corruption.</summary>
/// <param name="Title">For example <c>Gaussian 0.4</c>.</param>
/// <param name="Pixels">One array of pixels per image, row-major, 0..1 before corruption.</param>
/// <param name="Verdicts">Of the model trained with noise, one per image.</param>
/// <param name="BaselineVerdicts">Of the same run without noise; null when it was not made.</param>
internal sealed record SampleRow(
    string Title,
    IReadOnlyList<float[]> Pixels,
    IReadOnlyList<Verdict> Verdicts,
    IReadOnlyList<Verdict>? BaselineVerdicts);

/// <summary>The picture of test images: columns are images, rows are corruptions.</summary>
internal sealed record SampleGrid(int Width, int Height, IReadOnlyList<int> TrueLabels, IReadOnlyList<SampleRow> Rows);

/// <summary>Everything that a run found out, in the form in which it is printed, drawn and written.</summary>
internal sealed record RunReport
{
    /// <summary>For example <c>digits</c> or the name of the data folder.</summary>
    public required string DataName { get; init; }

    /// <summary>For example <c>64-128-64-10</c>.</summary>
    public required string Network { get; init; }

    /// <summary>One line that names the noise in use, for headings.</summary>
    public required string NoiseDescription { get; init; }

    public required ulong Seed { get; init; }

    public required string Device { get; init; }

    public required int Threads { get; init; }

    public required int TrainImages { get; init; }

    public required int ValidationImages { get; init; }

    public required int TestImages { get; init; }

    public required int RequestedEpochs { get; init; }

    public required bool Cancelled { get; init; }

    public required IReadOnlyList<EpochRow> History { get; init; }

    /// <summary>The same run without noise; null when it was not made or was cut short.</summary>
    public IReadOnlyList<EpochRow>? BaselineHistory { get; init; }

    public required double TestLoss { get; init; }

    public required double TestAccuracy { get; init; }

    public double? BaselineTestAccuracy { get; init; }

    public required IReadOnlyDictionary<string, double> Noise { get; init; }

    public required IReadOnlyList<RobustnessRow> Robustness { get; init; }

    /// <summary>The options that shaped the run, by option name.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Null when the inputs are not pictures.</summary>
    public SampleGrid? Samples { get; init; }

    public required double Seconds { get; init; }

    public double ImagesPerSecond
    {
        get
        {
            double seconds = History.Sum(row => row.Seconds);
            return seconds > 0 ? (double)TrainImages * History.Count / seconds : 0;
        }
    }
}

using NativeNoise.Cli.Reports;

namespace NativeNoise.Cli.Running;

/// <summary>What becomes of a trained model's accuracy when the test images are corrupted.</summary>
internal sealed class RobustnessStudy(Dataset test, Device device)
{
    /// <summary>The corruptions are the same for every run, whatever its seed.</summary>
    private const ulong Seed = 0;

    /// <summary>The picture of samples shows at most this many images.</summary>
    private const int Columns = 10;

    private readonly EvaluationOptions _options = new() { Device = device };

    public EvaluationResult Clean(Module model) => Evaluator.Evaluate(model, test, _options);

    public IReadOnlyList<RobustnessRow> Measure(Module model, Module? baseline)
    {
        IReadOnlyList<RobustnessResult> own = Robustness.Evaluate(model, test, null, Seed, _options);
        IReadOnlyList<RobustnessResult>? other = baseline is null ? null : Robustness.Evaluate(baseline, test, null, Seed, _options);
        return
        [
            .. own.Select((result, i) => new RobustnessRow(
                Name(result.Corruption.Kind), result.Corruption.Strength, result.Accuracy!.Value, other?[i].Accuracy)),
        ];
    }

    /// <summary>The first test image of each class, clean and corrupted; null when the inputs are no pictures.</summary>
    public SampleGrid? Samples(Module model, Module? baseline)
    {
        if (test.ImageWidth == 0 || test.ImageHeight == 0)
        {
            return null;
        }

        int[] images = FirstOfEachClass();
        (string Title, Corruption? Corruption)[] rows =
        [
            ("Clean", null),
            ("Gaussian 0.4", new Corruption(CorruptionKind.Gaussian, 0.4)),
            ("Salt, pepper 0.2", new Corruption(CorruptionKind.SaltAndPepper, 0.2)),
            ("Uniform 0.7", new Corruption(CorruptionKind.Uniform, 0.7)),
        ];
        return new SampleGrid(
            test.ImageWidth,
            test.ImageHeight,
            [.. images.Select(i => test.Labels[i])],
            [.. rows.Select(row => Row(row.Title, (row.Corruption?.Apply(test, Seed) ?? test).Subset(images), model, baseline))]);
    }

    private static string Name(CorruptionKind kind) => kind switch
    {
        CorruptionKind.Gaussian => "gaussian",
        CorruptionKind.SaltAndPepper => "salt-pepper",
        CorruptionKind.Uniform => "uniform",
        CorruptionKind.RelativeGaussian => "relative",
        CorruptionKind.Shot => "shot",
        _ => "laplace",
    };

    private SampleRow Row(string title, Dataset images, Module model, Module? baseline) => new(
        title,
        [.. Enumerable.Range(0, images.Count).Select(i => images.Input(i).ToArray())],
        Verdicts(model, images),
        baseline is null ? null : Verdicts(baseline, images));

    private Verdict[] Verdicts(Module model, Dataset images)
    {
        float[] probabilities = Evaluator.PredictProbabilities(model, images, _options);
        var verdicts = new Verdict[images.Count];
        for (int i = 0; i < verdicts.Length; i++)
        {
            ReadOnlySpan<float> row = probabilities.AsSpan(i * images.Classes, images.Classes);
            int best = 0;
            for (int c = 1; c < row.Length; c++)
            {
                best = row[c] > row[best] ? c : best;
            }

            verdicts[i] = new Verdict(best, row[best]);
        }

        return verdicts;
    }

    private int[] FirstOfEachClass()
    {
        var first = new SortedDictionary<int, int>();
        for (int i = 0; i < test.Count; i++)
        {
            first.TryAdd(test.Labels[i], i);
        }

        return [.. first.Values.Take(Columns)];
    }
}

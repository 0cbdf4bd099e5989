using System.Diagnostics;

namespace NativeNoise.Compare;

/// <summary>Times one operation after another and prints one JSON object a line.</summary>
/// <param name="threads">Threads of the device; printed with every line.</param>
/// <param name="filter">Operations whose name does not contain it are left out.</param>
/// <param name="output">Where the lines go.</param>
internal sealed class Timing(int threads, string filter, TextWriter output)
{
    private const int WarmUps = 3;
    private const int FewestSamples = 5;
    private const int MostSamples = 400;

    /// <summary>
    /// Three runs unmeasured, then runs for the budget: at least 5, at most 400. Each run has a scope of its own, so that its
    /// tensors go back to the pool inside the measured time.
    /// </summary>
    /// <param name="op">Name of the operation.</param>
    /// <param name="shape">Its size.</param>
    /// <param name="body">The operation.</param>
    /// <param name="budgetSeconds">How long to go on.</param>
    public void Time(string op, string shape, Action body, double budgetSeconds = 1.5)
    {
        if (!op.Contains(filter, StringComparison.Ordinal))
        {
            return;
        }

        for (int i = 0; i < WarmUps; i++)
        {
            using var scope = new TensorScope();
            body();
        }

        List<double> samples = new(MostSamples);
        long start = Stopwatch.GetTimestamp();
        while (samples.Count < FewestSamples
            || (Stopwatch.GetElapsedTime(start).TotalSeconds < budgetSeconds && samples.Count < MostSamples))
        {
            long t = Stopwatch.GetTimestamp();
            using (var scope = new TensorScope())
            {
                body();
            }

            samples.Add(Stopwatch.GetElapsedTime(t).TotalMicroseconds);
        }

        samples.Sort();
        output.WriteLine(new Measurement(op, shape, threads, samples[0], samples[samples.Count / 2]).ToJson());
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeNoise.Cli.Tests;

/// <summary>The programs under samples/, which are built with these tests, run and show what they say they show.</summary>
public partial class SampleTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0.02")]
    public async Task The_complete_training_example_is_more_robust_with_noise(string weightNoise)
    {
        string[] lines = await Run("CompleteTraining.dll", weightNoise);

        Assert.Equal("1197 images to train on, 300 to validate, 300 to test", lines[0]);
        (double noisyClean, double plainClean) = Accuracies(Assert.Single(lines, line => line.StartsWith("clean test images")));
        (double noisyCorrupted, double plainCorrupted) = Accuracies(Assert.Single(lines, line => line.StartsWith("with Gaussian noise")));
        Assert.InRange(noisyClean, 94, 100);
        Assert.InRange(plainClean, 94, 100);
        Assert.True(noisyCorrupted > plainCorrupted + 3, $"{noisyCorrupted} against {plainCorrupted}");
    }

    [Fact]
    public async Task The_loop_written_by_hand_trains_and_accumulates_gradients_exactly()
    {
        string[] lines = await Run("HandWrittenLoop.dll", "");

        Assert.Equal(3, lines.Length);
        foreach (string line in lines[..2])
        {
            Assert.InRange(Number(line), 92, 100);
        }

        // Rounding alone: the pieces' gradients are added in another order.
        Assert.InRange(Number(lines[2]), 0, 1e-2);
    }

    private static async Task<string[]> Run(string program, string argument)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        if (argument.Length > 0)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await error);
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static (double Noisy, double Plain) Accuracies(string line)
    {
        MatchCollection numbers = Percentage().Matches(line);
        Assert.Equal(2, numbers.Count);
        return (Value(numbers[0]), Value(numbers[1]));
    }

    /// <summary>The last number of a line.</summary>
    private static double Number(string line) => Value(LastNumber().Match(line));

    private static double Value(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("([0-9]+\\.[0-9]+) ?%")]
    private static partial Regex Percentage();

    [GeneratedRegex("([0-9]+(?:\\.[0-9]+)?(?:e[-+]?[0-9]+)?) ?%?$")]
    private static partial Regex LastNumber();
}

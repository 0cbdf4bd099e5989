using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using NativeNoise.Cli.Tests.Support;

namespace NativeNoise.Cli.Tests;

/// <summary>Ctrl-C (SIGINT) and SIGTERM end a run in good order, with what has been trained so far saved.</summary>
public partial class CancellationTests
{
    [Theory]
    [InlineData(2, ExitCode.Interrupted)]
    [InlineData(15, ExitCode.Terminated)]
    public async Task A_signal_saves_what_has_been_trained(int signal, int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Fail("This test sends a POSIX signal; it runs on Linux and macOS.");
        }

        using var folder = new TemporaryFolder();
        using Process process = ToolRun.Start(folder.Path, "train", "--epochs", "100000", "--layers", "16", "--out", "run");

        // The first epoch's line says that training is under way.
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(line);
        }
        while (!line.Contains("epoch ") || !line.Contains("/100000"));

        Assert.Equal(0, Kill(process.Id, signal));
        ToolResult result = ToolRun.Finish(process);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.StartsWith("Stopped after ", Assert.Single(result.ErrorLines));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "summary.json")));
        Assert.True(document.RootElement.GetProperty("cancelled").GetBoolean());
        int epochs = document.RootElement.GetProperty("epochs").GetInt32();
        Assert.InRange(epochs, 1, 99_999);
        Assert.Equal(epochs + 1, File.ReadAllLines(Path.Combine(folder["run"], "history.csv")).Length);
        foreach (string file in new[] { "model.safetensors", "curves.png", "robustness.png", "samples.png" })
        {
            Assert.True(new FileInfo(Path.Combine(folder["run"], file)).Length > 1000, file);
        }

        Assert.Equal(7, Directory.GetFiles(folder["run"]).Length);
    }

    [Fact]
    public void A_run_stopped_before_its_first_epoch_still_saves_its_model()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        ToolResult result = ToolRun.InProcess(stop.Token, "train", "--layers", "16", "--out", folder["run"], "--quiet");

        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.StartsWith("Stopped after 0 of 100 epochs", Assert.Single(result.ErrorLines));
        Assert.Empty(result.Output);
        Assert.True(File.Exists(Path.Combine(folder["run"], "model.safetensors")));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "summary.json")));
        Assert.Equal(0, document.RootElement.GetProperty("epochs").GetInt32());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("train_loss").ValueKind);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

using System.Diagnostics;
using NativeNoise.Cli.Tests.Support;

namespace NativeNoise.Cli.Tests;

/// <summary>A command line that is right, about things that are not: one line, exit code 1, before any training.</summary>
public class RunErrorTests
{
    [Fact]
    public void A_missing_data_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        AssertFails(folder, $"--data is '{folder["nowhere"]}': ", "--data", folder["nowhere"]);
    }

    [Fact]
    public void A_missing_file_in_the_data_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        IdxFiles.Write(folder["data"]);
        File.Delete(Path.Combine(folder["data"], "t10k-labels-idx1-ubyte"));
        string line = AssertFails(folder, $"--data is '{folder["data"]}': ", "--data", folder["data"]);
        Assert.Contains("t10k-labels-idx1-ubyte", line);
    }

    [Fact]
    public void A_truncated_data_file_is_named()
    {
        using var folder = new TemporaryFolder();
        IdxFiles.Write(folder["data"]);
        string images = Path.Combine(folder["data"], "train-images-idx3-ubyte");
        File.WriteAllBytes(images, File.ReadAllBytes(images)[..100]);
        string line = AssertFails(folder, $"--data is '{folder["data"]}': ", "--data", folder["data"]);
        Assert.Contains("train-images-idx3-ubyte", line);
    }

    [Fact]
    public void A_batch_larger_than_the_training_images_is_refused()
    {
        using var folder = new TemporaryFolder();
        // 1,797 digits, 300 of them for the test and a tenth of the rest for validation.
        AssertFails(folder, "--batch is 1348; expected at most the number of training images, 1347.", "--batch", "1348");
    }

    [Fact]
    public void A_schedule_that_leaves_the_levels_range_is_refused_with_its_step()
    {
        using var folder = new TemporaryFolder();
        AssertFails(
            folder,
            "--noise-schedule is 'linear(1,-1,10)', which is -0.2 at step 6; expected a finite number of at least 0 at every step.",
            "--noise-schedule", "linear(1,-1,10)", "--epochs", "1");
        AssertFails(
            folder,
            "--noise-schedule is '3', which is 3 at step 0; expected a number from 0 to 2.5 at every step.",
            "--noise-schedule", "3", "--input-noise", "0.4", "--input-noise-kind", "salt-pepper");
        foreach (string kind in new[] { "snr", "poisson" })
        {
            AssertFails(
                folder,
                "--noise-schedule is 'linear(1,0,5)', which is 0 at step 5; expected a finite number above 0 at every step.",
                "--noise-schedule", "linear(1,0,5)", "--input-noise", "0.4", "--input-noise-kind", kind);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_before_training()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "in the way");
        string path = Path.Combine(folder["file"], "run");

        ToolResult result = ToolRun.InProcess("train", "--out", path);

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.StartsWith($"error: --out is '{path}', which cannot be written to: ", Assert.Single(result.ErrorLines));
        Assert.Empty(result.Output);
        Assert.Equal("in the way", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public void A_training_that_diverges_is_an_error_and_leaves_no_folder()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess(
            "train", "--optimizer", "sgd", "--lr", "1e30", "--layers", "16", "--epochs", "3", "--out", folder["run"], "--quiet");

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Contains("diverged", Assert.Single(result.ErrorLines));
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void The_environment_may_name_the_data_folder()
    {
        using var folder = new TemporaryFolder();
        using Process process = ToolRun.Start(folder.Path, ("NATIVENOISE_DATA", folder["nowhere"]), "train");
        ToolResult result = ToolRun.Finish(process);

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.StartsWith($"error: --data is '{folder["nowhere"]}': ", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public void Verbose_adds_the_stack_trace()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess("train", "--data", folder["nowhere"], "--verbose");

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Contains("   at NativeNoise", result.Error);
    }

    [Fact]
    public void A_process_ends_with_the_same_line_and_code()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.AsProcess(folder.Path, "train", "--batch", "100000");

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal("error: --batch is 100000; expected at most the number of training images, 1347.", Assert.Single(result.ErrorLines));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static string AssertFails(TemporaryFolder folder, string message, params string[] arguments)
    {
        ToolResult result = ToolRun.InProcess(["train", "--out", folder["run"], .. arguments]);

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Empty(result.Output);
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith($"error: {message}", line);
        Assert.False(Directory.Exists(folder["run"]), "Nothing may be written.");
        return line;
    }
}

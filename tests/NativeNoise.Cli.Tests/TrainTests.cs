using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NativeNoise.Cli.Pictures;
using NativeNoise.Cli.Tests.Support;
using SkiaSharp;

namespace NativeNoise.Cli.Tests;

/// <summary>Whole runs: the files, what they say, and that they are the same whenever the command is.</summary>
public class TrainTests
{
    private static readonly string[] Files =
        ["curves.png", "history.csv", "model.safetensors", "robustness.png", "samples.png", "summary.json", "timing.csv"];

    /// <summary>A small run on the digits: two epochs of a small network.</summary>
    private static readonly string[] Small = ["train", "--layers", "24", "--epochs", "2", "--batch", "64"];

    [Fact]
    public void A_run_writes_its_folder_and_prints_plain_lines()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess([.. Small, "--out", folder["run"]]);

        Assert.Equal("", result.Error);
        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Equal(Files, Directory.GetFiles(folder["run"]).Select(Path.GetFileName).Order());
        Assert.DoesNotContain('\u001b', result.Output);
        Assert.DoesNotContain('\r', result.Output.Replace(Environment.NewLine, "\n"));
        Assert.Contains("Training with noise", result.Output);
        Assert.Contains("Training without noise", result.Output);
        Assert.Contains("epoch 2/2  loss ", result.Output);
        foreach (string row in new[] { "Clean test images", "Gaussian", "Salt and pepper", "Uniform" })
        {
            Assert.Contains(row, result.Output);
        }
    }

    [Fact]
    public void The_summary_has_every_field_and_agrees_with_the_history()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess(
            [.. Small, "--out", folder["run"], "--seed", "7", "--threads", "2", "--gradient-noise-eta", "0.0001", "--input-noise", "0.25"]);
        Assert.Equal("", result.Error);

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "summary.json")));
        JsonElement summary = document.RootElement;
        Assert.Equal(7, summary.GetProperty("seed").GetInt32());
        Assert.Equal(2, summary.GetProperty("threads").GetInt32());
        Assert.Equal(2, summary.GetProperty("epochs").GetInt32());
        Assert.StartsWith("cpu", summary.GetProperty("device").GetString());
        Assert.False(summary.GetProperty("cancelled").GetBoolean());
        Assert.True(summary.GetProperty("images_per_second").GetDouble() > 0);
        Assert.InRange(summary.GetProperty("test_accuracy").GetDouble(), 0.3, 1);
        Assert.InRange(summary.GetProperty("baseline_test_accuracy").GetDouble(), 0.3, 1);

        JsonElement noise = summary.GetProperty("noise");
        Assert.Equal(0.25, noise.GetProperty("input").GetDouble());
        Assert.Equal(0.0001, noise.GetProperty("gradient_eta").GetDouble());
        Assert.Equal(0.55, noise.GetProperty("gradient_gamma").GetDouble());
        // A named noise switches the default ones off.
        Assert.Equal(0, noise.GetProperty("activation").GetDouble());
        Assert.Equal(0, noise.GetProperty("weight").GetDouble());

        JsonElement[] robustness = [.. summary.GetProperty("robustness").EnumerateArray()];
        foreach (string kind in new[] { "gaussian", "salt-pepper", "uniform" })
        {
            Assert.True(robustness.Count(row => row.GetProperty("kind").GetString() == kind) >= 3, kind);
        }

        foreach (JsonElement row in robustness)
        {
            Assert.True(row.GetProperty("strength").GetDouble() > 0);
            Assert.InRange(row.GetProperty("accuracy").GetDouble(), 0, 1);
            Assert.InRange(row.GetProperty("baseline_accuracy").GetDouble(), 0, 1);
        }

        string[] lines = File.ReadAllLines(Path.Combine(folder["run"], "history.csv"));
        string[] header = lines[0].Split(',');
        Assert.Equal(["epoch", "train_loss", "val_loss", "val_accuracy", "learning_rate", "gradient_norm"], header[..6]);
        Assert.Equal(["baseline_train_loss", "baseline_val_loss", "baseline_val_accuracy"], header[^3..]);
        Assert.Equal(2, header.Count(name => name.StartsWith("noise ")));
        Assert.Equal(3, lines.Length);
        string[] last = lines[^1].Split(',');
        Assert.Equal(header.Length, last.Length);
        Assert.Equal(2, int.Parse(last[0]));
        foreach ((string name, int column) in new[] { ("train_loss", 1), ("val_loss", 2), ("val_accuracy", 3) })
        {
            Assert.Equal(summary.GetProperty(name).GetDouble(), double.Parse(last[column], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Json_alone_stands_on_standard_output()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess([.. Small, "--out", folder["run"], "--json", "--no-compare"]);

        Assert.Equal("", result.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(folder["run"], "summary.json")), result.Output);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("baseline_test_accuracy").ValueKind);
        Assert.All(
            document.RootElement.GetProperty("robustness").EnumerateArray(),
            row => Assert.Equal(JsonValueKind.Null, row.GetProperty("baseline_accuracy").ValueKind));
    }

    [Fact]
    public void Quiet_prints_nothing()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess([.. Small, "--out", folder["run"], "--quiet", "--no-compare"]);

        Assert.Equal((ExitCode.Success, "", ""), (result.ExitCode, result.Output, result.Error));
        Assert.Equal(Files, Directory.GetFiles(folder["run"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Without_an_output_folder_the_results_go_below_runs()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.AsProcess(folder.Path, [.. Small, "--no-compare", "--epochs=1"]);
        // --epochs twice: the command line says so instead of guessing.
        Assert.Equal(ExitCode.Usage, result.ExitCode);

        result = ToolRun.AsProcess(folder.Path, "train", "--layers", "16", "--epochs", "1", "--no-compare");
        Assert.Equal("", result.Error);
        Assert.Equal(ExitCode.Success, result.ExitCode);
        string run = Assert.Single(Directory.GetDirectories(folder["runs"]));
        Assert.Matches("^[0-9]{8}-[0-9]{6}$", Path.GetFileName(run));
        Assert.Equal(Files, Directory.GetFiles(run).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Threads_and_repetition_change_no_byte()
    {
        using var folder = new TemporaryFolder();
        string[] noise =
        [
            "--input-noise", "0.2", "--activation-noise", "0.1", "--weight-noise", "0.02", "--gradient-noise-eta", "0.0001",
            "--dropout", "0.1", "--noise-schedule", "cosine",
        ];
        (string Name, int Threads)[] runs = [("one", 1), ("two", 2), ("five", 5), ("again", 2)];
        foreach ((string name, int threads) in runs)
        {
            ToolResult result = ToolRun.InProcess([.. Small, .. noise, "--out", folder[name], "--threads", threads.ToString(), "--quiet"]);
            Assert.Equal("", result.Error);
        }

        foreach (string file in new[] { "model.safetensors", "history.csv", "curves.png", "robustness.png", "samples.png" })
        {
            byte[] expected = File.ReadAllBytes(Path.Combine(folder["one"], file));
            foreach ((string name, _) in runs)
            {
                byte[] actual = File.ReadAllBytes(Path.Combine(folder[name], file));
                Assert.True(expected.AsSpan().SequenceEqual(actual), $"{file} of '{name}' differs.");
            }
        }
    }

    [Fact]
    public void The_instruction_set_changes_no_byte()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("", ToolRun.InProcess([.. Small, "--out", folder["best"], "--quiet", "--no-compare"]).Error);
        using Process process = ToolRun.Start(folder.Path, ("NNOISE_ISA", "scalar"), [.. Small, "--out", "scalar", "--json", "--no-compare"]);
        ToolResult result = ToolRun.Finish(process);

        Assert.Equal("", result.Error);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Contains("scalar", document.RootElement.GetProperty("device").GetString(), StringComparison.OrdinalIgnoreCase);
        byte[] best = File.ReadAllBytes(Path.Combine(folder["best"], "model.safetensors"));
        byte[] scalar = File.ReadAllBytes(Path.Combine(folder["scalar"], "model.safetensors"));
        Assert.True(best.AsSpan().SequenceEqual(scalar));
    }

    [Fact]
    public void Another_seed_is_another_model()
    {
        using var folder = new TemporaryFolder();
        foreach (string seed in new[] { "1", "2" })
        {
            Assert.Equal("", ToolRun.InProcess([.. Small, "--out", folder[seed], "--seed", seed, "--quiet", "--no-compare"]).Error);
        }

        byte[] first = File.ReadAllBytes(Path.Combine(folder["1"], "model.safetensors"));
        byte[] second = File.ReadAllBytes(Path.Combine(folder["2"], "model.safetensors"));
        Assert.Equal(first.Length, second.Length);
        Assert.False(first.AsSpan().SequenceEqual(second));
    }

    [Theory]
    [InlineData("--input-noise 0.2 --input-noise-kind relative")]
    [InlineData("--input-noise 0.2 --input-noise-kind uniform --optimizer adamw --weight-decay 0.01")]
    [InlineData("--input-noise 0.1 --input-noise-kind salt-pepper --noise-schedule linear")]
    [InlineData("--input-noise 0.2 --input-noise-kind laplace")]
    [InlineData("--input-noise 0.2 --input-noise-kind student-t")]
    [InlineData("--input-noise 0.2 --input-noise-kind poisson --noise-schedule cosine")]
    [InlineData("--input-noise 0.2 --input-noise-kind speckle")]
    [InlineData("--input-noise 0.2 --input-noise-kind snr --noise-schedule linear")]
    [InlineData("--input-noise 0.2 --input-noise-kind pink")]
    [InlineData("--input-noise 0.2 --input-noise-kind brown")]
    [InlineData("--variational --optimizer sgd --lr 0.1")]
    [InlineData("--input-noise 0")]
    [InlineData("--validation 0")]
    public void Every_kind_of_noise_trains(string options)
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess([.. Small, .. options.Split(' '), "--out", folder["run"], "--json"]);

        Assert.Equal("", result.Error);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.InRange(document.RootElement.GetProperty("test_accuracy").GetDouble(), 0.2, 1);
        // A run without noise has nothing to be compared with.
        bool compared = options != "--input-noise 0";
        Assert.Equal(compared, document.RootElement.GetProperty("baseline_test_accuracy").ValueKind == JsonValueKind.Number);
    }

    [Theory]
    [InlineData("laplace", "Laplace input noise 0.25", "input:scale", 0.25)]
    [InlineData("student-t", "Student-t input noise 0.25", "input:degrees", 5)]
    [InlineData("poisson", "shot noise 0.25 on the input", "input:peak", 16)]
    [InlineData("speckle", "speckle 0.25 on the input", "input:std", 0.25)]
    [InlineData("snr", "input noise of 0.25 of each image's root mean square", "input:snr_db", 12.0411998265592)]
    [InlineData("pink", "pink input noise 0.25", "input:std", 0.25)]
    [InlineData("brown", "brown input noise 0.25", "input:std", 0.25)]
    public void Kinds_of_input_noise_are_named_and_their_magnitudes_recorded(string kind, string heading, string level, double value)
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess(
            [.. Small, "--input-noise", "0.25", "--input-noise-kind", kind, "--no-compare", "--out", folder["run"]]);

        Assert.Equal("", result.Error);
        Assert.Contains(heading, result.Output);
        string[] lines = File.ReadAllLines(Path.Combine(folder["run"], "history.csv"));
        int column = Array.FindIndex(lines[0].Split(','), name => name.EndsWith(level, StringComparison.Ordinal));
        Assert.True(column >= 0, lines[0]);
        Assert.Equal(value, double.Parse(lines[1].Split(',')[column], CultureInfo.InvariantCulture), 1e-9);
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "summary.json")));
        Assert.Contains($"\"input_noise_kind\": \"{kind}\"", summary.RootElement.GetRawText());
    }

    [Fact]
    public void Headings_name_the_noise_and_its_schedule()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ToolRun.InProcess(
            [.. Small, "--input-noise", "0.25", "--dropout", "0.1", "--noise-schedule", "linear(1,0.5,20)", "--no-compare", "--out", folder["run"]]);

        Assert.Equal("", result.Error);
        Assert.Contains("Gaussian input noise 0.25, dropout 0.1; input, weight and activation noise times linear(1,0.5,20)", result.Output);
        result = ToolRun.InProcess([.. Small, "--input-noise", "0.25", "--no-compare", "--out", folder["constant"]]);
        Assert.DoesNotContain("times", result.Output);
    }

    [Fact]
    public void Own_images_are_read_from_idx_files()
    {
        using var folder = new TemporaryFolder();
        IdxFiles.Write(folder["squares"]);
        ToolResult result = ToolRun.InProcess(
            "train", "--data", folder["squares"], "--layers", "16", "--epochs", "15", "--batch", "8", "--lr", "0.01", "--out", folder["run"]);

        Assert.Equal("", result.Error);
        Assert.Contains("squares: 72 training, 8 validation and 20 test images", result.Output);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "summary.json")));
        Assert.Equal(1, document.RootElement.GetProperty("test_accuracy").GetDouble());
    }

    [Fact]
    public void Pictures_have_their_size_and_something_on_them()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("", ToolRun.InProcess([.. Small, "--out", folder["run"], "--quiet"]).Error);

        int scale = (int)PictureStyle.Scale;
        SKColor[] lines = [PictureStyle.Noise, PictureStyle.Baseline];
        AssertPicture(Path.Combine(folder["run"], "curves.png"), CurvesPicture.Width * scale, CurvesPicture.Height * scale, lines);
        AssertPicture(Path.Combine(folder["run"], "robustness.png"), RobustnessPicture.Width * scale, RobustnessPicture.Height * scale, lines);
        AssertPicture(Path.Combine(folder["run"], "samples.png"), null, null, PictureStyle.Right, PictureStyle.Wrong);
    }

    private static void AssertPicture(string path, int? width, int? height, params SKColor[] colors)
    {
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A }, bytes[..8]);
        using SKBitmap picture = SKBitmap.Decode(bytes);
        Assert.NotNull(picture);
        Assert.Equal((width ?? picture.Width, height ?? picture.Height), (picture.Width, picture.Height));
        Assert.True(picture.Width >= 1000 && picture.Height >= 800, $"{picture.Width} x {picture.Height}");

        SKColor[] pixels = picture.Pixels;
        foreach (SKColor color in colors)
        {
            Assert.True(pixels.Count(pixel => pixel == color) > 50, $"{Path.GetFileName(path)} has nothing in {color}.");
        }

        // The heading is text in the upper left corner: without a font there would be none.
        int ink = 0;
        for (int y = 30; y < 80; y++)
        {
            for (int x = 40; x < 260; x++)
            {
                ink += picture.GetPixel(x, y).Red < 100 ? 1 : 0;
            }
        }

        Assert.InRange(ink, 300, 6000);

        // Nothing runs over the edge: the outermost pixels are paper.
        for (int x = 0; x < picture.Width; x++)
        {
            Assert.Equal((PictureStyle.Paper, PictureStyle.Paper), (picture.GetPixel(x, 0), picture.GetPixel(x, picture.Height - 1)));
        }

        for (int y = 0; y < picture.Height; y++)
        {
            Assert.Equal((PictureStyle.Paper, PictureStyle.Paper), (picture.GetPixel(0, y), picture.GetPixel(picture.Width - 1, y)));
        }
    }
}

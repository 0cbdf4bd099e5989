using System.CommandLine;
using NativeNoise.Cli.Running;

namespace NativeNoise.Cli.Commands;

/// <summary><c>nativenoise train</c>: the options, and what they say together.</summary>
internal static class TrainCommand
{
    private const int WidestLayer = 65536;

    private static readonly Dictionary<string, OptimizerKind> Optimizers = new()
    {
        ["adam"] = OptimizerKind.Adam,
        ["adamw"] = OptimizerKind.AdamW,
        ["sgd"] = OptimizerKind.Sgd,
    };

    public static Command Create(ToolHost host)
    {
        Option<string?> data = Parsers.Text(
            "--data",
            "Folder with images and labels in MNIST's IDX format, plain or .gz (default: $NATIVENOISE_DATA, else the digits in the tool)",
            "DIR");
        Option<int[]?> layers = Parsers.Widths(
            "--layers",
            "Widths of the hidden layers (default: 128,64 for the digits, else 256,128)",
            WidestLayer);
        Option<int?> epochs = Parsers.Count(
            "--epochs",
            "Passes over the training images (default: 100 for the digits, else 10)",
            1,
            1_000_000);
        Option<int?> batch = Parsers.Count("--batch", "Images a step (default: 32 for the digits, else 128)", 1, 1 << 24);
        Option<double?> rate = Parsers.Number("--lr", "Learning rate (default: 0.001)", Parsers.Positive, v => v > 0 && double.IsFinite(v));
        Option<ulong?> seed = Parsers.Seed("--seed", "Decides weights, order and noise: the same seed gives the same bytes (default: 1)");
        Option<int?> threads = Parsers.Count("--threads", "Threads, without influence on any result; 0: all cores (default: 0)", 0, 256);
        Option<OptimizerKind?> optimizer = Parsers.Choice("--optimizer", "Optimiser (default: adam)", Optimizers);
        Option<double?> validation = Parsers.Number(
            "--validation",
            "Share of the training images kept for validation (default: 0.1)",
            "a number from 0 to 0.9",
            v => v is >= 0 and <= 0.9);
        Option<double?> inputNoise = NoiseLevel(
            "--input-noise",
            "Noise on the pixels, which lie in 0..1 (default: 0.3; 0 when another noise is named)");
        Option<InputNoiseKind?> inputNoiseKind = Parsers.Choice(
            "--input-noise-kind",
            "Meaning of the level: standard deviation (gaussian, pink, brown; relative to each pixel's value: relative, speckle; of a " +
            "white pixel: poisson), share of the image's root mean square (snr: 0.1 is 20 dB), scale (laplace; student-t with 5 degrees " +
            "of freedom), half-width (uniform) or probability (salt-pepper) (default: gaussian)",
            InputNoise.Kinds);
        Option<double?> weightNoise = NoiseLevel(
            "--weight-noise",
            "Standard deviation of fresh Gaussian noise on the weights at every step (default: 0)");
        Option<double?> activationNoise = NoiseLevel(
            "--activation-noise",
            "Standard deviation of Gaussian noise after each hidden activation (default: 0.1; 0 when another noise is named)");
        Option<double?> eta = NoiseLevel("--gradient-noise-eta", "Gradient noise of variance eta / (1 + step)^gamma (default: 0)");
        Option<double?> gamma = NoiseLevel("--gradient-noise-gamma", "Decay of the gradient noise (default: 0.55)");
        var variational = new Option<bool>("--variational") { Description = "Learn a mean and a variance for every weight" };
        Option<double?> dropout = Parsers.Number(
            "--dropout",
            "Dropout probability after each hidden activation (default: 0)",
            "a probability from 0 to 1",
            v => v is >= 0 and <= 1,
            "p");
        Option<double?> weightDecay = NoiseLevel(
            "--weight-decay",
            "Weight decay: decoupled for adamw (default: 0.01), L2 else (default: 0)");
        Option<string?> schedule = Parsers.Make<string?>(
            "--noise-schedule",
            "Factor on input, weight and activation noise over the steps: constant, linear or cosine (1 to 0 over the run), " +
            "or a schedule such as 'linear(1,0.1,2000)' (default: constant)",
            "SCHEDULE",
            ReadSchedule);
        Option<string?> output = Parsers.Text("--out", "Folder for the results (default: runs/<date-time>)", "DIR");
        var noCompare = new Option<bool>("--no-compare") { Description = "Skip the same run without noise" };
        var quiet = new Option<bool>("--quiet") { Description = "Print nothing but errors" };
        var json = new Option<bool>("--json") { Description = "Print summary.json on standard output, and nothing else" };

        var command = new Command("train", "Train with noise and compare with the same training without")
        {
            data, layers, epochs, batch, rate, seed, threads, optimizer, validation, inputNoise, inputNoiseKind, weightNoise,
            activationNoise, eta, gamma, variational, dropout, weightDecay, schedule, output, noCompare, quiet, json,
        };
        command.SetAction(parsed => TrainingCommandRunner.Run(host, Checked(new TrainSettings
        {
            DataDirectory = parsed.GetValue(data) ?? DataSource.FromEnvironment(),
            // An array option that was not given reads as empty.
            Layers = parsed.GetValue(layers) is { Length: > 0 } widths ? widths : null,
            Epochs = parsed.GetValue(epochs),
            BatchSize = parsed.GetValue(batch),
            LearningRate = parsed.GetValue(rate) ?? 0.001,
            Seed = parsed.GetValue(seed) ?? 1,
            Threads = parsed.GetValue(threads) ?? 0,
            Optimizer = parsed.GetValue(optimizer) ?? OptimizerKind.Adam,
            Validation = parsed.GetValue(validation) ?? 0.1,
            InputNoise = parsed.GetValue(inputNoise),
            InputNoiseKind = parsed.GetValue(inputNoiseKind) ?? InputNoiseKind.Gaussian,
            WeightNoise = parsed.GetValue(weightNoise),
            ActivationNoise = parsed.GetValue(activationNoise),
            GradientNoiseEta = parsed.GetValue(eta),
            GradientNoiseGamma = parsed.GetValue(gamma) ?? 0.55,
            Variational = parsed.GetValue(variational),
            Dropout = parsed.GetValue(dropout) ?? 0,
            WeightDecay = parsed.GetValue(weightDecay),
            NoiseSchedule = parsed.GetValue(schedule),
            OutputDirectory = parsed.GetValue(output),
            Compare = !parsed.GetValue(noCompare),
            Quiet = parsed.GetValue(quiet),
            Json = parsed.GetValue(json),
        })));
        return command;
    }

    /// <summary>What options exclude each other. Each one's own value has been checked by then.</summary>
    private static TrainSettings Checked(TrainSettings settings) => settings switch
    {
        { Quiet: true, Json: true } =>
            throw new UsageException("--quiet and --json exclude each other: --json already prints the summary alone."),
        { Variational: true, WeightNoise: > 0 } =>
            throw new UsageException("--variational and --weight-noise exclude each other: variational weights have noise of their own."),
        { InputNoiseKind: InputNoiseKind.SaltPepper, InputNoise: > 1 } =>
            throw new UsageException($"--input-noise is '{settings.InputNoise}'; expected a probability from 0 to 1 for salt-pepper."),
        _ => settings,
    };

    private static Option<double?> NoiseLevel(string name, string description) =>
        Parsers.Number(name, description, Parsers.NonNegative, v => v >= 0 && double.IsFinite(v));

    private static (string? Value, string? Expected) ReadSchedule(string text)
    {
        if (NoiseFactor.IsWord(text))
        {
            return (text, null);
        }

        try
        {
            _ = Schedule.Parse(text);
            return (text, null);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return (null, $"constant, linear, cosine or a schedule such as linear(1,0.1,2000) ({exception.Message.TrimEnd('.')})");
        }
    }
}

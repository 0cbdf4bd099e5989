using NativeNoise.Cli.Tests.Support;

namespace NativeNoise.Cli.Tests;

/// <summary>The command line itself: what is refused, with which words, and that nothing happens then.</summary>
public class CommandLineTests
{
    public static TheoryData<string, string> Refused => new()
    {
        { "", "Required command was not provided." },
        { "trian", "'trian' is not a command; expected train, fingerprint or info." },
        { "train extra", "Unrecognized command or argument 'extra'." },
        { "train --bogus 1", "Unrecognized command or argument '--bogus'." },
        { "train --epochs", "Required argument missing for option: '--epochs'." },
        { "train --seed 1 --seed 2", "Option '--seed' expects a single argument but 2 were provided." },
        { "train --layers 64,x", "--layers is '64,x'; expected widths from 1 to 65536 separated by commas, such as 256,128." },
        { "train --layers 0", "--layers is '0'; expected widths from 1 to 65536 separated by commas, such as 256,128." },
        { "train --layers -3", "--layers is '-3'; expected widths from 1 to 65536 separated by commas, such as 256,128." },
        { "train --epochs 0", "--epochs is '0'; expected a whole number from 1 to 1000000." },
        { "train --epochs 1.5", "--epochs is '1.5'; expected a whole number from 1 to 1000000." },
        { "train --batch -1", "--batch is '-1'; expected a whole number from 1 to 16777216." },
        { "train --lr 0", "--lr is '0'; expected a finite number above 0." },
        { "train --lr Infinity", "--lr is 'Infinity'; expected a finite number above 0." },
        { "train --lr 0,1", "--lr is '0,1'; expected a finite number above 0." },
        { "train --seed -1", "--seed is '-1'; expected a whole number from 0 to 18446744073709551615." },
        { "train --threads 257", "--threads is '257'; expected a whole number from 0 to 256." },
        { "train --optimizer rmsprop", "--optimizer is 'rmsprop'; expected one of adam, adamw, sgd." },
        { "train --validation 0.95", "--validation is '0.95'; expected a number from 0 to 0.9." },
        { "train --input-noise NaN", "--input-noise is 'NaN'; expected a finite number of at least 0." },
        { "train --input-noise -0.1", "--input-noise is '-0.1'; expected a finite number of at least 0." },
        {
            "train --input-noise-kind violet",
            "--input-noise-kind is 'violet'; expected one of gaussian, relative, uniform, salt-pepper, laplace, student-t, poisson, speckle, snr, pink, brown."
        },
        { "train --input-noise-kind salt-pepper --input-noise 1.5", "--input-noise is '1.5'; expected a probability from 0 to 1 for salt-pepper." },
        { "train --weight-noise -1", "--weight-noise is '-1'; expected a finite number of at least 0." },
        { "train --activation-noise nan", "--activation-noise is 'nan'; expected a finite number of at least 0." },
        { "train --gradient-noise-eta -Infinity", "--gradient-noise-eta is '-Infinity'; expected a finite number of at least 0." },
        { "train --gradient-noise-gamma -2", "--gradient-noise-gamma is '-2'; expected a finite number of at least 0." },
        { "train --dropout 1.01", "--dropout is '1.01'; expected a probability from 0 to 1." },
        { "train --weight-decay -0.1", "--weight-decay is '-0.1'; expected a finite number of at least 0." },
        { "train --noise-schedule wobbly", "--noise-schedule is 'wobbly'; expected constant, linear, cosine or a schedule such as linear(1,0.1,2000)" },
        { "train --noise-schedule linear(1,0", "--noise-schedule is 'linear(1,0'; expected constant, linear, cosine or a schedule such as linear(1,0.1,2000)" },
        { "fingerprint --threads x", "--threads is 'x'; expected a whole number from 0 to 256." },
        { "fingerprint --isa sse", "--isa is 'sse'; expected one of scalar, avx2, avx512, neon." },
        { "fingerprint --only gauss", "--only is 'gauss'; expected one of words, fill_uniform, " },
        { "train --quiet --json", "--quiet and --json exclude each other: --json already prints the summary alone." },
        { "train --variational --weight-noise x", "--weight-noise is 'x'; expected a finite number of at least 0." },
        { "train --variational --weight-noise 0.1", "--variational and --weight-noise exclude each other: variational weights have noise of their own." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_wrong_command_line_is_one_line_and_exit_code_2(string commandLine, string message)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] all = arguments is ["train", ..] && !commandLine.EndsWith("--epochs") ? [.. arguments, "--out", folder["run"]] : arguments;

        ToolResult result = ToolRun.InProcess(all);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Empty(result.Output);
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith($"error: {message}", line);
        Assert.Contains("--help'.", line);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Help_names_every_option_and_its_default()
    {
        ToolResult result = ToolRun.InProcess("train", "--help");

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Contains("nativenoise train [options]", result.Output);
        string[] options =
        [
            "--data", "--layers", "--epochs", "--batch", "--lr", "--seed", "--threads", "--optimizer", "--validation", "--input-noise",
            "--input-noise-kind", "--weight-noise", "--activation-noise", "--gradient-noise-eta", "--gradient-noise-gamma", "--variational",
            "--dropout", "--weight-decay", "--noise-schedule", "--out", "--no-compare", "--quiet", "--json", "--verbose",
        ];
        foreach (string option in options)
        {
            Assert.Contains($"  {option} ", result.Output);
        }
    }

    [Fact]
    public void Info_prints_version_interfaces_instruction_set_threads_and_device()
    {
        ToolResult result = ToolRun.InProcess("info");

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Empty(result.Error);
        Dictionary<string, string> rows = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(line => line[..16].Trim(), line => line[16..].Trim());
        Assert.Equal(NativeInfo.Version.ToString(), rows["version"]);
        Assert.Equal(NativeInfo.AbiVersion.ToString(), rows["ABI"]);
        Assert.Equal(NativeInfo.NoiseContractVersion.ToString(), rows["noise contract"]);
        Assert.Equal(Device.Cpu.Threads.ToString(), rows["threads"]);
        Assert.Equal(Device.Cpu.Name, rows["device"]);
        Assert.NotEmpty(rows["instruction set"]);
        Assert.True(File.Exists(rows["native library"]), rows["native library"]);
    }
}

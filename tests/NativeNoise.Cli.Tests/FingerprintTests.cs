using NativeNoise.Cli.Fingerprints;
using NativeNoise.Cli.Tests.Support;
using NativeNoise.Testing;

namespace NativeNoise.Cli.Tests;

/// <summary>
/// The recorded fingerprints (tests/vectors/fingerprints.txt), through the public API: on every instruction set of this machine, for
/// every number of threads, alignment and cut into calls, in place or not.
/// </summary>
public sealed class FingerprintTests
{
    private static readonly Dictionary<string, Fingerprint> Recorded = FingerprintTable.ReadOwn().ToDictionary(f => f.Key);

    private static readonly InstructionSet[] Sets =
    [
        .. new[] { InstructionSet.Scalar, InstructionSet.Avx2, InstructionSet.Avx512, InstructionSet.Neon }.Where(IsThere),
    ];

    private static readonly (int Threads, int Offset, int RowsPerCall, bool InPlace)[] Settings =
    [
        (1, 0, 64, false), (2, 3, 33, true), (5, 1, 7, true),
    ];

    public static TheoryData<string> Lines => [.. FingerprintTable.Lines.Select(Key)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void The_prefix_is_the_recorded_one_however_it_is_computed(string key)
    {
        FingerprintLine line = FingerprintTable.Lines.Single(l => Key(l) == key);
        foreach (InstructionSet set in Sets)
        {
            foreach ((int threads, int offset, int rowsPerCall, bool inPlace) in Settings)
            {
                using Device device = Device.CreateCpu(new CpuOptions { Threads = threads, InstructionSet = set });
                var setting = new FingerprintSetting(device, offset, rowsPerCall, inPlace);
                Fingerprint actual = line.Compute(setting, prefixOnly: true, TestContext.Current.CancellationToken);
                Assert.True(
                    actual.Prefix == Recorded[key].Prefix, $"{actual}, on {setting}; expected {Recorded[key].Prefix:x16}.");
            }
        }
    }

    /// <summary>200 steps with every kind of noise: on one thread, two and five, on every instruction set, one hash.</summary>
    [Fact]
    public void The_training_run_is_the_recorded_one_for_every_instruction_set_and_number_of_threads()
    {
        foreach (InstructionSet set in Sets)
        {
            foreach (int threads in (int[])[1, 2, 5])
            {
                using Device device = Device.CreateCpu(new CpuOptions { Threads = threads, InstructionSet = set });
                Fingerprint actual = TrainingLine.Line.Compute(
                    new FingerprintSetting(device), prefixOnly: false, TestContext.Current.CancellationToken);
                Assert.Equal(Recorded["training float32"], actual);
            }
        }
    }

    [Fact]
    public void Every_line_is_recorded_once_with_all_its_blocks_and_nothing_else_is()
    {
        Assert.Equal(FingerprintTable.Lines.Select(Key).Order(StringComparer.Ordinal), Recorded.Keys.Order(StringComparer.Ordinal));
        Assert.All(Recorded.Values, f => Assert.NotNull(f.Full));
        Assert.Equal(Recorded.Count, Recorded.Values.Select(f => f.Prefix).Distinct().Count());
    }

    [Fact]
    public void The_tool_carries_the_file_that_the_native_tests_read()
    {
        string path = Repository.Path("tests", "vectors", "fingerprints.txt");
        using var reader = new StreamReader(path);
        Assert.Equal(FingerprintTable.Read(reader, path), FingerprintTable.ReadOwn());
    }

    /// <summary>A check of all blocks through the command, on the line that is computed fastest.</summary>
    [Fact]
    public void The_command_prints_each_line_and_its_verdict()
    {
        ToolResult result = ToolRun.InProcess("fingerprint", "--only", "words", "--threads", "2", "--check");

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Empty(result.Error);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("# nativenoise ", lines[0]);
        Assert.Equal($"{Recorded["words uint32"]} same", lines[1]);
    }

    [Fact]
    public void What_the_command_prints_it_can_be_checked_against()
    {
        using var folder = new TemporaryFolder();
        ToolResult printed = ToolRun.InProcess("fingerprint", "--prefix", "--only", "sum");
        File.WriteAllText(folder["own.txt"], printed.Output);

        Assert.Equal(ExitCode.Success, ToolRun.InProcess("fingerprint", "--prefix", "--only", "sum", "--isa", "scalar", "--check", folder["own.txt"]).ExitCode);
        ToolResult all = ToolRun.InProcess("fingerprint", "--only", "sum", "--check", folder["own.txt"]);
        Assert.Equal(ExitCode.Failure, all.ExitCode);
        Assert.Contains("sum float32 (no hash of all blocks to compare with)", all.Error);
    }

    [Fact]
    public void A_difference_is_an_error_that_names_the_line()
    {
        using var folder = new TemporaryFolder();
        Fingerprint right = Recorded["dropout float32"];
        File.WriteAllText(folder["other.txt"], (right with { Prefix = right.Prefix ^ 1 }).ToString());

        ToolResult result = ToolRun.InProcess("fingerprint", "--prefix", "--only", "dropout", "--isa", "scalar", "--check", folder["other.txt"]);

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Contains(" different", result.Output);
        Assert.Contains("of ", Assert.Single(result.ErrorLines));
        Assert.Contains("dropout float32", result.Error);
    }

    [Theory]
    [InlineData("gaussian float32 0123456789abcdef", "is not a fingerprint")]
    [InlineData("gaussian float32 0123456789abcde 0123456789abcdef", "is not a fingerprint")]
    [InlineData("gaussian float32 0123456789abcdef -\ngaussian float32 0123456789abcdef -", "line 2: 'gaussian float32' occurs twice")]
    public void A_file_that_holds_no_fingerprints_is_refused(string content, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["hashes.txt"], content);

        ToolResult result = ToolRun.InProcess("fingerprint", "--prefix", "--check", folder["hashes.txt"]);

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith($"error: --check is '{folder["hashes.txt"]}': ", Assert.Single(result.ErrorLines));
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        ToolResult result = ToolRun.InProcess("fingerprint", "--prefix", "--check", "no/such/file.txt");

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.StartsWith("error: --check is 'no/such/file.txt': ", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public void An_instruction_set_that_the_machine_lacks_is_named()
    {
        string missing = Sets.Contains(InstructionSet.Neon) ? "avx2" : "neon";

        ToolResult result = ToolRun.InProcess("fingerprint", "--prefix", "--isa", missing);

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.StartsWith($"error: --isa is '{missing}': ", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public void Stopping_ends_the_command_in_good_order()
    {
        ToolResult result = ToolRun.InProcess(new CancellationToken(canceled: true), "fingerprint", "--prefix");

        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Equal("Stopped at words uint32.", Assert.Single(result.ErrorLines));
    }

    private static string Key(FingerprintLine line) => $"{line.Name} {line.Type}";

    private static bool IsThere(InstructionSet set)
    {
        try
        {
            Device.CreateCpu(new CpuOptions { Threads = 1, InstructionSet = set }).Dispose();
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}

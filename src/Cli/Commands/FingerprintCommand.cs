using System.CommandLine;
using NativeNoise.Cli.Fingerprints;

namespace NativeNoise.Cli.Commands;

/// <summary><c>nativenoise fingerprint</c>: one hash for each distribution, type and operation, and whether it is the right one.</summary>
internal static class FingerprintCommand
{
    /// <summary>How many differing lines the error names; the output marks all.</summary>
    private const int Named = 10;

    private static readonly Dictionary<string, InstructionSet> InstructionSets = new()
    {
        ["scalar"] = InstructionSet.Scalar,
        ["avx2"] = InstructionSet.Avx2,
        ["avx512"] = InstructionSet.Avx512,
        ["neon"] = InstructionSet.Neon,
    };

    public static Command Create(ToolHost host)
    {
        var prefix = new Option<bool>("--prefix") { Description = "Only the first block of each line (2^20 draws of 2^26)" };
        Option<int?> threads = Parsers.Count("--threads", "Threads, without influence on any hash; 0: all cores (default: 0)", 0, 256);
        Option<InstructionSet?> set = Parsers.Choice(
            "--isa", "Instruction set, without influence on any hash (default: the best of this machine)", InstructionSets);
        var check = new Option<string?>("--check")
        {
            Description = "Compare with the hashes in a file, or, without a name, with those in the tool; a difference is an error",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> only = Parsers.Text("--only", "One line, such as gaussian, in every type that it has", "NAME");
        var command = new Command("fingerprint", "Print one hash of each distribution and operation, to compare machines by")
        {
            prefix, threads, set, check, only,
        };
        command.SetAction(parsed => Run(host, new Request(
            parsed.GetValue(prefix),
            parsed.GetValue(threads) ?? 0,
            parsed.GetValue(set) ?? InstructionSet.Auto,
            parsed.GetResult(check) is null ? null : Expected(parsed.GetValue(check)),
            Chosen(parsed.GetValue(only)))));
        return command;
    }

    private static int Run(ToolHost host, Request request)
    {
        using Device device = Create(request);
        host.Output.WriteLine(
            $"# nativenoise {NativeInfo.Version}, noise contract {NativeInfo.NoiseContractVersion}, {device.Name}");
        var different = new List<string>();
        foreach (FingerprintLine line in request.Lines)
        {
            Fingerprint actual;
            try
            {
                actual = line.Compute(new FingerprintSetting(device), request.PrefixOnly, host.Stop);
            }
            catch (OperationCanceledException)
            {
                host.Error.WriteLine($"Stopped at {line.Name} {line.Type}.");
                return host.StopCode();
            }

            string verdict = Compare(actual, request.Expected, different);
            host.Output.WriteLine($"{actual}{verdict}");
        }

        if (different.Count > 0)
        {
            string more = different.Count > Named ? $" and {different.Count - Named} more" : string.Empty;
            throw new ToolException(
                $"{different.Count} of {request.Lines.Count} fingerprints on {device.Name} are not as expected: " +
                $"{string.Join(", ", different.Take(Named))}{more}.");
        }

        return ExitCode.Success;
    }

    /// <summary>What stands behind a line, and its name among those that differ.</summary>
    private static string Compare(Fingerprint actual, IReadOnlyDictionary<string, Fingerprint>? expected, List<string> different)
    {
        if (expected is null)
        {
            return string.Empty;
        }

        if (!expected.TryGetValue(actual.Key, out Fingerprint? right))
        {
            different.Add($"{actual.Key} (no hash to compare with)");
            return " unknown";
        }

        if (actual.Full is not null && right.Full is null)
        {
            different.Add($"{actual.Key} (no hash of all blocks to compare with)");
            return " unknown";
        }

        bool same = actual.Prefix == right.Prefix && (actual.Full is null || actual.Full == right.Full);
        if (!same)
        {
            different.Add(actual.Key);
        }

        return same ? " same" : " different";
    }

    private static Device Create(Request request)
    {
        try
        {
            return Device.CreateCpu(new CpuOptions { Threads = request.Threads, InstructionSet = request.Set });
        }
        catch (NotSupportedException exception)
        {
            throw new ToolException($"--isa is '{request.Set.ToString().ToLowerInvariant()}': {exception.Message}", exception);
        }
    }

    private static Dictionary<string, Fingerprint> Expected(string? path)
    {
        if (path is null)
        {
            return FingerprintTable.ReadOwn().ToDictionary(f => f.Key);
        }

        try
        {
            using var reader = new StreamReader(path);
            return FingerprintTable.Read(reader, path).ToDictionary(f => f.Key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ToolException($"--check is '{path}': {exception.Message}", exception);
        }
    }

    private static IReadOnlyList<FingerprintLine> Chosen(string? name)
    {
        if (name is null)
        {
            return FingerprintTable.Lines;
        }

        FingerprintLine[] lines = [.. FingerprintTable.Lines.Where(line => line.Name == name)];
        return lines.Length > 0
            ? lines
            : throw new UsageException(
                $"--only is '{name}'; expected one of {string.Join(", ", FingerprintTable.Lines.Select(line => line.Name).Distinct())}.");
    }

    private sealed record Request(
        bool PrefixOnly, int Threads, InstructionSet Set, IReadOnlyDictionary<string, Fingerprint>? Expected, IReadOnlyList<FingerprintLine> Lines);
}

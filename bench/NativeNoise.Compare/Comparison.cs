using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace NativeNoise.Compare;

/// <summary>Runs this program and a peer in turn, and prints how their times relate.</summary>
internal static class Comparison
{
    private const string Ours = "nativenoise";
    private const string Peer = "peer";

    /// <summary>Runs the rounds, prints the table, and writes the lines where the arguments say so.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Run(Arguments arguments, TextWriter output)
    {
        double? load = LoadAverage();
        List<(string Side, int Round, Measurement Measurement)> lines = [];
        string self = Assembly.GetExecutingAssembly().Location;
        string dotnet = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this process is not known.");
        string[] peer = arguments.Peer!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] common = [arguments.Threads.ToString(CultureInfo.InvariantCulture), arguments.Filter];

        // Started as `dotnet NativeNoise.Compare.dll` the process is dotnet itself, else the program's own launcher.
        bool isDotnet = Path.GetFileNameWithoutExtension(dotnet).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        for (int round = 1; round <= arguments.Rounds; round++)
        {
            lines.AddRange(Measure([dotnet, .. isDotnet ? [self] : Array.Empty<string>(), .. common]).Select(m => (Ours, round, m)));
            lines.AddRange(Measure([.. peer, .. common]).Select(m => (Peer, round, m)));
        }

        Print(lines, output);
        if (arguments.Results is not null)
        {
            string path = Path.Combine(arguments.Results, FileName(arguments.Threads));
            Directory.CreateDirectory(arguments.Results);
            File.WriteAllText(path, Report(arguments, load, lines));
            output.WriteLine();
            output.WriteLine($"written: {path}");
        }
    }

    private static List<Measurement> Measure(string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{command[0]}' did not start.");
        List<Measurement> measurements = [];
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (Measurement.Parse(line) is { } measurement)
            {
                measurements.Add(measurement);
            }
        }

        process.WaitForExit();
        return process.ExitCode == 0
            ? measurements
            : throw new InvalidOperationException($"'{command[0]}' ended with exit code {process.ExitCode}.");
    }

    // Of several rounds: the least minimum, and the median of the medians.
    private static void Print(List<(string Side, int Round, Measurement Measurement)> lines, TextWriter output)
    {
        output.WriteLine("Speed relative to the peer: its time / ours; above 1 NativeNoise is faster. Times in microseconds.");
        output.WriteLine();
        output.WriteLine($"{"op",-28}{"shape",-22}{"ours min",12}{"peer min",12}{"min/min",9}{"median/median",15}");
        foreach (var group in lines.GroupBy(line => (line.Measurement.Op, line.Measurement.Shape)))
        {
            Measurement[] ours = [.. group.Where(line => line.Side == Ours).Select(line => line.Measurement)];
            Measurement[] peers = [.. group.Where(line => line.Side == Peer).Select(line => line.Measurement)];
            if (ours.Length == 0 || peers.Length == 0)
            {
                output.WriteLine($"{group.Key.Op,-28}{group.Key.Shape,-22}{(ours.Length == 0 ? "only the peer has it" : "only NativeNoise has it"),24}");
                continue;
            }

            double ourMin = ours.Min(m => m.MinMicroseconds);
            double peerMin = peers.Min(m => m.MinMicroseconds);
            double medians = Median(peers) / Median(ours);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Key.Op,-28}{group.Key.Shape,-22}{ourMin,12:F2}{peerMin,12:F2}{peerMin / ourMin,9:F2}{medians,15:F2}"));
        }
    }

    private static double Median(Measurement[] measurements)
    {
        double[] sorted = [.. measurements.Select(m => m.MedianMicroseconds).Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Report(Arguments arguments, double? load, List<(string Side, int Round, Measurement Measurement)> lines)
    {
        string header = JsonSerializer.Serialize(new
        {
            date = Today,
            cpu = ProcessorName(),
            logical_processors = Environment.ProcessorCount,
            memory_gib = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0, 1),
            instruction_set = NativeInfo.InstructionSet.ToString(),
            runtime = Environment.Version.ToString(),
            rounds = arguments.Rounds,
            load_average_before = load,
        });
        StringBuilder text = new();
        text.Append(header).Append('\n');
        foreach ((string side, int round, Measurement measurement) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"side\":\"{side}\",\"round\":{round},{measurement.ToJson()[1..]}\n");
        }

        return text.ToString();
    }

    private static string Today => DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string FileName(int threads)
    {
        string cpu = string.Concat(ProcessorName().ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' '));
        string slug = string.Join('-', cpu.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("r" or "tm" or "cpu" or "processor")));
        return $"{Today}-{slug}-{threads}t.jsonl";
    }

    // Processes that ran or waited in the last minute; a quiet machine has well under 1. Null where the system does not say.
    private static double? LoadAverage()
    {
        const string Linux = "/proc/loadavg";
        return File.Exists(Linux) ? double.Parse(File.ReadAllText(Linux).Split(' ')[0], CultureInfo.InvariantCulture) : null;
    }

    private static string ProcessorName()
    {
        const string Linux = "/proc/cpuinfo";
        string? model = File.Exists(Linux)
            ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return model ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml.Linq;
using NativeNoise.Testing;

namespace NativeNoise.Native.Tests;

/// <summary>How a native case ended.</summary>
internal enum NativeOutcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>What CTest reported for one case.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Output">What it printed.</param>
internal sealed record NativeResult(NativeOutcome Outcome, double Seconds, string Output);

/// <summary>The native suite could not be built, listed or run; the message says what is missing.</summary>
internal sealed class NativeSuiteException(string message) : Exception(message);

/// <summary>
/// Builds the native tests for one machine once, lists them once and runs them once, however many xunit tests ask.
/// </summary>
internal sealed class NativeSuite
{
    private const string Emulated = "Linux arm64 under emulation";

    /// <summary>The tests for this machine.</summary>
    public static readonly NativeSuite Host = new(RuntimeInformation.RuntimeIdentifier, []);

    /// <summary>The tests for Linux on arm64, cross-compiled, under QEMU's user emulation.</summary>
    public static readonly NativeSuite Arm64 = new(
        "linux-arm64-emulated",
        [$"-DCMAKE_TOOLCHAIN_FILE={Repository.Path("native", "cmake", "toolchains", "aarch64-linux-gnu.cmake")}"]);

    private readonly string _buildFolder;
    private readonly string[] _options;
    private readonly Lazy<Outcome<IReadOnlyList<string>>> _listed;
    private readonly Lazy<Outcome<IReadOnlyDictionary<string, NativeResult>>> _run;

    private NativeSuite(string machine, string[] options)
    {
        _buildFolder = Repository.Path("artifacts", "native-tests", $"{Repository.Configuration}-{machine}");
        _options = ["-DNNOISE_TESTS=ON", .. options];
        _listed = new(() => Capture<IReadOnlyList<string>>(BuildAndList));
        _run = new(() => Capture<IReadOnlyDictionary<string, NativeResult>>(RunAll));
    }

    /// <summary>
    /// Why the emulated tests do not run here: what they need is not installed, and this is not CI, where that is a failure.
    /// Null where they run.
    /// </summary>
    public static string? ReasonNotToEmulate
    {
        get
        {
            string[] missing = [.. new (string Package, bool Found)[]
            {
                ("g++-aarch64-linux-gnu", Command.IsOnPath("aarch64-linux-gnu-g++")),
                ("qemu-user", Command.IsOnPath("qemu-aarch64")),
                ("googletest", Directory.Exists("/usr/src/googletest")),
            }
            .Where(tool => !tool.Found).Select(tool => tool.Package)];
            bool mustRun = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
            return missing.Length == 0 || mustRun
                ? null
                : $"NOT TESTED: {Emulated}. On Debian and Ubuntu: apt-get install {string.Join(' ', missing)}";
        }
    }

    /// <summary>The names of all cases.</summary>
    /// <exception cref="NativeSuiteException">The suite could not be built or listed.</exception>
    public IReadOnlyList<string> Names => _listed.Value.Get();

    /// <summary>The result of one case.</summary>
    /// <param name="name">The case, as CTest names it.</param>
    /// <exception cref="NativeSuiteException">The suite could not be built or run, or has no such case.</exception>
    public NativeResult Result(string name)
    {
        _ = Names;
        return _run.Value.Get().TryGetValue(name, out NativeResult? result)
            ? result
            : throw new NativeSuiteException($"CTest listed '{name}' but reported no result for it.");
    }

    private List<string> BuildAndList()
    {
        using FileStream buildLock = Lock();
        CommandResult build = Command.Run(
            "cmake",
            [
                $"-DBUILD={_buildFolder}",
                $"-DCONFIG={(Repository.Configuration == "Debug" ? "Debug" : "Release")}",
                "-DTARGET_NAME=all",
                $"-DOPTIONS={string.Join(';', _options)}",
                "-P",
                Repository.Path("src", "Bindings", "build", "NativeBuild.cmake"),
            ]);
        if (build.ExitCode != 0)
        {
            throw new NativeSuiteException($"The native tests could not be built.{Environment.NewLine}{build.Output}");
        }

        CommandResult list = Command.Run("ctest", ["--test-dir", _buildFolder, "--show-only=json-v1"]);
        if (list.ExitCode != 0)
        {
            throw new NativeSuiteException($"CTest could not list the native tests.{Environment.NewLine}{list.Output}");
        }

        using JsonDocument document = JsonDocument.Parse(list.StandardOutput);
        List<string> names = [];
        foreach (JsonElement test in document.RootElement.GetProperty("tests").EnumerateArray())
        {
            names.Add(test.GetProperty("name").GetString()!);
        }

        return names.Count > 0 ? names : throw new NativeSuiteException("CTest lists no native test.");
    }

    private Dictionary<string, NativeResult> RunAll()
    {
        using FileStream buildLock = Lock();
        string report = Path.Combine(_buildFolder, "results.xml");
        File.Delete(report);
        CommandResult run = Command.Run(
            "ctest",
            [
                "--test-dir", _buildFolder,
                "--parallel", Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "--output-junit", report,
            ]);

        // CTest's exit code is not 0 when a case fails; the report then still tells each case's own story.
        if (!File.Exists(report))
        {
            throw new NativeSuiteException($"CTest left no report ({run.ExitCode}).{Environment.NewLine}{run.Output}");
        }

        Dictionary<string, NativeResult> results = [];
        foreach (XElement test in XDocument.Load(report).Descendants("testcase"))
        {
            string name = (string?)test.Attribute("name") ?? "";
            NativeOutcome outcome = (string?)test.Attribute("status") switch
            {
                "run" => NativeOutcome.Passed,
                "notrun" when test.Element("skipped") is { } skipped && (string?)skipped.Attribute("message") == "SKIP_REGULAR_EXPRESSION_MATCHED"
                    => NativeOutcome.Skipped,
                _ => NativeOutcome.Failed,
            };
            string message = string.Join(
                Environment.NewLine,
                test.Elements().Where(e => e.Name != "properties").Select(e => $"{(string?)e.Attribute("message")}{e.Value}"));
            results[name] = new NativeResult(outcome, (double?)test.Attribute("time") ?? 0, message.Trim());
        }

        return results;
    }

    /// <summary>One test run at a time in a build folder, across processes too.</summary>
    private FileStream Lock()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_buildFolder)!);
        string path = _buildFolder + ".run.lock";
        DateTime deadline = DateTime.UtcNow + TimeSpan.FromHours(1);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < deadline)
            {
                Thread.Sleep(200);
            }
        }
    }

    private static Outcome<T> Capture<T>(Func<T> action)
    {
        try
        {
            return new Outcome<T>(action(), null);
        }
        catch (NativeSuiteException exception)
        {
            return new Outcome<T>(default, exception.Message);
        }
    }

    /// <summary>A value, or the message of the exception that stands in for it: kept, so that work is never repeated.</summary>
    private sealed record Outcome<T>(T? Value, string? Error)
    {
        public T Get() => Error is null ? Value! : throw new NativeSuiteException(Error);
    }
}

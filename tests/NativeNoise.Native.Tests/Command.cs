using System.ComponentModel;
using System.Diagnostics;

namespace NativeNoise.Native.Tests;

/// <summary>What a command left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="StandardOutput">Its standard output.</param>
/// <param name="Output">Standard output, then standard error.</param>
internal sealed record CommandResult(int ExitCode, string StandardOutput, string Output);

/// <summary>Runs CMake's commands.</summary>
internal static class Command
{
    /// <summary>Whether PATH has a program of this name.</summary>
    /// <param name="program">Its file name.</param>
    public static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its name, found on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="NativeSuiteException">There is no such program.</exception>
    public static CommandResult Run(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["GTEST_COLOR"] = "no";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new CommandResult(process.ExitCode, output, $"{output}{error.Result}".Trim());
        }
        catch (Win32Exception)
        {
            throw new NativeSuiteException(
                $"The native tests need CMake 3.25 or later, and '{program}' was not found on PATH. " +
                "On Debian and Ubuntu: apt-get install cmake g++ libgtest-dev");
        }
    }
}

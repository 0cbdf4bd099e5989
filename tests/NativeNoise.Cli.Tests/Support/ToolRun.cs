using System.Diagnostics;
using System.Text;

namespace NativeNoise.Cli.Tests.Support;

/// <summary>What a run of the tool left behind.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The error lines, without the ends of the lines.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Runs the tool inside this process, or as a process of its own.</summary>
internal static class ToolRun
{
    public static ToolResult InProcess(params string[] arguments) => InProcess(CancellationToken.None, arguments);

    public static ToolResult InProcess(CancellationToken stop, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Tool.Run(arguments, new ToolHost { Output = output, Error = error, Stop = stop });
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the tool as a user does; its output is redirected.</summary>
    public static Process Start(string workingDirectory, params string[] arguments) => Start(workingDirectory, null, arguments);

    public static Process Start(string workingDirectory, (string Name, string Value)? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(typeof(Tool).Assembly.Location);
        if (environment is { } variable)
        {
            start.Environment[variable.Name] = variable.Value;
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The tool did not start.");
    }

    public static ToolResult AsProcess(string workingDirectory, params string[] arguments)
    {
        using Process process = Start(workingDirectory, arguments);
        return Finish(process);
    }

    /// <summary>Waits for the end, reading both streams at once so that neither can block the process.</summary>
    public static ToolResult Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(120)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException("The tool did not end within two minutes.");
        }

        return new ToolResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

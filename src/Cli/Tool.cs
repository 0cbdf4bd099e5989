using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using NativeNoise.Cli.Commands;

namespace NativeNoise.Cli;

/// <summary>What a run of the tool stands on: the console, or a test in its place.</summary>
internal sealed record ToolHost
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Output"/> is a terminal, where lines may be drawn again.</summary>
    public bool Interactive { get; init; }

    /// <summary>Asks the command to end in good order.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>The exit code of a command that ended because of <see cref="Stop"/>.</summary>
    public Func<int> StopCode { get; init; } = () => ExitCode.Interrupted;
}

/// <summary>The command line: commands, errors and exit codes.</summary>
internal static class Tool
{
    private const string Name = "nativenoise";

    public static int Run(IReadOnlyList<string> arguments, ToolHost host)
    {
        var verbose = new Option<bool>("--verbose") { Description = "On errors, also print the stack trace", Recursive = true };
        // Not a RootCommand, whose name in the help would be the assembly's.
        var root = new Command(Name, "Trains neural networks with noise injection.")
        {
            TrainCommand.Create(host), FingerprintCommand.Create(host), InfoCommand.Create(host), new HelpOption(), new VersionOption(), verbose,
        };

        ParseResult parsed = root.Parse(arguments);
        bool atRoot = parsed.CommandResult.Command == root;
        string hint = $" See '{Name}{(atRoot ? string.Empty : " " + parsed.CommandResult.Command.Name)} --help'.";
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
        {
            string message = atRoot && parsed.UnmatchedTokens.Count > 0
                ? $"'{parsed.UnmatchedTokens[0]}' is not a command; expected train, fingerprint or info."
                : Sentence(parsed.Errors[0].Message);
            return Fail(host, message + hint, ExitCode.Usage);
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = host.Output,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
                // Signals are the caller's matter: see Program.
                ProcessTerminationTimeout = null,
            };
            return parsed.Invoke(configuration);
        }
        catch (UsageException exception)
        {
            return Fail(host, exception.Message + hint, ExitCode.Usage);
        }
#pragma warning disable CA1031 // The outermost frame: whatever went wrong becomes a line and an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (parsed.GetValue(verbose))
            {
                host.Error.WriteLine(exception);
                return ExitCode.Failure;
            }

            return Fail(host, Describe(exception), ExitCode.Failure);
        }
    }

    private static int Fail(ToolHost host, string message, int code)
    {
        host.Error.WriteLine($"error: {OneLine(message)}");
        return code;
    }

    /// <summary>Failures that the library or the operating system explains well are passed on as they are.</summary>
    private static string Describe(Exception exception) => exception switch
    {
        ToolException or IOException or InvalidDataException or UnauthorizedAccessException or NativeNoiseException
            or ArgumentException or FormatException or DllNotFoundException => exception.Message,
        TypeInitializationException { InnerException: { } inner } => Describe(inner),
        OutOfMemoryException => "Not enough memory for a network of this size; choose smaller --layers or a smaller --batch.",
        _ => $"{exception.GetType().Name}: {exception.Message} (--verbose prints where)",
    };

    private static string Sentence(string text) => text.TrimEnd() is var t && t.EndsWith('.') ? t : t + ".";

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

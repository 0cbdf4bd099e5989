using System.Globalization;

namespace NativeNoise.Compare;

/// <summary>The command line: <c>[threads] [op-substring] [--peer COMMAND] [--rounds N] [--results FOLDER]</c>.</summary>
internal sealed record Arguments
{
    public const string Usage =
        """
        usage: NativeNoise.Compare [threads] [op-substring] [--peer COMMAND [--rounds N] [--results FOLDER]]

          threads         threads of the CPU device, 1 to 256 (1)
          op-substring    only operations whose name contains it
          --peer COMMAND  also run COMMAND [threads] [op-substring], which prints lines of the same form, and print ratios
          --rounds N      with --peer: run both sides N times in turn, 1 to 100 (1)
          --results DIR   with --peer: write all lines to DIR/<date>-<cpu>-<threads>t.jsonl
        """;

    public int Threads { get; private init; } = 1;

    public string Filter { get; private init; } = "";

    public string? Peer { get; private init; }

    public int Rounds { get; private init; } = 1;

    public string? Results { get; private init; }

    /// <summary>Reads the command line.</summary>
    /// <param name="args">Its words.</param>
    /// <exception cref="FormatException">A word has no place or no sensible value.</exception>
    public static Arguments Parse(string[] args)
    {
        Arguments arguments = new();
        int positional = 0;
        for (int i = 0; i < args.Length; i++)
        {
            arguments = args[i] switch
            {
                "--peer" => arguments with { Peer = Value(args, ref i) },
                "--rounds" => arguments with { Rounds = Number("--rounds", Value(args, ref i), 100) },
                "--results" => arguments with { Results = Value(args, ref i) },
                ['-', ..] => throw new FormatException($"'{args[i]}' is not an option."),
                _ => positional++ switch
                {
                    0 => arguments with { Threads = Number("threads", args[i], 256) },
                    1 => arguments with { Filter = args[i] },
                    _ => throw new FormatException($"'{args[i]}' is one argument too many."),
                },
            };
        }

        return arguments.Peer is null && (arguments.Rounds != 1 || arguments.Results is not null)
            ? throw new FormatException("--rounds and --results need --peer.")
            : arguments;
    }

    private static string Value(string[] args, ref int i) =>
        i + 1 < args.Length ? args[++i] : throw new FormatException($"{args[i]} needs a value.");

    private static int Number(string name, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw new FormatException($"{name} is '{text}'; expected a number from 1 to {most}.");
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace NativeNoise.Cli.Commands;

/// <summary>
/// Options whose values are checked while the command line is read, each with one message that names the option, the
/// value given and what was expected.
/// </summary>
internal static class Parsers
{
    public const string NonNegative = "a finite number of at least 0";
    public const string Positive = "a finite number above 0";

    public static Option<double?> Number(string name, string description, string expected, Func<double, bool> accepts, string help = "x") =>
        Make<double?>(name, description, help, text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && accepts(value)
                ? (value, null)
                : (null, expected));

    public static Option<int?> Count(string name, string description, int low, int high, string help = "n") =>
        Make<int?>(name, description, help, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= low && value <= high
                ? (value, null)
                : (null, $"a whole number from {low} to {high}"));

    public static Option<ulong?> Seed(string name, string description) =>
        Make<ulong?>(name, description, "n", text =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
                ? (value, null)
                : (null, $"a whole number from 0 to {ulong.MaxValue}"));

    /// <summary>Widths such as <c>256,128</c>.</summary>
    public static Option<int[]?> Widths(string name, string description, int high) =>
        Make<int[]?>(name, description, "n,n,...", text =>
        {
            string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
            int[] widths = new int[parts.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out widths[i]) || widths[i] < 1 || widths[i] > high)
                {
                    return (null, $"widths from 1 to {high} separated by commas, such as 256,128");
                }
            }

            return (widths, null);
        });

    /// <summary>One of a few words, each with its meaning.</summary>
    public static Option<T?> Choice<T>(string name, string description, IReadOnlyDictionary<string, T> choices)
        where T : struct =>
        Make<T?>(name, description, string.Join('|', choices.Keys), text =>
            choices.TryGetValue(text, out T value) ? (value, null) : (null, $"one of {string.Join(", ", choices.Keys)}"));

    public static Option<string?> Text(string name, string description, string help) =>
        Make<string?>(name, description, help, text => text.Length > 0 ? (text, null) : (null, "a name that is not empty"));

    /// <summary>An option whose value is read by <paramref name="read"/>, which gives the value or what was expected in its place.</summary>
    public static Option<T?> Make<T>(string name, string description, string help, Func<string, (T? Value, string? Expected)> read) =>
        new(name)
        {
            Description = description,
            HelpName = help,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                (T? value, string? expected) = read(text);
                if (expected is not null)
                {
                    result.AddError($"{name} is '{text}'; expected {expected}.");
                }

                return value;
            },
        };
}

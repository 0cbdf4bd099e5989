using System.Globalization;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>All lines, and the file that the expected hashes stand in.</summary>
internal static class FingerprintTable
{
    /// <summary>The file's name among the tool's resources; it is tests/vectors/fingerprints.txt.</summary>
    private const string Resource = "fingerprints.txt";

    public static IReadOnlyList<FingerprintLine> Lines { get; } =
        [.. ElementLines.All, .. LayerLines.All, .. OperationLines.All, .. OptimizerLines.All, TrainingLine.Line];

    /// <summary>The hashes that this version of the tool was made with.</summary>
    public static IReadOnlyList<Fingerprint> ReadOwn()
    {
        using Stream stream = typeof(FingerprintTable).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The tool lacks its resource '{Resource}'.");
        using var reader = new StreamReader(stream);
        return Read(reader, Resource);
    }

    /// <summary>Reads hashes as <see cref="Fingerprint.ToString"/> writes them; lines that begin with # are comments.</summary>
    /// <exception cref="InvalidDataException">A line is not a fingerprint, or a name occurs twice.</exception>
    public static IReadOnlyList<Fingerprint> Read(TextReader text, string source)
    {
        var read = new Dictionary<string, Fingerprint>();
        int number = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
            {
                continue;
            }

            ulong prefix = 0, full = 0;
            bool known = words.Length == 4 && Hash(words[2], out prefix) && (words[3] == "-" || Hash(words[3], out full));
            if (!known)
            {
                throw new InvalidDataException(
                    $"{source}, line {number}: '{line}' is not a fingerprint; expected a name, a type and two hashes of 16 hexadecimal digits.");
            }

            var fingerprint = new Fingerprint(words[0], words[1], prefix, words[3] == "-" ? null : full);
            if (!read.TryAdd(fingerprint.Key, fingerprint))
            {
                throw new InvalidDataException($"{source}, line {number}: '{fingerprint.Key}' occurs twice.");
            }
        }

        return [.. read.Values];
    }

    private static bool Hash(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && text.Length == 16;
}

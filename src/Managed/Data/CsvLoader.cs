using System.Globalization;

namespace NativeNoise;

/// <summary>How a CSV file is read.</summary>
public sealed record CsvOptions
{
    /// <summary>What stands between two values (comma).</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Whether the first line holds names and is skipped (false).</summary>
    public bool HasHeader { get; init; }

    /// <summary>The column of the label or target, from 0; negative numbers count from the end (-1: the last column).</summary>
    public int LabelColumn { get; init; } = -1;

    /// <summary>Whether the label column holds a real-valued target and the result is a regression data set (false).</summary>
    public bool Regression { get; init; }

    /// <summary>The number of classes; null (the default) takes the largest label plus 1.</summary>
    public int? Classes { get; init; }

    /// <summary>Every input is multiplied by this finite number (1), for example 1/16 for pixels from 0 to 16.</summary>
    public double Scale { get; init; } = 1;
}

/// <summary>Reads data sets from CSV files, plain or gzip (decided by the content, not by the name).</summary>
/// <remarks>One example a line, numbers in the invariant culture, a decimal point; empty lines are skipped, quoting is not supported.</remarks>
public static class CsvLoader
{
    private static readonly CsvOptions Defaults = new();

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; null means the defaults.</param>
    /// <returns>A classification data set, or a regression one with one target where the options say so.</returns>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file is empty or damaged, a value is not a finite number, a line has another number of
    /// values, or a label is not a class. The message names file, line and column.</exception>
    public static Dataset Load(string path, CsvOptions? options = null)
    {
        using Stream stream = DataFile.Open(path);
        return Load(stream, path, options);
    }

    /// <summary>Loads from a stream of text.</summary>
    /// <param name="stream">The text, UTF-8.</param>
    /// <param name="name">The name used in error messages.</param>
    /// <param name="options">How to read it; null means the defaults.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="InvalidDataException">As for <see cref="Load(string, CsvOptions)"/>.</exception>
    public static Dataset Load(Stream stream, string name, CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        if (options is { Scale: var scale } && !double.IsFinite(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(options), scale, "CsvOptions.Scale must be finite.");
        }

        using var reader = new StreamReader(stream, leaveOpen: true);
        return new Parser(name, options ?? Defaults).Parse(reader);
    }

    private sealed class Parser(string name, CsvOptions options)
    {
        private readonly List<float> _inputs = [];
        private readonly List<int> _labels = [];
        private readonly List<float> _targets = [];
        private int _columns;
        private int _labelColumn;
        private int _line;

        public Dataset Parse(StreamReader reader)
        {
            while (ReadLine(reader) is { } line)
            {
                _line++;
                if ((_line > 1 || !options.HasHeader) && !string.IsNullOrWhiteSpace(line))
                {
                    ParseLine(line);
                }
            }

            if (_columns == 0)
            {
                throw new InvalidDataException($"'{name}' has no data.");
            }

            float[] inputs = [.. _inputs];
            return options.Regression
                ? new Dataset(inputs, _columns - 1, [.. _targets])
                : new Dataset(inputs, _columns - 1, [.. _labels], options.Classes ?? Largest(_labels) + 1);
        }

        private string? ReadLine(StreamReader reader)
        {
            try
            {
                return reader.ReadLine();
            }
            catch (InvalidDataException exception)
            {
                throw new InvalidDataException($"'{name}' is not a sound gzip file: {exception.Message}", exception);
            }
        }

        private void ParseLine(ReadOnlySpan<char> line)
        {
            int columns = line.Count(options.Separator) + 1;
            if (_columns == 0)
            {
                SetColumns(columns);
            }
            else if (columns != _columns)
            {
                throw new InvalidDataException($"'{name}', line {_line}: {columns} values; expected {_columns} as in the first line.");
            }

            int column = 0;
            foreach (Range range in line.Split(options.Separator))
            {
                ReadOnlySpan<char> text = line[range].Trim();
                if (column == _labelColumn)
                {
                    AddLabel(text, column);
                }
                else
                {
                    _inputs.Add((float)Number(text, column, options.Scale));
                }

                column++;
            }
        }

        private void SetColumns(int columns)
        {
            if (columns < 2)
            {
                throw new InvalidDataException($"'{name}', line {_line}: {columns} value; expected at least one input and a label, separated by '{options.Separator}'.");
            }

            _labelColumn = options.LabelColumn < 0 ? columns + options.LabelColumn : options.LabelColumn;
            if ((uint)_labelColumn >= (uint)columns)
            {
                throw new InvalidDataException($"'{name}' has {columns} columns; the label column {options.LabelColumn} does not exist.");
            }

            _columns = columns;
        }

        private void AddLabel(ReadOnlySpan<char> text, int column)
        {
            double value = Number(text, column);
            if (options.Regression)
            {
                _targets.Add((float)value);
                return;
            }

            // Labels come as 3 or as 3.0; a class beyond a million is a column that holds something else.
            if (value != Math.Floor(value) || value < 0 || value >= (options.Classes ?? 1_000_000))
            {
                string range = options.Classes is { } classes ? $"from 0 to {classes - 1}" : "of at least 0 and below 1,000,000";
                throw new InvalidDataException($"'{name}', line {_line}, column {column + 1}: '{text}' is not a label; expected a whole number {range}.");
            }

            _labels.Add((int)value);
        }

        private double Number(ReadOnlySpan<char> text, int column, double scale = 1) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && float.IsFinite((float)(value * scale))
                ? value * scale
                : throw new InvalidDataException($"'{name}', line {_line}, column {column + 1}: '{text}' is not a finite number.");

        private static int Largest(List<int> labels)
        {
            int largest = 0;
            foreach (int label in labels)
            {
                largest = Math.Max(largest, label);
            }

            return largest;
        }
    }
}

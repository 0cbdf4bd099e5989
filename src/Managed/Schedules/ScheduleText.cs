using System.Globalization;
using System.Text;

namespace NativeNoise;

/// <summary>
/// The short text form: <c>schedule = number | kind ( [argument {, argument}] )</c>,
/// <c>argument = [name =] (schedule | number) | start : schedule</c>.
/// </summary>
internal static class ScheduleText
{
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Write(Schedule schedule)
    {
        var text = new StringBuilder();
        Append(text, schedule);
        return text.ToString();
    }

    public static Schedule Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new Reader(text);
        Schedule schedule = reader.ReadSchedule();
        reader.ExpectEnd();
        return schedule;
    }

    private static void Append(StringBuilder text, Schedule schedule)
    {
        if (schedule is ConstantSchedule constant)
        {
            text.Append(Number(constant.Constant));
            return;
        }

        if (ScheduleKind.Of(schedule) is not { } kind)
        {
            text.Append("custom");
            return;
        }

        text.Append(kind.Name).Append('(');
        object[] values = kind.Values(schedule);
        for (int i = 0; i < values.Length; i++)
        {
            text.Append(i == 0 ? string.Empty : ",");
            switch (values[i])
            {
                case double number:
                    text.Append(Number(number));
                    break;
                case long number:
                    text.Append(number.ToString(CultureInfo.InvariantCulture));
                    break;
                case Schedule inner:
                    Append(text, inner);
                    break;
                case IReadOnlyList<ScheduleSegment> segments:
                    AppendSegments(text, segments);
                    break;
            }
        }

        text.Append(')');
    }

    private static void AppendSegments(StringBuilder text, IReadOnlyList<ScheduleSegment> segments)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            text.Append(i == 0 ? string.Empty : ",").Append(CultureInfo.InvariantCulture, $"{segments[i].Start}:");
            Append(text, segments[i].Schedule);
        }
    }

    private sealed class Reader(string text)
    {
        private const int DeepestNesting = 32;
        private int _at;
        private int _depth;

        public Schedule ReadSchedule()
        {
            if (TryReadNumber() is { } number)
            {
                return new ConstantSchedule(number);
            }

            string name = ReadName();
            ScheduleKind kind = ScheduleKind.Named(name);
            Expect('(');
            if (++_depth > DeepestNesting)
            {
                throw Error($"schedules are nested more than {DeepestNesting} deep");
            }

            Schedule schedule = kind.Build(ReadArguments(kind));
            _depth--;
            return schedule;
        }

        public void ExpectEnd()
        {
            SkipSpace();
            if (_at < text.Length)
            {
                throw Error($"expected the end of the text, found '{text[_at]}'");
            }
        }

        private object?[] ReadArguments(ScheduleKind kind)
        {
            var values = new object?[kind.Parameters.Length];
            var segments = new List<ScheduleSegment>();
            int next = 0;
            while (!TryRead(')'))
            {
                if (next > 0 || segments.Count > 0)
                {
                    Expect(',');
                }

                int index = TryReadParameterName(kind) ?? next;
                if (index >= values.Length)
                {
                    throw Error($"the schedule '{kind.Name}' takes at most {values.Length} parameters");
                }

                if (kind.Parameters[index].Type == ScheduleParameterType.Segments)
                {
                    long start = ReadStart();
                    Expect(':');
                    segments.Add(new ScheduleSegment(start, ReadSchedule()));
                    values[index] = segments;
                    continue;
                }

                if (values[index] is not null)
                {
                    throw Error($"the parameter '{kind.Parameters[index].Name}' is given twice");
                }

                values[index] = kind.Parameters[index].Type == ScheduleParameterType.Schedule
                    ? ReadSchedule()
                    : kind.ConvertNumber(index, TryReadNumber() ?? throw Error($"expected a number for '{kind.Parameters[index].Name}'"));
                next = index + 1;
            }

            return values;
        }

        private long ReadStart()
        {
            double start = TryReadNumber() ?? throw Error("expected a segment's first step");
            return start == Math.Floor(start) && Math.Abs(start) <= 9007199254740992
                ? (long)start
                : throw Error($"a segment starts at {Number(start)}; expected a whole number");
        }

        private int? TryReadParameterName(ScheduleKind kind)
        {
            SkipSpace();
            int start = _at;
            if (_at < text.Length && char.IsAsciiLetter(text[_at]))
            {
                string name = ReadName();
                if (TryRead('='))
                {
                    return kind.IndexOf(name);
                }
            }

            _at = start;
            return null;
        }

        private double? TryReadNumber()
        {
            SkipSpace();
            int end = _at;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or '-' or '+'
                || (text[end] is 'e' or 'E' && end > _at)))
            {
                end++;
            }

            if (end == _at)
            {
                return null;
            }

            ReadOnlySpan<char> token = text.AsSpan(_at, end - _at);
            if (!double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                throw Error($"'{token}' is not a number");
            }

            _at = end;
            return value;
        }

        private string ReadName()
        {
            SkipSpace();
            int start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '-' or '_'))
            {
                _at++;
            }

            return _at > start
                ? text[start.._at].ToLowerInvariant()
                : throw Error("expected a number or a kind of schedule such as linear(0.2,0.01,10000)");
        }

        private bool TryRead(char expected)
        {
            SkipSpace();
            if (_at < text.Length && text[_at] == expected)
            {
                _at++;
                return true;
            }

            return false;
        }

        private void Expect(char expected)
        {
            if (!TryRead(expected))
            {
                throw Error($"expected '{expected}'{(_at < text.Length ? $", found '{text[_at]}'" : string.Empty)}");
            }
        }

        private void SkipSpace()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }

        private FormatException Error(string what) => new($"The schedule '{text}' cannot be read: {what} (position {_at}).");
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeNoise;

/// <summary>The JSON form: an object with "kind" and the kind's parameters. Written by hand, so that it needs no reflection.</summary>
internal static class ScheduleJson
{
    public static string Write(Schedule schedule)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, schedule);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static void Write(Utf8JsonWriter writer, Schedule schedule)
    {
        ScheduleKind kind = ScheduleKind.Of(schedule) ?? throw ScheduleKind.NoWrittenForm(schedule);
        writer.WriteStartObject();
        writer.WriteString("kind", kind.Name);
        object[] values = kind.Values(schedule);
        for (int i = 0; i < values.Length; i++)
        {
            writer.WritePropertyName(kind.Parameters[i].Name);
            switch (values[i])
            {
                case double number:
                    writer.WriteNumberValue(number);
                    break;
                case long number:
                    writer.WriteNumberValue(number);
                    break;
                case Schedule inner:
                    Write(writer, inner);
                    break;
                case IReadOnlyList<ScheduleSegment> segments:
                    WriteSegments(writer, segments);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    public static Schedule Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The schedule is not JSON: {exception.Message}", exception);
        }

        using (document)
        {
            return Read(document.RootElement);
        }
    }

    public static Schedule Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number)
        {
            return new ConstantSchedule(element.GetDouble());
        }

        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("kind", out JsonElement name) || name.ValueKind != JsonValueKind.String)
        {
            throw new FormatException("A schedule in JSON is a number, or an object with a text member 'kind'.");
        }

        ScheduleKind kind = ScheduleKind.Named(name.GetString()!);
        var values = new object?[kind.Parameters.Length];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Name == "kind")
            {
                continue;
            }

            int index = kind.IndexOf(property.Name);
            values[index] = kind.Parameters[index].Type switch
            {
                ScheduleParameterType.Schedule => Read(property.Value),
                ScheduleParameterType.Segments => ReadSegments(property.Value),
                _ => kind.ConvertNumber(index, Number(property.Value, property.Name)),
            };
        }

        return kind.Build(values);
    }

    private static void WriteSegments(Utf8JsonWriter writer, IReadOnlyList<ScheduleSegment> segments)
    {
        writer.WriteStartArray();
        foreach (ScheduleSegment segment in segments)
        {
            writer.WriteStartObject();
            writer.WriteNumber("start", segment.Start);
            writer.WritePropertyName("schedule");
            Write(writer, segment.Schedule);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static List<ScheduleSegment> ReadSegments(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("'segments' must be an array of objects with 'start' and 'schedule'.");
        }

        var segments = new List<ScheduleSegment>();
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("start", out JsonElement start)
                || start.ValueKind != JsonValueKind.Number || !start.TryGetInt64(out long first)
                || !item.TryGetProperty("schedule", out JsonElement schedule))
            {
                throw new FormatException($"Segment {segments.Count} must be an object with a whole number 'start' and a 'schedule'.");
            }

            segments.Add(new ScheduleSegment(first, Read(schedule)));
        }

        return segments;
    }

    private static double Number(JsonElement element, string name) => element.ValueKind == JsonValueKind.Number
        ? element.GetDouble()
        : throw new FormatException($"The schedule's parameter '{name}' must be a number, not {element.ValueKind}.");
}

/// <summary>Lets System.Text.Json read and write properties of type <see cref="Schedule"/>.</summary>
internal sealed class ScheduleJsonConverter : JsonConverter<Schedule>
{
    public override bool CanConvert(Type typeToConvert) => typeof(Schedule).IsAssignableFrom(typeToConvert);

    public override Schedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        try
        {
            return ScheduleJson.Read(document.RootElement);
        }
        catch (FormatException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, Schedule value, JsonSerializerOptions options) => ScheduleJson.Write(writer, value);
}

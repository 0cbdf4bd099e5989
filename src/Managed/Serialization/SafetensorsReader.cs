using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace NativeNoise;

/// <summary>Reads safetensors files. Every length in the header is checked against the file before anything is allocated for it.</summary>
internal sealed class SafetensorsReader
{
    // The format's own limit on the header.
    private const long LongestHeader = 100_000_000;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly long _dataStart;
    private readonly long _dataLength;
    private readonly byte[] _header;

    private SafetensorsReader(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
        Span<byte> head = stackalloc byte[8];
        if (stream.ReadAtLeast(head, 8, throwOnEndOfStream: false) < 8)
        {
            throw Damaged("it is shorter than the 8 bytes of the header's length");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(head);
        if (length < 2 || length > LongestHeader || length > stream.Length - 8)
        {
            throw Damaged($"its header claims {(ulong)length} bytes; the file has {stream.Length - 8} after the length");
        }

        _header = new byte[length];
        stream.ReadExactly(_header);
        _dataStart = 8 + length;
        _dataLength = stream.Length - _dataStart;
    }

    public static SafetensorsFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Safetensors files are little-endian, and so must the machine be.");
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return new SafetensorsReader(path, stream).ReadAll();
    }

    private SafetensorsFile ReadAll()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        using (JsonDocument document = ParseHeader())
        {
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                {
                    throw Damaged($"'{property.Name}' appears twice in its header");
                }

                if (property.Name == "__metadata__")
                {
                    ReadMetadata(property.Value, metadata);
                }
                else
                {
                    entries.Add(ReadEntry(property.Name, property.Value));
                }
            }
        }

        // The arrays must cover the data without gaps or overlaps.
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long covered = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Begin != covered)
            {
                throw Damaged($"the array '{entry.Name}' begins at byte {entry.Begin} of the data; expected {covered}");
            }

            covered = entry.End;
        }

        if (covered != _dataLength)
        {
            throw Damaged($"its arrays have {covered} bytes, its data {_dataLength}");
        }

        var arrays = new Dictionary<string, SafetensorsArray>(StringComparer.Ordinal);
        foreach (Entry entry in entries)
        {
            arrays.Add(entry.Name, new SafetensorsArray(entry.Shape, ReadValues(entry)));
        }

        return new SafetensorsFile(arrays, metadata);
    }

    private JsonDocument ParseHeader()
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(_header);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException exception)
        {
            throw Damaged($"its header is not JSON ({exception.Message})", exception);
        }

        throw Damaged("its header is not a JSON object");
    }

    private void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Damaged("its metadata is not a JSON object");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            metadata[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : throw Damaged($"the metadata '{property.Name}' is not a text");
        }
    }

    private Entry ReadEntry(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out JsonElement type) || type.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array
            || !element.TryGetProperty("data_offsets", out JsonElement offsets) || offsets.ValueKind != JsonValueKind.Array
            || offsets.GetArrayLength() != 2
            || !TryGetSize(offsets[0], out long begin) || !TryGetSize(offsets[1], out long end))
        {
            throw Damaged($"the array '{name}' lacks a proper dtype, shape or data_offsets");
        }

        int width = type.GetString() switch
        {
            "F64" => 8,
            "F32" => 4,
            "F16" or "BF16" => 2,
            var other => throw Damaged($"the array '{name}' has dtype '{other}'; expected F32, F64, F16 or BF16"),
        };

        var sizes = new List<int>();
        long count = 1;
        foreach (JsonElement item in shape.EnumerateArray())
        {
            if (!TryGetSize(item, out long size) || size > int.MaxValue || (size != 0 && count > Array.MaxLength / size))
            {
                throw Damaged($"the array '{name}' has an impossible shape");
            }

            sizes.Add((int)size);
            count *= size;
        }

        if (begin > end || end > _dataLength)
        {
            throw Damaged($"the array '{name}' lies at bytes {begin} to {end}; the data has {_dataLength} (a truncated file?)");
        }

        return end - begin == count * width
            ? new Entry(name, width, type.GetString() == "BF16", [.. sizes], (int)count, begin, end)
            : throw Damaged($"the array '{name}' has {count} values of {width} bytes, and {end - begin} bytes of data");
    }

    private float[] ReadValues(Entry entry)
    {
        float[] values = new float[entry.Count];
        _stream.Position = _dataStart + entry.Begin;
        if (entry.Width == sizeof(float))
        {
            _stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }

        byte[] bytes = new byte[entry.End - entry.Begin];
        _stream.ReadExactly(bytes);
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> item = bytes.AsSpan(i * entry.Width, entry.Width);
            values[i] = entry switch
            {
                { Width: 8 } => (float)BinaryPrimitives.ReadDoubleLittleEndian(item),
                { IsBrainFloat: true } => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(item) << 16),
                _ => (float)BinaryPrimitives.ReadHalfLittleEndian(item),
            };
        }

        return values;
    }

    private static bool TryGetSize(JsonElement element, out long size)
    {
        size = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out size) && size >= 0;
    }

    private InvalidDataException Damaged(string what, Exception? inner = null) =>
        new($"'{_path}' is not a sound safetensors file: {what}.", inner);

    private sealed record Entry(string Name, int Width, bool IsBrainFloat, int[] Shape, int Count, long Begin, long End);
}

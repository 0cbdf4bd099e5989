using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NativeNoise;

/// <summary>One array to write: its values are asked for when their turn comes, so that nothing is copied before.</summary>
internal readonly record struct SafetensorsSource(string Name, int[] Shape, SafetensorsValues Values);

internal delegate ReadOnlySpan<float> SafetensorsValues();

/// <summary>Writes safetensors files: the same arrays and metadata give the same bytes.</summary>
internal static class SafetensorsWriter
{
    // The format asks for a header that ends on 8 bytes; spaces pad it.
    private const int HeaderAlignment = 8;

    /// <summary>Writes a temporary file in the same folder and renames it, so that the path holds the old file or the whole new one.</summary>
    public static void Write(string path, IReadOnlyList<SafetensorsSource> sources, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Safetensors files are little-endian, and so must the machine be.");
        }

        SafetensorsSource[] sorted = [.. sources];
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        byte[] header = Header(sorted, metadata);

        string full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is { Length: > 0 } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}' to write '{Path.GetFileName(full)}' to.");
        }

        string temporary = $"{full}.{Environment.ProcessId:x}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                Span<byte> length = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
                stream.Write(length);
                stream.Write(header);
                foreach (SafetensorsSource source in sorted)
                {
                    WriteValues(stream, source);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw;
        }
    }

    private static void WriteValues(FileStream stream, SafetensorsSource source)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(source.Values());
        if (bytes.Length != ByteCount(source))
        {
            throw new ArgumentException($"The array '{source.Name}' has {bytes.Length / 4} values; its shape has {ByteCount(source) / 4}.");
        }

        stream.Write(bytes);
    }

    private static byte[] Header(SafetensorsSource[] sources, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            long offset = 0;
            for (int i = 0; i < sources.Length; i++)
            {
                CheckName(sources, i);
                writer.WriteStartObject(sources[i].Name);
                writer.WriteString("dtype", "F32");
                writer.WriteStartArray("shape");
                foreach (int size in sources[i].Shape)
                {
                    writer.WriteNumberValue(size);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                offset = checked(offset + ByteCount(sources[i]));
                writer.WriteNumberValue(offset);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (buffer.Length % HeaderAlignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void CheckName(SafetensorsSource[] sources, int index)
    {
        string name = sources[index].Name;
        if (string.IsNullOrEmpty(name) || name == "__metadata__")
        {
            throw new ArgumentException($"'{name}' cannot be the name of an array in a safetensors file.");
        }

        if (index > 0 && sources[index - 1].Name == name)
        {
            throw new ArgumentException($"Two arrays are named '{name}'.");
        }
    }

    private static long ByteCount(SafetensorsSource source)
    {
        long count = sizeof(float);
        foreach (int size in source.Shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(source));
            count = checked(count * size);
        }

        return count;
    }
}

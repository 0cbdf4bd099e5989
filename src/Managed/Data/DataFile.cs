using System.IO.Compression;

namespace NativeNoise;

/// <summary>Reading data files, plain or gzip; which of the two is decided by the file's first bytes, not by its name.</summary>
internal static class DataFile
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Opens a file, decompressing when it begins with gzip's 1F 8B.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Stream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            bool gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            return gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads exactly <paramref name="count"/> bytes and makes sure that nothing follows. The buffer grows with what is really
    /// there, so a header that promises too much costs no memory.
    /// </summary>
    /// <exception cref="InvalidDataException">The file ends early, goes on, or is damaged.</exception>
    public static byte[] ReadToEnd(Stream stream, long count, string path)
    {
        byte[] buffer = new byte[Math.Min(count, ChunkBytes)];
        long filled = 0;
        while (filled < count)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(count, Math.Min(2L * buffer.Length, Array.MaxLength)));
            }

            int read = ReadSome(stream, buffer.AsSpan((int)filled), path);
            if (read == 0)
            {
                throw new InvalidDataException($"'{path}' is truncated: its header promises {count} bytes of data, there are {filled}.");
            }

            filled += read;
        }

        Span<byte> one = stackalloc byte[1];
        return ReadSome(stream, one, path) == 0
            ? buffer
            : throw new InvalidDataException($"'{path}' goes on after the {count} bytes of data that its header promises.");
    }

    /// <summary>Fills the buffer as far as the stream reaches.</summary>
    /// <returns>The number of bytes read.</returns>
    public static int ReadAtMost(Stream stream, Span<byte> buffer, string path)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            int read = ReadSome(stream, buffer[filled..], path);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }

    private static int ReadSome(Stream stream, Span<byte> buffer, string path)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"'{path}' is not a sound gzip file: {exception.Message}", exception);
        }
    }
}

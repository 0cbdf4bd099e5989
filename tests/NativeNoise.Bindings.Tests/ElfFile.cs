using System.Buffers.Binary;
using System.Text;

namespace NativeNoise.Bindings.Tests;

/// <summary>The few parts of a 64-bit little-endian ELF file that the tests ask for.</summary>
internal sealed class ElfFile
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int SymbolSize = 24;
    private const uint SectionDynamicSymbols = 11;
    private const uint SegmentLoad = 1;
    private const int BindingLocal = 0;

    private readonly byte[] _bytes;

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path.</param>
    public ElfFile(string file)
    {
        _bytes = File.ReadAllBytes(file);
        bool supported = _bytes.Length >= HeaderSize && _bytes.AsSpan(0, 4).SequenceEqual("\u007fELF"u8) && _bytes[4] == 2 && _bytes[5] == 1;
        if (!supported)
        {
            throw new InvalidDataException($"'{file}' is not a 64-bit little-endian ELF file.");
        }

        Exports = ReadExports();
    }

    /// <summary>The defined, non-local dynamic symbols: name and virtual address.</summary>
    public IReadOnlyDictionary<string, ulong> Exports { get; }

    /// <summary>The place in the file of a virtual address.</summary>
    /// <param name="address">An address inside a loaded segment.</param>
    public int FileOffset(ulong address)
    {
        int table = (int)Read64(32);
        int count = Read16(56);
        for (int i = 0; i < count; i++)
        {
            int header = table + (i * ProgramHeaderSize);
            ulong start = Read64(header + 16);
            if (Read32(header) == SegmentLoad && address >= start && address - start < Read64(header + 32))
            {
                return (int)(Read64(header + 8) + (address - start));
            }
        }

        throw new InvalidDataException($"Address 0x{address:x} lies in no loaded segment.");
    }

    private Dictionary<string, ulong> ReadExports()
    {
        Dictionary<string, ulong> exports = [];
        int table = (int)Read64(40);
        int count = Read16(60);
        for (int i = 0; i < count; i++)
        {
            int section = table + (i * SectionHeaderSize);
            if (Read32(section + 4) != SectionDynamicSymbols)
            {
                continue;
            }

            int symbols = (int)Read64(section + 24);
            int end = symbols + (int)Read64(section + 32);
            int names = (int)Read64(table + ((int)Read32(section + 40) * SectionHeaderSize) + 24);
            for (int symbol = symbols; symbol < end; symbol += SymbolSize)
            {
                int binding = _bytes[symbol + 4] >> 4;
                bool defined = Read16(symbol + 6) != 0;
                if (defined && binding != BindingLocal)
                {
                    exports.Add(Text(names + (int)Read32(symbol)), Read64(symbol + 8));
                }
            }
        }

        return exports;
    }

    private string Text(int offset) => Encoding.ASCII.GetString(_bytes, offset, Array.IndexOf(_bytes, (byte)0, offset) - offset);

    private ushort Read16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(offset));

    private uint Read32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset));

    private ulong Read64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(offset));
}

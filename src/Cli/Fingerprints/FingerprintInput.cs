using System.Runtime.CompilerServices;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>
/// What fingerprints are taken of (docs/fingerprint.md): input data that is an exact function of an index, and the addresses of the
/// noise. Nothing here depends on the library that is fingerprinted, but for the hash of a site's name.
/// </summary>
internal static class FingerprintInput
{
    /// <summary>Number of blocks of a full fingerprint; the prefix is the first.</summary>
    public const int Blocks = 64;

    /// <summary>Elements of a block of element-wise noise: 64 rows of 2^14.</summary>
    public const int BlockLength = Rows * Columns;

    public const int Rows = 64;

    public const int Columns = 1 << 14;

    public const ulong Seed = 0x0123456789ABCDEF;

    /// <summary>Step of element-wise noise.</summary>
    public const uint Step = 7;

    /// <summary>The explicit site of every module; its purposes' sites are <c>fingerprint:weight</c> and so on.</summary>
    public const string Site = "fingerprint";

    private const int ZeroMask = 0x3FF;

    private const uint NegativeZero = 0x400;

    private static readonly uint ElementSite = NoiseKey.SiteHash($"{Site}:activation");

    /// <summary>Input x.</summary>
    public const uint X = 0;

    /// <summary>Gradient of the output, or a second input.</summary>
    public const uint Gradient = 1;

    public const uint Weight = 2;

    public const uint WeightScale = 3;

    public const uint Bias = 4;

    public const uint BiasScale = 5;

    public const uint Label = 6;

    /// <summary>Address of a row of element-wise noise, counted over all blocks.</summary>
    public static NoiseKey ElementKey(int row) => new(Seed, ElementSite, Step, (uint)row);

    /// <summary>A well mixed word: MurmurHash3's finisher of the index, moved by the stream.</summary>
    public static uint Word(uint stream, uint index)
    {
        unchecked
        {
            uint h = index + (stream * 0x9E3779B9);
            h = (h ^ (h >> 16)) * 0x85EBCA6B;
            h = (h ^ (h >> 13)) * 0xC2B2AE35;
            return h ^ (h >> 16);
        }
    }

    /// <summary>Elements first, first + 1, ... of a stream: the word as a signed number times 2^-29.</summary>
    public static void Fill(Span<float> values, uint stream, long first)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Value(Word(stream, (uint)(first + i)), shift: 0);
        }
    }

    /// <summary>The same for half precision, which gets the word's upper 8 bits times 2^-5: both halves hold them.</summary>
    public static void FillAs<T>(Span<T> values, uint stream, long first, bool magnitude = false)
        where T : unmanaged
    {
        int shift = typeof(T) == typeof(float) ? 0 : 24;
        for (int i = 0; i < values.Length; i++)
        {
            float value = Value(Word(stream, (uint)(first + i)), shift);
            values[i] = Convert<T>(magnitude ? Math.Abs(value) : value);
        }
    }

    // In [-4, 4]; one in 1,024 is a zero, of either sign.
    private static float Value(uint word, int shift) => (word & ZeroMask) == 0
        ? (word & NegativeZero) == 0 ? 0f : -0f
        : ((int)word >> shift) * (1f / (1 << (29 - shift)));

    // Exact. The comparisons are decided when the method is compiled for T.
    private static T Convert<T>(float value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(Half))
        {
            Half half = (Half)value;
            return Unsafe.As<Half, T>(ref half);
        }

        if (typeof(T) == typeof(BFloat16))
        {
            var half = (BFloat16)value;
            return Unsafe.As<BFloat16, T>(ref half);
        }

        return typeof(T) == typeof(float)
            ? Unsafe.As<float, T>(ref value)
            : throw new NotSupportedException($"Fingerprints have no input data of type {typeof(T).Name}.");
    }
}

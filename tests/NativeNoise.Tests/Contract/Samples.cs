namespace NativeNoise.Tests.Contract;

/// <summary>Inputs, shapes and addresses that library and witness are compared on.</summary>
internal static class Samples
{
    private static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, float.Epsilon, -float.Epsilon, HexFloat.Parse("0x1p-126"), HexFloat.Parse("-0x1.fffffcp-127"),
        float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0.1f, -1e-20f, 1e20f,
    ];

    /// <summary>Addresses at both ends of every field, with and without strides. Each has room for at least 40 rows.</summary>
    public static IReadOnlyList<WitnessAddress> Addresses { get; } =
    [
        new(0, 0),
        new(ulong.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue - 40),
        new(0x0123456789abcdef, SiteName.Hash("fc1:weight"), Step: 1000, FirstRow: 17),
        new(1, SiteName.Hash("input:input"), Step: uint.MaxValue - 40, FirstRow: uint.MaxValue, StepStride: 1, RowStride: 0),
        new(1UL << 32, 7, Step: 3, FirstRow: 5, StepStride: 100_000_000, RowStride: 100_000_000),
        new(0xffffffff, 0x80000000, Step: 0x80000000, FirstRow: 0x7ffffff0, StepStride: 0, RowStride: 0),
    ];

    /// <summary>Rows and columns: columns below, at and above multiples of 4, 8, 16 and 32, long rows, many short rows.</summary>
    public static IReadOnlyList<(int Rows, int Columns)> Shapes { get; } =
    [
        (0, 5), (5, 0), (2, 1), (33, 1), (9, 2), (7, 3), (5, 4), (4, 5), (3, 31), (3, 32), (3, 33), (2, 127), (2, 130), (3, 255),
        (2, 1023), (1, 4099),
    ];

    /// <summary>Every length from 0 to 257 as one row.</summary>
    public static IEnumerable<(int Rows, int Columns)> Lengths => Enumerable.Range(0, 258).Select(n => (1, n));

    /// <summary>Data of every magnitude: ordinary numbers with zeros, subnormals, infinities and NaN among them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which ones.</param>
    public static float[] Data(int count, ulong seed)
    {
        WitnessAddress address = new(seed, SiteName.Hash("data:input"));
        float[] data = new float[count];
        for (int i = 0; i < count; i++)
        {
            uint w = address.Word(0, i);
            data[i] = w % 7 == 0 ? Special[w / 7 % (uint)Special.Length] : address.Normal(1, i) * MathF.ScaleB(1f, (int)(w / 7 % 12) - 6);
        }

        return data;
    }

    /// <summary>Whether two floats are the same bits, every NaN being equal to every other.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static bool SameBits(float a, float b) =>
        BitConverter.SingleToUInt32Bits(a) == BitConverter.SingleToUInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));
}

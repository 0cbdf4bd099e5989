using NativeNoise.Bindings;

namespace NativeNoise.Tests.Contract;

/// <summary>
/// Half-precision data are widened exactly, computed in binary32 and rounded once, to nearest, ties to even.
/// </summary>
public sealed unsafe class HalfLibraryTests : IDisposable
{
    private readonly IReadOnlyList<NativeWorker> _workers = NativeWorker.CreateAll();

    public static TheoryData<string> Kinds => [.. ElementKind.All.Select(kind => kind.Name)];

    public void Dispose()
    {
        foreach (NativeWorker worker in _workers)
        {
            worker.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Float16_equals_the_rounded_witness(string name) =>
        Compare(name, nnoise_dtype.NNOISE_DTYPE_FLOAT16, h => (float)BitConverter.UInt16BitsToHalf(h), f => BitConverter.HalfToUInt16Bits((Half)f));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bfloat16_equals_the_rounded_witness(string name) =>
        Compare(name, nnoise_dtype.NNOISE_DTYPE_BFLOAT16, WidenBfloat16, RoundToBfloat16);

    /// <summary>Every bfloat16 number is a float with its lower half zero; ties go to the even neighbour.</summary>
    [Theory]
    [InlineData(0x3f808000u, 0x3f80)]
    [InlineData(0x3f818000u, 0x3f82)]
    [InlineData(0x3f808001u, 0x3f81)]
    [InlineData(0x7f7fffffu, 0x7f80)]
    [InlineData(0x80000001u, 0x8000)]
    public void The_tests_own_rounding_is_to_nearest_even(uint bits, int expected) =>
        Assert.Equal((ushort)expected, RoundToBfloat16(BitConverter.UInt32BitsToSingle(bits)));

    internal static float WidenBfloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    internal static ushort RoundToBfloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)0x7fc0 : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private void Compare(string name, nnoise_dtype dtype, Func<ushort, float> widen, Func<float, ushort> round)
    {
        ElementKind kind = ElementKind.All.Single(k => k.Name == name);
        foreach ((int rows, int columns) in new[] { (1, 1), (1, 7), (3, 33), (2, 130), (5, 4), (1, 1027) })
        {
            int count = rows * columns;
            ushort[] x = [.. Samples.Data(count, 3).Select(round)];
            ushort[] dy = [.. Samples.Data(count, 4).Select(round)];
            foreach (WitnessAddress address in Samples.Addresses.Take(3))
            {
                foreach (NativeWorker worker in _workers)
                {
                    ushort[] y = new ushort[count];
                    fixed (ushort* px = x, pdy = dy, py = y)
                    {
                        nnoise_status status = kind.Native(
                            worker.Context, dtype, rows, columns, px, pdy, py, NativeWorker.Address(address));
                        NativeWorker.Check(status);
                    }

                    for (int i = 0; i < count; i++)
                    {
                        float expected = kind.Expected(address, i / columns, i % columns, widen(x[i]), widen(dy[i]));
                        bool same = float.IsNaN(expected) ? float.IsNaN(widen(y[i])) : round(expected) == y[i];
                        Assert.True(
                            same,
                            $"{name}, {dtype}, {worker.Name}, {rows} x {columns}, element {i}: the contract gives {expected:R}, "
                            + $"the library {widen(y[i]):R}.");
                    }
                }
            }
        }
    }
}

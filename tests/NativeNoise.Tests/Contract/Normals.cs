namespace NativeNoise.Tests.Contract;

/// <summary>Box-Muller with the contract's own logarithm, sine and cosine: section 5 of docs/noise-contract.md.</summary>
internal static class Normals
{
    private static readonly float TwoToMinus32 = HexFloat.Parse("0x1p-32");
    private static readonly float TwoToMinus31 = HexFloat.Parse("0x1p-31");
    private static readonly float MinusTwoLn2 = HexFloat.Parse("-0x1.62e430p+0");

    // -2 ln(1 + f) = f g(f), highest power first.
    private static readonly float[] Log =
    [
        HexFloat.Parse("0x1.9cf952p-3"), HexFloat.Parse("-0x1.4b6068p-2"), HexFloat.Parse("0x1.61242ap-2"),
        HexFloat.Parse("-0x1.97b168p-2"), HexFloat.Parse("0x1.ff6928p-2"), HexFloat.Parse("-0x1.5558f4p-1"),
        HexFloat.Parse("0x1.00006cp+0"), -2f,
    ];

    // sin(pi/4 y) = y s(y^2), cos(pi/4 y) = c(y^2), highest power first.
    private static readonly float[] SineOverY =
    [
        HexFloat.Parse("-0x1.2cf5dcp-15"), HexFloat.Parse("0x1.465a3ep-9"),
        HexFloat.Parse("-0x1.4abba8p-4"), HexFloat.Parse("0x1.921fb4p-1"),
    ];

    private static readonly float[] Cosine =
    [
        HexFloat.Parse("-0x1.4ea9eap-12"), HexFloat.Parse("0x1.03b162p-6"), HexFloat.Parse("-0x1.3bd3a2p-2"), 1f,
    ];

    /// <summary>sqrt(-2 ln((v + 1/2) 2^-32)).</summary>
    /// <param name="v">The pair's first word.</param>
    public static float Radius(uint v) => MathF.Sqrt(SquaredRadius(v));

    /// <summary>r2(v) = -2 ln((v + 1/2) 2^-32).</summary>
    /// <param name="v">The pair's first word.</param>
    public static float SquaredRadius(uint v)
    {
        float p = ((int)v + 0.5f) * TwoToMinus32;
        float lower = v >= 0x80000000u ? 1f : 0f;
        uint x = unchecked(BitConverter.SingleToUInt32Bits(p + lower) - 0x3F3504F3u);
        float e = (int)x >> 23;
        float scale = BitConverter.UInt32BitsToSingle(unchecked(0x3F800000u - (x & 0xFF800000u)));
        float f = MathF.FusedMultiplyAdd(p, scale, MathF.FusedMultiplyAdd(lower, scale, -1f));
        return MathF.FusedMultiplyAdd(Horner(Log, f), f, e * MinusTwoLn2);
    }

    /// <summary>Sine and cosine of pi/4 y, the rest of the angle inside its quadrant.</summary>
    /// <param name="w">The pair's second word.</param>
    public static (float Sine, float Cosine) Rest(uint w)
    {
        float y = Fraction(w);
        float z = y * y;
        return (Horner(SineOverY, z) * y, Horner(Cosine, z));
    }

    /// <summary>y in [-1, 1]: where the angle lies in its quadrant, in units of pi/4 from the quadrant's middle.</summary>
    /// <param name="w">The pair's second word.</param>
    public static float Fraction(uint w) => (int)(w << 2) * TwoToMinus31;

    /// <summary>The normals of an even element and of the odd one after it.</summary>
    /// <param name="v">The even element's word, which makes the radius.</param>
    /// <param name="w">The odd element's word, which makes the angle.</param>
    public static (float Even, float Odd) Pair(uint v, uint w) => Polar(Radius(v), w);

    /// <summary>radius cos(2 pi w 2^-32).</summary>
    /// <param name="radius">The radius.</param>
    /// <param name="w">The angle's word.</param>
    public static float AlongTurn(float radius, uint w) => Polar(radius, w).Even;

    private static (float Even, float Odd) Polar(float radius, uint w)
    {
        (float sine, float cosine) = Rest(w);
        uint k = unchecked(w + 0x20000000u);
        bool bit31 = (k & 0x80000000u) != 0;
        bool bit30 = (k & 0x40000000u) != 0;
        (float a, float b) = bit30 ? (sine, cosine) : (cosine, sine);
        return ((bit31 != bit30 ? -radius : radius) * a, (bit31 ? -radius : radius) * b);
    }

    private static float Horner(float[] coefficients, float x)
    {
        float sum = coefficients[0];
        for (int i = 1; i < coefficients.Length; i++)
        {
            sum = MathF.FusedMultiplyAdd(sum, x, coefficients[i]);
        }

        return sum;
    }
}

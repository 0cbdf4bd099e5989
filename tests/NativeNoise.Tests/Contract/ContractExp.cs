namespace NativeNoise.Tests.Contract;

/// <summary>The exponential where it decides noise: section 9 of docs/noise-contract.md.</summary>
internal static class ContractExp
{
    private static readonly float Log2E = HexFloat.Parse("0x1.715476p+0");
    private static readonly float MinusLn2High = HexFloat.Parse("-0x1.62e400p-1");
    private static readonly float MinusLn2Low = HexFloat.Parse("-0x1.7f7d1cp-20");

    // c6 to c0.
    private static readonly float[] Coefficients =
    [
        HexFloat.Parse("0x1.6a23d2p-10"), HexFloat.Parse("0x1.123a20p-7"), HexFloat.Parse("0x1.5558f2p-5"),
        HexFloat.Parse("0x1.555492p-3"), HexFloat.Parse("0x1.fffffcp-2"), 1f, 1f,
    ];

    /// <summary>exp(x).</summary>
    /// <param name="x">Any float.</param>
    public static float Exp(float x)
    {
        if (float.IsNaN(x))
        {
            return x;
        }

        if (x > 88.72283f)
        {
            return float.PositiveInfinity;
        }

        if (x < -103.97208f)
        {
            return 0f;
        }

        float n = MathF.Round(x * Log2E, MidpointRounding.ToEven);
        float f = MathF.FusedMultiplyAdd(n, MinusLn2High, x);
        f = MathF.FusedMultiplyAdd(n, MinusLn2Low, f);
        float p = Coefficients[0];
        for (int i = 1; i < Coefficients.Length; i++)
        {
            p = MathF.FusedMultiplyAdd(p, f, Coefficients[i]);
        }

        int power = (int)n;
        int half = power >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(power - half);
    }

    /// <summary>exp(a) - 1, for Student-t.</summary>
    /// <param name="a">A number in [0, 64].</param>
    public static float Expm1(float a)
    {
        float n = MathF.Round(a * Log2E, MidpointRounding.ToEven);
        float f = MathF.FusedMultiplyAdd(n, MinusLn2High, a);
        f = MathF.FusedMultiplyAdd(n, MinusLn2Low, f);
        float p = Coefficients[0];
        for (int i = 1; i < 5; i++)
        {
            p = MathF.FusedMultiplyAdd(p, f, Coefficients[i]);
        }

        p = MathF.FusedMultiplyAdd(p, f, 1f);
        float scale = PowerOfTwo((int)n);
        return MathF.FusedMultiplyAdd(scale, p * f, scale - 1f);
    }

    private static float PowerOfTwo(int exponent) => BitConverter.UInt32BitsToSingle((uint)(exponent + 127) << 23);
}

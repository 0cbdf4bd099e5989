namespace NativeNoise.Tests.Contract;

/// <summary>exp and ln in binary64, section 9 of docs/noise-contract.md.</summary>
internal static class ContractDouble
{
    private static readonly double Log2E = HexFloat.ParseDouble("0x1.71547652b82fep+0");
    private static readonly double Ln2High = HexFloat.ParseDouble("0x1.62e42feep-1");
    private static readonly double Ln2Low = HexFloat.ParseDouble("0x1.a39ef35793c76p-33");
    private static readonly double Ln2 = HexFloat.ParseDouble("0x1.62e42fefa39efp-1");
    private static readonly double Magic = HexFloat.ParseDouble("0x1.8p52");

    /// <summary>exp(x), smaller arguments than -700 counting as -700.</summary>
    /// <param name="x">Any number but NaN.</param>
    public static double Exp(double x)
    {
        double t = Math.Min(Math.Max(x, -700), 710);
        double n = ((t * Log2E) + Magic) - Magic;
        double r = (t - (n * Ln2High)) - (n * Ln2Low);
        double factorial = 39916800;
        double p = 1 / factorial;
        for (int k = 11; k >= 1; k--)
        {
            factorial /= k;
            p = (p * r) + (1 / factorial);
        }

        // 2^1024 is infinite.
        return n >= 1024 ? p * double.PositiveInfinity : p * Math.ScaleB(1, (int)n);
    }

    /// <summary>ln(x).</summary>
    /// <param name="x">A normal number above 0.</param>
    public static double Ln(double x)
    {
        int e = Math.ILogB(x);
        double m = Math.ScaleB(x, -e);
        if (BitConverter.DoubleToInt64Bits(m / 2) >= 0x3FE6A09E667F3BCD)
        {
            m /= 2;
            e++;
        }

        double s = (m - 1) / (m + 1);
        double z = s * s;
        double p = 1.0 / 23;
        for (int odd = 21; odd >= 1; odd -= 2)
        {
            p = (p * z) + (1.0 / odd);
        }

        return (e * Ln2) + (2 * s * p);
    }
}

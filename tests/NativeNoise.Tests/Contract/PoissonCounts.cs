namespace NativeNoise.Tests.Contract;

/// <summary>Poisson noise, section 6 of docs/noise-contract.md.</summary>
internal static class PoissonCounts
{
    private static readonly double HalfLn2Pi = HexFloat.ParseDouble("0x1.d67f1c864beb5p-1");

    /// <summary>count / peak, NaN for NaN.</summary>
    /// <param name="word">The element's word at a salt.</param>
    /// <param name="x">The datum.</param>
    /// <param name="peak">Events at x = 1.</param>
    public static float Noisy(Func<uint, uint> word, float x, float peak)
    {
        double r = peak * x;
        return double.IsNaN(r) ? x : (float)Count(word, r) / peak;
    }

    /// <summary>A Poisson count.</summary>
    /// <param name="word">The element's word at a salt.</param>
    /// <param name="r">The rate.</param>
    public static double Count(Func<uint, uint> word, double r) => r < 10 ? Inverted(Unit(word(0)), r) : Rejected(word, r);

    private static double Unit(uint w) => (w + 0.5) * HexFloat.ParseDouble("0x1p-32");

    private static double Inverted(double u, double r)
    {
        double p = ContractDouble.Exp(-r);
        double sum = p;
        int k = 0;
        while (u > sum && k < 64)
        {
            k++;
            p = p * r * (1.0 / k);
            sum += p;
        }

        return k;
    }

    private static double Rejected(Func<uint, uint> word, double r)
    {
        double b = 0.931 + (2.53 * Math.Sqrt(r));
        double a = -0.059 + (0.02483 * b);
        double limit = 0.9277 - (3.6224 / (b - 2));
        for (uint j = 0; j < 64; j++)
        {
            double u = Unit(word(2 * j)) - 0.5;
            double us = 0.5 - Math.Abs(u);
            double v = Unit(word((2 * j) + 1));
            double k = Math.Floor((((2 * a / us) + b) * u) + r + 0.43);
            if (us >= 0.07 && v <= limit)
            {
                return k;
            }

            if (k < 0 || (us < 0.013 && v > us))
            {
                continue;
            }

            double left = ContractDouble.Ln(v * (1.1239 + (1.1328 / (b - 3.4))) / ((a / (us * us)) + b));
            if (left <= (k * ContractDouble.Ln(r)) - r - LnFactorial(k))
            {
                return k;
            }
        }

        return Math.Floor(r);
    }

    private static double LnFactorial(double k)
    {
        if (k < 10)
        {
            double product = 1;
            for (int i = 2; i <= k; i++)
            {
                product *= i;
            }

            return ContractDouble.Ln(product);
        }

        double q = 1 / k;
        double z = q * q;
        double series = (((((-1.0 / 1680 * z) + (1.0 / 1260)) * z) - (1.0 / 360)) * z) + (1.0 / 12);
        return ((k + 0.5) * ContractDouble.Ln(k)) - k + HalfLn2Pi + (series * q);
    }
}

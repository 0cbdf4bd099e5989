namespace NativeNoise;

/// <summary>
/// Exponential, logarithm, power and cosine that give the same double on every machine.
/// <see cref="Math"/> calls the platform's C library, whose last bit differs between platforms and versions; a schedule
/// whose last bit differs makes another model.
/// </summary>
/// <remarks>
/// Each function is evaluated in double-double arithmetic (about 106 bits, from additions, multiplications, divisions and
/// fused multiply-adds, which IEEE 754 defines exactly) and rounded once at the end. The relative error before that
/// rounding stays below 2^-90, so the result is the correctly rounded one except where the true value lies within
/// 2^-37 ulp of the middle between two doubles: the error is at most 0.5000000001 ulp for normal results.
/// </remarks>
internal static class DeterministicMath
{
    private const int LogTerms = 22;
    private const int ExpTerms = 26;
    private const int TrigonometricTerms = 14;

    private static readonly Double2 Ln2 = new(0.69314718055994528623, 2.3190468138462995584e-17);
    private static readonly Double2 Pi = new(3.1415926535897931160, 1.2246467991473531772e-16);
    private static readonly Double2[] OddReciprocals = CreateOddReciprocals();

    /// <summary>e^x. Infinity above 709.79, 0 below -745.2; NaN gives NaN.</summary>
    public static double Exp(double x) => Exp(new Double2(x, 0));

    /// <summary>The natural logarithm of <paramref name="x"/>: negative infinity at 0, NaN below 0.</summary>
    public static double Log(double x)
    {
        if (x == 0)
        {
            return double.NegativeInfinity;
        }

        return double.IsNaN(x) || x < 0 ? double.NaN : double.IsPositiveInfinity(x) ? x : Log2Parts(x).High;
    }

    /// <summary>x^y for x &gt;= 0, with 0^0 = 1 and 0 to a negative power infinite; NaN for negative x.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }

        if (double.IsNaN(x) || double.IsNaN(y) || x < 0)
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return y > 0 ? 0 : double.PositiveInfinity;
        }

        if (double.IsInfinity(x) || double.IsInfinity(y))
        {
            return (x > 1) == (y > 0) ? double.PositiveInfinity : 0;
        }

        // |y ln x| beyond this is an overflow or a 0 whatever the low part is, and the product could overflow itself.
        Double2 logarithm = Log2Parts(x);
        double estimate = y * logarithm.High;
        return Math.Abs(estimate) > 800 ? (estimate > 0 ? double.PositiveInfinity : 0) : Exp(logarithm * y);
    }

    /// <summary>cos(pi u), exact at multiples of 1/2. NaN and infinities give NaN.</summary>
    public static double CosPi(double u)
    {
        if (!double.IsFinite(u))
        {
            return double.NaN;
        }

        // The cosine is even and has period 2; the remainder is exact.
        double r = Math.Abs(u) % 2;
        if (r > 1)
        {
            r = 2 - r; // exact: both lie within a factor of 2, or r is a multiple of an ulp of 2
        }

        // cos(pi r) = -cos(pi (1 - r)); the sine takes the middle, where the cosine is near 0.
        return r switch
        {
            <= 0.25 => Cosine(r),
            < 0.75 => Sine(0.5 - r),
            _ => -Cosine(1 - r),
        };
    }

    private static double Exp(Double2 x)
    {
        if (double.IsNaN(x.High))
        {
            return double.NaN;
        }

        if (x.High > 709.79)
        {
            return double.PositiveInfinity;
        }

        if (x.High < -745.2)
        {
            return 0;
        }

        // x = k ln 2 + r with |r| <= 0.35; e^r by its Taylor series, nested: 1 + r (1 + r/2 (1 + r/3 (...))).
        double k = Math.Round(x.High / Ln2.High);
        Double2 r = x - (Ln2 * k);
        Double2 sum = new(1, 0);
        for (int n = ExpTerms; n >= 1; n--)
        {
            sum = (sum * r / n) + 1;
        }

        return Scale(sum, (int)k);
    }

    private static Double2 Log2Parts(double x)
    {
        // x = m 2^e with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh(s), s = (m - 1) / (m + 1), |s| <= 0.172.
        int exponent = Math.ILogB(x);
        double m = Math.ScaleB(x, -exponent);
        if (m >= 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        Double2 s = new Double2(m - 1, 0) / (new Double2(m, 0) + 1);
        Double2 square = s * s;
        Double2 sum = OddReciprocals[LogTerms];
        for (int k = LogTerms - 1; k >= 0; k--)
        {
            sum = (sum * square) + OddReciprocals[k];
        }

        return (sum * s * 2) + (Ln2 * exponent);
    }

    // The Taylor series for |pi r| <= pi / 4.
    private static double Cosine(double r)
    {
        Double2 x = Pi * r;
        Double2 square = x * x;
        Double2 sum = new(1, 0);
        for (int n = TrigonometricTerms; n >= 1; n--)
        {
            sum = (sum * square / (-2.0 * n * ((2 * n) - 1))) + 1;
        }

        return sum.High;
    }

    private static double Sine(double r)
    {
        Double2 x = Pi * r;
        Double2 square = x * x;
        Double2 sum = new(1, 0);
        for (int n = TrigonometricTerms; n >= 1; n--)
        {
            sum = (sum * square / (-2.0 * n * ((2 * n) + 1))) + 1;
        }

        return (sum * x).High;
    }

    // (high + low) 2^k, in two exact steps but for the last rounding, so that neither factor leaves the range of doubles.
    private static double Scale(Double2 value, int k)
    {
        int half = k / 2;
        return value.High * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);

    private static Double2[] CreateOddReciprocals()
    {
        var values = new Double2[LogTerms + 1];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = new Double2(1, 0) / ((2 * k) + 1);
        }

        return values;
    }

    /// <summary>The unevaluated sum of two doubles, |Low| at most half an ulp of High (Dekker 1971).</summary>
    private readonly struct Double2(double high, double low)
    {
        public double High { get; } = high;

        public double Low { get; } = low;

        public static Double2 operator +(Double2 a, double b)
        {
            double sum = a.High + b;
            double t = sum - a.High;
            double error = a.High - (sum - t) + (b - t);
            return Renormalise(sum, error + a.Low);
        }

        public static Double2 operator +(Double2 a, Double2 b)
        {
            double sum = a.High + b.High;
            double t = sum - a.High;
            double error = a.High - (sum - t) + (b.High - t);
            double low = a.Low + b.Low;
            double u = low - a.Low;
            double lowError = a.Low - (low - u) + (b.Low - u);
            Double2 partial = Renormalise(sum, error + low);
            return Renormalise(partial.High, partial.Low + lowError);
        }

        public static Double2 operator -(Double2 a, Double2 b) => a + new Double2(-b.High, -b.Low);

        public static Double2 operator *(Double2 a, double b)
        {
            double product = a.High * b;
            double error = Math.FusedMultiplyAdd(a.High, b, -product);
            return Renormalise(product, Math.FusedMultiplyAdd(a.Low, b, error));
        }

        public static Double2 operator *(Double2 a, Double2 b)
        {
            double product = a.High * b.High;
            double error = Math.FusedMultiplyAdd(a.High, b.High, -product);
            error = Math.FusedMultiplyAdd(a.High, b.Low, error);
            error = Math.FusedMultiplyAdd(a.Low, b.High, error);
            return Renormalise(product, error);
        }

        public static Double2 operator /(Double2 a, double b) => a / new Double2(b, 0);

        public static Double2 operator /(Double2 a, Double2 b)
        {
            double first = a.High / b.High;
            Double2 rest = a - (b * first);
            double second = rest.High / b.High;
            rest -= b * second;
            double third = rest.High / b.High;
            return Renormalise(first, second) + third;
        }

        private static Double2 Renormalise(double high, double low)
        {
            double sum = high + low;
            return new Double2(sum, low - (sum - high));
        }
    }
}

namespace NativeNoise.Tests;

/// <summary>
/// Known answers are the exact values, computed with 60 decimal digits and rounded once to double; sweeps compare with
/// <see cref="Math"/>, whose own error the platform's C library bounds by 1 ulp where these tests run.
/// </summary>
public class DeterministicMathTests
{
    private const long LargestDifferenceFromMath = 1; // ulp

    [Theory]
    [InlineData(1.0, 0x4005BF0A8B145769)]
    [InlineData(-1.0, 0x3FD78B56362CEF38)]
    [InlineData(0.1, 0x3FF1AEC7B35A00D4)]
    [InlineData(-0.6931471805599453, 0x3FE0000000000000)]
    [InlineData(10.5, 0x40E1BB7015E84D3B)]
    [InlineData(-700.25, 0x00CAF5FE9A485C8E)]
    [InlineData(700.125, 0x7F10C24ED83B8E53)]
    [InlineData(1e-9, 0x3FF000000044B830)]
    [InlineData(-740.0, 0x0000000000000055)]
    public void Exp_gives_the_correctly_rounded_value(double x, long bits) => AssertBits(bits, DeterministicMath.Exp(x));

    [Theory]
    [InlineData(2.0, 0x3FE62E42FEFA39EF)]
    [InlineData(10.0, 0x40026BB1BBB55516)]
    [InlineData(0.5, unchecked((long)0xBFE62E42FEFA39EF))]
    [InlineData(1.0000000001, 0x3DDB7CDFFFFA18D8)]
    [InlineData(1e-300, unchecked((long)0xC085963447F87FB5))]
    [InlineData(3.141592653589793, 0x3FF250D048E7A1BD)]
    [InlineData(12345.678, 0x4022D79559791E31)]
    [InlineData(0.7071067811865476, unchecked((long)0xBFD62E42FEFA39EE))]
    public void Log_gives_the_correctly_rounded_value(double x, long bits) => AssertBits(bits, DeterministicMath.Log(x));

    [Theory]
    [InlineData(2.0, 0.5, 0x3FF6A09E667F3BCD)]
    [InlineData(10000.0, 0.55, 0x4063CFA880D5EB43)]
    [InlineData(100.0, 0.55, 0x40292DB2B73B2F86)]
    [InlineData(0.9, 1234.5, 0x34346C7FC37989DD)]
    [InlineData(1e-5, 0.1, 0x3FD43D136248490F)]
    [InlineData(60001.0, -0.55, 0x3F634B0AD021BBBF)]
    [InlineData(7.0, 3.0, 0x4075700000000000)]
    public void Pow_gives_the_correctly_rounded_value(double x, double y, long bits) => AssertBits(bits, DeterministicMath.Pow(x, y));

    [Theory]
    [InlineData(0.3333333333333333, 0x3FE0000000000000)]
    [InlineData(0.1, 0x3FEE6F0E134454FF)]
    [InlineData(0.4999, 0x3F3496B7BF8DC391)]
    [InlineData(0.75, unchecked((long)0xBFE6A09E667F3BCD))]
    [InlineData(0.999, unchecked((long)0xBFEFFFF5A6A681FF))]
    [InlineData(1e-8, 0x3FEFFFFFFFFFFFFC)]
    [InlineData(0.0, 0x3FF0000000000000)]
    [InlineData(0.5, 0x0000000000000000)]
    [InlineData(1.0, unchecked((long)0xBFF0000000000000))]
    [InlineData(1.5, 0x0000000000000000)]
    [InlineData(2.0, 0x3FF0000000000000)]
    public void CosPi_gives_the_correctly_rounded_value(double u, long bits) => AssertBits(bits, DeterministicMath.CosPi(u));

    [Fact]
    public void Exp_and_log_differ_from_the_platform_by_at_most_one_ulp()
    {
        for (int i = -7000; i <= 7000; i++)
        {
            double x = i * 0.0997;
            AssertNear(Math.Exp(x), DeterministicMath.Exp(x), $"exp({x})");
            double y = Math.Exp(x);
            AssertNear(Math.Log(y), DeterministicMath.Log(y), $"log({y})");
        }
    }

    [Fact]
    public void Powers_differ_from_the_platform_by_at_most_one_ulp()
    {
        for (int i = 1; i <= 20000; i += 7)
        {
            AssertNear(Math.Pow(1.0 + i, 0.55), DeterministicMath.Pow(1.0 + i, 0.55), $"{1 + i}^0.55");
            AssertNear(Math.Pow(0.97, i / 50.0), DeterministicMath.Pow(0.97, i / 50.0), $"0.97^{i / 50.0}");
        }
    }

    [Fact]
    public void Whole_powers_of_whole_numbers_are_exact()
    {
        for (int x = 1; x <= 20; x++)
        {
            double product = 1;
            for (int n = 0; n <= 12; n++, product *= x)
            {
                Assert.Equal(product, DeterministicMath.Pow(x, n));
            }
        }
    }

    [Fact]
    public void Edge_values_are_those_of_the_standard()
    {
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Exp(1000));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Exp(double.PositiveInfinity));
        Assert.Equal(0, DeterministicMath.Exp(-1000));
        Assert.Equal(0, DeterministicMath.Exp(double.NegativeInfinity));
        Assert.Equal(1, DeterministicMath.Exp(0));
        Assert.True(double.IsNaN(DeterministicMath.Exp(double.NaN)));
        Assert.Equal(double.NegativeInfinity, DeterministicMath.Log(0));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Log(double.PositiveInfinity));
        Assert.Equal(0, DeterministicMath.Log(1));
        Assert.True(double.IsNaN(DeterministicMath.Log(-1)));
        Assert.Equal(Math.Log(double.Epsilon), DeterministicMath.Log(double.Epsilon), 1e-12);
        Assert.Equal(1, DeterministicMath.Pow(0, 0));
        Assert.Equal(0, DeterministicMath.Pow(0, 0.5));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Pow(0, -1));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Pow(10, 400));
        Assert.Equal(0, DeterministicMath.Pow(10, -400));
        Assert.Equal(0, DeterministicMath.Pow(0.5, double.PositiveInfinity));
        Assert.True(double.IsNaN(DeterministicMath.Pow(-2, 0.5)));
        Assert.True(double.IsNaN(DeterministicMath.CosPi(double.PositiveInfinity)));
    }

    private static void AssertBits(long expected, double actual) =>
        Assert.Equal(BitConverter.Int64BitsToDouble(expected), actual);

    private static void AssertNear(double expected, double actual, string what)
    {
        long difference = Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(actual));
        Assert.True(difference <= LargestDifferenceFromMath, $"{what}: {actual:R} is {difference} ulp from {expected:R}");
    }
}

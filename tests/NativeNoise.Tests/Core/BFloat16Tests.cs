using System.Globalization;
using System.Runtime.CompilerServices;

namespace NativeNoise.Tests;

/// <summary>Conversion, comparison and text of BFloat16.</summary>
public sealed class BFloat16Tests
{
    [Fact]
    public void Every_number_survives_the_way_to_float_and_back()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            BFloat16 value = BFloat16.FromBits((ushort)bits);
            float wide = (float)value;
            Assert.Equal((uint)bits << 16, BitConverter.SingleToUInt32Bits(wide));
            BFloat16 back = (BFloat16)wide;
            Assert.Equal(float.IsNaN(wide), BFloat16.IsNaN(value));
            Assert.Equal(float.IsFinite(wide), BFloat16.IsFinite(value));

            // NaN comes back as a quiet NaN, everything else as it was.
            Assert.Equal(float.IsNaN(wide) ? bits | 0x40 : bits, back.Bits);
            Assert.True(value.Equals(back));
            Assert.Equal(value.GetHashCode(), back.GetHashCode());
        }
    }

    /// <summary>Against the definition: of the neighbours below and above in size the nearer, of two equally near the even one.</summary>
    [Fact]
    public void Floats_round_to_the_nearest_even()
    {
        float[] values = new float[20_000];
        uint[] words = new uint[values.Length];
        Noise.FillWords(words, NoiseKey.ForSite(1, "bfloat16"));
        uint[] ties = [0x3f808000, 0x3f818000, 0x3f808001, 0x3f807fff, 0x00008000, 0x00018000, 0x80000001, 0x7f7f7fff];
        foreach (uint bits in words.Concat(ties))
        {
            float value = BitConverter.UInt32BitsToSingle(bits);
            if (!float.IsFinite(value) || MathF.Abs(value) >= (float)BFloat16.MaxValue)
            {
                continue;
            }

            BFloat16 below = BFloat16.FromBits((ushort)(bits >> 16)), above = BFloat16.FromBits((ushort)((bits >> 16) + 1));
            double down = Math.Abs((double)value - (float)below), up = Math.Abs((double)(float)above - value);
            ushort expected = down < up || (down == up && (below.Bits & 1) == 0) ? below.Bits : above.Bits;
            Assert.Equal(expected, ((BFloat16)value).Bits);
        }
    }

    [Theory]
    [InlineData(0f, 0x0000)]
    [InlineData(-0f, 0x8000)]
    [InlineData(1f, 0x3f80)]
    [InlineData(-2f, 0xc000)]
    [InlineData(float.MaxValue, 0x7f80)]
    [InlineData(float.MinValue, 0xff80)]
    [InlineData(float.PositiveInfinity, 0x7f80)]
    [InlineData(float.Epsilon, 0x0000)]
    public void Known_numbers(float value, int bits)
    {
        Assert.Equal((ushort)bits, ((BFloat16)value).Bits);
        Assert.Equal((ushort)bits, BFloat16.FromSingle(value).Bits);
    }

    /// <summary>A NaN whose payload is in the lower half alone must not become infinity.</summary>
    [Fact]
    public void Nan_stays_nan()
    {
        foreach (uint bits in new uint[] { 0x7f800001, 0xff800001, 0x7fffffff, 0x7fc00000 })
        {
            BFloat16 value = (BFloat16)BitConverter.UInt32BitsToSingle(bits);
            Assert.True(BFloat16.IsNaN(value));
            Assert.Equal(bits >> 31 != 0, (value.Bits & 0x8000) != 0);
        }
    }

    [Fact]
    public void Comparisons_are_those_of_float()
    {
        float[] values = [float.NaN, float.NegativeInfinity, -1.5f, -0f, 0f, 1f, 1.5f, float.PositiveInfinity];
        foreach (float a in values)
        {
            foreach (float b in values)
            {
                BFloat16 x = (BFloat16)a, y = (BFloat16)b;
                Assert.Equal(a == b, x == y);
                Assert.Equal(a != b, x != y);
                Assert.Equal(a < b, x < y);
                Assert.Equal(a > b, x > y);
                Assert.Equal(a <= b, x <= y);
                Assert.Equal(a >= b, x >= y);
                Assert.Equal(a.Equals(b), x.Equals(y));
                Assert.Equal(a.Equals(b), x.Equals((object)y));
                Assert.Equal(a.CompareTo(b), x.CompareTo(y));
                Assert.Equal(a.CompareTo(b), x.CompareTo((object)y));
                Assert.True(!x.Equals(y) || x.GetHashCode() == y.GetHashCode());
            }
        }

        Assert.Equal(1, ((BFloat16)1f).CompareTo(null));
        Assert.Throws<ArgumentException>("obj", () => ((BFloat16)1f).CompareTo("1"));
        Assert.False(((BFloat16)1f).Equals(1f));
    }

    [Fact]
    public void It_is_two_bytes_and_says_what_it_is()
    {
        Assert.Equal(2, Unsafe.SizeOf<BFloat16>());
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<BFloat16>());
        Assert.Equal("0.5", ((BFloat16)0.5f).ToString());
        Assert.Equal("-1.50", ((BFloat16)(-1.5f)).ToString("F2", CultureInfo.InvariantCulture));
        Span<char> text = stackalloc char[8];
        Assert.True(((BFloat16)0.5f).TryFormat(text, out int written, "F1", CultureInfo.InvariantCulture));
        Assert.Equal("0.5", text[..written].ToString());
        Assert.Equal("NaN", BFloat16.NaN.ToString());
        Assert.Equal(
            [float.PositiveInfinity, float.NegativeInfinity, 3.3895314e38f, -3.3895314e38f, 9.18355e-41f],
            new[] { BFloat16.PositiveInfinity, BFloat16.NegativeInfinity, BFloat16.MaxValue, BFloat16.MinValue, BFloat16.Epsilon }
                .Select(v => v.ToSingle()));
    }
}

namespace NativeNoise.Tests.Contract;

/// <summary>The page's own claims about its formulas, held against double precision.</summary>
public class FormulaTests
{
    /// <summary>Both ends of the range, both sides of its middle, every power of two with its neighbours, and an even sample.</summary>
    private static IEnumerable<uint> SampledWords()
    {
        for (uint i = 0; i < 4096; i++)
        {
            yield return i;
            yield return uint.MaxValue - i;
            yield return 0x80000000u + i;
            yield return 0x7fffffffu - i;
        }

        for (int bit = 0; bit < 32; bit++)
        {
            for (int d = -3; d <= 3; d++)
            {
                yield return unchecked((1u << bit) + (uint)d);
                yield return unchecked(0u - (1u << bit) + (uint)d);
            }
        }

        // An odd stride near 2^32 / golden ratio visits the range evenly.
        for (uint i = 0; i < 400_000; i++)
        {
            yield return unchecked(i * 0x9E3779B1u);
        }
    }

    // (v + 1/2) 2^-32 has 33 bits: exact in double.
    private static double ExactRadius(uint v) => Math.Sqrt(-2 * Math.Log((v + 0.5) / 4294967296.0));

    private static double RadiusError(uint v) => Math.Abs(Normals.Radius(v) - ExactRadius(v));

    [Fact]
    public void The_radius_is_within_5_4e_7_of_double_precision_and_2_5e_7_below_four()
    {
        Assert.InRange(SampledWords().Max(RadiusError), 0, 5.4e-7);
        Assert.InRange(SampledWords().Where(v => Normals.Radius(v) < 4).Max(RadiusError), 0, 2.5e-7);
    }

    [Fact]
    public void The_radius_stays_in_the_stated_range()
    {
        float least = SampledWords().Min(Normals.Radius);
        float most = SampledWords().Max(Normals.Radius);
        Assert.Equal(HexFloat.Parse("0x1p-16"), least);
        Assert.InRange(most, 6.7f, 6.764f);
        Assert.Equal(most, Normals.Radius(0));
        Assert.Equal(least, Normals.Radius(uint.MaxValue));
    }

    [Fact]
    public void Sine_and_cosine_are_within_1e_7_of_double_precision()
    {
        double worst = 0;
        foreach (uint w in SampledWords())
        {
            double angle = Normals.Fraction(w) * Math.PI / 4;
            (float sine, float cosine) = Normals.Rest(w);
            worst = Math.Max(worst, Math.Max(Math.Abs(sine - Math.Sin(angle)), Math.Abs(cosine - Math.Cos(angle))));
        }

        Assert.InRange(worst, 0, 1e-7);
    }

    [Fact]
    public void Normals_are_within_1e_6_below_four_sigma_and_1_5e_6_beyond()
    {
        double worstInside = 0;
        double worstBeyond = 0;
        uint salt = 0;
        foreach (uint v in SampledWords())
        {
            uint w = unchecked((salt++ * 0x85EBCA6Bu) + 12345u);
            (float even, float odd) = Normals.Pair(v, w);
            double radius = ExactRadius(v);

            // The angle of the pair is 2 pi w / 2^32, so even = radius cos(angle) and odd = radius sin(angle).
            double angle = 2 * Math.PI * w / 4294967296.0;
            foreach ((float got, double want) in new[] { (even, radius * Math.Cos(angle)), (odd, radius * Math.Sin(angle)) })
            {
                double error = Math.Abs(got - want);
                if (Math.Abs(want) < 4)
                {
                    worstInside = Math.Max(worstInside, error);
                }
                else
                {
                    worstBeyond = Math.Max(worstBeyond, error);
                }
            }
        }

        Assert.InRange(worstInside, 0, 1e-6);
        Assert.InRange(worstBeyond, 0, 1.5e-6);
        Assert.NotEqual(0, worstBeyond);
    }

    [Fact]
    public void Each_quadrant_has_its_signs()
    {
        // w = 0, 2^30, 2^31, 3 2^30: the angles 0, 90, 180 and 270 degrees exactly.
        float r = Normals.Radius(12345);
        Assert.Equal((r, 0f), Normals.Pair(12345, 0x00000000));
        Assert.Equal((0f, r), Normals.Pair(12345, 0x40000000));
        Assert.Equal((-r, 0f), Normals.Pair(12345, 0x80000000));
        Assert.Equal((0f, -r), Normals.Pair(12345, 0xC0000000));
    }

    [Fact]
    public void Uniforms_have_the_stated_ends()
    {
        Assert.Equal(0f, Uniforms.Unit(0xff));
        Assert.Equal(HexFloat.Parse("0x1p-24"), Uniforms.Unit(0x100));
        Assert.Equal(1f - HexFloat.Parse("0x1p-24"), Uniforms.Unit(uint.MaxValue));
        foreach ((float low, float high) in new[]
        {
            (0f, 1f), (-0.1f, 0.1f), (1f, MathF.BitIncrement(1f)), (-float.Epsilon, 0f), (-1f, -0f), (0f, float.Epsilon),
            (1e8f, 1.0000001e8f), (-1.5e38f, 1.5e38f), (-3f, -1f),
        })
        {
            foreach (uint w in SampledWords().Take(5000))
            {
                float r = Uniforms.Between(w, low, high);
                Assert.True(r >= low && r < high, $"U[{low:R}, {high:R}) of {w:x8} is {r:R}");
            }
        }

        Assert.Equal(2.5f, Uniforms.Between(uint.MaxValue, 2.5f, 2.5f));
        Assert.Equal(-1f, Uniforms.Between(0, -1f, 1f));
    }

    [Fact]
    public void Decisions_are_exact_at_both_ends()
    {
        Assert.Equal(0UL, Uniforms.Threshold(0));
        Assert.Equal(1UL << 32, Uniforms.Threshold(1));
        Assert.Equal(1UL << 31, Uniforms.Threshold(0.5));
        Assert.False(Uniforms.Happens(0, 0));
        Assert.True(Uniforms.Happens(uint.MaxValue, 1));

        // Halves of one 2^-32: ties go to even.
        Assert.Equal(0UL, Uniforms.Threshold(Math.ScaleB(1, -33)));
        Assert.Equal(2UL, Uniforms.Threshold(Math.ScaleB(3, -33)));
        Assert.Equal(2UL, Uniforms.Threshold(Math.ScaleB(5, -33)));
    }

    [Fact]
    public void The_exponential_agrees_with_double_precision()
    {
        double worst = 0;
        for (int i = -870_000; i <= 880_000; i += 7)
        {
            float x = i / 10_000f;
            double want = Math.Exp(x);
            worst = Math.Max(worst, Math.Abs(ContractExp.Exp(x) - want) / want);
        }

        // Two units in the last place of binary32, wherever the result is a normal number.
        Assert.InRange(worst, 0, 2.4e-7);
        Assert.Equal(1f, ContractExp.Exp(0f));
        Assert.Equal(0f, ContractExp.Exp(-104f));
        Assert.Equal(0f, ContractExp.Exp(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, ContractExp.Exp(88.8f));
        Assert.True(float.IsNaN(ContractExp.Exp(float.NaN)));
        Assert.Equal(float.Epsilon, ContractExp.Exp(-103.5f));
        Assert.True(float.IsFinite(ContractExp.Exp(88.72f)));
    }

    /// <summary>Means, variances and the share of events, each within five standard errors for n draws.</summary>
    [Fact]
    public void Moments_are_those_of_the_distributions()
    {
        const int N = 1 << 20;
        WitnessAddress address = new(2024, SiteName.Hash("moments:activation"));
        double sum = 0, squares = 0, fourth = 0, uniform = 0;
        long events = 0, signs = 0;
        for (int e = 0; e < N; e++)
        {
            double n = address.Normal(0, e);
            sum += n;
            squares += n * n;
            fourth += n * n * n * n;
            uint w = address.Word(1, e);
            uniform += Uniforms.Unit(w);
            events += Uniforms.Happens(w, 0.05) ? 1 : 0;
            signs += (long)address.Sign(2, e);
        }

        double root = Math.Sqrt(N);
        Assert.InRange(sum / N, -5 / root, 5 / root);
        Assert.InRange(squares / N, 1 - (5 * Math.Sqrt(2) / root), 1 + (5 * Math.Sqrt(2) / root));
        Assert.InRange(fourth / N, 3 - (5 * Math.Sqrt(96) / root), 3 + (5 * Math.Sqrt(96) / root));
        Assert.InRange(uniform / N, 0.5 - (5 / Math.Sqrt(12) / root), 0.5 + (5 / Math.Sqrt(12) / root));
        Assert.InRange((double)events / N, 0.05 - (5 * Math.Sqrt(0.05 * 0.95) / root), 0.05 + (5 * Math.Sqrt(0.05 * 0.95) / root));
        Assert.InRange((double)signs / N, -5 / root, 5 / root);
    }
}

namespace NativeNoise.Tests;

/// <summary>Moments and bounds. Seeds are fixed, so a test that passes passes always; bounds are stated in standard errors.</summary>
internal static class Statistics
{
    /// <summary>
    /// Bound in standard errors: exceeded by chance once in 1.7 million independent comparisons, so that a failure is a fault.
    /// </summary>
    public const double Bound = 5;

    /// <summary>Mean of the numbers.</summary>
    public static double Mean(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float v in x)
        {
            sum += v;
        }

        return sum / x.Length;
    }

    /// <summary>Mean square deviation from a known mean.</summary>
    public static double Variance(ReadOnlySpan<float> x, double mean)
    {
        double sum = 0;
        foreach (float v in x)
        {
            sum += (v - mean) * (v - mean);
        }

        return sum / x.Length;
    }

    /// <summary>Asserts that an estimate lies within <see cref="Bound"/> standard errors of its expectation.</summary>
    public static void Within(double expected, double estimate, double standardError, string what) => Assert.True(
        Math.Abs(estimate - expected) <= Bound * standardError,
        $"{what}: {estimate}, expected {expected}, standard error {standardError}.");

    /// <summary>
    /// Asserts that n independent draws follow N(mean, variance): mean, variance and the Kolmogorov distance, whose bound
    /// 2.55 / sqrt(n) is exceeded by chance 4.5 times in a million (2 exp(-2 2.55^2)).
    /// </summary>
    public static void FollowsNormal(float[] draws, double mean, double variance, string what)
    {
        int n = draws.Length;
        Within(mean, Mean(draws), Math.Sqrt(variance / n), $"{what}, mean");
        Within(variance, Variance(draws, mean), variance * Math.Sqrt(2.0 / n), $"{what}, variance");

        float[] sorted = [.. draws];
        Array.Sort(sorted);
        double distance = 0;
        for (int i = 0; i < n; i++)
        {
            double p = NormalDistribution((sorted[i] - mean) / Math.Sqrt(variance));
            distance = Math.Max(distance, Math.Max(Math.Abs(p - ((double)i / n)), Math.Abs(p - ((i + 1.0) / n))));
        }

        Assert.True(distance <= 2.55 / Math.Sqrt(n), $"{what}: Kolmogorov distance {distance} with {n} draws.");
    }

    /// <summary>The normal distribution function, by its Taylor series about 0 (error below 1e-13 for |z| &lt; 7).</summary>
    public static double NormalDistribution(double z)
    {
        if (Math.Abs(z) > 7)
        {
            return z > 0 ? 1 : 0;
        }

        double term = z, sum = z;
        for (int k = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum) && k < 400; k++)
        {
            term *= z * z / ((2 * k) + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
    }
}

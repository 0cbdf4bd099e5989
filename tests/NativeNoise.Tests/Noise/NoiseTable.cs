namespace NativeNoise.Tests;

/// <summary>Every kind of element-wise noise with magnitudes that show, for tests that hold all of them to one promise.</summary>
internal static class NoiseTable
{
    /// <summary>A noise of each kind, by name.</summary>
    public static IReadOnlyDictionary<string, ElementNoise> All { get; } = new Dictionary<string, ElementNoise>
    {
        ["gaussian"] = ElementNoise.Gaussian(0.3f),
        ["relative"] = ElementNoise.RelativeGaussian(0.3f),
        ["multiplicative"] = ElementNoise.MultiplicativeGaussian(0.3f),
        ["uniform"] = ElementNoise.Uniform(-0.5f, 0.25f),
        ["salt and pepper"] = ElementNoise.SaltAndPepper(0.4f, 2f, -2f),
        ["dropout"] = ElementNoise.Dropout(0.4f),
        ["laplace"] = ElementNoise.Laplace(0.3f),
        ["student-t"] = ElementNoise.StudentT(0.3f, 3f),
        ["poisson"] = ElementNoise.Poisson(20f),
        ["snr"] = ElementNoise.GaussianSnr(6f),
        ["pink"] = ElementNoise.Pink(0.3f),
        ["brown"] = ElementNoise.Brown(0.3f),
    };

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Data that every kind takes: from 0.25 to 1.</summary>
    public static float[] Data(int n, string site) => GradientCheck.Data(n, site, 0.25f, 1f);

    /// <summary>Whether the noise is a line of its own along the last axis, which cannot be shared.</summary>
    public static bool RunsAlongLastAxis(in ElementNoise noise) => noise.Kind is ElementNoiseKind.Pink or ElementNoiseKind.Brown;

    /// <summary>Noise of an array on its own.</summary>
    public static T[] Apply<T>(in ElementNoise noise, ReadOnlySpan<T> x, in NoiseKey key, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        T[] y = new T[x.Length];
        Noise.Apply(noise, x, y, key, shape);
        return y;
    }
}

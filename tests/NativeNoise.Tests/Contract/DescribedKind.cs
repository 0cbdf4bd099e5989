using NativeNoise.Bindings;
using static NativeNoise.Bindings.NativeMethods;
using static NativeNoise.Bindings.nnoise_noise_kind;

namespace NativeNoise.Tests.Contract;

/// <summary>A kind with its magnitudes, as nnoise_noise_forward takes it, and the witness of one row.</summary>
/// <param name="Name">Name for messages.</param>
/// <param name="Noise">What the library is given, without axes and with every row chosen.</param>
/// <param name="Forward">The witness: address, local row, its data and its axes in, a row of results out.</param>
internal sealed record DescribedKind(string Name, nnoise_noise Noise, DescribedKind.Witness Forward)
{
    /// <summary>The expected values of one row.</summary>
    public delegate float[] Witness(WitnessAddress address, long row, float[] x, NoiseAxes axes);

    /// <summary>One element: the address, the local row, the noise's element, the datum.</summary>
    private delegate float ElementWitness(WitnessAddress address, long row, long element, float x);

    /// <summary>Every kind, most with several magnitudes.</summary>
    public static IReadOnlyList<DescribedKind> All { get; } =
    [
        Of("Gaussian", NNOISE_NOISE_GAUSSIAN, n => n, (a, r, e, x) => ElementNoise.Gaussian(a.Normal(r, e), x, 0.1f)),
        Of("relative Gaussian", NNOISE_NOISE_GAUSSIAN_RELATIVE, n => n, (a, r, e, x) => ElementNoise.GaussianRelative(a.Normal(r, e), x, 0.1f)),
        Of("multiplicative Gaussian", NNOISE_NOISE_GAUSSIAN_MULTIPLICATIVE, n => n,
            (a, r, e, x) => ElementNoise.GaussianMultiplicative(a.Normal(r, e), x, 0.1f)),
        Of("uniform", NNOISE_NOISE_UNIFORM, n => n, (a, r, e, x) => ElementNoise.Uniform(a.Word(r, e), x, -0.1f, 0.1f)),
        Of("salt and pepper", NNOISE_NOISE_SALT_AND_PEPPER, n => n with { probability = 0.5f },
            (a, r, e, x) => ElementNoise.SaltAndPepper(a.Word(r, e), x, 0.5f, 1f, 0f)),
        Of("dropout", NNOISE_NOISE_DROPOUT, n => n, (a, r, e, x) => ElementNoise.Dropout(a.Word(r, e), x, 0.5f)),
        Of("Laplace", NNOISE_NOISE_LAPLACE, n => n, (a, r, e, x) => ElementNoise.Laplace(a.Word(r, e), x, 0.1f)),
        .. new[] { 1f, 2.5f, 30f, 1e6f, float.MaxValue }.Select(nu => Of(
            $"Student-t {nu:R}", NNOISE_NOISE_STUDENT_T, n => n with { degrees = nu, std = 3f },
            (a, r, e, x) => ElementNoise.StudentT(a.Word(r, e), a.Salted(1).Word(r, e), x, 3f, nu))),
        .. new[] { 0.3f, 8f, 1000f, 1e6f }.Select(peak => Of(
            $"Poisson {peak:R}", NNOISE_NOISE_POISSON, n => n with { peak = peak },
            (a, r, e, x) => PoissonCounts.Noisy(j => a.Salted(j).Word(r, e), x, peak))),
        .. new[] { 20f, 0f, -13.7f, 300f }.Select(snr => new DescribedKind(
            $"signal-to-noise {snr:R}", Describe(NNOISE_NOISE_GAUSSIAN_SNR, n => n with { snr_db = snr }),
            (a, r, x, axes) => SignalToNoiseRow(a, r, x, axes, SignalToNoise.Std(x, snr)))),
        new("pink", Describe(NNOISE_NOISE_PINK, n => n), (a, r, x, axes) => Colored(ColoredNoise.Pink, a, r, x, axes)),
        new("brown", Describe(NNOISE_NOISE_BROWN, n => n), (a, r, x, axes) => Colored(ColoredNoise.Brown, a, r, x, axes)),
    ];

    /// <summary>Whether the noise runs along the last axis, which then cannot be shared.</summary>
    public bool RunsAlongLines => Noise.kind is (int)NNOISE_NOISE_PINK or (int)NNOISE_NOISE_BROWN;

    /// <summary>Data that the kind takes: Poisson noise refuses negative and very large ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which ones.</param>
    public float[] Data(int count, ulong seed)
    {
        float[] data = Samples.Data(count, seed);
        return Noise.kind != (int)NNOISE_NOISE_POISSON ? data : [.. data.Select(v => float.IsNaN(v) ? v : Math.Min(Math.Abs(v), 8f))];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static DescribedKind Of(string name, nnoise_noise_kind kind, Func<nnoise_noise, nnoise_noise> change, ElementWitness element) =>
        new(name, Describe(kind, change), (a, r, x, axes) => [.. x.Select((v, e) => element(a, r, axes.NoiseElement(e), v))]);

    private static unsafe nnoise_noise Describe(nnoise_noise_kind kind, Func<nnoise_noise, nnoise_noise> change)
    {
        nnoise_noise noise;
        NativeWorker.Check(nnoise_noise_default((int)kind, &noise));
        return change(noise);
    }

    private static float[] SignalToNoiseRow(WitnessAddress a, long row, float[] x, NoiseAxes axes, float std) =>
        std == 0 ? x : [.. x.Select((v, e) => MathF.FusedMultiplyAdd(std, a.Normal(row, axes.NoiseElement(e)), v))];

    private static float[] Colored(ColoredNoise filter, WitnessAddress a, long row, float[] x, NoiseAxes axes)
    {
        long length = axes.LineLength(x.Length);
        float[] y = new float[x.Length];
        for (long first = 0; first < x.Length; first += length)
        {
            float[] values = filter.Line(axes.NoiseElement(first) / length, length, (salt, e) => a.Salted(salt).Normal(row, e));
            for (long t = 0; t < length; t++)
            {
                y[first + t] = MathF.FusedMultiplyAdd(0.1f, values[t], x[first + t]);
            }
        }

        return y;
    }
}

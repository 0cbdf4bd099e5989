using NativeNoise.Bindings;
using static NativeNoise.Bindings.NativeMethods;

namespace NativeNoise.Tests.Contract;

/// <summary>One element-wise kind with its magnitudes: how the library is called, and what the witness expects.</summary>
/// <param name="Name">Name for messages.</param>
/// <param name="Native">The library's call.</param>
/// <param name="Expected">The witness: address, local row, element, x and dy in, result out.</param>
internal sealed record ElementKind(string Name, ElementKind.NativeCall Native, ElementKind.Witness Expected)
{
    private const float Third = 1f / 3f;

    private static readonly float[] Magnitudes = [0f, 0.1f, Third, 1f, 1e-30f, 1e30f];

    private static readonly float[] Probabilities = [0f, 0.05f, Third, 0.5f, 1f, 1e-9f, 0.99999994f];

    private static readonly (float Low, float High)[] Intervals =
    [
        (-0.1f, 0.1f), (0f, 0f), (-0f, 0f), (0f, -0f), (0f, 1f), (2.5f, 2.5f), (1f, 1.0000001f), (-1f, -0f), (0f, float.Epsilon),
        (-1.5e38f, 1.5e38f), (3f, 1e6f),
    ];

    /// <summary>A call of the library over [rows, columns].</summary>
    public unsafe delegate nnoise_status NativeCall(
        nnoise_context* context, nnoise_dtype dtype, long rows, long columns, void* x, void* dy, void* y, nnoise_address address);

    /// <summary>The expected value of one element.</summary>
    public delegate float Witness(WitnessAddress address, long row, long element, float x, float dy);

    /// <summary>Every kind with every magnitude.</summary>
    public static IReadOnlyList<ElementKind> All { get; } = [.. GaussianKinds(), .. UniformKinds(), .. DecisionKinds(), .. HeavyTailKinds(), SignKind()];

    private static unsafe IEnumerable<ElementKind> GaussianKinds() => Magnitudes.SelectMany(std => new ElementKind[]
    {
        new($"fill normal {std:R}",
            (c, t, r, n, x, dy, y, a) => nnoise_fill_normal(c, t, r, n, y, a, 0.25f, std),
            (a, r, e, x, dy) => ElementNoise.FillNormal(a.Normal(r, e), 0.25f, std)),
        new($"fill normal {std:R} around -0",
            (c, t, r, n, x, dy, y, a) => nnoise_fill_normal(c, t, r, n, y, a, -0f, std),
            (a, r, e, x, dy) => ElementNoise.FillNormal(a.Normal(r, e), -0f, std)),
        new($"Gaussian {std:R}",
            (c, t, r, n, x, dy, y, a) => nnoise_gaussian(c, t, r, n, x, y, a, std),
            (a, r, e, x, dy) => ElementNoise.Gaussian(a.Normal(r, e), x, std)),
        new($"relative Gaussian {std:R}",
            (c, t, r, n, x, dy, y, a) => nnoise_gaussian_relative(c, t, r, n, x, y, a, std),
            (a, r, e, x, dy) => ElementNoise.GaussianRelative(a.Normal(r, e), x, std)),
        new($"relative Gaussian {std:R}, backward",
            (c, t, r, n, x, dy, y, a) => nnoise_gaussian_relative_backward(c, t, r, n, x, dy, y, a, std),
            (a, r, e, x, dy) => ElementNoise.GaussianRelativeBackward(a.Normal(r, e), x, dy, std)),
        new($"multiplicative Gaussian {std:R}",
            (c, t, r, n, x, dy, y, a) => nnoise_gaussian_multiplicative(c, t, r, n, x, y, a, std),
            (a, r, e, x, dy) => ElementNoise.GaussianMultiplicative(a.Normal(r, e), x, std)),
    });

    private static unsafe IEnumerable<ElementKind> UniformKinds() => Intervals.SelectMany(i => new ElementKind[]
    {
        new($"fill uniform [{i.Low:R}, {i.High:R})",
            (c, t, r, n, x, dy, y, a) => nnoise_fill_uniform(c, t, r, n, y, a, i.Low, i.High),
            (a, r, e, x, dy) => Uniforms.Between(a.Word(r, e), i.Low, i.High)),
        new($"uniform [{i.Low:R}, {i.High:R})",
            (c, t, r, n, x, dy, y, a) => nnoise_uniform(c, t, r, n, x, y, a, i.Low, i.High),
            (a, r, e, x, dy) => ElementNoise.Uniform(a.Word(r, e), x, i.Low, i.High)),
    });

    private static unsafe IEnumerable<ElementKind> DecisionKinds() => Probabilities.SelectMany(p => new ElementKind[]
    {
        new($"salt and pepper {p:R}",
            (c, t, r, n, x, dy, y, a) => nnoise_salt_and_pepper(c, t, r, n, x, y, a, p, 1f, -2f),
            (a, r, e, x, dy) => ElementNoise.SaltAndPepper(a.Word(r, e), x, p, 1f, -2f)),
        new($"salt and pepper {p:R}, backward",
            (c, t, r, n, x, dy, y, a) => nnoise_salt_and_pepper_backward(c, t, r, n, dy, y, a, p),
            (a, r, e, x, dy) => ElementNoise.SaltAndPepperBackward(a.Word(r, e), dy, p)),
        new($"dropout {p:R}",
            (c, t, r, n, x, dy, y, a) => nnoise_dropout(c, t, r, n, x, y, a, p),
            (a, r, e, x, dy) => ElementNoise.Dropout(a.Word(r, e), x, p)),
    });

    private static unsafe IEnumerable<ElementKind> HeavyTailKinds() => Magnitudes.SelectMany(std => new ElementKind[]
    {
        new($"Laplace {std:R}",
            (c, t, r, n, x, dy, y, a) => Forward(c, t, r, n, x, y, a, nnoise_noise_kind.NNOISE_NOISE_LAPLACE, std, 0f),
            (a, r, e, x, dy) => ElementNoise.Laplace(a.Word(r, e), x, std)),
        new($"Student-t {std:R}",
            (c, t, r, n, x, dy, y, a) => Forward(c, t, r, n, x, y, a, nnoise_noise_kind.NNOISE_NOISE_STUDENT_T, std, 3f),
            (a, r, e, x, dy) => ElementNoise.StudentT(a.Word(r, e), a.Salted(1).Word(r, e), x, std, 3f)),
    });

    private static unsafe nnoise_status Forward(
        nnoise_context* context, nnoise_dtype dtype, long rows, long columns, void* x, void* y, nnoise_address address,
        nnoise_noise_kind kind, float std, float degrees)
    {
        nnoise_noise noise;
        NativeWorker.Check(nnoise_noise_default((int)kind, &noise));
        noise.std = std;
        noise.degrees = degrees;
        return nnoise_noise_forward(context, dtype, rows, columns, x, y, address, &noise);
    }

    private static unsafe ElementKind SignKind() => new("signs",
        (c, t, r, n, x, dy, y, a) => nnoise_fill_signs(c, t, r, n, y, a),
        (a, r, e, x, dy) => a.Sign(r, e));

    /// <inheritdoc/>
    public override string ToString() => Name;
}

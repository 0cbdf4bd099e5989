using System.IO.Hashing;
using System.Runtime.InteropServices;
using static NativeNoise.Cli.Fingerprints.FingerprintInput;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>Words, fills and every kind of element-wise noise in every type, through the library's span functions.</summary>
internal static class ElementLines
{
    /// <summary>Axes of a row, for noise that is shared along some, or runs along the last.</summary>
    private static readonly int[] Image = [16, 32, 32];

    private static readonly uint ApplySite = NoiseKey.SiteHash($"{Site}:apply");

    /// <summary>Every kind of noise; a new one is a line here, one in tests/native/fingerprint_elements.cpp, one in docs/fingerprint.md.</summary>
    private static readonly Kind[] Kinds =
    [
        new("gaussian", ElementNoise.Gaussian(0.1f)),
        new("gaussian_relative", ElementNoise.RelativeGaussian(0.3f)),
        new("gaussian_multiplicative", ElementNoise.MultiplicativeGaussian(0.2f)),
        new("uniform", ElementNoise.Uniform(-0.1f, 0.3f)),
        new("salt_and_pepper", ElementNoise.SaltAndPepper(0.3f, 1.5f, -0.5f)),
        new("dropout", ElementNoise.Dropout(0.4f)),
        new("laplace", ElementNoise.Laplace(0.1f)),
        new("student_t", ElementNoise.StudentT(0.1f, 5f)),
        new("poisson", ElementNoise.Poisson(8f)) { NonNegative = true },
        new("gaussian_snr", ElementNoise.GaussianSnr(20f)),
        new("pink", ElementNoise.Pink(0.1f)),
        new("brown", ElementNoise.Brown(0.1f)),
        new("pink_lines", ElementNoise.Pink(0.1f)) { Axes = Image },
        new("gaussian_shared_axes", ElementNoise.Gaussian(0.1f).WithSharedAxes(2)) { Axes = Image },
        new("dropout_shared_axes", ElementNoise.Dropout(0.4f).WithSharedAxes(2, 3)) { Axes = Image },
        new("gaussian_chosen_rows", ElementNoise.Gaussian(0.1f).WithApplyProbability(0.5f, ApplySite)),
        new("gaussian_relative_chosen_rows", ElementNoise.RelativeGaussian(0.3f).WithApplyProbability(0.5f, ApplySite)),
    ];

    /// <summary>y from x, dy and the address, on rows of 2^14 elements. What a call does not read is empty.</summary>
    private delegate void Call<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> y, in NoiseKey key, Device device)
        where T : unmanaged;

    [Flags]
    private enum Reads
    {
        Nothing = 0,
        X = 1,
        Magnitude = 2,
        Gradient = 4,
    }

    public static IEnumerable<FingerprintLine> All { get; } =
    [
        Line<uint>("words", "uint32", Reads.Nothing, (_, _, y, in key, device) => Noise.FillWords(y, key, Columns, device)),
        .. OfType<float>("float32"),
        .. OfType<Half>("float16"),
        .. OfType<BFloat16>("bfloat16"),
    ];

    private static IEnumerable<FingerprintLine> OfType<T>(string type)
        where T : unmanaged
    {
        yield return Line<T>("fill_uniform", type, Reads.Nothing, (_, _, y, in key, device) =>
            Noise.FillUniform(y, -0.25f, 1.5f, key, Columns, device));
        yield return Line<T>("fill_normal", type, Reads.Nothing, (_, _, y, in key, device) =>
            Noise.FillNormal(y, 0.25f, 1.5f, key, Columns, device));
        yield return Line<T>("fill_signs", type, Reads.Nothing, (_, _, y, in key, device) => Noise.FillSigns(y, key, Columns, device));
        foreach (Kind kind in Kinds)
        {
            ElementNoise noise = kind.Noise;
            yield return Line<T>(kind.Name, type, kind.NonNegative ? Reads.Magnitude : Reads.X, (x, _, y, in key, device) =>
                Noise.Apply(noise, x, y, key, kind.Shape(y.Length), device));
            if (!noise.PassesGradient)
            {
                Reads reads = noise.BackwardReadsInput ? Reads.X | Reads.Gradient : Reads.Gradient;
                yield return Line<T>($"{kind.Name}_backward", type, reads, (x, dy, dx, in key, device) =>
                    Noise.ApplyBackward(noise, x, dy, dx, key, kind.Shape(dx.Length), device));
            }
        }
    }

    private static FingerprintLine Line<T>(string name, string type, Reads reads, Call<T> call)
        where T : unmanaged =>
        new(name, type, setting => new Run<T>(setting, reads, call));

    private sealed record Kind(string Name, ElementNoise Noise)
    {
        /// <summary>Whether the noise takes the magnitude of x.</summary>
        public bool NonNegative { get; init; }

        /// <summary>Axes of a row.</summary>
        public int[] Axes { get; init; } = [Columns];

        /// <summary>The shape of so many elements: rows first.</summary>
        public int[] Shape(int length) => [length / Columns, .. Axes];
    }

    private sealed class Run<T>(FingerprintSetting setting, Reads reads, Call<T> call) : IFingerprintRun
        where T : unmanaged
    {
        private readonly T[] _x = Buffer(setting, (reads & (Reads.X | Reads.Magnitude)) != 0);
        private readonly T[] _dy = Buffer(setting, (reads & Reads.Gradient) != 0);
        private readonly T[] _y = Buffer(setting, true);

        public void Add(int block, XxHash64 hash)
        {
            long first = (long)block * BlockLength;
            Span<T> x = Content(_x), dy = Content(_dy), y = Content(_y);
            FillAs(x, X, first, magnitude: (reads & Reads.Magnitude) != 0);
            FillAs(dy, Gradient, first);

            // The gradient's place, where there is one, is also that of its result.
            bool gradientInPlace = setting.InPlace && !dy.IsEmpty;
            bool xInPlace = setting.InPlace && dy.IsEmpty && !x.IsEmpty;
            if (gradientInPlace || xInPlace)
            {
                (gradientInPlace ? dy : x).CopyTo(y);
            }

            for (int row = 0; row < Rows; row += setting.RowsPerCall)
            {
                var range = new Range(row * Columns, Math.Min(row + setting.RowsPerCall, Rows) * Columns);
                Span<T> output = y[range];
                call(
                    xInPlace ? output : x.IsEmpty ? x : x[range],
                    gradientInPlace ? output : dy.IsEmpty ? dy : dy[range],
                    output,
                    ElementKey((block * Rows) + row),
                    setting.Device);
            }

            hash.Append(MemoryMarshal.AsBytes(y));
        }

        public void Dispose()
        {
        }

        private static T[] Buffer(FingerprintSetting setting, bool used) =>
            used ? new T[BlockLength + setting.Offset] : [];

        private Span<T> Content(T[] buffer) => buffer.Length == 0 ? [] : buffer.AsSpan(setting.Offset);
    }
}

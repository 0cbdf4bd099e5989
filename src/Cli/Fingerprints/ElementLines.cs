using System.IO.Hashing;
using System.Runtime.InteropServices;
using static NativeNoise.Cli.Fingerprints.FingerprintInput;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>Element-wise noise and fills, through the library's span functions.</summary>
internal static class ElementLines
{
    /// <summary>y from x, dy and the address, a row being 2^14 elements. What a call does not read is empty.</summary>
    private delegate void Call(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> y, in NoiseKey key, Device device);

    [Flags]
    private enum Reads
    {
        Nothing = 0,
        X = 1,
        Gradient = 2,
    }

    public static IEnumerable<FingerprintLine> All { get; } =
    [
        new("words", "uint32", setting => new Run(
            setting, Reads.Nothing, (_, _, y, in key, device) => Noise.FillWords(MemoryMarshal.Cast<float, uint>(y), key, Columns, device))),
        Line("fill_uniform", Reads.Nothing, (_, _, y, in key, device) => Noise.FillUniform(y, -0.25f, 1.5f, key, Columns, device)),
        Line("fill_normal", Reads.Nothing, (_, _, y, in key, device) => Noise.FillNormal(y, 0.25f, 1.5f, key, Columns, device)),
        Line("fill_signs", Reads.Nothing, (_, _, y, in key, device) => Noise.FillSigns(y, key, Columns, device)),
        Line("gaussian", Reads.X, (x, _, y, in key, device) => Noise.AddGaussian(x, y, 0.1f, key, Columns, device)),
        Line("gaussian_relative", Reads.X, (x, _, y, in key, device) => Noise.AddGaussianRelative(x, y, 0.3f, key, Columns, device)),
        Line("gaussian_relative_backward", Reads.X | Reads.Gradient, (x, dy, y, in key, device) =>
            Noise.AddGaussianRelativeBackward(x, dy, y, 0.3f, key, Columns, device)),
        Line("gaussian_multiplicative", Reads.X, (x, _, y, in key, device) => Noise.MultiplyGaussian(x, y, 0.2f, key, Columns, device)),
        Line("gaussian_multiplicative_backward", Reads.Gradient, (_, dy, y, in key, device) =>
            Noise.MultiplyGaussian(dy, y, 0.2f, key, Columns, device)),
        Line("uniform", Reads.X, (x, _, y, in key, device) => Noise.AddUniform(x, y, -0.1f, 0.3f, key, Columns, device)),
        Line("salt_and_pepper", Reads.X, (x, _, y, in key, device) =>
            Noise.SaltAndPepper(x, y, 0.3f, 1.5f, -0.5f, key, Columns, device)),
        Line("salt_and_pepper_backward", Reads.Gradient, (_, dy, y, in key, device) =>
            Noise.SaltAndPepperBackward(dy, y, 0.3f, key, Columns, device)),
        Line("dropout", Reads.X, (x, _, y, in key, device) => Noise.Dropout(x, y, 0.4f, key, Columns, device)),
        Line("dropout_backward", Reads.Gradient, (_, dy, y, in key, device) => Noise.Dropout(dy, y, 0.4f, key, Columns, device)),
    ];

    private static FingerprintLine Line(string name, Reads reads, Call call) =>
        new(name, "float32", setting => new Run(setting, reads, call));

    private sealed class Run(FingerprintSetting setting, Reads reads, Call call) : IFingerprintRun
    {
        private readonly float[] _x = Buffer(setting, reads.HasFlag(Reads.X));
        private readonly float[] _dy = Buffer(setting, reads.HasFlag(Reads.Gradient));
        private readonly float[] _y = Buffer(setting, true);

        public void Add(int block, XxHash64 hash)
        {
            long first = (long)block * BlockLength;
            Span<float> x = Content(_x), dy = Content(_dy), y = Content(_y);
            Fill(x, X, first);
            Fill(dy, Gradient, first);

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
                Span<float> output = y[range];
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

        private static float[] Buffer(FingerprintSetting setting, bool used) =>
            used ? new float[BlockLength + setting.Offset] : [];

        private Span<float> Content(float[] buffer) => buffer.Length == 0 ? [] : buffer.AsSpan(setting.Offset);
    }
}

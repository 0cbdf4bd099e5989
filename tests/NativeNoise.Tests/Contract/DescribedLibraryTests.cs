using NativeNoise.Bindings;
using static NativeNoise.Bindings.NativeMethods;

namespace NativeNoise.Tests.Contract;

/// <summary>
/// What nnoise_noise_forward and nnoise_noise_backward make of a descriptor equals the witness bit for bit: every kind, shared
/// axes, chosen rows, every storage type.
/// </summary>
public sealed unsafe class DescribedLibraryTests : IDisposable
{
    private const uint ApplySite = 0x51ED270B;

    private static readonly (int Rows, NoiseAxes Axes, int Columns)[] Shapes =
    [
        (0, NoiseAxes.None, 5), (3, NoiseAxes.None, 0), (7, NoiseAxes.None, 1), (5, NoiseAxes.None, 33), (2, NoiseAxes.None, 1100),
        (4, new([3, 5, 7], 0b001), 105), (4, new([3, 5, 7], 0b010), 105), (4, new([3, 5, 7], 0b100), 105),
        (2, new([3, 5, 7], 0b110), 105), (3, new([3, 5, 7], 0b111), 105), (2, new([2, 3, 4, 6], 0b0101), 144),
        (2, new([2, 1025], 0b01), 2050), (20, new([4, 3], 0), 12), (1, new([1, 6, 1], 0b011), 6),
    ];

    private readonly IReadOnlyList<NativeWorker> _workers = NativeWorker.CreateAll();

    public static TheoryData<string> Kinds => [.. DescribedKind.All.Select(kind => kind.Name)];

    public void Dispose()
    {
        foreach (NativeWorker worker in _workers)
        {
            worker.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Float32_equals_the_witness(string name) =>
        Compare(name, nnoise_dtype.NNOISE_DTYPE_FLOAT32, BitConverter.SingleToUInt32Bits, BitConverter.UInt32BitsToSingle);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Float16_equals_the_rounded_witness(string name) =>
        Compare(
            name, nnoise_dtype.NNOISE_DTYPE_FLOAT16,
            f => BitConverter.HalfToUInt16Bits((Half)f), h => (float)BitConverter.UInt16BitsToHalf(h));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bfloat16_equals_the_rounded_witness(string name) =>
        Compare(name, nnoise_dtype.NNOISE_DTYPE_BFLOAT16, HalfLibraryTests.RoundToBfloat16, HalfLibraryTests.WidenBfloat16);

    /// <summary>The gradient of additive noise, of a mean and of a constant scale is dy, whatever the data were.</summary>
    [Theory]
    [InlineData("Gaussian")]
    [InlineData("uniform")]
    [InlineData("Laplace")]
    [InlineData("Student-t 2.5")]
    [InlineData("Poisson 8")]
    [InlineData("signal-to-noise 20")]
    [InlineData("pink")]
    [InlineData("brown")]
    public void Backward_is_the_identity_and_reads_no_data(string name)
    {
        nnoise_noise noise = DescribedKind.All.Single(k => k.Name == name).Noise;
        float[] dy = Samples.Data(300, 8);
        foreach (NativeWorker worker in _workers)
        {
            float[] dx = new float[dy.Length];
            fixed (float* pdy = dy, pdx = dx)
            {
                NativeWorker.Check(nnoise_noise_backward(
                    worker.Context, nnoise_dtype.NNOISE_DTYPE_FLOAT32, 3, 100, null, pdy, pdx,
                    NativeWorker.Address(Samples.Addresses[0]), &noise));
            }

            Assert.Equal(dy.Select(BitConverter.SingleToUInt32Bits), dx.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    private static nnoise_noise With(nnoise_noise noise, NoiseAxes axes, float apply)
    {
        noise.apply_probability = apply;
        noise.apply_site = ApplySite;
        noise.shared_axes = axes.Shared;
        noise.axes = axes.Lengths.Count;
        for (int i = 0; i < axes.Lengths.Count; i++)
        {
            noise.axis_length[i] = axes.Lengths[i];
        }

        return noise;
    }

    private static float[] Expected(DescribedKind kind, WitnessAddress address, NoiseAxes axes, float apply, float[] x, int rows, int columns)
    {
        WitnessAddress decision = address with { Site = ApplySite };
        List<float> expected = [];
        for (int row = 0; row < rows; row++)
        {
            float[] data = x[(row * columns)..((row + 1) * columns)];
            bool applies = Uniforms.Happens(decision.Word(row, 0), apply);
            expected.AddRange(applies && columns > 0 ? kind.Forward(address, row, data, axes) : data);
        }

        return [.. expected];
    }

    private void Compare<T>(string name, nnoise_dtype dtype, Func<float, T> round, Func<T, float> widen)
        where T : unmanaged
    {
        DescribedKind kind = DescribedKind.All.Single(k => k.Name == name);
        int number = 0;
        foreach ((int rows, NoiseAxes axes, int columns) in Shapes)
        {
            if (kind.RunsAlongLines && axes.LastIsShared)
            {
                continue; // refused: tests/native/status_tests.cpp
            }

            float apply = number % 2 == 0 ? 1f : 0.6f;
            WitnessAddress address = Samples.Addresses[number++ % Samples.Addresses.Count];
            int count = rows * columns;
            T[] x = [.. kind.Data(count, 5).Select(round)];
            float[] expected = Expected(kind, address, axes, apply, [.. x.Select(widen)], rows, columns);
            nnoise_noise noise = With(kind.Noise, axes, apply);
            foreach (NativeWorker worker in _workers)
            {
                T[] y = new T[count + 1];
                fixed (T* px = x, py = y)
                {
                    NativeWorker.Check(nnoise_noise_forward(
                        worker.Context, dtype, rows, columns, count == 0 ? py : px, py, NativeWorker.Address(address), &noise));
                }

                Assert.Equal(default, y[count]);
                for (int i = 0; i < count; i++)
                {
                    bool same = float.IsNaN(expected[i]) ? float.IsNaN(widen(y[i])) : round(expected[i]).Equals(y[i]);
                    Assert.True(
                        same,
                        $"{name}, {dtype}, {worker.Name}, {rows} rows, {axes}, apply {apply}, element {i}: the contract gives "
                        + $"{expected[i]:R}, the library {widen(y[i]):R}.");
                }
            }
        }
    }
}

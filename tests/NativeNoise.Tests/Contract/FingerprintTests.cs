using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using NativeNoise.Testing;

namespace NativeNoise.Tests.Contract;

/// <summary>
/// The third witness of tests/vectors/fingerprints.txt: the independent implementation of the contract, on input data written from
/// docs/fingerprint.md, has the recorded hash of the first 2^20 draws of every element-wise line.
/// </summary>
public class FingerprintTests
{
    private const int Rows = 64;

    private const int Columns = 1 << 14;

    private static readonly WitnessAddress At = new(0x0123456789abcdef, SiteName.Hash("fingerprint:activation"), Step: 7);

    private static readonly WitnessAddress Apply = At with { Site = SiteName.Hash("fingerprint:apply") };

    private static readonly float Fine = HexFloat.Parse("0x1p-29");

    private static readonly float Coarse = HexFloat.Parse("0x1p-5");

    private static readonly NoiseAxes Lines = new([16, 32, 32], 0);

    private static readonly NoiseAxes MiddleShared = new([16, 32, 32], 0b010);

    private static readonly NoiseAxes ImageShared = new([16, 32, 32], 0b110);

    /// <summary>Each line's row of outputs from local row, x and dy.</summary>
    private static readonly Dictionary<string, Func<int, float[], float[], float[]>> Kinds = new()
    {
        ["words"] = Each((r, e, _, _) => BitConverter.UInt32BitsToSingle(At.Word(r, e))),
        ["fill_uniform"] = Each((r, e, _, _) => Uniforms.Between(At.Word(r, e), -0.25f, 1.5f)),
        ["fill_normal"] = Each((r, e, _, _) => ElementNoise.FillNormal(At.Normal(r, e), 0.25f, 1.5f)),
        ["fill_signs"] = Each((r, e, _, _) => At.Sign(r, e)),
        ["gaussian"] = Each((r, e, x, _) => ElementNoise.Gaussian(At.Normal(r, e), x, 0.1f)),
        ["gaussian_relative"] = Each((r, e, x, _) => ElementNoise.GaussianRelative(At.Normal(r, e), x, 0.3f)),
        ["gaussian_relative_backward"] = Each((r, e, x, dy) => ElementNoise.GaussianRelativeBackward(At.Normal(r, e), x, dy, 0.3f)),
        ["gaussian_multiplicative"] = Each((r, e, x, _) => ElementNoise.GaussianMultiplicative(At.Normal(r, e), x, 0.2f)),
        ["gaussian_multiplicative_backward"] = Each((r, e, _, dy) => ElementNoise.GaussianMultiplicative(At.Normal(r, e), dy, 0.2f)),
        ["uniform"] = Each((r, e, x, _) => ElementNoise.Uniform(At.Word(r, e), x, -0.1f, 0.3f)),
        ["salt_and_pepper"] = Each((r, e, x, _) => ElementNoise.SaltAndPepper(At.Word(r, e), x, 0.3f, 1.5f, -0.5f)),
        ["salt_and_pepper_backward"] = Each((r, e, _, dy) => ElementNoise.SaltAndPepperBackward(At.Word(r, e), dy, 0.3f)),
        ["dropout"] = Each((r, e, x, _) => ElementNoise.Dropout(At.Word(r, e), x, 0.4f)),
        ["dropout_backward"] = Each((r, e, _, dy) => ElementNoise.Dropout(At.Word(r, e), dy, 0.4f)),
        ["laplace"] = Each((r, e, x, _) => ElementNoise.Laplace(At.Word(r, e), x, 0.1f)),
        ["student_t"] = Each((r, e, x, _) => ElementNoise.StudentT(At.Word(r, e), At.Salted(1).Word(r, e), x, 0.1f, 5f)),
        ["poisson"] = Each((r, e, x, _) => PoissonCounts.Noisy(j => At.Salted(j).Word(r, e), MathF.Abs(x), 8f)),
        ["gaussian_snr"] = Described("signal-to-noise 20", NoiseAxes.None),
        ["pink"] = Described("pink", NoiseAxes.None),
        ["brown"] = Described("brown", NoiseAxes.None),
        ["pink_lines"] = Described("pink", Lines),
        ["gaussian_shared_axes"] = Each((r, e, x, _) => ElementNoise.Gaussian(At.Normal(r, MiddleShared.NoiseElement(e)), x, 0.1f)),
        ["dropout_shared_axes"] = Each((r, e, x, _) => ElementNoise.Dropout(At.Word(r, ImageShared.NoiseElement(e)), x, 0.4f)),
        ["dropout_shared_axes_backward"] = Each((r, e, _, dy) => ElementNoise.Dropout(At.Word(r, ImageShared.NoiseElement(e)), dy, 0.4f)),
        ["gaussian_chosen_rows"] = Each((r, e, x, _) => IsChosen(r) ? ElementNoise.Gaussian(At.Normal(r, e), x, 0.1f) : x),
        ["gaussian_relative_chosen_rows"] = Each((r, e, x, _) =>
            IsChosen(r) ? ElementNoise.GaussianRelative(At.Normal(r, e), x, 0.3f) : x),
        ["gaussian_relative_chosen_rows_backward"] = Each((r, e, x, dy) =>
            IsChosen(r) ? ElementNoise.GaussianRelativeBackward(At.Normal(r, e), x, dy, 0.3f) : dy),
    };

    private delegate float Element(int row, int element, float x, float dy);

    public static TheoryData<string, string> Recorded =>
    [
        .. ReadRecorded().Keys.Where(key => Kinds.ContainsKey(key.Name)).Select(key => new TheoryDataRow<string, string>(key.Name, key.Type)),
    ];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void The_witness_has_the_recorded_hash(string name, string type)
    {
        Func<int, float[], float[], float[]> kind = Kinds[name];
        var hash = new XxHash64();
        for (int r = 0; r < Rows; r++)
        {
            float[] y = kind(r, Input(0, r, type), Input(1, r, type));
            switch (type)
            {
                case "float16":
                    Half[] halves = [.. y.Select(v => (Half)v)];
                    hash.Append(MemoryMarshal.AsBytes(halves.AsSpan()));
                    break;
                case "bfloat16":
                    ushort[] rounded = [.. y.Select(HalfLibraryTests.RoundToBfloat16)];
                    hash.Append(MemoryMarshal.AsBytes(rounded.AsSpan()));
                    break;
                default:
                    hash.Append(MemoryMarshal.AsBytes(y.AsSpan()));
                    break;
            }
        }

        Assert.Equal(ReadRecorded()[(name, type)], hash.GetCurrentHashAsUInt64());
    }

    /// <summary>Every line of half precision is element-wise: each has a witness, in each type.</summary>
    [Fact]
    public void Every_element_wise_line_has_a_witness()
    {
        HashSet<(string Name, string Type)> recorded = [.. ReadRecorded().Keys];
        string[] names = [.. recorded.Where(key => key.Type == "float16").Select(key => key.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(Kinds.Keys.Where(name => name != "words").Order(StringComparer.Ordinal), names);
        Assert.All(names, name => Assert.True(recorded.Contains((name, "float32")) && recorded.Contains((name, "bfloat16")), name));
        Assert.Contains(("words", "uint32"), recorded);
    }

    private static Func<int, float[], float[], float[]> Each(Element element) => (r, x, dy) =>
    {
        float[] y = new float[Columns];
        for (int e = 0; e < Columns; e++)
        {
            y[e] = element(r, e, x[e], dy[e]);
        }

        return y;
    };

    private static Func<int, float[], float[], float[]> Described(string name, NoiseAxes axes)
    {
        DescribedKind kind = DescribedKind.All.Single(k => k.Name == name);
        return (r, x, _) => kind.Forward(At, r, x, axes);
    }

    private static bool IsChosen(int row) => Uniforms.Happens(Apply.Word(row, 0), 0.5);

    private static float[] Input(uint stream, int row, string type)
    {
        float[] values = new float[Columns];
        for (int e = 0; e < Columns; e++)
        {
            uint h = unchecked((uint)((row * Columns) + e) + (stream * 0x9e3779b9u));
            h = unchecked((h ^ (h >> 16)) * 0x85ebca6bu);
            h = unchecked((h ^ (h >> 13)) * 0xc2b2ae35u);
            h ^= h >> 16;
            float zero = (h & 1024) != 0 ? -0f : 0f;
            bool isHalf = type is "float16" or "bfloat16";
            values[e] = h % 1024 == 0 ? zero : isHalf ? ((int)h >> 24) * Coarse : (int)h * Fine;
        }

        return values;
    }

    private static Dictionary<(string Name, string Type), ulong> ReadRecorded()
    {
        Dictionary<(string Name, string Type), ulong> recorded = [];
        foreach (string line in File.ReadLines(Repository.Path("tests", "vectors", "fingerprints.txt")).Where(l => !l.StartsWith('#')))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            recorded.Add((words[0], words[1]), ulong.Parse(words[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        }

        return recorded;
    }
}

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

    private static readonly float Unit = HexFloat.Parse("0x1p-29");

    private static readonly WitnessAddress At = new(0x0123456789abcdef, SiteName.Hash("fingerprint:activation"), Step: 7);

    /// <summary>Each line's value from local row, element, x and dy.</summary>
    private static readonly Dictionary<string, Func<long, long, float, float, float>> Kinds = new()
    {
        ["words"] = (r, e, _, _) => BitConverter.UInt32BitsToSingle(At.Word(r, e)),
        ["fill_uniform"] = (r, e, _, _) => Uniforms.Between(At.Word(r, e), -0.25f, 1.5f),
        ["fill_normal"] = (r, e, _, _) => ElementNoise.FillNormal(At.Normal(r, e), 0.25f, 1.5f),
        ["fill_signs"] = (r, e, _, _) => At.Sign(r, e),
        ["gaussian"] = (r, e, x, _) => ElementNoise.Gaussian(At.Normal(r, e), x, 0.1f),
        ["gaussian_relative"] = (r, e, x, _) => ElementNoise.GaussianRelative(At.Normal(r, e), x, 0.3f),
        ["gaussian_relative_backward"] = (r, e, x, dy) => ElementNoise.GaussianRelativeBackward(At.Normal(r, e), x, dy, 0.3f),
        ["gaussian_multiplicative"] = (r, e, x, _) => ElementNoise.GaussianMultiplicative(At.Normal(r, e), x, 0.2f),
        ["gaussian_multiplicative_backward"] = (r, e, _, dy) => ElementNoise.GaussianMultiplicative(At.Normal(r, e), dy, 0.2f),
        ["uniform"] = (r, e, x, _) => ElementNoise.Uniform(At.Word(r, e), x, -0.1f, 0.3f),
        ["salt_and_pepper"] = (r, e, x, _) => ElementNoise.SaltAndPepper(At.Word(r, e), x, 0.3f, 1.5f, -0.5f),
        ["salt_and_pepper_backward"] = (r, e, _, dy) => ElementNoise.SaltAndPepperBackward(At.Word(r, e), dy, 0.3f),
        ["dropout"] = (r, e, x, _) => ElementNoise.Dropout(At.Word(r, e), x, 0.4f),
        ["dropout_backward"] = (r, e, _, dy) => ElementNoise.Dropout(At.Word(r, e), dy, 0.4f),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_witness_has_the_recorded_hash(string name)
    {
        Func<long, long, float, float, float> kind = Kinds[name];
        float[] y = new float[Rows * Columns];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = kind(i / Columns, i % Columns, Input(0, (uint)i), Input(1, (uint)i));
        }

        string type = name == "words" ? "uint32" : "float32";
        Assert.Equal(Recorded(name, type), XxHash64.HashToUInt64(MemoryMarshal.AsBytes(y.AsSpan())));
    }

    private static float Input(uint stream, uint index)
    {
        uint h = unchecked(index + (stream * 0x9e3779b9u));
        h = unchecked((h ^ (h >> 16)) * 0x85ebca6bu);
        h = unchecked((h ^ (h >> 13)) * 0xc2b2ae35u);
        h ^= h >> 16;
        float sign = (h & 1024) != 0 ? -1f : 1f;
        return h % 1024 == 0 ? sign * 0f : (int)h * Unit;
    }

    private static ulong Recorded(string name, string type)
    {
        foreach (string line in File.ReadLines(Repository.Path("tests", "vectors", "fingerprints.txt")))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [_, _, _, _] && words[0] == name && words[1] == type)
            {
                return ulong.Parse(words[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidDataException($"fingerprints.txt has no line '{name} {type}'.");
    }
}

using System.Globalization;
using NativeNoise.Testing;

namespace NativeNoise.Tests.Contract;

/// <summary>
/// The known answers in tests/vectors, which the native suite holds the library against, are what the contract says: the
/// witness makes each of them again. The format of noise.kat stands in tests/native/vector_tests.cpp.
/// </summary>
public class KnownAnswerTests
{
    [Fact]
    public void Philox_vectors_are_those_of_the_witness()
    {
        int count = 0;
        foreach (string line in File.ReadLines(Repository.Path("tests", "vectors", "philox4x32.kat")))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            uint[] words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Hex)];
            Assert.Equal(10, words.Length);
            ulong key = words[4] | ((ulong)words[5] << 32);
            (uint w0, uint w1, uint w2, uint w3) = Philox.Block(key, (words[0], words[1], words[2], words[3]));
            Assert.Equal(words[6..], new[] { w0, w1, w2, w3 });
            count++;
        }

        Assert.True(count >= 3, $"philox4x32.kat has {count} vectors");
    }

    [Fact]
    public void Noise_vectors_are_those_of_the_witness()
    {
        List<KnownAnswer> answers = KnownAnswer.Read(Repository.Path("tests", "vectors", "noise.kat"));
        foreach (KnownAnswer answer in answers)
        {
            Assert.Equal(answer.Rows * answer.Columns, answer.Y.Length);
            for (int i = 0; i < answer.Y.Length; i++)
            {
                uint expected = Witness(answer, i / answer.Columns, i % answer.Columns, i);
                bool bothNaN = answer.Kind != "words" && float.IsNaN(Float(expected)) && float.IsNaN(Float(answer.Y[i]));
                Assert.True(
                    expected == answer.Y[i] || bothNaN,
                    $"{answer}: element {i} is {answer.Y[i]:x8}; the contract gives {expected:x8}.");
            }
        }

        // Every kind of the ABI's element-wise calls is among them.
        Assert.Equal(
            ["brown", "dropout", "fill_normal", "fill_signs", "fill_uniform", "gaussian", "gaussian_multiplicative", "gaussian_relative",
                "gaussian_relative_backward", "gaussian_snr", "laplace", "pink", "poisson", "salt_and_pepper", "student_t", "uniform",
                "words"],
            answers.Select(a => a.Kind).Distinct().Order(StringComparer.Ordinal));
    }

    private static uint Witness(KnownAnswer k, int row, int element, int i)
    {
        WitnessAddress at = k.Address;
        float x = k.X.Length > 0 ? Float(k.X[i]) : 0f;
        float dy = k.Dy.Length > 0 ? Float(k.Dy[i]) : 0f;
        return k.Kind switch
        {
            "words" => at.Word(row, element),
            "fill_uniform" => Bits(Uniforms.Between(at.Word(row, element), k.A, k.B)),
            "fill_normal" => Bits(ElementNoise.FillNormal(at.Normal(row, element), k.A, k.B)),
            "fill_signs" => Bits(at.Sign(row, element)),
            "gaussian" => Bits(ElementNoise.Gaussian(at.Normal(row, element), x, k.A)),
            "gaussian_relative" => Bits(ElementNoise.GaussianRelative(at.Normal(row, element), x, k.A)),
            "gaussian_relative_backward" => Bits(ElementNoise.GaussianRelativeBackward(at.Normal(row, element), x, dy, k.A)),
            "gaussian_multiplicative" => Bits(ElementNoise.GaussianMultiplicative(at.Normal(row, element), x, k.A)),
            "uniform" => Bits(ElementNoise.Uniform(at.Word(row, element), x, k.A, k.B)),
            "salt_and_pepper" => Bits(ElementNoise.SaltAndPepper(at.Word(row, element), x, k.A, k.B, k.C)),
            "dropout" => Bits(ElementNoise.Dropout(at.Word(row, element), x, k.A)),
            "laplace" => Bits(ElementNoise.Laplace(at.Word(row, element), x, k.A)),
            "student_t" => Bits(ElementNoise.StudentT(at.Word(row, element), at.Salted(1).Word(row, element), x, k.A, k.B)),
            "poisson" => Bits(PoissonCounts.Noisy(j => at.Salted(j).Word(row, element), x, k.A)),
            "gaussian_snr" => Bits(ElementNoise.Gaussian(at.Normal(row, element), x, SignalToNoise.Std(Row(k, row), k.A))),
            "pink" => Bits(ElementNoise.Gaussian(Line(ColoredNoise.Pink, k, row)[element], x, k.A)),
            "brown" => Bits(ElementNoise.Gaussian(Line(ColoredNoise.Brown, k, row)[element], x, k.A)),
            _ => throw new InvalidDataException($"noise.kat holds a kind that the witness does not know: {k.Kind}"),
        };
    }

    private static float[] Row(KnownAnswer k, int row) => [.. k.X.Skip(row * k.Columns).Take(k.Columns).Select(Float)];

    private static float[] Line(ColoredNoise filter, KnownAnswer k, int row) =>
        filter.Line(0, k.Columns, (salt, e) => k.Address.Salted(salt).Normal(row, e));

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static float Float(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    /// <summary>One case of noise.kat.</summary>
    private sealed record KnownAnswer(
        string Kind, WitnessAddress Address, int Rows, int Columns, float A, float B, float C, uint[] X, uint[] Dy, uint[] Y)
    {
        public static List<KnownAnswer> Read(string path)
        {
            List<KnownAnswer> answers = [];
            foreach (string line in File.ReadLines(path))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length == 0 || words[0].StartsWith('#'))
                {
                    continue;
                }

                if (words[0] == "kind")
                {
                    answers.Add(FromHeader(words));
                    continue;
                }

                uint[] numbers = [.. words.Skip(1).Select(Hex)];
                answers[^1] = words[0] switch
                {
                    "x" => answers[^1] with { X = numbers },
                    "dy" => answers[^1] with { Dy = numbers },
                    "y" => answers[^1] with { Y = numbers },
                    _ => throw new InvalidDataException($"noise.kat holds a line that begins with '{words[0]}'"),
                };
            }

            return answers;
        }

        public override string ToString() => $"{Kind} at {Address}";

        private static KnownAnswer FromHeader(string[] words)
        {
            Dictionary<string, string> fields = words.Skip(2).Select(w => w.Split('=')).ToDictionary(p => p[0], p => p[1]);
            WitnessAddress address = new(
                ulong.Parse(fields["seed"], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                Hex(fields["site"]), Hex(fields["step"]), Hex(fields["first_row"]), Hex(fields["step_stride"]), Hex(fields["row_stride"]));
            return new KnownAnswer(
                words[1], address,
                int.Parse(fields["rows"], CultureInfo.InvariantCulture), int.Parse(fields["columns"], CultureInfo.InvariantCulture),
                Float(Hex(fields["a"])), Float(Hex(fields["b"])), Float(Hex(fields["c"])), [], [], []);
        }
    }
}

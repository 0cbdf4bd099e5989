using NativeNoise.Bindings;
using static NativeNoise.Bindings.NativeMethods;

namespace NativeNoise.Tests.Contract;

/// <summary>The library's element-wise output equals the witness bit for bit.</summary>
public sealed unsafe class ElementLibraryTests : IDisposable
{
    private readonly IReadOnlyList<NativeWorker> _workers = NativeWorker.CreateAll();

    /// <summary>Names in the table of kinds.</summary>
    public static TheoryData<string> Kinds => [.. ElementKind.All.Select(kind => kind.Name)];

    public void Dispose()
    {
        foreach (NativeWorker worker in _workers)
        {
            worker.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Output_equals_the_witness_for_every_length(string name)
    {
        ElementKind kind = Find(name);
        foreach ((int rows, int columns) in Samples.Lengths)
        {
            Compare(kind, rows, columns, Samples.Addresses[columns % Samples.Addresses.Count], _workers[columns % _workers.Count]);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Output_equals_the_witness_for_every_shape_address_and_worker(string name)
    {
        ElementKind kind = Find(name);
        foreach (WitnessAddress address in Samples.Addresses)
        {
            foreach ((int rows, int columns) in Samples.Shapes)
            {
                foreach (NativeWorker worker in _workers)
                {
                    Compare(kind, rows, columns, address, worker);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Output_equals_the_witness_in_place(string name)
    {
        ElementKind kind = Find(name);
        const int Rows = 3;
        const int Columns = 77;
        float[] x = Samples.Data(Rows * Columns, 1);
        WitnessAddress address = Samples.Addresses[2];
        float[] expected = Expected(kind, address, Rows, Columns, x, x);
        foreach (NativeWorker worker in _workers)
        {
            float[] y = [.. x];
            fixed (float* p = y)
            {
                NativeWorker.Check(kind.Native(
                    worker.Context, nnoise_dtype.NNOISE_DTYPE_FLOAT32, Rows, Columns, p, p, p, NativeWorker.Address(address)));
            }

            AssertSame(kind.Name, worker, expected, y, Columns);
        }
    }

    [Fact]
    public void Words_equal_the_witness()
    {
        foreach (WitnessAddress address in Samples.Addresses)
        {
            foreach ((int rows, int columns) in Samples.Shapes.Concat(Samples.Lengths))
            {
                uint[] words = new uint[(rows * columns) + 1];
                NativeWorker worker = _workers[columns % _workers.Count];
                fixed (uint* p = words)
                {
                    NativeWorker.Check(nnoise_words(worker.Context, rows, columns, p, NativeWorker.Address(address)));
                }

                for (int i = 0; i < rows * columns; i++)
                {
                    Assert.Equal(address.Word(i / columns, i % columns), words[i]);
                }

                Assert.Equal(0u, words[^1]);
            }
        }
    }

    [Fact]
    public void A_long_row_equals_the_witness_wherever_it_is_sampled()
    {
        const int Columns = (1 << 21) + 3;
        WitnessAddress address = new(77, SiteName.Hash("long:activation"), Step: 9, FirstRow: 4);
        float[] y = new float[Columns];
        foreach (NativeWorker worker in _workers)
        {
            fixed (float* p = y)
            {
                NativeWorker.Check(nnoise_fill_normal(
                    worker.Context, nnoise_dtype.NNOISE_DTYPE_FLOAT32, 1, Columns, p, NativeWorker.Address(address), 0f, 1f));
            }

            for (int e = 0; e < Columns; e += e < Columns - 300 ? 251 : 1)
            {
                Assert.True(Samples.SameBits(address.Normal(0, e), y[e]), $"{worker.Name}: element {e}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("fc1:weight")]
    [InlineData("hidden1.noise:activation#2")]
    [InlineData("schicht_ä.雑音:mask")]
    public void Sites_and_salts_equal_the_witness(string name)
    {
        byte[] bytes = [.. System.Text.Encoding.UTF8.GetBytes(name), 0];
        uint site;
        fixed (byte* p = bytes)
        {
            NativeWorker.Check(nnoise_site_hash((sbyte*)p, bytes.Length - 1, &site));
        }

        Assert.Equal(SiteName.Hash(name), site);
        foreach (uint j in new uint[] { 0, 1, 2, 3, 1000, uint.MaxValue })
        {
            Assert.Equal(SiteName.Salt(site, j), nnoise_site_salt(site, j));
        }
    }

    [Fact]
    public void Rows_and_steps_past_their_width_are_refused_and_nothing_is_written()
    {
        WitnessAddress rows = new(1, 2, Step: 0, FirstRow: uint.MaxValue);
        WitnessAddress steps = new(1, 2, Step: uint.MaxValue, FirstRow: 0, StepStride: 1);
        WitnessAddress strided = new(1, 2, Step: 0, FirstRow: 1, RowStride: uint.MaxValue);
        foreach (WitnessAddress address in new[] { rows, steps, strided })
        {
            foreach (NativeWorker worker in _workers)
            {
                uint[] words = new uint[4];
                fixed (uint* p = words)
                {
                    Assert.Equal(
                        nnoise_status.NNOISE_STATUS_OUT_OF_RANGE,
                        nnoise_words(worker.Context, 2, 2, p, NativeWorker.Address(address)));
                    Assert.Equal(new uint[4], words);
                    NativeWorker.Check(nnoise_words(worker.Context, 1, 4, p, NativeWorker.Address(address)));
                    Assert.Equal(address.Word(0, 3), words[3]);
                }
            }
        }
    }

    private static ElementKind Find(string name) => ElementKind.All.Single(kind => kind.Name == name);

    private static float[] Expected(ElementKind kind, WitnessAddress address, int rows, int columns, float[] x, float[] dy)
    {
        float[] expected = new float[rows * columns];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = kind.Expected(address, i / columns, i % columns, x[i], dy[i]);
        }

        return expected;
    }

    private static void Compare(ElementKind kind, int rows, int columns, WitnessAddress address, NativeWorker worker)
    {
        const float Guard = 12345.5f;
        int count = rows * columns;
        float[] x = Samples.Data(count, 1);
        float[] dy = Samples.Data(count, 2);

        // One float before the output makes it as badly aligned as a float can be; one after it must stay untouched.
        float[] y = new float[count + 2];
        Array.Fill(y, Guard);
        fixed (float* px = x, pdy = dy, py = y)
        {
            // The address of an empty array is null, which the library may refuse; an unused pointer is not null.
            float* input = count == 0 ? py : px;
            float* gradient = count == 0 ? py : pdy;
            NativeWorker.Check(kind.Native(
                worker.Context, nnoise_dtype.NNOISE_DTYPE_FLOAT32, rows, columns, input, gradient, py + 1, NativeWorker.Address(address)));
        }

        Assert.Equal(Guard, y[0]);
        Assert.Equal(Guard, y[^1]);
        AssertSame(kind.Name, worker, Expected(kind, address, rows, columns, x, dy), y[1..^1], columns);
    }

    private static void AssertSame(string kind, NativeWorker worker, float[] expected, float[] actual, int columns)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!Samples.SameBits(expected[i], actual[i]))
            {
                Assert.Fail(
                    $"{kind}, {worker.Name}, {expected.Length / columns} x {columns}, row {i / columns}, element {i % columns}: "
                    + $"the contract gives {expected[i]:R}, the library {actual[i]:R}.");
            }
        }
    }
}

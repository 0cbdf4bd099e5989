using System.Buffers.Binary;
using System.Text;

namespace NativeNoise.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativenoise-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Arrays_and_metadata_come_back_bit_for_bit()
    {
        string path = At("a.safetensors");
        float[] odd = [-0f, float.NaN, float.PositiveInfinity, float.Epsilon, 1.1f, -3e38f];
        var arrays = new Dictionary<string, SafetensorsArray>
        {
            ["fc1.weight"] = new(new[] { 2, 3 }, odd),
            ["scalar"] = new(Array.Empty<int>(), new[] { 4f }),
            ["empty"] = new(new[] { 0, 5 }, Array.Empty<float>()),
            ["name with \"quotes\" and ü"] = new(new[] { 1 }, new[] { 7f }),
        };
        Safetensors.Save(path, arrays, new Dictionary<string, string> { ["seed"] = "42", ["text"] = "a\nb" });
        SafetensorsFile file = Safetensors.Load(path);
        Assert.Equal(arrays.Keys.Order(StringComparer.Ordinal), file.Arrays.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, SafetensorsArray array) in arrays)
        {
            Assert.Equal(array.Shape.ToArray(), file.Arrays[name].Shape.ToArray());
            Assert.Equal(Bits(array.Data.Span), Bits(file.Arrays[name].Data.Span));
        }

        Assert.Equal("42", file.Metadata["seed"]);
        Assert.Equal("a\nb", file.Metadata["text"]);
    }

    [Fact]
    public void The_bytes_are_those_of_the_format_and_do_not_depend_on_the_order_given()
    {
        string header = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header),
            .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f)];

        var a = new SafetensorsArray(new[] { 2 }, new[] { 1f, 2f });
        var b = new SafetensorsArray(new[] { 1, 1 }, new[] { 3f });
        var metadata = new Dictionary<string, string> { ["format"] = "pt" };
        Safetensors.Save(At("1"), new Dictionary<string, SafetensorsArray> { ["a"] = a, ["b"] = b }, metadata);
        Safetensors.Save(At("2"), new Dictionary<string, SafetensorsArray> { ["b"] = b, ["a"] = a }, metadata);
        Assert.Equal(expected, File.ReadAllBytes(At("1")));
        Assert.Equal(expected, File.ReadAllBytes(At("2")));
    }

    [Fact]
    public void Other_floating_point_types_are_converted()
    {
        string header = """{"d":{"dtype":"F64","shape":[1],"data_offsets":[4,12]},"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]}}""";
        byte[] data = [.. BitConverter.GetBytes((Half)0.333f), 0x80, 0x3F, .. BitConverter.GetBytes(Math.PI)];
        SafetensorsFile file = Safetensors.Load(Raw(header, data));
        Assert.Equal((float)(Half)0.333f, file.Arrays["h"].Data.Span[0]);
        Assert.Equal(1f, file.Arrays["b"].Data.Span[0]);
        Assert.Equal((float)Math.PI, file.Arrays["d"].Data.Span[0]);
    }

    public static TheoryData<string, int, string> BadFiles => new()
    {
        { "", 0, "JSON" },
        { "{", 0, "JSON" },
        { "[]", 0, "JSON object" },
        { """{"a":5}""", 0, "'a'" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", 4, "'a'" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "'a'" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "shape" },
        { """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "shape" },
        { """{"a":{"dtype":"F32","shape":[2147483647,2147483647,16],"data_offsets":[0,4]}}""", 4, "shape" },
        { """{"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}""", 4, "shape" },
        { """{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", 8, "I64" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "2 values" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "truncated" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "'a'" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "data" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "expected 0" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "begins" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice" },
        { """{"__metadata__":{"k":5}}""", 0, "metadata" },
        { """{"__metadata__":5}""", 0, "metadata" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void A_bad_file_is_named_with_what_is_wrong(string header, int dataBytes, string expected)
    {
        string path = Raw(header, new byte[dataBytes]);
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Load(path));
        Assert.Contains("raw.safetensors", error.Message, StringComparison.Ordinal);
        if (header.Length >= 2)
        {
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(0L)]
    [InlineData(90_000_000L)]
    public void The_length_of_the_header_is_not_trusted(long claimed)
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, claimed);
        File.WriteAllBytes(At("x"), bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Safetensors.Load(At("x")));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Every_truncation_of_a_good_file_is_refused()
    {
        Safetensors.Save(At("good"), new Dictionary<string, SafetensorsArray> { ["a"] = new(new[] { 3 }, new float[3]) });
        byte[] good = File.ReadAllBytes(At("good"));
        for (int length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(At("cut"), good[..length]);
            Assert.Throws<InvalidDataException>(() => Safetensors.Load(At("cut")));
        }
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file_and_nothing_else()
    {
        Safetensors.Save(At("m"), new Dictionary<string, SafetensorsArray> { ["a"] = new(new[] { 1 }, new[] { 1f }) });
        byte[] before = File.ReadAllBytes(At("m"));
        Assert.Throws<ArgumentException>(() => Safetensors.Save(
            At("m"),
            new Dictionary<string, SafetensorsArray> { ["a"] = new(new[] { 1 }, new[] { 2f }), ["b"] = new(new[] { 2 }, new[] { 3f }) }));
        Assert.Equal(before, File.ReadAllBytes(At("m")));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Names_and_folders_that_cannot_be_are_refused()
    {
        var array = new SafetensorsArray(new[] { 1 }, new[] { 1f });
        Assert.Throws<ArgumentException>(() => Safetensors.Save(At("m"), new Dictionary<string, SafetensorsArray> { ["__metadata__"] = array }));
        Assert.Throws<ArgumentException>(() => Safetensors.Save(At("m"), new Dictionary<string, SafetensorsArray> { [""] = array }));
        var error = Assert.Throws<DirectoryNotFoundException>(
            () => Safetensors.Save(Path.Combine(_folder, "nowhere", "m"), new Dictionary<string, SafetensorsArray>()));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Safetensors.Load(At("gone")));
    }

    private static int[] Bits(ReadOnlySpan<float> values)
    {
        int[] bits = new int[values.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = BitConverter.SingleToInt32Bits(values[i]);
        }

        return bits;
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Raw(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(At("raw.safetensors"), [.. BitConverter.GetBytes((long)text.Length), .. text, .. data]);
        return At("raw.safetensors");
    }
}

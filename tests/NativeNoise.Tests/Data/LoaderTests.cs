using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NativeNoise.Tests;

public sealed class LoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativenoise-loaders-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx_images_and_labels_load_plain_and_packed(bool gzip)
    {
        string images = Write("images", Idx([3, 2, 2], [0, 51, 102, 153, 204, 255, 0, 0, 1, 2, 3, 4]), gzip);
        string labels = Write("labels", Idx([3], [7, 0, 9]), gzip);
        Dataset data = IdxLoader.Load(images, labels);
        Assert.Equal((3, 4, 10, 2, 2), (data.Count, data.Features, data.Classes, data.ImageHeight, data.ImageWidth));
        Assert.Equal([204 / 255f, 1, 0, 0], data.Input(1));
        Assert.Equal([7, 0, 9], data.Labels);
    }

    [Fact]
    public void A_folder_may_mix_plain_and_packed_files()
    {
        Write("train-images-idx3-ubyte", Idx([2, 1, 1], [10, 20]), gzip: false);
        Write("train-labels-idx1-ubyte.gz", Idx([2], [1, 2]), gzip: true);
        Write("t10k-images-idx3-ubyte.gz", Idx([1, 1, 1], [30]), gzip: true);
        Write("t10k-labels-idx1-ubyte", Idx([1], [11]), gzip: false);
        (Dataset train, Dataset test) = IdxLoader.LoadDirectory(_folder);
        Assert.Equal((2, 1, 12, 12), (train.Count, test.Count, train.Classes, test.Classes));
    }

    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        string folder = Path.Combine(_folder, "nowhere");
        Assert.Contains("nowhere", Assert.Throws<DirectoryNotFoundException>(() => IdxLoader.LoadDirectory(folder)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "train-images-idx3-ubyte", Assert.Throws<FileNotFoundException>(() => IdxLoader.LoadDirectory(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("gone", Assert.Throws<FileNotFoundException>(() => CsvLoader.Load(Path.Combine(_folder, "gone.csv"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => IdxLoader.LoadDirectory(string.Empty));
    }

    public static TheoryData<string, byte[], string> BadIdx => new()
    {
        { "empty", [], "IDX" },
        { "short magic", [0, 0, 8], "IDX" },
        { "wrong magic", [1, 0, 8, 1, 0, 0, 0, 1, 5], "IDX" },
        { "float type", [0, 0, 0x0D, 1, 0, 0, 0, 1, 5, 5, 5, 5], "0x0D" },
        { "no dimension", [0, 0, 8, 0], "dimensions" },
        { "too many dimensions", [0, 0, 8, 200], "dimensions" },
        { "header cut", [0, 0, 8, 3, 0, 0, 0, 1], "header" },
        { "data cut", Idx([2, 2, 2], [1, 2, 3]), "truncated" },
        { "data too long", Idx([1, 2, 2], [1, 2, 3, 4, 5]), "goes on" },
        { "huge claim", Idx([2_000_000_000], []), "truncated" },
        { "claim beyond an array", Idx([0x7FFFFFFF, 0x7FFFFFFF, 16], []), "exceed" },
        { "sizes that overflow", Idx([unchecked((int)0xFFFFFFFF), 2], []), "exceed" },
        { "no pixels", Idx([2, 0, 2], []), "pixels" },
        { "one dimension", Idx([2], [1, 2]), "dimension" },
        { "other count", Idx([3, 1, 1], [1, 2, 3]), "labels" },
    };

    [Theory]
    [MemberData(nameof(BadIdx))]
    public void A_bad_idx_file_is_named_with_what_is_wrong(string what, byte[] content, string expected)
    {
        string labels = Write("labels", Idx([2], [0, 1]), gzip: false);
        foreach (bool gzip in (bool[])[false, true])
        {
            string images = Write("bad-images", content, gzip);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.Throws<InvalidDataException>(() => IdxLoader.Load(images, labels));
            Assert.Contains("bad-images", error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 4 << 20, $"{what}: a header's claim made {allocated} bytes of allocations");
        }
    }

    [Fact]
    public void A_damaged_or_truncated_gzip_file_is_named()
    {
        string labels = Write("labels", Idx([2], [0, 1]), gzip: false);
        byte[] packed = File.ReadAllBytes(Write("good", Idx([2, 64, 64], Random(2 * 64 * 64)), gzip: true));
        string path = Path.Combine(_folder, "packed-images");

        File.WriteAllBytes(path, packed[..(packed.Length / 2)]);
        Assert.Contains("packed-images", Assert.Throws<InvalidDataException>(() => IdxLoader.Load(path, labels)).Message, StringComparison.Ordinal);

        byte[] damaged = [.. packed];
        damaged[packed.Length / 2] ^= 0x55;
        File.WriteAllBytes(path, damaged);
        Assert.Contains("packed-images", Assert.Throws<InvalidDataException>(() => IdxLoader.Load(path, labels)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_takes_label_column_header_separator_and_scale_from_the_options()
    {
        string path = Write("a.csv", "label;x;y\n2; 1.5;-4\r\n\n0;8e1;.5\n"u8.ToArray(), gzip: false);
        Dataset data = CsvLoader.Load(path, new CsvOptions { HasHeader = true, Separator = ';', LabelColumn = 0, Scale = 0.5 });
        Assert.Equal((2, 2, 3), (data.Count, data.Features, data.Classes));
        Assert.Equal([0.75f, -2, 40, 0.25f], data.Inputs);
        Assert.Equal([2, 0], data.Labels);
    }

    [Fact]
    public void Csv_gives_regression_targets_and_reads_gzip()
    {
        string path = Write("b.csv", "1,2,0.25\n3,4,-1e-3"u8.ToArray(), gzip: true);
        Dataset data = CsvLoader.Load(path, new CsvOptions { Regression = true });
        Assert.False(data.IsClassification);
        Assert.Equal([1f, 2, 3, 4], data.Inputs);
        Assert.Equal([0.25f, -1e-3f], data.Targets);
    }

    [Theory]
    [InlineData("", "no data")]
    [InlineData("\n\n", "no data")]
    [InlineData("5\n", "label")]
    [InlineData("1,2,0\n1,0\n", "line 2")]
    [InlineData("1,2,0\n1,x,0\n", "line 2, column 2")]
    [InlineData("1,2,0\n1,,0\n", "line 2, column 2")]
    [InlineData("1,NaN,0\n", "line 1, column 2")]
    [InlineData("1,1e39,0\n", "line 1, column 2")]
    [InlineData("1,2,1.5\n", "not a label")]
    [InlineData("1,2,-1\n", "not a label")]
    [InlineData("1,2,10\n", "not a label")]
    [InlineData("\0\0\b\u0003binary", "label")]
    public void A_bad_csv_file_is_named_with_line_and_column(string text, string expected)
    {
        string path = Write("bad.csv", Encoding.UTF8.GetBytes(text), gzip: false);
        var error = Assert.Throws<InvalidDataException>(() => CsvLoader.Load(path, new CsvOptions { Classes = 10 }));
        Assert.Contains("bad.csv", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_that_leaves_the_range_of_a_float_is_refused()
    {
        string path = Path.Combine(_folder, "scaled.csv");
        File.WriteAllText(path, "1,2,0\n");
        Assert.Throws<ArgumentOutOfRangeException>("options", () => CsvLoader.Load(path, new CsvOptions { Scale = double.NaN }));
        var error = Assert.Throws<InvalidDataException>(() => CsvLoader.Load(path, new CsvOptions { Scale = 1e39 }));
        Assert.Contains("line 1, column 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_column_that_does_not_exist_is_refused() => Assert.Throws<InvalidDataException>(
        () => CsvLoader.Load(Write("c.csv", "1,2,0"u8.ToArray(), gzip: false), new CsvOptions { LabelColumn = 3 }));

    private static byte[] Idx(int[] shape, byte[] data)
    {
        byte[] bytes = new byte[4 + (4 * shape.Length) + data.Length];
        bytes[2] = 8;
        bytes[3] = (byte)shape.Length;
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), shape[i]);
        }

        data.CopyTo(bytes, bytes.Length - data.Length);
        return bytes;
    }

    // Bytes that do not compress, so that half of the packed file is half of the data.
    private static byte[] Random(int count)
    {
        byte[] bytes = new byte[count];
        uint state = 1;
        for (int i = 0; i < count; i++)
        {
            state = (state * 1664525) + 1013904223;
            bytes[i] = (byte)(state >> 24);
        }

        return bytes;
    }

    private string Write(string name, byte[] content, bool gzip)
    {
        string path = Path.Combine(_folder, name);
        using FileStream file = File.Create(path);
        if (gzip)
        {
            using var packed = new GZipStream(file, CompressionLevel.Fastest);
            packed.Write(content);
        }
        else
        {
            file.Write(content);
        }

        return path;
    }
}

using System.Buffers.Binary;

namespace NativeNoise;

/// <summary>Reads image data sets in the IDX format of MNIST, plain or gzip (decided by the content, not by the name).</summary>
/// <remarks>
/// An IDX file is two zero bytes, a type code (0x08: unsigned bytes, the one supported here), the number of dimensions, each
/// dimension as a big-endian 32-bit number, and the data. Pixels become value/255, from 0 to 1.
/// </remarks>
public static class IdxLoader
{
    private const byte UnsignedByte = 0x08;

    /// <summary>Loads images and their labels.</summary>
    /// <param name="imagesPath">An IDX file of unsigned bytes with at least two dimensions: count, then the image's.</param>
    /// <param name="labelsPath">An IDX file of unsigned bytes with one dimension, the same count.</param>
    /// <returns>A classification data set; the number of classes is the largest label plus 1, at least 10 as in MNIST.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is truncated, damaged or of another format, or the counts differ.</exception>
    public static Dataset Load(string imagesPath, string labelsPath)
    {
        (int[] shape, byte[] pixels) = Read(imagesPath, expectedRank: null);
        (int[] labelShape, byte[] classes) = Read(labelsPath, expectedRank: 1);
        if (shape.Length < 2)
        {
            throw new InvalidDataException($"'{imagesPath}' has {shape.Length} dimension; expected images, with at least 2.");
        }

        if (shape[0] != labelShape[0])
        {
            throw new InvalidDataException($"'{imagesPath}' has {shape[0]} images and '{labelsPath}' has {labelShape[0]} labels; expected the same number.");
        }

        int features = 1;
        foreach (int size in shape.AsSpan(1))
        {
            features *= size; // cannot overflow: the product of all was checked against the file's length
        }

        if (features == 0)
        {
            throw new InvalidDataException($"'{imagesPath}' has images without pixels.");
        }

        float[] inputs = new float[pixels.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = pixels[i] / 255f;
        }

        int[] labels = new int[classes.Length];
        int largest = 9;
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = classes[i];
            largest = Math.Max(largest, labels[i]);
        }

        return new Dataset(inputs, features, labels, largest + 1)
        {
            Name = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(imagesPath))) ?? string.Empty,
            ImageHeight = shape.Length == 3 ? shape[1] : 0,
            ImageWidth = shape.Length == 3 ? shape[2] : 0,
        };
    }

    /// <summary>
    /// Loads a folder in the manner of MNIST: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
    /// t10k-labels-idx1-ubyte, each with or without ".gz".
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The training part and the test part, with equal numbers of classes.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">One of the four files is missing.</exception>
    /// <exception cref="InvalidDataException">A file is truncated, damaged or of another format, or files do not fit together.</exception>
    public static (Dataset Train, Dataset Test) LoadDirectory(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"There is no folder '{directory}'.");
        }

        Dataset train = Load(Find(directory, "train-images-idx3-ubyte"), Find(directory, "train-labels-idx1-ubyte"));
        Dataset test = Load(Find(directory, "t10k-images-idx3-ubyte"), Find(directory, "t10k-labels-idx1-ubyte"));
        if (train.Features != test.Features)
        {
            throw new InvalidDataException(
                $"The training images in '{directory}' have {train.Features} pixels and the test images {test.Features}; expected the same number.");
        }

        int classes = Math.Max(train.Classes, test.Classes);
        return (WithClasses(train, classes), WithClasses(test, classes));
    }

    private static Dataset WithClasses(Dataset data, int classes) => data.Classes == classes
        ? data
        : new Dataset(data.Inputs.ToArray(), data.Features, data.Labels.ToArray(), classes)
        {
            Name = data.Name,
            ImageHeight = data.ImageHeight,
            ImageWidth = data.ImageWidth,
        };

    private static string Find(string directory, string name)
    {
        string plain = Path.Combine(directory, name);
        string packed = plain + ".gz";
        return File.Exists(plain) ? plain
            : File.Exists(packed) ? packed
            : throw new FileNotFoundException($"The folder '{directory}' has neither '{name}' nor '{name}.gz'.", plain);
    }

    private static (int[] Shape, byte[] Data) Read(string path, int? expectedRank)
    {
        using Stream stream = DataFile.Open(path);
        Span<byte> head = stackalloc byte[4];
        if (DataFile.ReadAtMost(stream, head, path) < 4 || head[0] != 0 || head[1] != 0)
        {
            throw new InvalidDataException($"'{path}' is not an IDX file: it does not begin with two zero bytes, a type and a rank.");
        }

        if (head[2] != UnsignedByte)
        {
            throw new InvalidDataException($"'{path}' holds IDX type 0x{head[2]:X2}; expected 0x08 (unsigned bytes).");
        }

        int rank = head[3];
        if (rank == 0 || rank > 8 || (expectedRank is { } expected && rank != expected))
        {
            throw new InvalidDataException($"'{path}' has {rank} dimensions; expected {expectedRank?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "1 to 8"}.");
        }

        Span<byte> sizes = stackalloc byte[4 * rank];
        if (DataFile.ReadAtMost(stream, sizes, path) < sizes.Length)
        {
            throw new InvalidDataException($"'{path}' is truncated: it ends inside its header.");
        }

        int[] shape = new int[rank];
        long count = 1;
        for (int i = 0; i < rank; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(sizes[(4 * i)..]);
            if (size > int.MaxValue || (size != 0 && count > Array.MaxLength / size))
            {
                throw new InvalidDataException($"'{path}' has dimension {i} of size {size}; the data set would exceed {Array.MaxLength} bytes.");
            }

            shape[i] = (int)size;
            count *= size;
        }

        return (shape, DataFile.ReadToEnd(stream, count, path));
    }
}

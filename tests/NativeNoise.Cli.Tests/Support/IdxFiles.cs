using System.Buffers.Binary;

namespace NativeNoise.Cli.Tests.Support;

/// <summary>Small image sets in MNIST's format: a bright square whose place tells the class.</summary>
internal static class IdxFiles
{
    public static void Write(string folder, int train = 80, int test = 20, int side = 6)
    {
        Directory.CreateDirectory(folder);
        Part(folder, "train", train, side);
        Part(folder, "t10k", test, side);
    }

    private static void Part(string folder, string prefix, int count, int side)
    {
        byte[] images = new byte[16 + (count * side * side)];
        byte[] labels = new byte[8 + count];
        Header(images, 0x0803, count, side, side);
        Header(labels, 0x0801, count);
        for (int i = 0; i < count; i++)
        {
            int label = i % 4;
            labels[8 + i] = (byte)label;
            int top = label / 2 * (side / 2), left = label % 2 * (side / 2);
            for (int y = 0; y < side / 2; y++)
            {
                for (int x = 0; x < side / 2; x++)
                {
                    images[16 + (i * side * side) + ((top + y) * side) + left + x] = (byte)(200 + (i % 50));
                }
            }
        }

        File.WriteAllBytes(Path.Combine(folder, $"{prefix}-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(folder, $"{prefix}-labels-idx1-ubyte"), labels);
    }

    private static void Header(byte[] file, int magic, params int[] shape)
    {
        BinaryPrimitives.WriteInt32BigEndian(file, magic);
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), shape[i]);
        }
    }
}

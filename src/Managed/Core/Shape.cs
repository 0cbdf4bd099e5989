using System.Globalization;

namespace NativeNoise;

/// <summary>Checks on shapes, and texts for messages.</summary>
internal static class Shape
{
    /// <summary>Number of elements.</summary>
    /// <exception cref="ArgumentException">A dimension is negative, or the product is too large for memory.</exception>
    public static long Length(ReadOnlySpan<int> shape, string argument)
    {
        long length = 1;
        foreach (int dimension in shape)
        {
            if (dimension < 0)
            {
                throw new ArgumentException($"Shape {Text(shape)} has a negative dimension.", argument);
            }

            length = dimension == 0 ? 0 : length;
            if (length > (long.MaxValue / sizeof(float)) / Math.Max(dimension, 1))
            {
                throw new ArgumentException($"Shape {Text(shape)} has more elements than memory can hold.", argument);
            }

            length *= dimension;
        }

        return length;
    }

    /// <summary>Such as <c>[128, 10]</c>.</summary>
    public static string Text(ReadOnlySpan<int> shape)
    {
        string[] parts = new string[shape.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = shape[i].ToString(CultureInfo.InvariantCulture);
        }

        return $"[{string.Join(", ", parts)}]";
    }

    /// <summary>Throws unless the shapes are equal.</summary>
    public static void RequireEqual(Tensor expected, Tensor actual, string argument)
    {
        if (!expected.Shape.SequenceEqual(actual.Shape))
        {
            throw new ArgumentException(
                $"Shape {Text(actual.Shape)} does not match; expected {Text(expected.Shape)}.", argument);
        }
    }
}

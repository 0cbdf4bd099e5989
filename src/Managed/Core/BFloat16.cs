using System.Globalization;

namespace NativeNoise;

/// <summary>
/// A 16-bit number with the range of a float and 8 bits of precision: the upper half of a float. A storage format: noise on it is
/// computed in float32 and rounded once. It has the bits that other libraries call bfloat16, and arrays of it go to native code as
/// they are.
/// </summary>
/// <remarks>Comparisons and <see cref="Equals(BFloat16)"/> are those of <see cref="float"/>, NaN and zeros included.</remarks>
public readonly struct BFloat16 : IEquatable<BFloat16>, IComparable<BFloat16>, IComparable, ISpanFormattable
{
    private readonly ushort _bits;

    private BFloat16(ushort bits)
    {
        _bits = bits;
    }

    /// <summary>Not a number.</summary>
    public static BFloat16 NaN => new(0x7fc0);

    /// <summary>Infinity.</summary>
    public static BFloat16 PositiveInfinity => new(0x7f80);

    /// <summary>Minus infinity.</summary>
    public static BFloat16 NegativeInfinity => new(0xff80);

    /// <summary>The largest finite number, about 3.39e38.</summary>
    public static BFloat16 MaxValue => new(0x7f7f);

    /// <summary>The least finite number, about -3.39e38.</summary>
    public static BFloat16 MinValue => new(0xff7f);

    /// <summary>The smallest number above 0, about 9.2e-41.</summary>
    public static BFloat16 Epsilon => new(0x0001);

    /// <summary>Sign (1 bit), exponent (8) and fraction (7).</summary>
    public ushort Bits => _bits;

    /// <summary>The number with these bits.</summary>
    /// <param name="bits">Sign (1 bit), exponent (8) and fraction (7).</param>
    /// <returns>The number.</returns>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>The nearest number, the even one of two equally near. NaN stays NaN; too large a number becomes infinity.</summary>
    /// <param name="value">A float.</param>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);

        // A NaN keeps its sign and the upper bits of its payload, and is made quiet, or it could round to infinity.
        return new((ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>The same number as a float, exactly.</summary>
    /// <param name="value">A number.</param>
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << 16);

    /// <summary>The named form of the conversion from a float.</summary>
    /// <param name="value">A float.</param>
    /// <returns>The nearest number.</returns>
    public static BFloat16 FromSingle(float value) => (BFloat16)value;

    /// <summary>The named form of the conversion to a float.</summary>
    /// <returns>The same number.</returns>
    public float ToSingle() => (float)this;

    /// <summary>Whether the number is NaN.</summary>
    /// <param name="value">A number.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsNaN(BFloat16 value) => (value._bits & 0x7fff) > 0x7f80;

    /// <summary>Whether the number is neither infinite nor NaN.</summary>
    /// <param name="value">A number.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsFinite(BFloat16 value) => (value._bits & 0x7f80) != 0x7f80;

    /// <summary>Whether the numbers are equal: the zeros are, NaN is not equal to itself.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <summary>Whether the numbers are not equal.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are not.</returns>
    public static bool operator !=(BFloat16 left, BFloat16 right) => (float)left != (float)right;

    /// <summary>Whether one number is below the other; never for NaN.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether it is.</returns>
    public static bool operator <(BFloat16 left, BFloat16 right) => (float)left < (float)right;

    /// <summary>Whether one number is above the other; never for NaN.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether it is.</returns>
    public static bool operator >(BFloat16 left, BFloat16 right) => (float)left > (float)right;

    /// <summary>Whether one number is at most the other; never for NaN.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether it is.</returns>
    public static bool operator <=(BFloat16 left, BFloat16 right) => (float)left <= (float)right;

    /// <summary>Whether one number is at least the other; never for NaN.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether it is.</returns>
    public static bool operator >=(BFloat16 left, BFloat16 right) => (float)left >= (float)right;

    /// <inheritdoc/>
    public bool Equals(BFloat16 other) => ((float)this).Equals((float)other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(BFloat16 other) => ((float)this).CompareTo((float)other);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        BFloat16 other => CompareTo(other),
        _ => throw new ArgumentException($"'obj' is a {obj.GetType()}; expected a BFloat16.", nameof(obj)),
    };

    /// <summary>The number as a float is written.</summary>
    /// <returns>Such as <c>0.5</c>.</returns>
    public override string ToString() => ToString(null, CultureInfo.CurrentCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ((float)this).ToString(format, formatProvider);

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        ((float)this).TryFormat(destination, out charsWritten, format, provider);
}

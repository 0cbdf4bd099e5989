using System.Globalization;

namespace NativeNoise.Tests.Contract;

/// <summary>Reads the exact constants of docs/noise-contract.md as they are printed there: C# has no hexadecimal floats.</summary>
internal static class HexFloat
{
    /// <summary>The float that a text such as <c>-0x1.4b6068p-2</c> names; one that binary32 cannot hold is an error.</summary>
    /// <param name="text">Sign, <c>0x</c>, hexadecimal digits with a point, <c>p</c> and a decimal exponent of two.</param>
    public static float Parse(string text)
    {
        double value = ParseDouble(text);
        float result = (float)value;
        return result == value ? result : throw new FormatException($"'{text}' is not exactly a binary32 number.");
    }

    /// <summary>The same for binary64.</summary>
    /// <param name="text">As above, with at most 53 significant bits.</param>
    public static double ParseDouble(string text)
    {
        bool negative = text.StartsWith('-');
        string body = negative ? text[1..] : text;
        int exponentAt = body.IndexOf('p', StringComparison.Ordinal);
        if (!body.StartsWith("0x", StringComparison.Ordinal) || exponentAt < 0)
        {
            throw new FormatException($"'{text}' is not a hexadecimal float.");
        }

        string[] digits = body[2..exponentAt].Split('.');
        string fraction = digits.Length > 1 ? digits[1] : string.Empty;
        ulong mantissa = ulong.Parse(digits[0] + fraction, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        int exponent = int.Parse(body[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (mantissa >= 1UL << 53)
        {
            throw new FormatException($"'{text}' is not exactly a binary64 number.");
        }

        double value = Math.ScaleB((double)mantissa, exponent - (4 * fraction.Length));
        return negative ? -value : value;
    }
}

namespace NativeNoise.Tests.Contract;

/// <summary>Uniforms and decisions, section 4 of docs/noise-contract.md.</summary>
internal static class Uniforms
{
    private static readonly float TwoToMinus24 = HexFloat.Parse("0x1p-24");

    /// <summary>u(w) in [0, 1), a multiple of 2^-24.</summary>
    /// <param name="word">The element's word.</param>
    public static float Unit(uint word) => (int)(word >> 8) * TwoToMinus24;

    /// <summary>U[low, high): high never comes out.</summary>
    /// <param name="word">The element's word.</param>
    /// <param name="low">Smallest value.</param>
    /// <param name="high">The value that stays just out of reach.</param>
    public static float Between(uint word, float low, float high)
    {
        float below = low == high ? low : MathF.BitDecrement(high);
        float r = MathF.FusedMultiplyAdd(Unit(word), high - low, low);
        return r < below ? r : below;
    }

    /// <summary>T(p) = round(p 2^32), ties to even: the event happens when the word is below it.</summary>
    /// <param name="probability">p in [0, 1].</param>
    public static ulong Threshold(double probability) => (ulong)Math.Round(probability * 4294967296.0, MidpointRounding.ToEven);

    /// <summary>Whether an event of probability p happens.</summary>
    /// <param name="word">The element's word.</param>
    /// <param name="probability">p in [0, 1].</param>
    public static bool Happens(uint word, double probability) => word < Threshold(probability);
}

namespace NativeNoise.Tests.Contract;

/// <summary>Laplace and Student-t, section 6 of docs/noise-contract.md.</summary>
internal static class HeavyTails
{
    private static readonly float TwoTo30 = HexFloat.Parse("0x1p+30");

    /// <summary>L of density exp(-|v|) / 2: 0.5 r2(w &lt;&lt; 1) with the sign bit of w.</summary>
    /// <param name="word">The element's word.</param>
    public static float Laplace(uint word)
    {
        float magnitude = 0.5f * Normals.SquaredRadius(word << 1);
        return (word & 0x80000000u) != 0 ? -magnitude : magnitude;
    }

    /// <summary>T of Student's t distribution.</summary>
    /// <param name="word">The element's word.</param>
    /// <param name="salted">Its word at salt 1.</param>
    /// <param name="degrees">nu, at least 1.</param>
    public static float StudentT(uint word, uint salted, float degrees)
    {
        float m = degrees < TwoTo30 ? degrees : TwoTo30;
        float inverse = 1f / m;
        return Normals.AlongTurn(MathF.Sqrt(m * ContractExp.Expm1(Normals.SquaredRadius(word) * inverse)), salted);
    }
}

namespace NativeNoise.Tests.Contract;

/// <summary>Philox4x32-10, section 1 of docs/noise-contract.md.</summary>
internal static class Philox
{
    /// <summary>The four words of one block.</summary>
    /// <param name="seed">The key: its low half is k0, its high half k1.</param>
    /// <param name="counter">x0 to x3.</param>
    public static (uint W0, uint W1, uint W2, uint W3) Block(ulong seed, (uint X0, uint X1, uint X2, uint X3) counter)
    {
        (uint x0, uint x1, uint x2, uint x3) = counter;
        uint k0 = (uint)seed;
        uint k1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * x0;
            ulong p1 = 0xCD9E8D57UL * x2;
            (x0, x1, x2, x3) = ((uint)(p1 >> 32) ^ x1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ x3 ^ k1, (uint)p0);
            k0 = unchecked(k0 + 0x9E3779B9u);
            k1 = unchecked(k1 + 0xBB67AE85u);
        }

        return (x0, x1, x2, x3);
    }
}

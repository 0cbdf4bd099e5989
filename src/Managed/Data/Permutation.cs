namespace NativeNoise;

/// <summary>
/// Random orders as pure functions of (seed, epoch): the order of the examples in an epoch needs no stored state, and a run that
/// resumes at epoch p sees the order that an uninterrupted run sees.
/// </summary>
/// <remarks>
/// The Fisher-Yates shuffle: for i = n-1, ..., 1 the entry at i changes places with the one at floor(w_i·(i+1)/2^32), where w_i
/// is the Philox4x32-10 word of element i at the address (seed, site ":shuffle", step = epoch, row 0) of the noise contract. A
/// choice among k places favours none of them by more than one part in 2^32/k.
/// </remarks>
public static class Permutation
{
    // The contract's hash of the text ":shuffle" (FNV-1a, finished by MurmurHash3's mixer).
    internal const uint Site = 0xBD3FBFFE;

    /// <summary>Writes the permutation of 0, ..., n-1 that belongs to (seed, epoch), n being the length of <paramref name="order"/>.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
    /// <param name="order">Receives the permutation.</param>
    public static void Fill(ulong seed, uint epoch, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Span<uint> words = stackalloc uint[4];
        for (int i = order.Length - 1, block = -1; i >= 1; i--)
        {
            if (i >> 2 != block)
            {
                block = i >> 2;
                Philox4x32(seed, (uint)block, 0, epoch, Site, words);
            }

            int j = (int)(((ulong)words[i & 3] * (uint)(i + 1)) >> 32);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    /// <summary>The permutation of 0, ..., n-1 that belongs to (seed, epoch).</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
    /// <param name="count">The number of entries, at least 0.</param>
    /// <returns>A new array.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static int[] Create(ulong seed, uint epoch, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = new int[count];
        Fill(seed, epoch, order);
        return order;
    }

    // Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". Here in C#, so that a data set can be split and
    // shuffled where the native library is not.
    internal static void Philox4x32(ulong key, uint x0, uint x1, uint x2, uint x3, Span<uint> words)
    {
        uint k0 = (uint)key;
        uint k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * x0;
            ulong p1 = 0xCD9E8D57UL * x2;
            x0 = (uint)(p1 >> 32) ^ x1 ^ k0;
            x1 = (uint)p1;
            x2 = (uint)(p0 >> 32) ^ x3 ^ k1;
            x3 = (uint)p0;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        words[0] = x0;
        words[1] = x1;
        words[2] = x2;
        words[3] = x3;
    }
}

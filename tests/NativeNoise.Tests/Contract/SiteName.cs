using System.Text;

namespace NativeNoise.Tests.Contract;

/// <summary>Sites and salts, section 3 of docs/noise-contract.md.</summary>
internal static class SiteName
{
    /// <summary>The site that a text <c>path:purpose</c> names.</summary>
    /// <param name="name">The text; its UTF-8 bytes are hashed.</param>
    public static uint Hash(string name) => Mix(Fnv1a(name));

    /// <summary>FNV-1a over the UTF-8 bytes of a text.</summary>
    /// <param name="text">The text.</param>
    public static uint Fnv1a(string text)
    {
        uint h = 0x811C9DC5;
        foreach (byte c in Encoding.UTF8.GetBytes(text))
        {
            h = unchecked((h ^ c) * 0x01000193u);
        }

        return h;
    }

    /// <summary>MurmurHash3's 32-bit finaliser.</summary>
    /// <param name="h">The hash to finish.</param>
    public static uint Mix(uint h)
    {
        h ^= h >> 16;
        h = unchecked(h * 0x85EBCA6Bu);
        h ^= h >> 13;
        h = unchecked(h * 0xC2B2AE35u);
        return h ^ (h >> 16);
    }

    /// <summary>The site of a kind's j-th further word.</summary>
    /// <param name="site">The site of the first word.</param>
    /// <param name="j">Which further word, from 1; 0 is the site itself.</param>
    public static uint Salt(uint site, uint j) => j == 0 ? site : Mix(unchecked(site + (j * 0x9E3779B9u)));
}

namespace NativeNoise;

/// <summary>
/// A place where a module draws noise. Its name is <c>{path}:{purpose}</c>, with <c>#n</c> for the n-th further use in one
/// pass; its hash is the site of a <see cref="NoiseKey"/>.
/// </summary>
public sealed class NoiseSite
{
    private readonly Module _owner;
    private uint[] _hashes = [];

    internal NoiseSite(Module owner, string purpose)
    {
        _owner = owner;
        Purpose = purpose;
    }

    /// <summary>What the noise is for, such as <c>weight</c>.</summary>
    public string Purpose { get; }

    /// <summary>Name of the first use in a pass.</summary>
    public string Name => NameOf(0);

    internal string NameOf(int use) =>
        use == 0 ? $"{_owner.SitePath}:{Purpose}" : $"{_owner.SitePath}:{Purpose}#{use}";

    /// <summary>Hash of the name of use <paramref name="use"/>, checked against the rest of the model.</summary>
    internal uint Hash(int use)
    {
        uint[] hashes = Volatile.Read(ref _hashes);
        return use < hashes.Length ? hashes[use] : Extend(use);
    }

    internal void Forget() => Volatile.Write(ref _hashes, []);

    private uint Extend(int use)
    {
        _owner.RequireSite();
        uint[] hashes = new uint[use + 1];
        for (int i = 0; i <= use; i++)
        {
            string name = NameOf(i);
            hashes[i] = NoiseKey.SiteHash(name);
            _owner.Root.Sites.Claim(hashes[i], name, _owner);
        }

        Volatile.Write(ref _hashes, hashes);
        return hashes[use];
    }
}

/// <summary>The sites of a whole model: no two may have one hash, or they would draw the same noise.</summary>
internal sealed class SiteTable
{
    private readonly Dictionary<uint, (string Name, object Owner)> _sites = [];

    /// <summary>Enters a site. Entering it again changes nothing.</summary>
    /// <exception cref="InvalidOperationException">Another owner or name has the hash.</exception>
    public void Claim(uint hash, string name, object owner)
    {
        lock (_sites)
        {
            if (!_sites.TryGetValue(hash, out (string Name, object Owner) taken))
            {
                _sites.Add(hash, (name, owner));
            }
            else if (taken.Owner != owner || taken.Name != name)
            {
                throw new InvalidOperationException(
                    $"{Text(taken.Name, taken.Owner)} and {Text(name, owner)} have the same site hash {hash:x8} and would " +
                    "draw the same noise. Give one of them another name or Site.");
            }
        }
    }

    private static string Text(string name, object owner) => owner switch
    {
        Module module => $"Site '{name}' of module '{module.Path}' ({module.GetType().Name})",
        Parameter parameter => $"Site '{name}' of parameter '{parameter.Path}'",
        _ => $"Site '{name}'",
    };
}

using System.IO.Hashing;

namespace NativeNoise.Cli.Fingerprints;

/// <summary>How a fingerprint is computed. None of it may change a hash.</summary>
/// <param name="Device">Threads and instruction set.</param>
/// <param name="Offset">Elements that buffers start behind their natural place; element-wise lines alone.</param>
/// <param name="RowsPerCall">Rows of a block that one call gets; element-wise lines alone.</param>
/// <param name="InPlace">Whether output and input are one buffer; element-wise lines alone.</param>
internal sealed record FingerprintSetting(
    Device Device, int Offset = 0, int RowsPerCall = FingerprintInput.Rows, bool InPlace = false);

/// <summary>One line of the table: what is computed, block by block.</summary>
/// <param name="Name">What it is, such as <c>gaussian</c>.</param>
/// <param name="Type">Type of the elements, such as <c>float32</c>.</param>
/// <param name="Begin">Starts from block 0.</param>
internal sealed record FingerprintLine(string Name, string Type, Func<FingerprintSetting, IFingerprintRun> Begin)
{
    /// <summary>Number of blocks; the prefix is the first.</summary>
    public int Blocks { get; init; } = FingerprintInput.Blocks;

    /// <summary>Computes the prefix's hash and, where asked for, that of all blocks.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was signalled.</exception>
    public Fingerprint Compute(FingerprintSetting setting, bool prefixOnly, CancellationToken stop = default)
    {
        var hash = new XxHash64();
        ulong prefix = 0;
        using IFingerprintRun run = Begin(setting);
        for (int block = 0; block < (prefixOnly ? 1 : Blocks); block++)
        {
            stop.ThrowIfCancellationRequested();
            run.Add(block, hash);
            prefix = block == 0 ? hash.GetCurrentHashAsUInt64() : prefix;
        }

        return new Fingerprint(Name, Type, prefix, prefixOnly ? null : hash.GetCurrentHashAsUInt64());
    }
}

/// <summary>A line's computation: blocks in order, from 0.</summary>
internal interface IFingerprintRun : IDisposable
{
    /// <summary>Computes a block and adds its output's bytes to the hash.</summary>
    void Add(int block, XxHash64 hash);
}

/// <summary>The hashes of a line.</summary>
/// <param name="Name">Name of the line.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Prefix">XXH64 of the first block's output.</param>
/// <param name="Full">XXH64 of the output of all blocks; null where only the prefix was computed.</param>
internal sealed record Fingerprint(string Name, string Type, ulong Prefix, ulong? Full)
{
    /// <summary>Such as <c>gaussian float32</c>.</summary>
    public string Key => $"{Name} {Type}";

    public override string ToString() => $"{Name,-38} {Type,-8} {Prefix:x16} {(Full is { } full ? $"{full:x16}" : "-")}";
}

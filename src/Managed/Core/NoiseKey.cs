using System.Buffers;
using System.Text;
using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>
/// The address of noise: noise = f(seed, site, step, row, element). The same address gives the same bits on every machine,
/// whatever the number of threads, the instruction set, the alignment or the way a batch is cut. There is no generator and no
/// state; to draw other noise, use another address.
/// </summary>
/// <param name="Seed">64 bits chosen by the user.</param>
/// <param name="Site">Where the noise is used: <see cref="SiteHash"/> of a name. Equal sites draw equal noise.</param>
/// <param name="Step">Optimiser step; in Monte Carlo evaluation the draw number.</param>
/// <param name="FirstRow">Row of the call's first row: its position in the global batch or data set.</param>
/// <param name="StepStride">Row r of a call has step <c>Step + r StepStride</c> (0: one step for all rows).</param>
/// <param name="RowStride">Row r of a call has row <c>FirstRow + r RowStride</c> (1: consecutive rows).</param>
public readonly record struct NoiseKey(
    ulong Seed, uint Site, uint Step = 0, uint FirstRow = 0, uint StepStride = 0, uint RowStride = 1)
{
    private const int StackBytes = 256;

    /// <summary>The stable 32-bit hash of a site's UTF-8 name (docs/noise-contract.md, section 3).</summary>
    /// <param name="name">Name of the site, such as <c>fc1:weight</c>.</param>
    /// <returns>The hash.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public static unsafe uint SiteHash(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[]? rented = null;
        int most = Encoding.UTF8.GetMaxByteCount(name.Length);
        Span<byte> bytes = most <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(most);
        int count = Encoding.UTF8.GetBytes(name, bytes);
        uint site;
        fixed (byte* first = bytes)
        {
            NativeCall.Check(NativeMethods.nnoise_site_hash((sbyte*)first, count, &site));
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return site;
    }

    /// <summary>The address of a named site.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="site">Name of the site.</param>
    /// <param name="step">Step (0).</param>
    /// <param name="firstRow">Row of the first row (0).</param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="site"/> is null.</exception>
    public static NoiseKey ForSite(ulong seed, string site, uint step = 0, uint firstRow = 0) =>
        new(seed, SiteHash(site), step, firstRow);

    internal nnoise_address ToAddress() => new()
    {
        seed = Seed,
        site = Site,
        step = Step,
        step_stride = StepStride,
        first_row = FirstRow,
        row_stride = RowStride,
    };
}

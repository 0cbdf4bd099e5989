namespace NativeNoise.Tests.Contract;

/// <summary>Where the noise of a call lives, section 2 of docs/noise-contract.md.</summary>
/// <param name="Seed">The Philox key.</param>
/// <param name="Site">The hash of the place.</param>
/// <param name="Step">Step of the call's first row.</param>
/// <param name="FirstRow">Row of the call's first row.</param>
/// <param name="StepStride">Step increment from row to row.</param>
/// <param name="RowStride">Row increment from row to row.</param>
internal readonly record struct WitnessAddress(
    ulong Seed, uint Site, uint Step = 0, uint FirstRow = 0, uint StepStride = 0, uint RowStride = 1)
{
    /// <summary>The 32-bit word of an element of the call's local row.</summary>
    /// <param name="row">The local row, from 0.</param>
    /// <param name="element">Row-major index inside the row.</param>
    public uint Word(long row, long element)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfNegative(element);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(element, 1L << 34);

        // Past 2^32 - 1 a call is refused, never wrapped: the checked conversions are the refusal.
        uint block = (uint)(element / 4);
        uint atRow = checked((uint)(FirstRow + (row * RowStride)));
        uint atStep = checked((uint)(Step + (row * StepStride)));
        (uint w0, uint w1, uint w2, uint w3) = Philox.Block(Seed, (block, atRow, atStep, Site));
        return (element % 4) switch { 0 => w0, 1 => w1, 2 => w2, _ => w3 };
    }

    /// <summary>The standard normal of an element: section 5. Words (0, 1) and (2, 3) of a block make a pair each.</summary>
    /// <param name="row">The local row, from 0.</param>
    /// <param name="element">Row-major index inside the row.</param>
    public float Normal(long row, long element)
    {
        long even = element - (element % 2);
        (float first, float second) = Normals.Pair(Word(row, even), Word(row, even + 1));
        return element == even ? first : second;
    }

    /// <summary>The address of a kind's j-th further words: the same with a salted site.</summary>
    /// <param name="j">Which further word; 0 is the address itself.</param>
    public WitnessAddress Salted(uint j) => this with { Site = SiteName.Salt(Site, j) };

    /// <summary>The sign of an element, +1 or -1: section 7, one bit an element.</summary>
    /// <param name="row">The local row, from 0.</param>
    /// <param name="element">Row-major index inside the row.</param>
    public float Sign(long row, long element) => ((Word(row, element / 32) >> (int)(element % 32)) & 1) != 0 ? -1f : 1f;
}

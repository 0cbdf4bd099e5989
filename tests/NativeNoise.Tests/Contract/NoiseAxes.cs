namespace NativeNoise.Tests.Contract;

/// <summary>The axes of a row, and which of them share their noise: section 6 of docs/noise-contract.md.</summary>
/// <param name="Lengths">Outermost first; none: the row is one axis.</param>
/// <param name="Shared">Bit i: axis i is shared.</param>
internal sealed record NoiseAxes(IReadOnlyList<long> Lengths, uint Shared)
{
    /// <summary>A row that is one axis and shares nothing.</summary>
    public static NoiseAxes None { get; } = new([], 0);

    /// <summary>Whether the last axis is shared.</summary>
    public bool LastIsShared => Lengths.Count > 0 && ((Shared >> (Lengths.Count - 1)) & 1) != 0;

    /// <summary>The element of the noise that an element of the row has.</summary>
    /// <param name="element">Row-major index in the row.</param>
    public long NoiseElement(long element)
    {
        if (Lengths.Count == 0)
        {
            return element;
        }

        // Coordinates, innermost first; the row-major index of the same in lengths that are 1 along shared axes.
        long index = 0;
        long stride = 1;
        for (int axis = Lengths.Count - 1; axis >= 0; axis--)
        {
            long coordinate = element % Lengths[axis];
            element /= Lengths[axis];
            if (((Shared >> axis) & 1) == 0)
            {
                index += coordinate * stride;
                stride *= Lengths[axis];
            }
        }

        return index;
    }

    /// <summary>Length of a line along the last axis.</summary>
    /// <param name="columns">Elements of a row.</param>
    public long LineLength(long columns) => Lengths.Count > 0 ? Lengths[^1] : columns;

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", Lengths)}] shared {Shared}";
}

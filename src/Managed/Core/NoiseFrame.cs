namespace NativeNoise;

/// <summary>What noise does in a forward pass. Independent of <see cref="Module.IsTraining"/> except in <see cref="Train"/>.</summary>
public enum NoiseMode
{
    /// <summary>Training: modules in training mode draw noise; variational layers sample.</summary>
    Train = 0,

    /// <summary>No noise; variational layers use their means.</summary>
    Mean = 1,

    /// <summary>Monte Carlo: every module draws noise, whether in training mode or not; the step is the draw's number.</summary>
    Sample = 2,
}

/// <summary>
/// The part of a noise address that a caller chooses for a forward pass: seed, step, first row and mode. Modules add their
/// sites. Only its owner (a trainer, or a hand-written loop) changes it; a frame is for one thread at a time.
/// </summary>
/// <remarks>
/// The outermost <see cref="Module.Forward"/> on a frame begins a pass. Two passes on an unchanged frame draw the same noise;
/// within a pass, further uses of one noise module draw different noise.
/// </remarks>
public sealed class NoiseFrame
{
    private Dictionary<Module, int>? _uses;
    private int _depth;

    /// <summary>Makes a frame.</summary>
    /// <param name="seed">The seed of all noise drawn on it.</param>
    /// <param name="step">Optimiser step (0).</param>
    /// <param name="firstRow">Position of the batch's first example in the global batch or data set (0).</param>
    /// <param name="mode">What noise does (<see cref="NoiseMode.Train"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not a mode.</exception>
    public NoiseFrame(ulong seed, uint step = 0, uint firstRow = 0, NoiseMode mode = NoiseMode.Train)
    {
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a noise mode.");
        }

        Seed = seed;
        Step = step;
        FirstRow = firstRow;
        Mode = mode;
    }

    /// <summary>The seed of all noise drawn on this frame.</summary>
    public ulong Seed { get; }

    /// <summary>Optimiser step; in <see cref="NoiseMode.Sample"/> the draw's number.</summary>
    public uint Step { get; set; }

    /// <summary>
    /// Where the schedules of magnitudes are evaluated; null (the default): at <see cref="Step"/>. Give the number of steps that
    /// a model was trained for to draw Monte Carlo noise with the magnitudes that training ended with.
    /// </summary>
    public long? ScheduleStep { get; init; }

    /// <summary>
    /// The step for <see cref="Schedule.Value"/> of a module's magnitudes: <see cref="ScheduleStep"/> where it is given, else
    /// <see cref="Step"/>.
    /// </summary>
    public long MagnitudeStep => ScheduleStep ?? Step;

    /// <summary>
    /// Row of the batch's first example. A piece of a larger batch gives the position of its first example in the whole, and
    /// then draws the noise that the whole would have drawn.
    /// </summary>
    public uint FirstRow { get; set; }

    /// <summary>What noise does.</summary>
    public NoiseMode Mode { get; }

    /// <summary>
    /// Step increment from row to row (0). With 1, and <see cref="RowStride"/> 0, a batch of n copies of one example gets the
    /// noise of n draws. Layers that share one weight sample among the batch refuse anything but 0.
    /// </summary>
    public uint StepStride { get; init; }

    /// <summary>Row increment from row to row (1).</summary>
    public uint RowStride { get; init; } = 1;

    /// <summary>A frame for a Monte Carlo draw: <see cref="NoiseMode.Sample"/> with the draw's number as the step.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="draw">Number of the draw.</param>
    /// <param name="firstRow">Index of the first example in the data set (0).</param>
    /// <param name="scheduleStep">
    /// Where schedules are evaluated, usually the number of steps trained; null (the default): at the draw's number, which suits
    /// constant magnitudes alone.
    /// </param>
    /// <returns>The frame.</returns>
    public static NoiseFrame Draw(ulong seed, uint draw, uint firstRow = 0, long? scheduleStep = null) =>
        new(seed, draw, firstRow, NoiseMode.Sample) { ScheduleStep = scheduleStep };

    /// <summary>Goes on to the next step. For the frame's owner, once per optimiser step.</summary>
    /// <exception cref="OverflowException">The step would pass 2^32 - 1.</exception>
    public void Advance() => Step = checked(Step + 1);

    /// <summary>A copy with another first row, for a piece of a larger batch.</summary>
    /// <param name="firstRow">Position of the piece's first example in the whole.</param>
    /// <returns>The copy.</returns>
    public NoiseFrame WithFirstRow(uint firstRow) =>
        new(Seed, Step, firstRow, Mode) { ScheduleStep = ScheduleStep, StepStride = StepStride, RowStride = RowStride };

    /// <summary>A copy with another mode.</summary>
    /// <param name="mode">The mode.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not a mode.</exception>
    public NoiseFrame WithMode(NoiseMode mode) =>
        new(Seed, Step, FirstRow, mode) { ScheduleStep = ScheduleStep, StepStride = StepStride, RowStride = RowStride };

    /// <summary>The address of a site on this frame.</summary>
    /// <param name="site">Hash of the site's name.</param>
    /// <returns>The address, with this frame's rows and strides.</returns>
    public NoiseKey Key(uint site) => new(Seed, site, Step, FirstRow, StepStride, RowStride);

    /// <summary>The address of a site whose noise does not differ from example to example (weights).</summary>
    internal NoiseKey SharedKey(uint site) => new(Seed, site, Step);

    /// <summary>Enters a module; true when this begins a pass.</summary>
    internal bool Enter()
    {
        if (_depth++ > 0)
        {
            return false;
        }

        _uses?.Clear();
        return true;
    }

    /// <summary>Leaves a module.</summary>
    internal void Leave() => _depth--;

    /// <summary>How often the module has drawn noise in this pass before; counts this use.</summary>
    internal int CountUse(Module module)
    {
        _uses ??= [];
        ref int uses = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_uses, module, out _);
        return uses++;
    }
}

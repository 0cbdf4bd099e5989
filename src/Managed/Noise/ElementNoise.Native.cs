using NativeNoise.Bindings;

namespace NativeNoise;

// How a noise is drawn: the descriptor, with the lengths of a row's axes where they matter, goes to the library by address.
public readonly partial struct ElementNoise
{
    private const int MostRowAxes = 4;

    // Noise that is coloured along the last axis has to know where that axis ends.
    private bool IsAlongLastAxis => Kind is ElementNoiseKind.Pink or ElementNoiseKind.Brown;

    private uint SharedRowAxes => _sharedAxes >> 1;

    /// <summary>
    /// Throws for the default value, for data without the axes that are shared, and where a line that noise runs along would be.
    /// </summary>
    /// <param name="shape">The data's shape, [rows, ..]; of one axis or none: there are no rows to count from.</param>
    /// <param name="argument">The argument at fault.</param>
    /// <param name="subject">What to call the noise in messages; null: by the argument's name.</param>
    internal void Require(ReadOnlySpan<int> shape, string argument, string? subject = null)
    {
        RequireSome(argument);
        if (_sharedAxes == 0)
        {
            return;
        }

        int rank = shape.Length < 2 ? 0 : shape.Length;
        if (rank < MostAxes && _sharedAxes >> rank != 0)
        {
            throw new ArgumentException(
                $"{subject ?? $"'{argument}'"} is the same along axes {AxesText(_sharedAxes)}, but the data have the shape {Shape.Text(shape)}; expected axes " +
                (rank == 0 ? "of examples (axis 0) and elements." : $"from 0 to {rank - 1}."), argument);
        }

        RequireLine(rank - 1, argument, subject);
    }

    /// <summary>The same for data of rows without further axes.</summary>
    internal void RequireRows(string argument)
    {
        RequireSome(argument);
        if (_sharedAxes >> 2 != 0)
        {
            throw new ArgumentException(
                $"'{argument}' is the same along axes {AxesText(_sharedAxes)}, but the data are rows and columns, axes 0 and 1. Give their shape.",
                argument);
        }

        RequireLine(1, argument, null);
    }

    /// <summary>y from x, [rows, columns].</summary>
    /// <param name="context">A context, or null.</param>
    /// <param name="type">What x and y hold.</param>
    /// <param name="key">Address.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="rowShape">Axes of a row, whose product is <paramref name="columns"/>; empty: one axis.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    internal unsafe nnoise_status Forward(
        nnoise_context* context, nnoise_dtype type, in NoiseKey key, long rows, long columns, ReadOnlySpan<int> rowShape, void* x, void* y)
    {
        if (NeedsAxes(rowShape))
        {
            nnoise_noise shaped = Shaped(columns, rowShape);
            return NativeMethods.nnoise_noise_forward(context, type, rows, columns, x, y, AddressOf(key), &shaped);
        }

        fixed (nnoise_noise* noise = &_noise)
        {
            return NativeMethods.nnoise_noise_forward(context, type, rows, columns, x, y, AddressOf(key), noise);
        }
    }

    /// <summary>
    /// dx from dy, drawing the noise of <see cref="Forward"/> again; x is read where <see cref="BackwardReadsInput"/>.
    /// </summary>
    internal unsafe nnoise_status Backward(
        nnoise_context* context, nnoise_dtype type, in NoiseKey key, long rows, long columns, ReadOnlySpan<int> rowShape, void* x, void* dy,
        void* dx)
    {
        if (NeedsAxes(rowShape))
        {
            nnoise_noise shaped = Shaped(columns, rowShape);
            return NativeMethods.nnoise_noise_backward(context, type, rows, columns, x, dy, dx, AddressOf(key), &shaped);
        }

        fixed (nnoise_noise* noise = &_noise)
        {
            return NativeMethods.nnoise_noise_backward(context, type, rows, columns, x, dy, dx, AddressOf(key), noise);
        }
    }

    private void RequireSome(string argument)
    {
        if (_noise.size == 0)
        {
            throw new ArgumentException($"'{argument}' is the default value; make one by a function such as ElementNoise.Gaussian.", argument);
        }
    }

    private void RequireLine(int lastAxis, string argument, string? subject)
    {
        if (IsAlongLastAxis && ((_sharedAxes >> lastAxis) & 1) != 0)
        {
            throw new ArgumentException(
                $"{subject ?? $"'{argument}'"} is the same along axes {AxesText(_sharedAxes)}, but {Kind} noise runs along the last axis, " +
                $"{lastAxis}, which cannot be shared.", argument);
        }
    }

    private nnoise_address AddressOf(in NoiseKey key)
    {
        nnoise_address address = key.ToAddress();
        if (SharesRows)
        {
            address.row_stride = 0;
        }

        return address;
    }

    private bool NeedsAxes(ReadOnlySpan<int> rowShape) => SharedRowAxes != 0 || (rowShape.Length > 1 && IsAlongLastAxis);

    // Neighbouring axes that are both shared, or both not, count as one, and axes of length 1 do not count.
    private nnoise_noise Shaped(long columns, ReadOnlySpan<int> rowShape)
    {
        nnoise_noise noise = _noise;
        if (columns == 0)
        {
            return noise;
        }

        if (rowShape.IsEmpty)
        {
            (noise.axes, noise.axis_length[0], noise.shared_axes) = (1, columns, SharedRowAxes);
            return noise;
        }

        for (int i = 0; i < rowShape.Length; i++)
        {
            bool isShared = ((SharedRowAxes >> i) & 1) != 0;
            bool isOfItsOwn = IsAlongLastAxis && i == rowShape.Length - 1;
            int last = noise.axes - 1;
            if (rowShape[i] == 1 && !isOfItsOwn)
            {
                continue;
            }

            if (last >= 0 && !isOfItsOwn && (((noise.shared_axes >> last) & 1) != 0) == isShared)
            {
                noise.axis_length[last] *= rowShape[i];
                continue;
            }

            if (noise.axes == MostRowAxes)
            {
                throw new ArgumentException(
                    $"The noise is the same along axes {AxesText(_sharedAxes)} of rows of the shape {Shape.Text(rowShape)}; expected at most " +
                    $"{MostRowAxes} groups of neighbouring axes that are shared or not.");
            }

            noise.axis_length[noise.axes] = rowShape[i];
            noise.shared_axes |= isShared ? 1u << noise.axes : 0;
            noise.axes++;
        }

        return noise;
    }
}

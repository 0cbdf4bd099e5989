namespace NativeNoise;

/// <summary>Cuts a data set into batches, in file order or in a shuffled one, through buffers that are used again and again.</summary>
internal sealed class BatchReader : IDisposable
{
    private readonly Dataset _data;
    private readonly int _batchSize;
    private readonly int[]? _order;
    private readonly int[] _labels;
    private readonly float[] _targets;
    private readonly Tensor _full;
    private readonly Tensor? _rest;

    public BatchReader(Dataset data, int batchSize, Device device, bool shuffled)
    {
        _data = data;
        _batchSize = Math.Min(batchSize, data.Count);
        Batches = (data.Count + _batchSize - 1) / _batchSize;
        _order = shuffled ? new int[data.Count] : null;
        _labels = data.IsClassification ? new int[_batchSize] : [];
        _targets = data.IsClassification ? [] : new float[_batchSize * data.Outputs];
        _full = Tensor.Uninitialized(device, [_batchSize, data.Features]);
        int rest = data.Count % _batchSize;
        _rest = rest == 0 ? null : Tensor.Uninitialized(device, [rest, data.Features]);
        Inputs = _full;
    }

    /// <summary>The number of batches; the last one may be smaller.</summary>
    public int Batches { get; }

    /// <summary>The inputs of the batch that was read last.</summary>
    public Tensor Inputs { get; private set; }

    /// <summary>Its number of examples.</summary>
    public int Count { get; private set; }

    /// <summary>Its first example's position in the order.</summary>
    public int First { get; private set; }

    /// <summary>Its labels; empty for a regression data set.</summary>
    public ReadOnlySpan<int> Labels => _data.IsClassification ? _labels.AsSpan(0, Count) : default;

    /// <summary>Its targets; empty for a classification data set.</summary>
    public ReadOnlySpan<float> Targets => _data.IsClassification ? default : _targets.AsSpan(0, Count * _data.Outputs);

    /// <summary>Shuffles for an epoch.</summary>
    public void Shuffle(ulong seed, uint epoch) => Permutation.Fill(seed, epoch, _order);

    public void Read(int batch)
    {
        First = batch * _batchSize;
        Count = Math.Min(_batchSize, _data.Count - First);
        Inputs = Count == _batchSize ? _full : _rest!;
        Span<float> inputs = Inputs.AsSpan();
        if (_order is null)
        {
            _data.Inputs.Slice(First * _data.Features, inputs.Length).CopyTo(inputs);
        }

        for (int i = 0; i < Count; i++)
        {
            int example = _order is null ? First + i : _order[First + i];
            if (_order is not null)
            {
                _data.Input(example).CopyTo(inputs[(i * _data.Features)..]);
            }

            if (_data.IsClassification)
            {
                _labels[i] = _data.Labels[example];
            }
            else
            {
                _data.Target(example).CopyTo(_targets.AsSpan(i * _data.Outputs));
            }
        }
    }

    public void Dispose()
    {
        _full.Dispose();
        _rest?.Dispose();
    }
}

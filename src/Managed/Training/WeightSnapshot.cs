namespace NativeNoise;

/// <summary>A copy of a model's parameters, to go back to.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly NativeBuffer[] _copies;

    public WeightSnapshot(Module model)
    {
        _parameters = [.. model.Parameters()];
        _copies = [.. _parameters.Select(parameter => NativeBufferPool.Rent(parameter.Length))];
    }

    /// <summary>Whether there is something to go back to.</summary>
    public bool IsTaken { get; private set; }

    public void Take()
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            Kernels.Copy(_parameters[i].Device, _parameters[i].Buffer, _copies[i], _parameters[i].Length);
        }

        IsTaken = true;
    }

    public void Restore()
    {
        for (int i = 0; i < _parameters.Length; i++)
        {
            _parameters[i].Buffer.BumpVersion();
            Kernels.Copy(_parameters[i].Device, _copies[i], _parameters[i].Buffer, _parameters[i].Length);
        }
    }

    public void Dispose()
    {
        foreach (NativeBuffer copy in _copies)
        {
            copy.Release();
        }
    }
}

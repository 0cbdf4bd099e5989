namespace NativeNoise;

/// <summary>
/// Disposes, when it ends, every tensor that was made on this thread since it began, so that a loop's memory goes back to the
/// pool without a <c>using</c> for each result. Parameters, gradients of parameters and tensors given to <see cref="Keep{T}"/>
/// stay. Scopes nest and end in reverse order, on the thread that began them.
/// </summary>
/// <example><code>
/// using var scope = new TensorScope();
/// Tensor loss = Functional.SoftmaxCrossEntropy(model.Forward(x, frame), labels);
/// loss.Backward();
/// </code></example>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static List<Tensor?>? t_tensors;

    [ThreadStatic]
    private static TensorScope? t_current;

    private readonly TensorScope? _outer;
    private readonly List<Tensor?> _tensors;
    private readonly int _first;
    private bool _isDisposed;

    /// <summary>Begins a scope on this thread.</summary>
    public TensorScope()
    {
        _tensors = t_tensors ??= [];
        _first = _tensors.Count;
        _outer = t_current;
        t_current = this;
    }

    /// <summary>Takes a tensor out of its scope: the caller disposes it.</summary>
    /// <typeparam name="T">Kind of tensor.</typeparam>
    /// <param name="tensor">The tensor.</param>
    /// <returns><paramref name="tensor"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tensor"/> is null.</exception>
    public T Keep<T>(T tensor)
        where T : Tensor
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        tensor.Scope = null;
        return tensor;
    }

    /// <summary>Ends the scope.</summary>
    /// <exception cref="InvalidOperationException">A scope begun later has not ended, or this is another thread.</exception>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        if (t_current != this)
        {
            throw new InvalidOperationException(
                "A TensorScope must end on the thread that began it, and after every scope begun inside it.");
        }

        _isDisposed = true;
        t_current = _outer;
        for (int i = _tensors.Count - 1; i >= _first; i--)
        {
            if (_tensors[i] is { } tensor && tensor.Scope == this)
            {
                tensor.Dispose();
            }
        }

        _tensors.RemoveRange(_first, _tensors.Count - _first);
    }

    /// <summary>Puts a new tensor into this thread's innermost scope, where there is one.</summary>
    internal static void Enlist(Tensor tensor)
    {
        if (t_current is { } scope)
        {
            scope._tensors.Add(tensor);
            tensor.Scope = scope;
        }
    }
}

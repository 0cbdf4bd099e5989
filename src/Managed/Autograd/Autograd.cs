using Microsoft.Extensions.ObjectPool;

namespace NativeNoise;

/// <summary>Switches for automatic differentiation.</summary>
public static class Autograd
{
    [ThreadStatic]
    private static int t_disabled;

    /// <summary>Whether operations on this thread record what a backward pass needs.</summary>
    public static bool IsEnabled => t_disabled == 0;

    /// <summary>Stops recording on this thread until the result is disposed, for inference.</summary>
    /// <returns>What to dispose, on the same thread.</returns>
    public static NoGradScope NoGrad()
    {
        t_disabled++;
        return new NoGradScope(begun: true);
    }

    internal static void EndNoGrad() => t_disabled--;

    /// <summary>Whether an operation on these tensors has to be recorded.</summary>
    internal static bool Records(Tensor a) => t_disabled == 0 && a.GradientNode is not null;

    /// <summary>Whether an operation on these tensors has to be recorded.</summary>
    internal static bool Records(Tensor a, Tensor? b) =>
        t_disabled == 0 && (a.GradientNode is not null || b?.GradientNode is not null);
}

/// <summary>Ends what <see cref="Autograd.NoGrad"/> began.</summary>
public ref struct NoGradScope
{
    private bool _begun;

    internal NoGradScope(bool begun)
    {
        _begun = begun;
    }

    /// <summary>Goes on recording.</summary>
    public void Dispose()
    {
        if (_begun)
        {
            _begun = false;
            Autograd.EndNoGrad();
        }
    }
}

/// <summary>Walks a graph backward. Its lists are used again, so a walk allocates nothing in steady state.</summary>
internal sealed class BackwardPass
{
    private static readonly ObjectPool<BackwardPass> Pool =
        new DefaultObjectPoolProvider().Create(new DefaultPooledObjectPolicy<BackwardPass>());

    private static long s_marks;

    private readonly List<Node> _order = [];
    private readonly Stack<(Node Node, int Next)> _path = new();

    /// <summary>Runs the graph that ends in <paramref name="root"/>.</summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="gradient">Gradient of the root's output; this call owns it.</param>
    /// <param name="keep">Whether the graph will be used again.</param>
    public static void Run(Node root, NativeBuffer gradient, bool keep)
    {
        BackwardPass pass = Pool.Get();
        try
        {
            pass.Walk(root, gradient, keep);
        }
        finally
        {
            pass._order.Clear();
            pass._path.Clear();
            Pool.Return(pass);
        }
    }

    private void Walk(Node root, NativeBuffer gradient, bool keep)
    {
        try
        {
            Collect(root);
            foreach (Node node in _order)
            {
                if (node.IsReleased)
                {
                    throw new InvalidOperationException(
                        "Backward has already run through this graph, or tensors it needs have been released. " +
                        "Run forward again, or give retainGraph: true to the first Backward.");
                }

                node.Validate();
            }
        }
        catch
        {
            gradient.Release();
            throw;
        }

        try
        {
            root.AcceptGradient(gradient);
            for (int i = _order.Count - 1; i >= 0; i--)
            {
                Node node = _order[i];
                if (node.Gradient is { } arrived)
                {
                    node.Gradient = null;
                    node.Backward(arrived, keep);
                }
            }

            if (!keep)
            {
                foreach (Node node in _order)
                {
                    node.Release();
                }
            }
        }
        finally
        {
            foreach (Node node in _order)
            {
                node.Gradient?.Release();
                node.Gradient = null;
            }
        }
    }

    // Depth first; a node is listed after all its inputs, in an order that depends on the graph alone.
    private void Collect(Node root)
    {
        long mark = Interlocked.Increment(ref s_marks);
        root.Mark = mark;
        _path.Push((root, 0));
        while (_path.TryPop(out (Node Node, int Next) top))
        {
            if (top.Next == NodeInputs.Count)
            {
                _order.Add(top.Node);
                continue;
            }

            _path.Push((top.Node, top.Next + 1));
            if (top.Node.Input(top.Next) is { } input && input.Mark != mark)
            {
                input.Mark = mark;
                _path.Push((input, 0));
            }
        }
    }
}

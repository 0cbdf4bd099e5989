namespace NativeNoise.Tests;

/// <summary>Tensors, scopes and their memory.</summary>
public sealed class TensorTests
{
    [Fact]
    public void A_tensor_knows_its_shape_rows_and_columns()
    {
        using TensorScope scope = new();
        (int[] Shape, long Length, int Rows, long Columns)[] cases =
            [([], 1, 1, 1), ([5], 5, 1, 5), ([2, 3], 6, 2, 3), ([2, 3, 4], 24, 2, 12), ([0, 3], 0, 0, 3), ([3, 0], 0, 3, 0)];
        foreach ((int[] shape, long length, int rows, long columns) in cases)
        {
            Tensor tensor = Tensor.Zeros(shape);
            Assert.Equal(shape, tensor.Shape.ToArray());
            Assert.Equal(shape.Length, tensor.Rank);
            Assert.Equal((length, rows, columns), (tensor.Length, tensor.Rows, tensor.Columns));
            Assert.All(tensor.ToArray(), v => Assert.Equal(0f, v));
        }
    }

    [Fact]
    public void Data_goes_in_and_out()
    {
        using TensorScope scope = new();
        Tensor tensor = Tensor.From([1, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor.ToArray());
        tensor.AsSpan()[4] = 50;
        Assert.Equal(50, tensor.AsReadOnlySpan()[4]);
        tensor.CopyFrom([6, 5, 4, 3, 2, 1]);
        Assert.Equal([6, 5, 4, 3, 2, 1], tensor.ToArray());
        Assert.Equal(7f, Tensor.Scalar(7).Item());
        Assert.Equal([3f, 3f], Tensor.Full(3f, 2).ToArray());
        Assert.Equal([4], Tensor.From(new float[4]).Shape.ToArray());
    }

    [Fact]
    public void Memory_is_aligned_to_64_bytes()
    {
        using TensorScope scope = new();
        for (int n = 1; n < 40; n++)
        {
            using BufferLease lease = Tensor.Zeros(n).Lease();
            unsafe
            {
                Assert.Equal(0, (nint)lease.Pointer % 64);
            }
        }
    }

    [Fact]
    public void Versions_count_changes_and_views_share_them()
    {
        using Tensor tensor = Tensor.Zeros(3);
        using Tensor view = tensor.Detach();
        int version = tensor.Version;
        _ = tensor.AsReadOnlySpan();
        _ = tensor.ToArray();
        Assert.Equal(version, tensor.Version);
        view.AsSpan()[1] = 5;
        Assert.Equal(version + 1, tensor.Version);
        Assert.Equal([0f, 5f, 0f], tensor.ToArray());
        tensor.CopyFrom([1, 1, 1]);
        Assert.Equal(version + 2, view.Version);
    }

    [Fact]
    public void A_view_outlives_what_it_was_made_from()
    {
        Tensor tensor = Tensor.From([1, 2, 3]);
        using Tensor view = tensor.Detach();
        tensor.Dispose();
        using Tensor other = Tensor.Full(9f, 3);
        Assert.Equal([1, 2, 3], view.ToArray());
    }

    [Fact]
    public void Wrong_shapes_and_sizes_are_refused()
    {
        using TensorScope scope = new();
        Assert.Throws<ArgumentException>("shape", () => Tensor.Zeros(2, -1));
        Assert.Throws<ArgumentException>("shape", () => Tensor.Zeros(int.MaxValue, int.MaxValue, 4));
        Assert.Throws<ArgumentException>("shape", () => Tensor.From([1, 2, 3], 2, 2));
        Assert.Throws<ArgumentException>("data", () => Tensor.Zeros(3).CopyFrom([1]));
        Assert.Throws<ArgumentNullException>("device", () => Tensor.Zeros(null!, 3));
        Assert.Throws<InvalidOperationException>(() => Tensor.Zeros(3).Item());
    }

    [Fact]
    public void Use_after_dispose_is_an_error_everywhere()
    {
        Tensor tensor = Tensor.From([1, 2, 3, 4], 2, 2);
        using Tensor good = Tensor.Zeros(2, 2);
        tensor.Name = "gone";
        tensor.Dispose();
        tensor.Dispose();
        Assert.True(tensor.IsDisposed);
        Action[] uses =
        [
            () => tensor.AsSpan(), () => tensor.AsReadOnlySpan(), () => tensor.ToArray(), () => tensor.CopyFrom(new float[4]),
            () => tensor.Detach(), () => tensor.Clone(), () => _ = tensor.Version, () => tensor.Reshape(4), () => tensor.Sum(),
            () => Functional.Relu(tensor), () => Functional.Add(good, tensor), () => Functional.MatMul(good, tensor),
            () => Functional.Linear(tensor, good), () => Functional.Linear(good, tensor), () => tensor.Backward(),
            () => Functional.GaussianNoise(tensor, 0.1f, default), () => Functional.SoftmaxCrossEntropy(tensor, [0, 1]),
            () => Functional.MeanSquaredError(good, tensor),
        ];
        foreach (Action use in uses)
        {
            var error = Assert.Throws<ObjectDisposedException>(use);
            Assert.Contains("gone", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_scope_disposes_what_was_made_in_it_and_not_what_is_kept()
    {
        Tensor kept, inner, outer;
        using (TensorScope first = new())
        {
            outer = Tensor.Zeros(1);
            using (TensorScope second = new())
            {
                inner = Tensor.Zeros(1);
                kept = second.Keep(Tensor.Zeros(1));
            }

            Assert.True(inner.IsDisposed);
            Assert.False(outer.IsDisposed);
        }

        Assert.True(outer.IsDisposed);
        Assert.False(kept.IsDisposed);
        kept.Dispose();
    }

    [Fact]
    public void A_scope_leaves_parameters_and_their_gradients()
    {
        Linear linear;
        using (new TensorScope())
        {
            linear = new Linear(3, 2);
            linear.Forward(Tensor.Zeros(1, 3)).Sum().Backward();
        }

        Assert.Equal([1f, 1f], linear.Bias!.Grad!.ToArray());
        linear.Dispose();
        Assert.Throws<ObjectDisposedException>(() => linear.Weight.ToArray());
    }

    [Fact]
    public void Scopes_end_in_reverse_order_on_their_own_thread()
    {
        TensorScope outer = new();
        TensorScope inner = new();
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        Exception? elsewhere = null;
        Thread thread = new(() => elsewhere = Record.Exception(inner.Dispose));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(elsewhere);
        inner.Dispose();
        outer.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void Disposed_memory_is_used_again()
    {
        nint first;
        using (Tensor a = Tensor.Zeros(7_654_321))
        {
            using BufferLease lease = a.Lease();
            unsafe
            {
                first = (nint)lease.Pointer;
            }
        }

        // A size that no other test uses: the pool is the process's.
        using Tensor b = Tensor.Zeros(7_654_300);
        using (BufferLease lease = b.Lease())
        {
            unsafe
            {
                Assert.Equal(first, (nint)lease.Pointer);
            }
        }
    }

    [Fact]
    public async Task Memory_may_be_trimmed_while_others_ask_for_it()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task trimming = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    NativeMemory.Trim();
                }
            },
            stop.Token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(AskOften)));
        await stop.CancelAsync();
        await trimming;

        static void AskOften()
        {
            for (int i = 0; i < 100_000; i++)
            {
                using Tensor tensor = Tensor.Full(3f, 5);
                Assert.Equal(3f, tensor.AsReadOnlySpan()[4]);
            }
        }
    }

    [Fact]
    public void Size_classes_are_tight_and_in_order()
    {
        (int Index, long Bytes) last = (-1, 0);
        for (long bytes = 1; bytes < 1 << 20; bytes += 1 + (bytes / 37))
        {
            (int index, long size) = NativeBufferPool.Classify(bytes);
            Assert.InRange(bytes, 1, size);
            Assert.True(size <= Math.Max(256, (bytes * 5 / 4) + 1), $"{bytes} bytes take {size}.");
            Assert.True(index == last.Index ? size == last.Bytes : index > last.Index && size > last.Bytes);
            last = (index, size);
        }
    }

    [Fact]
    public void A_lease_keeps_memory_while_it_is_used()
    {
        Tensor tensor = Tensor.Full(3f, 50_000);
        using BufferLease lease = tensor.Lease();
        tensor.Dispose();
        using Tensor other = Tensor.Full(9f, 50_000);
        unsafe
        {
            Assert.Equal(3f, lease.Pointer[49_999]);
        }
    }
}

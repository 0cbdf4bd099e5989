using System.Numerics;
using Microsoft.Extensions.ObjectPool;

namespace NativeNoise;

/// <summary>
/// Free native blocks of the process, by size class, above the library's allocator: like
/// <see cref="System.Buffers.ArrayPool{T}.Shared"/>, but for aligned native memory. A training step in steady state takes all
/// its blocks from here and allocates none. Four classes per power of two waste at most a fifth of a block.
/// </summary>
internal static class NativeBufferPool
{
    private const int MinimumShift = 8;
    private const long RetainedBytesPerClass = 256L << 20;
    private static readonly SizeClass?[] Classes = new SizeClass?[4 * 64];

    /// <summary>Takes a block for <paramref name="floats"/> floats, contents undefined, with one user.</summary>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    public static NativeBuffer Rent(long floats)
    {
        (int index, long bytes) = Classify(checked(floats * sizeof(float)));
        SizeClass home = Volatile.Read(ref Classes[index])
            ?? Interlocked.CompareExchange(ref Classes[index], new SizeClass(bytes), null)
            ?? Classes[index]!;
        return home.Rent();
    }

    /// <summary>Frees every block that nobody uses.</summary>
    public static void Trim()
    {
        foreach (SizeClass? home in Classes)
        {
            home?.Trim();
        }
    }

    /// <summary>The class of a size: its index and the size of its blocks.</summary>
    internal static (int Index, long Bytes) Classify(long bytes)
    {
        if (bytes <= 1L << MinimumShift)
        {
            return (0, 1L << MinimumShift);
        }

        // 2^shift < bytes <= 2^(shift + 1); quarters of the interval are the classes.
        int shift = 63 - BitOperations.LeadingZeroCount((ulong)(bytes - 1));
        long quarter = 1L << (shift - 2);
        long steps = (bytes - (1L << shift) + quarter - 1) / quarter;
        return ((4 * (shift - MinimumShift)) + (int)steps, (1L << shift) + (steps * quarter));
    }

    /// <summary>The free blocks of one size.</summary>
    internal sealed class SizeClass
    {
        private readonly Policy _policy;
        private ObjectPool<NativeBuffer> _free;

        public SizeClass(long bytes)
        {
            Bytes = bytes;
            _policy = new Policy(this);
            _free = CreatePool();
        }

        /// <summary>Size of every block, in bytes.</summary>
        public long Bytes { get; }

        public NativeBuffer Rent()
        {
            while (true)
            {
                ObjectPool<NativeBuffer> free = Volatile.Read(ref _free);
                try
                {
                    NativeBuffer buffer = free.Get();
                    buffer.Open();
                    return buffer;
                }
                catch (ObjectDisposedException) when (free != Volatile.Read(ref _free))
                {
                    // Another thread has trimmed between the two lines; the new pool serves.
                }
            }
        }

        public void Return(NativeBuffer buffer) => _free.Return(buffer);

        public void Trim()
        {
            // Blocks in use come back to the new pool; the old one frees what it holds and refuses the rest.
            ObjectPool<NativeBuffer> old = Interlocked.Exchange(ref _free, CreatePool());
            (old as IDisposable)?.Dispose();
        }

        // The provider's pool for disposable objects disposes what it cannot keep.
        private ObjectPool<NativeBuffer> CreatePool() => new DefaultObjectPoolProvider
        {
            MaximumRetained = (int)Math.Clamp(RetainedBytesPerClass / Bytes, 2, 1024),
        }.Create(_policy);

        private sealed class Policy(SizeClass home) : IPooledObjectPolicy<NativeBuffer>
        {
            public NativeBuffer Create() => NativeBuffer.Allocate(home);

            public bool Return(NativeBuffer obj) => true;
        }
    }
}

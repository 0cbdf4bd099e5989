using System.Runtime.InteropServices;
using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>
/// A block of native memory with a count of its users: tensors that own or view it, graph nodes that will read it again, and
/// native calls in flight. When the last user releases it, it goes back to the <see cref="NativeBufferPool"/>. A buffer that
/// is forgotten instead is freed by the handle's finalizer, which cannot run during a call because the lease refers to it.
/// </summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    private readonly NativeBufferPool.SizeClass _home;
    private int _users;
    private int _version;

    private NativeBuffer(NativeBufferPool.SizeClass home)
        : base(0, ownsHandle: true)
    {
        _home = home;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The memory. Only safe inside a lease or while a user is known to hold the buffer.</summary>
    public float* Pointer => (float*)handle;

    /// <summary>Changes whenever the contents may have been changed after they were first made.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Whether exactly one user holds the buffer, who may then change it in place.</summary>
    public bool IsUnshared => Volatile.Read(ref _users) == 1;

    /// <summary>Asks the library for a new block.</summary>
    /// <exception cref="InsufficientMemoryException">There is not enough memory.</exception>
    public static NativeBuffer Allocate(NativeBufferPool.SizeClass home)
    {
        NativeBuffer buffer = new(home);
        void* memory = null;
        NativeCall.Check(NativeMethods.nnoise_memory_allocate(home.Bytes, &memory));
        buffer.SetHandle((nint)memory);
        GC.AddMemoryPressure(home.Bytes);
        return buffer;
    }

    /// <summary>Takes a pooled buffer into use for its first user.</summary>
    public void Open()
    {
        Volatile.Write(ref _version, 0);
        Volatile.Write(ref _users, 1);
    }

    /// <summary>Adds a user; false when the buffer has been given back already.</summary>
    public bool TryAddUser()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Removes a user. The last one gives the buffer back to its pool.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _home.Return(this);
        }
    }

    /// <summary>Records that the contents change.</summary>
    public void BumpVersion() => Interlocked.Increment(ref _version);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMethods.nnoise_memory_free((void*)handle);
        GC.RemoveMemoryPressure(_home.Bytes);
        return true;
    }
}

/// <summary>Holds a buffer for the length of a native call. Always in a <c>using</c>.</summary>
internal unsafe readonly ref struct BufferLease
{
    private readonly NativeBuffer? _buffer;

    /// <summary>Leases a buffer that the caller holds already.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been given back.</exception>
    public BufferLease(NativeBuffer? buffer)
    {
        if (buffer is not null && !buffer.TryAddUser())
        {
            throw new ObjectDisposedException(nameof(Tensor));
        }

        _buffer = buffer;
    }

    /// <summary>The memory, or null for no buffer.</summary>
    public float* Pointer => _buffer is null ? null : _buffer.Pointer;

    /// <summary>Ends the lease.</summary>
    public void Dispose() => _buffer?.Release();
}

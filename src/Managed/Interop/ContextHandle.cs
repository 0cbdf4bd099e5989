using System.Runtime.InteropServices;
using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>A native context: one device for one caller at a time.</summary>
internal sealed unsafe class ContextHandle : SafeHandle
{
    /// <summary>An empty handle, for <see cref="Create"/> to fill.</summary>
    public ContextHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The context. Only safe inside a <see cref="ContextLease"/>.</summary>
    public nnoise_context* Pointer => (nnoise_context*)handle;

    /// <summary>Creates a CPU context.</summary>
    /// <exception cref="ArgumentException">The number of threads is not one the library accepts.</exception>
    /// <exception cref="NotSupportedException">This machine lacks the instruction set.</exception>
    public static ContextHandle Create(int threads, InstructionSet instructionSet)
    {
        ContextHandle context = new();
        nnoise_context_options options;
        NativeCall.Check(NativeMethods.nnoise_context_options_default(&options));
        options.threads = threads;
        options.isa = (int)instructionSet;
        nnoise_context* created = null;
        NativeCall.Check(NativeMethods.nnoise_context_create(&options, &created));
        context.SetHandle((nint)created);
        return context;
    }

    /// <summary>What the library says about this context.</summary>
    public nnoise_context_info Describe() => Describe(Pointer);

    /// <summary>What the library says about a context; null: about calls without one.</summary>
    public static nnoise_context_info Describe(nnoise_context* context)
    {
        nnoise_context_info info = default;
        info.size = (uint)sizeof(nnoise_context_info);
        NativeCall.Check(NativeMethods.nnoise_context_describe(context, &info));
        return info;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMethods.nnoise_context_destroy((nnoise_context*)handle);
        return true;
    }
}

/// <summary>A context taken from a <see cref="Device"/> for the length of a native call. Always in a <c>using</c>.</summary>
/// <remarks>
/// While it is taken, it is not in the device's pool, so disposing the device leaves it alone until it is given back; and the
/// lease refers to it until then, so it is not finalized. It needs no counted reference, which would cost two locked operations.
/// </remarks>
internal unsafe readonly ref struct ContextLease
{
    private readonly Device? _device;
    private readonly ContextHandle? _context;

    /// <summary>Takes a context of a device; of none: the call runs on the caller's thread.</summary>
    /// <exception cref="ObjectDisposedException">The device has been disposed.</exception>
    public ContextLease(Device? device)
    {
        if (device is not null)
        {
            _device = device;
            _context = device.TakeContext();
        }
    }

    /// <summary>The context, or null.</summary>
    public nnoise_context* Pointer => _context is null ? null : _context.Pointer;

    /// <summary>Gives the context back.</summary>
    public void Dispose()
    {
        if (_context is not null)
        {
            _device!.ReturnContext(_context);
        }
    }
}

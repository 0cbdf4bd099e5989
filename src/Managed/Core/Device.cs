using Microsoft.Extensions.ObjectPool;

namespace NativeNoise;

/// <summary>Instruction sets of the processor. Every one gives the same bits; they differ in speed.</summary>
public enum InstructionSet
{
    /// <summary>The best that processor and operating system offer.</summary>
    Auto = 0,

    /// <summary>The plain reference, without vector instructions.</summary>
    Scalar = 1,

    /// <summary>AVX2, FMA and F16C.</summary>
    Avx2 = 2,

    /// <summary>AVX-512 F, DQ, VL and BW.</summary>
    Avx512 = 3,

    /// <summary>Arm NEON.</summary>
    Neon = 4,
}

/// <summary>How a CPU device works.</summary>
public sealed record CpuOptions
{
    /// <summary>Number of threads, 1 to 256; 0 (the default) is one per logical processor. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Instruction set (<see cref="InstructionSet.Auto"/>). Results do not depend on it.</summary>
    public InstructionSet InstructionSet { get; init; }
}

/// <summary>
/// Where operations run. Safe for use by many threads at once: each operation takes a native context for itself from a pool.
/// Results are the same bits whatever the number of threads and the instruction set.
/// </summary>
public sealed class Device : IDisposable
{
    private static readonly Lazy<Device> SharedCpu = new(() => new Device(new CpuOptions(), isShared: true));

    private readonly ObjectPool<ContextHandle> _contexts;
    private readonly bool _isShared;
    private volatile bool _isDisposed;

    private Device(CpuOptions options, bool isShared)
    {
        _isShared = isShared;
        ContextHandle first = ContextHandle.Create(options.Threads, options.InstructionSet);
        Bindings.nnoise_context_info info = first.Describe();
        Threads = info.threads;
        InstructionSet = (InstructionSet)info.isa;
        _contexts = new DefaultObjectPoolProvider { MaximumRetained = 2 * Environment.ProcessorCount }
            .Create(new ContextPolicy(options));
        _contexts.Return(first);
    }

    /// <summary>The processor with all its threads. Shared by the whole process; disposing it does nothing.</summary>
    /// <exception cref="DllNotFoundException">The native library cannot be loaded.</exception>
    public static Device Cpu => SharedCpu.Value;

    /// <summary>Number of threads that an operation may use.</summary>
    public int Threads { get; }

    /// <summary>The instruction set in use; never <see cref="InstructionSet.Auto"/>.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>Name for people, such as <c>cpu (Avx2, 2 threads)</c>.</summary>
    public string Name => $"cpu ({InstructionSet}, {Threads} {(Threads == 1 ? "thread" : "threads")})";

    /// <summary>Makes a CPU device of its own.</summary>
    /// <param name="options">Threads and instruction set; null: the defaults.</param>
    /// <returns>The device; dispose it when done.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is outside [0, 256], or the set is unknown.</exception>
    /// <exception cref="NotSupportedException">This machine lacks the instruction set.</exception>
    public static Device CreateCpu(CpuOptions? options = null)
    {
        options ??= new CpuOptions();
        if (options.Threads is < 0 or > 256)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, "CpuOptions.Threads must lie in [0, 256].");
        }

        if (!Enum.IsDefined(options.InstructionSet))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.InstructionSet, "CpuOptions.InstructionSet is not a known instruction set.");
        }

        return new Device(options, isShared: false);
    }

    /// <summary>Releases the device's contexts. Operations on tensors of this device throw afterwards.</summary>
    public void Dispose()
    {
        if (!_isShared)
        {
            _isDisposed = true;
            (_contexts as IDisposable)?.Dispose();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal ContextHandle TakeContext()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _contexts.Get();
    }

    internal void ReturnContext(ContextHandle context) => _contexts.Return(context);

    private sealed class ContextPolicy(CpuOptions options) : IPooledObjectPolicy<ContextHandle>
    {
        public ContextHandle Create() => ContextHandle.Create(options.Threads, options.InstructionSet);

        public bool Return(ContextHandle obj) => true;
    }
}

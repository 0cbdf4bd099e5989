using NativeNoise.Bindings;

namespace NativeNoise.Tests.Contract;

/// <summary>A native context of a given instruction set and number of threads, or none at all.</summary>
internal sealed unsafe class NativeWorker : IDisposable
{
    private nnoise_context* _context;

    private NativeWorker(string name) => Name = name;

    /// <summary>Name for messages.</summary>
    public string Name { get; }

    /// <summary>The context; null for calls without one.</summary>
    public nnoise_context* Context => _context;

    /// <summary>Without a context, and with every instruction set that this machine has on one and on three threads.</summary>
    public static IReadOnlyList<NativeWorker> CreateAll() => [new NativeWorker("no context"), .. CreateContexts()];

    /// <summary>Every instruction set that this machine has, on one and on three threads.</summary>
    public static IReadOnlyList<NativeWorker> CreateContexts() =>
    [
        .. Enum.GetValues<nnoise_isa>().SelectMany(isa => new[] { TryCreate(isa, 1), TryCreate(isa, 3) }).OfType<NativeWorker>(),
    ];

    /// <summary>Fails the test with the library's own words when a call did not succeed.</summary>
    /// <param name="status">What the call returned.</param>
    public static void Check(nnoise_status status)
    {
        if (status != nnoise_status.NNOISE_STATUS_OK)
        {
            Assert.Fail($"{status}: {new string(NativeMethods.nnoise_last_error())}");
        }
    }

    /// <summary>The address as the library takes it.</summary>
    /// <param name="address">The address.</param>
    public static nnoise_address Address(WitnessAddress address) => new()
    {
        seed = address.Seed,
        site = address.Site,
        step = address.Step,
        step_stride = address.StepStride,
        first_row = address.FirstRow,
        row_stride = address.RowStride,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMethods.nnoise_context_destroy(_context);
        _context = null;
    }

    private static NativeWorker? TryCreate(nnoise_isa isa, int threads)
    {
        nnoise_context_options options;
        Check(NativeMethods.nnoise_context_options_default(&options));
        options.isa = (int)isa;
        options.threads = threads;
        nnoise_context* context;
        nnoise_status status = NativeMethods.nnoise_context_create(&options, &context);
        if (status == nnoise_status.NNOISE_STATUS_NOT_SUPPORTED)
        {
            return null;
        }

        Check(status);
        return new NativeWorker($"{isa} on {threads}") { _context = context };
    }
}

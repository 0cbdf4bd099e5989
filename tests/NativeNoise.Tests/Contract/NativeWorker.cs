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

    /// <summary>Without a context, the plain reference, and the best instruction set on one and on three threads.</summary>
    public static IReadOnlyList<NativeWorker> CreateAll() =>
    [
        new NativeWorker("no context"),
        Create(nnoise_isa.NNOISE_ISA_SCALAR, 1),
        Create(nnoise_isa.NNOISE_ISA_AUTO, 1),
        Create(nnoise_isa.NNOISE_ISA_AUTO, 3),
    ];

    /// <summary>A context.</summary>
    /// <param name="isa">Its instruction set.</param>
    /// <param name="threads">Its number of threads.</param>
    public static NativeWorker Create(nnoise_isa isa, int threads)
    {
        nnoise_context_options options;
        Check(NativeMethods.nnoise_context_options_default(&options));
        options.isa = (int)isa;
        options.threads = threads;
        NativeWorker worker = new($"{isa} on {threads}");
        nnoise_context* context;
        Check(NativeMethods.nnoise_context_create(&options, &context));
        worker._context = context;
        return worker;
    }

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
}

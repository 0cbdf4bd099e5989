using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>What the native library says about itself and this machine.</summary>
public static unsafe class NativeInfo
{
    /// <summary>The library's version.</summary>
    /// <exception cref="DllNotFoundException">The library cannot be loaded; the message says where it was sought.</exception>
    public static Version Version => Version.Parse(NativeCall.Text(NativeMethods.nnoise_version()));

    /// <summary>Number of the binary interface, which must equal the one this assembly was made for.</summary>
    public static int AbiVersion => (int)NativeMethods.nnoise_abi_version();

    /// <summary>
    /// Number of the noise contract. Libraries with the same number draw bit-identical noise from the same address.
    /// </summary>
    public static int NoiseContractVersion => (int)NativeMethods.nnoise_contract_version();

    /// <summary>The instruction set that operations use by default.</summary>
    public static InstructionSet InstructionSet => (InstructionSet)ContextHandle.Describe(null).isa;

    /// <summary>Logical processors of this machine that the process may use.</summary>
    public static int LogicalProcessors => Environment.ProcessorCount;

    /// <summary>The file that the library was loaded from; its plain name where the operating system's search found it.</summary>
    public static string LibraryPath
    {
        get
        {
            _ = NativeMethods.nnoise_abi_version();
            return NativeLibraryLoader.LoadedFile ?? NativeLibraryLoader.FileName;
        }
    }
}

/// <summary>Counters of the process's native memory (tensors and scratch), since it began.</summary>
/// <param name="Allocations">Blocks asked of the operating system.</param>
/// <param name="Frees">Blocks given back to it.</param>
/// <param name="Bytes">Bytes held now, including pooled blocks that no tensor uses.</param>
/// <param name="PeakBytes">Most bytes ever held.</param>
public readonly record struct NativeMemoryStatistics(long Allocations, long Frees, long Bytes, long PeakBytes);

/// <summary>The process's native memory.</summary>
public static unsafe class NativeMemory
{
    /// <summary>Reads the library's own counters. A training step in steady state leaves <c>Allocations</c> as it was.</summary>
    /// <returns>The counters.</returns>
    public static NativeMemoryStatistics Read()
    {
        nnoise_memory_counters counters = default;
        counters.size = (uint)sizeof(nnoise_memory_counters);
        NativeCall.Check(NativeMethods.nnoise_memory_counters_read(&counters));
        return new NativeMemoryStatistics(
            (long)counters.allocations, (long)counters.frees, (long)counters.bytes, (long)counters.peak_bytes);
    }

    /// <summary>Frees pooled blocks that no tensor uses.</summary>
    public static void Trim() => NativeBufferPool.Trim();
}

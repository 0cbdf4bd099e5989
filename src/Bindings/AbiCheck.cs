using System.Runtime.InteropServices;

namespace NativeNoise.Bindings;

/// <summary>Compares the ABI of a library with the one that the imports were generated from.</summary>
internal static unsafe class AbiCheck
{
    /// <summary>Asks a loaded library for its ABI number and compares it.</summary>
    /// <param name="handle">The library's handle.</param>
    /// <param name="file">The library's file, for the message.</param>
    /// <exception cref="BadImageFormatException">It has another ABI, or is no NativeNoise library at all.</exception>
    public static void Verify(nint handle, string file)
    {
        if (!NativeLibrary.TryGetExport(handle, nameof(NativeMethods.nnoise_abi_version), out nint export))
        {
            throw new BadImageFormatException(
                $"'{file}' is not a NativeNoise library: it exports no {nameof(NativeMethods.nnoise_abi_version)}.", file);
        }

        VerifyVersion(((delegate* unmanaged[Cdecl]<uint>)export)(), file);
    }

    /// <summary>Compares an ABI number with <see cref="NativeMethods.NNOISE_ABI_VERSION"/>.</summary>
    /// <param name="found">The library's number.</param>
    /// <param name="file">The library's file, for the message.</param>
    /// <exception cref="BadImageFormatException">The numbers differ.</exception>
    public static void VerifyVersion(uint found, string file)
    {
        if (found != NativeMethods.NNOISE_ABI_VERSION)
        {
            throw new BadImageFormatException(
                $"The native library '{file}' has ABI version {found}; NativeNoise.Bindings needs ABI version " +
                $"{NativeMethods.NNOISE_ABI_VERSION}. Use the library that came with this version of NativeNoise.", file);
        }
    }
}

using System.Runtime.InteropServices;
using NativeNoise.Bindings;

namespace NativeNoise.Bindings.Tests;

/// <summary>Texts that the library owns.</summary>
internal static unsafe class NativeText
{
    /// <summary>A zero-terminated UTF-8 text; null reads as empty.</summary>
    public static string Read(sbyte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>What was wrong with this thread's last failed call.</summary>
    public static string LastError() => Read(NativeMethods.nnoise_last_error());
}

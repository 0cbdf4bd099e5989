using System.Runtime.CompilerServices;
using System.Text;
using NativeNoise.Bindings;

namespace NativeNoise;

/// <summary>Turns the status of a native call into an exception. The one place that knows which status means what.</summary>
internal static unsafe class NativeCall
{
    /// <summary>Returns when the call succeeded, else throws what <see cref="ToException"/> makes of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(nnoise_status status)
    {
        if (status != nnoise_status.NNOISE_STATUS_OK)
        {
            Throw(status);
        }
    }

    /// <summary>The exception for a status; a number this version does not know becomes a <see cref="NativeNoiseException"/>.</summary>
    /// <param name="status">The status that a call returned.</param>
    /// <param name="detail">What the library says was wrong; empty where it says nothing.</param>
    public static Exception ToException(nnoise_status status, string detail)
    {
        string message = detail.Length > 0 ? detail : $"The native library reports status {(int)status}.";
        return status switch
        {
            nnoise_status.NNOISE_STATUS_INVALID_ARGUMENT => new ArgumentException(message),
            nnoise_status.NNOISE_STATUS_NULL_POINTER => new ArgumentNullException(null, message),
            nnoise_status.NNOISE_STATUS_INVALID_SHAPE => new ArgumentException(message),
            nnoise_status.NNOISE_STATUS_OVERLAP => new ArgumentException(message),
            nnoise_status.NNOISE_STATUS_OUT_OF_MEMORY => new InsufficientMemoryException(message),
            nnoise_status.NNOISE_STATUS_NOT_SUPPORTED => new NotSupportedException(message),
            nnoise_status.NNOISE_STATUS_OUT_OF_RANGE => new ArgumentOutOfRangeException(null, message),
            nnoise_status.NNOISE_STATUS_INVALID_LABEL => new ArgumentOutOfRangeException(null, message),
            nnoise_status.NNOISE_STATUS_BUSY => new InvalidOperationException(message),
            _ => new NativeNoiseException((NativeStatus)status, message),
        };
    }

    /// <summary>Reads a constant, null-terminated UTF-8 text that belongs to the library.</summary>
    public static string Text(sbyte* text)
    {
        if (text is null)
        {
            return "";
        }

        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)text);
        return Encoding.UTF8.GetString(bytes);
    }

    private static void Throw(nnoise_status status)
    {
        // The detail is per thread and belongs to the last failing call, so it is read before anything else runs.
        string detail = Text(NativeMethods.nnoise_last_error());
        throw ToException(status, detail.Length > 0 ? detail : Text(NativeMethods.nnoise_status_text(status)));
    }
}

namespace NativeNoise;

/// <summary>What a native call can report. Numbers are fixed; a newer library may report others.</summary>
public enum NativeStatus
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>A value lies outside its documented range.</summary>
    InvalidArgument = 1,

    /// <summary>A required pointer was null.</summary>
    NullPointer = 2,

    /// <summary>A size is negative, or sizes multiply to more than the address space.</summary>
    InvalidShape = 3,

    /// <summary>Buffers overlap in part.</summary>
    Overlap = 4,

    /// <summary>An allocation failed; nothing was changed.</summary>
    OutOfMemory = 5,

    /// <summary>This build, processor or device cannot do what was asked for.</summary>
    NotSupported = 6,

    /// <summary>A noise address would pass its last step, row or element.</summary>
    OutOfRange = 7,

    /// <summary>A class label lies outside [0, classes).</summary>
    InvalidLabel = 8,

    /// <summary>The context is in use by another thread.</summary>
    Busy = 9,

    /// <summary>A fault of the library.</summary>
    Internal = 10,
}

/// <summary>
/// A failure of the native library that no argument of the caller explains. Wrong arguments give
/// <see cref="ArgumentException"/> and its kin instead.
/// </summary>
public class NativeNoiseException : Exception
{
    /// <summary>Makes an exception with a standard text.</summary>
    public NativeNoiseException()
        : this("The native library failed.")
    {
    }

    /// <summary>Makes an exception with a text.</summary>
    /// <param name="message">What went wrong.</param>
    public NativeNoiseException(string message)
        : base(message)
    {
        Status = NativeStatus.Internal;
    }

    /// <summary>Makes an exception with a text and a cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public NativeNoiseException(string message, Exception innerException)
        : base(message, innerException)
    {
        Status = NativeStatus.Internal;
    }

    /// <summary>Makes an exception for a native status.</summary>
    /// <param name="status">What the library reported; it may be a number without a name here.</param>
    /// <param name="message">What went wrong.</param>
    public NativeNoiseException(NativeStatus status, string message)
        : base($"{message} (status {(int)status})")
    {
        Status = status;
    }

    /// <summary>What the library reported.</summary>
    public NativeStatus Status { get; }
}

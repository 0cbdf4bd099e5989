namespace NativeNoise.Cli;

/// <summary>An error that the user can act on: its message is printed as one line, without a stack trace.</summary>
internal sealed class ToolException : Exception
{
    public ToolException()
        : this("The command failed.")
    {
    }

    public ToolException(string message)
        : base(message)
    {
    }

    public ToolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace NativeNoise.Cli;

/// <summary>Options that are right one by one and wrong together.</summary>
internal sealed class UsageException : Exception
{
    public UsageException()
        : this("The options do not go together.")
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

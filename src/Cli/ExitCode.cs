namespace NativeNoise.Cli;

/// <summary>What the process tells its caller. Every code but <see cref="Success"/> comes with a line on standard error.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command was understood but could not be carried out.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself is wrong; nothing was read or written.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C (SIGINT), as shells count it: 128 + 2.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM: 128 + 15.</summary>
    public const int Terminated = 143;
}

namespace NativeNoise.Benchmarks;

/// <summary>What a step in steady state may allocate. A benchmark that passes it has no result.</summary>
internal static class AllocationBar
{
    private const int WarmUps = 16;
    private const int Steps = 64;

    /// <summary>Runs a step many times and throws when it allocates too much.</summary>
    /// <param name="what">Name for the message.</param>
    /// <param name="managedBytes">A step must stay below so many bytes of the managed heap; 0: it may allocate nothing.</param>
    /// <param name="step">The step. It may allocate no native memory at all.</param>
    /// <exception cref="InvalidOperationException">The step allocates more.</exception>
    public static void Check(string what, long managedBytes, Action step)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            step();
        }

        long native = NativeMemory.Read().Allocations;
        long managed = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Steps; i++)
        {
            step();
        }

        managed = (GC.GetAllocatedBytesForCurrentThread() - managed) / Steps;
        native = NativeMemory.Read().Allocations - native;
        if (native != 0 || (managed != 0 && managed >= managedBytes))
        {
            throw new InvalidOperationException(
                $"{what}: {managed} bytes of the managed heap a step (bar {managedBytes}), and {native} native allocations in "
                + $"{Steps} steps (bar 0).");
        }
    }
}

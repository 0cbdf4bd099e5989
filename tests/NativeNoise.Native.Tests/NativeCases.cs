namespace NativeNoise.Native.Tests;

/// <summary>Every case of the native suites, each reported as a test of its own.</summary>
public sealed class NativeCases
{
    // Stands for all cases of a suite that cannot be listed: the row's test asks for its result, meets the same exception and
    // reports it.
    private const string All = "every native case";

    /// <summary>The names that CTest lists.</summary>
    public static TheoryData<string> Names => NamesOf(NativeSuite.Host);

    /// <summary>The same for the emulated machine; where nothing is installed for it, one row that says so.</summary>
    public static TheoryData<string> EmulatedNames =>
        NativeSuite.ReasonNotToEmulate is null ? NamesOf(NativeSuite.Arm64) : new TheoryData<string>(All);

    /// <summary>Passes where CTest passed.</summary>
    /// <param name="name">The case, as CTest names it.</param>
    [Theory]
    [MemberData(nameof(Names))]
    public void Native(string name) => Check(NativeSuite.Host, name);

    /// <summary>Passes where CTest passed for Linux on arm64, under emulation.</summary>
    /// <param name="name">The case, as CTest names it.</param>
    [Theory]
    [MemberData(nameof(EmulatedNames))]
    public void Arm64(string name)
    {
        if (NativeSuite.ReasonNotToEmulate is { } reason)
        {
            Assert.Skip(reason);
        }

        Check(NativeSuite.Arm64, name);
    }

    /// <summary>A suite whose cases went missing would otherwise look like one that passed.</summary>
    [Fact]
    public void Every_listed_case_has_a_result()
    {
        Assert.True(NativeSuite.Host.Names.Count > 5, $"CTest lists only {NativeSuite.Host.Names.Count} cases.");
        Assert.All(NativeSuite.Host.Names, name => NativeSuite.Host.Result(name));
    }

    private static TheoryData<string> NamesOf(NativeSuite suite)
    {
        try
        {
            return new TheoryData<string>(suite.Names);
        }
        catch (NativeSuiteException)
        {
            return new TheoryData<string>(All);
        }
    }

    private static void Check(NativeSuite suite, string name)
    {
        NativeResult result = suite.Result(name);
        switch (result.Outcome)
        {
            case NativeOutcome.Passed:
                break;
            case NativeOutcome.Skipped:
                Assert.Skip(result.Output);
                break;
            default:
                Assert.Fail($"{name} failed after {result.Seconds:0.00} s:{Environment.NewLine}{result.Output}");
                break;
        }
    }
}

namespace NativeNoise.Native.Tests;

/// <summary>Every case of the native suites, each reported as a test of its own.</summary>
public sealed class NativeCases
{
    /// <summary>The names that CTest lists. Where the suite cannot be built, one row stands for all of them.</summary>
    public static TheoryData<string> Names
    {
        get
        {
            try
            {
                return new TheoryData<string>(NativeSuite.Names);
            }
            catch (NativeSuiteException)
            {
                // The row's test asks for its result, meets the same exception and reports it.
                return new TheoryData<string>("every native case");
            }
        }
    }

    /// <summary>Passes where CTest passed.</summary>
    /// <param name="name">The case, as CTest names it.</param>
    [Theory]
    [MemberData(nameof(Names))]
    public void Native(string name)
    {
        NativeResult result = NativeSuite.Result(name);
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

    /// <summary>A suite whose cases went missing would otherwise look like one that passed.</summary>
    [Fact]
    public void Every_listed_case_has_a_result()
    {
        Assert.True(NativeSuite.Names.Count > 5, $"CTest lists only {NativeSuite.Names.Count} cases.");
        Assert.All(NativeSuite.Names, name => NativeSuite.Result(name));
    }
}

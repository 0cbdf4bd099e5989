using System.Reflection;
using NativeNoise.Bindings;

namespace NativeNoise.Bindings.Tests;

/// <summary>Statuses, enum values and versions mean the same on both sides.</summary>
public sealed unsafe class StatusTests
{
    // Numbers are part of the ABI: each keeps its meaning for ever.
    [Theory]
    [InlineData(0, "OK")]
    [InlineData(1, "INVALID_ARGUMENT")]
    [InlineData(2, "NULL_POINTER")]
    [InlineData(3, "INVALID_SHAPE")]
    [InlineData(4, "OVERLAP")]
    [InlineData(5, "OUT_OF_MEMORY")]
    [InlineData(6, "NOT_SUPPORTED")]
    [InlineData(7, "OUT_OF_RANGE")]
    [InlineData(8, "INVALID_LABEL")]
    [InlineData(9, "BUSY")]
    [InlineData(10, "INTERNAL")]
    public void A_status_keeps_its_number(int number, string name)
    {
        Assert.Equal("NNOISE_STATUS_" + name, ((nnoise_status)number).ToString());
    }

    [Fact]
    public void Every_status_has_a_text_of_its_own()
    {
        string[] texts = [.. Enum.GetValues<nnoise_status>().Select(status => NativeText.Read(NativeMethods.nnoise_status_text(status)))];

        Assert.Equal(11, texts.Length);
        Assert.All(texts, text => Assert.NotEqual("", text));
        Assert.DoesNotContain("unknown status", texts);
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void An_unknown_status_has_a_text_too(int number)
    {
        Assert.Equal("unknown status", NativeText.Read(NativeMethods.nnoise_status_text((nnoise_status)number)));
    }

    [Fact]
    public void A_failed_call_names_its_argument()
    {
        Assert.Equal(nnoise_status.NNOISE_STATUS_NULL_POINTER, NativeMethods.nnoise_context_options_default(null));
        Assert.Contains("options", NativeText.LastError(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_error_belongs_to_its_thread()
    {
        Assert.Equal(nnoise_status.NNOISE_STATUS_NULL_POINTER, NativeMethods.nnoise_context_options_default(null));
        string? elsewhere = null;
        Thread thread = new(() => elsewhere = NativeText.LastError());
        thread.Start();
        thread.Join();

        Assert.Equal("", elsewhere);
        Assert.NotEqual("", NativeText.LastError());
    }

    [Fact]
    public void Every_enum_is_pinned_to_int()
    {
        Assert.NotEmpty(BoundSurface.Enums);
        Assert.All(BoundSurface.Enums, type => Assert.Equal(typeof(int), Enum.GetUnderlyingType(type)));
    }

    [Fact]
    public void Versions_agree()
    {
        Version? managed = typeof(NativeMethods).Assembly.GetName().Version;

        Assert.Equal(NativeMethods.NNOISE_ABI_VERSION, NativeMethods.nnoise_abi_version());
        Assert.Equal(NativeMethods.NNOISE_CONTRACT_VERSION, NativeMethods.nnoise_contract_version());
        Assert.Equal(managed?.ToString(3), NativeText.Read(NativeMethods.nnoise_version()));
    }
}

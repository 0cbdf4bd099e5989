using System.Text.RegularExpressions;
using System.Xml.Linq;
using NativeNoise.Testing;

namespace NativeNoise.Native.Tests;

/// <summary>The version is written in two places, one for each build system; both must say the same.</summary>
public sealed partial class VersionTests
{
    [Fact]
    public void Native_and_managed_builds_have_one_version()
    {
        string managed = XDocument.Load(Repository.Path("Directory.Build.props"))
            .Descendants("VersionPrefix").Single().Value;
        Match native = ProjectVersion().Match(File.ReadAllText(Repository.Path("native", "CMakeLists.txt")));

        Assert.True(native.Success, "native/CMakeLists.txt states no project version.");
        Assert.Equal(managed, native.Groups[1].Value);
    }

    [GeneratedRegex(@"project\(nativenoise VERSION ([0-9.]+)")]
    private static partial Regex ProjectVersion();
}

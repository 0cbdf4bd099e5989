using System.Reflection;

namespace NativeNoise.Testing;

/// <summary>The checkout that a test project was built from.</summary>
internal static class Repository
{
    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The MSBuild configuration of the tests: Debug or Release.</summary>
    public static string Configuration { get; } = Metadata("BuildConfiguration");

    /// <summary>A file or folder of the checkout, for example <c>Path("tests", "vectors")</c>.</summary>
    /// <param name="parts">The path's parts below the root.</param>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Metadata(string key)
    {
        foreach (AssemblyMetadataAttribute attribute in typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
        {
            if (attribute.Key == key && attribute.Value is { Length: > 0 } value)
            {
                return value;
            }
        }

        throw new InvalidOperationException($"The test assembly carries no '{key}' metadata; tests/Directory.Build.props writes it.");
    }
}

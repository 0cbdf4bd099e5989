namespace NativeNoise.Cli.Pictures;

/// <summary>The words for each kind of corruption.</summary>
internal static class Corruptions
{
    /// <returns>A title, and the label of an axis of strengths.</returns>
    public static (string Title, string Axis) Describe(string kind) => kind switch
    {
        "gaussian" => ("Gaussian", "standard deviation"),
        "salt-pepper" => ("Salt and pepper", "share of pixels replaced"),
        "uniform" => ("Uniform", "half-width"),
        _ => (kind, "strength"),
    };
}

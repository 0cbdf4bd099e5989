using ScottPlot;
using SkiaSharp;

namespace NativeNoise.Cli.Pictures;

/// <summary>
/// DejaVu Sans from the program itself, so that pictures look the same on every machine. Where no font is installed, a
/// plot would otherwise be drawn without any text and without an error.
/// </summary>
internal sealed class EmbeddedFont : IFontResolver
{
    private const string Family = "DejaVu Sans";

    private static readonly Lazy<SKTypeface> Regular = new(() => Load("DejaVuSans.ttf"));
    private static readonly Lazy<SKTypeface> Bold = new(() => Load("DejaVuSans-Bold.ttf"));

    private static readonly Lazy<bool> Registered = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new EmbeddedFont());
        Fonts.Default = Family;
        Fonts.Sans = Family;
        return true;
    });

    /// <summary>Makes it the font of every plot. Call before the first plot is made; more than once is fine.</summary>
    public static void Use() => _ = Registered.Value;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        fontName == Family ? (bold ? Bold : Regular).Value : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, weight >= FontWeight.SemiBold, slant != FontSlant.Upright);

    private static SKTypeface Load(string file)
    {
        using Stream stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The program carries no resource '{file}'.");
        return SKTypeface.FromStream(stream);
    }
}

using System.Reflection;
using ScottPlot;
using SkiaSharp;

namespace NativeNoise.Cli.Pictures;

/// <summary>
/// Fonts and colours of every picture. The font travels inside the tool, so that a picture is the same on a machine
/// without any fonts (a bare container) as on a desktop.
/// </summary>
internal static class PictureStyle
{
    /// <summary>Pictures are drawn at this multiple of their nominal size, to stay sharp on dense screens.</summary>
    public const float Scale = 2;

    /// <summary>The name under which the embedded font is known to the chart library.</summary>
    public const string FontName = "Inter";

    /// <summary>The model trained with noise.</summary>
    public static readonly SKColor Noise = SKColor.Parse("#1D5FD1");

    /// <summary>The same run without noise.</summary>
    public static readonly SKColor Baseline = SKColor.Parse("#E06C1F");

    public static readonly SKColor Ink = SKColor.Parse("#1B1F27");
    public static readonly SKColor QuietInk = SKColor.Parse("#626B7A");
    public static readonly SKColor GridLine = SKColor.Parse("#E6E9EE");
    public static readonly SKColor AxisLine = SKColor.Parse("#B4BBC6");
    public static readonly SKColor Paper = SKColors.White;
    public static readonly SKColor Right = SKColor.Parse("#18794E");
    public static readonly SKColor Wrong = SKColor.Parse("#C62A2F");

    /// <summary>Lines of the noise panel: told apart by readers who do not see red and green as different.</summary>
    public static readonly SKColor[] Series =
    [
        SKColor.Parse("#1D5FD1"),
        SKColor.Parse("#0F9D8A"),
        SKColor.Parse("#B4489A"),
        SKColor.Parse("#D08A00"),
        SKColor.Parse("#6E56CF"),
        SKColor.Parse("#626B7A"),
    ];

    private static readonly Lazy<SKTypeface> RegularFace = new(() => LoadFace("Inter-Regular.otf"));
    private static readonly Lazy<SKTypeface> SemiBoldFace = new(() => LoadFace("Inter-SemiBold.otf"));
    private static readonly Lazy<bool> Registered = new(Register);

    public static SKTypeface Regular => RegularFace.Value;

    public static SKTypeface SemiBold => SemiBoldFace.Value;

    /// <summary>Makes the embedded font known to the chart library; harmless when called again.</summary>
    public static void UseEmbeddedFont() => _ = Registered.Value;

    public static Color ToChart(this SKColor color) => new(color.Red, color.Green, color.Blue, color.Alpha);

    private static bool Register()
    {
        Fonts.FontResolvers.Insert(0, new EmbeddedFontResolver());
        Fonts.Default = FontName;
        return true;
    }

    private static SKTypeface LoadFace(string resource)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The font '{resource}' is missing from the tool's resources.");
        using SKData data = SKData.Create(stream);
        return SKTypeface.FromData(data)
            ?? throw new InvalidOperationException($"The font '{resource}' among the tool's resources cannot be read.");
    }

    private sealed class EmbeddedFontResolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == FontName ? (weight >= FontWeight.SemiBold ? SemiBold : Regular) : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            fontName == FontName ? (bold ? SemiBold : Regular) : null;
    }
}

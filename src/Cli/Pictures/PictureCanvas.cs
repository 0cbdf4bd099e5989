using SkiaSharp;

namespace NativeNoise.Cli.Pictures;

internal enum TextAlign
{
    Left,
    Centre,
    Right,
}

/// <summary>A sheet of paper in nominal pixels, with the few drawing calls that the pictures need.</summary>
internal sealed class PictureCanvas : IDisposable
{
    private readonly SKSurface _surface;

    /// <param name="width">Nominal width; the file has <see cref="PictureStyle.Scale"/> times as many pixels.</param>
    /// <param name="height">Nominal height.</param>
    public PictureCanvas(int width, int height)
    {
        PictureStyle.UseEmbeddedFont();
        Width = width;
        Height = height;
        _surface = CreateSurface(width, height);
        Canvas.Clear(PictureStyle.Paper);
        Canvas.Scale(PictureStyle.Scale);
    }

    public int Width { get; }

    public int Height { get; }

    public SKCanvas Canvas => _surface.Canvas;

    /// <summary>The width that <see cref="Text"/> would take.</summary>
    public static float Measure(string text, float size, bool bold = false)
    {
        using SKFont font = FontOf(size, bold);
        return font.MeasureText(text);
    }

    /// <summary>Writes one line whose baseline is at <paramref name="y"/>.</summary>
    public void Text(string text, float x, float y, float size, SKColor color, bool bold = false, TextAlign align = TextAlign.Left)
    {
        using SKFont font = FontOf(size, bold);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        SKTextAlign to = align switch
        {
            TextAlign.Left => SKTextAlign.Left,
            TextAlign.Centre => SKTextAlign.Center,
            _ => SKTextAlign.Right,
        };
        Canvas.DrawText(text, x, y, to, font, paint);
    }

    /// <summary>The heading that all pictures share: a title, and a line under it, shortened where it does not fit.</summary>
    public void Heading(string title, string subtitle, float left = 24)
    {
        Text(title, left, 36, 20, PictureStyle.Ink, bold: true);
        Text(Shorten(subtitle, 12.5f, Width - (2 * left)), left, 57, 12.5f, PictureStyle.QuietInk);
    }

    /// <summary>Draws a legend of lines, its right end at <paramref name="right"/>.</summary>
    public void LineLegend(float right, float y, IReadOnlyList<(string Label, SKColor Color, bool Dashed)> entries)
    {
        const float LineLength = 26, Gap = 7, Between = 22, Size = 12.5f;
        float x = right - entries.Sum(e => LineLength + Gap + Measure(e.Label, Size)) - (Between * (entries.Count - 1));
        foreach ((string label, SKColor color, bool dashed) in entries)
        {
            using var paint = new SKPaint { Color = color, IsAntialias = true, IsStroke = true, StrokeWidth = 2.4f };
            paint.PathEffect = dashed ? SKPathEffect.CreateDash([6, 4], 0) : null;
            Canvas.DrawLine(x, y - 4.5f, x + LineLength, y - 4.5f, paint);
            x += LineLength + Gap;
            Text(label, x, y, Size, PictureStyle.Ink);
            x += Measure(label, Size) + Between;
        }
    }

    /// <summary>Draws a chart into a rectangle.</summary>
    public void Chart(ScottPlot.Plot plot, float left, float top, float width, float height)
    {
        using SKSurface panel = CreateSurface(width, height);
        plot.ScaleFactor = PictureStyle.Scale;
        plot.Render(panel);
        using SKImage image = panel.Snapshot();
        Canvas.DrawImage(image, SKRect.Create(left, top, width, height), new SKSamplingOptions(SKFilterMode.Nearest));
    }

    public byte[] ToPng()
    {
        using SKImage image = _surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    public void Dispose() => _surface.Dispose();

    private static SKSurface CreateSurface(float width, float height)
    {
        var info = new SKImageInfo(
            (int)(width * PictureStyle.Scale), (int)(height * PictureStyle.Scale), SKColorType.Rgba8888, SKAlphaType.Premul);
        return SKSurface.Create(info)
            ?? throw new InvalidOperationException($"No drawing surface of {info.Width} x {info.Height} pixels could be made.");
    }

    private static string Shorten(string text, float size, float width)
    {
        if (Measure(text, size) <= width)
        {
            return text;
        }

        int length = text.Length;
        while (length > 0 && Measure(text[..length] + "…", size) > width)
        {
            length--;
        }

        return text[..length] + "…";
    }

    private static SKFont FontOf(float size, bool bold) =>
        new(bold ? PictureStyle.SemiBold : PictureStyle.Regular, size)
        {
            Subpixel = true,
            Edging = SKFontEdging.Antialias,
            Hinting = SKFontHinting.None,
        };
}

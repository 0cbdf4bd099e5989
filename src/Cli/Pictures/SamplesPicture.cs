using NativeNoise.Cli.Reports;
using SkiaSharp;

namespace NativeNoise.Cli.Pictures;

/// <summary>samples.png: test images, clean and corrupted, with what the models call them.</summary>
internal static class SamplesPicture
{
    private const int Left = 150;
    private const int Top = 104;
    private const int Cell = 84;
    private const int Gap = 14;
    private const int RightMargin = 24;
    private const float LineHeight = 15;

    public static (int Width, int Height) Size(SampleGrid grid)
    {
        int lines = Lines(grid);
        return (
            Left + (grid.TrueLabels.Count * (Cell + Gap)) - Gap + RightMargin,
            (int)(Top + (grid.Rows.Count * RowHeight(lines)) + 6));
    }

    public static byte[] Draw(SampleGrid grid, string dataName)
    {
        (int width, int height) = Size(grid);
        int lines = Lines(grid);
        using var picture = new PictureCanvas(width, height);
        picture.Heading(
            "Test images and predictions",
            $"{dataName}: above each column the true label; under each image " +
            (lines == 2 ? "the two models' predictions with their confidence, wrong ones in red" : "the prediction with its confidence, wrong ones in red"));

        for (int column = 0; column < grid.TrueLabels.Count; column++)
        {
            picture.Text(Label(grid.TrueLabels[column]), X(column) + (Cell / 2f), Top - 12, 15, PictureStyle.Ink, bold: true, TextAlign.Centre);
        }

        picture.Text("true label", Left - 18, Top - 12, 12, PictureStyle.QuietInk, align: TextAlign.Right);

        for (int r = 0; r < grid.Rows.Count; r++)
        {
            SampleRow row = grid.Rows[r];
            float y = Top + (r * RowHeight(lines));
            picture.Text(row.Title, Left - 18, y + (Cell / 2f) + 4, 13.5f, PictureStyle.Ink, bold: true, TextAlign.Right);
            picture.Text(lines == 2 ? "with noise" : "prediction", Left - 18, y + Cell + LineHeight, 11.5f, PictureStyle.Noise, align: TextAlign.Right);
            if (lines == 2)
            {
                picture.Text("without noise", Left - 18, y + Cell + (2 * LineHeight), 11.5f, PictureStyle.Baseline, align: TextAlign.Right);
            }

            for (int column = 0; column < grid.TrueLabels.Count; column++)
            {
                DrawImage(picture, row.Pixels[column], grid.Width, grid.Height, X(column), y);
                DrawVerdict(picture, row.Verdicts[column], grid.TrueLabels[column], X(column), y + Cell + LineHeight);
                if (row.BaselineVerdicts is { } baseline)
                {
                    DrawVerdict(picture, baseline[column], grid.TrueLabels[column], X(column), y + Cell + (2 * LineHeight));
                }
            }
        }

        return picture.ToPng();
    }

    private static int Lines(SampleGrid grid) => grid.Rows.Any(row => row.BaselineVerdicts is not null) ? 2 : 1;

    private static float RowHeight(int lines) => Cell + (lines * LineHeight) + 20;

    private static float X(int column) => Left + (column * (Cell + Gap));

    private static string Label(int label) => label.ToString();

    private static void DrawVerdict(PictureCanvas picture, Verdict verdict, int truth, float x, float y)
    {
        bool right = verdict.Label == truth;
        string label = Label(verdict.Label);
        string confidence = $"{verdict.Confidence * 100:0} %";
        const float Size = 12, Space = 6;
        float labelWidth = PictureCanvas.Measure(label, Size, bold: true);
        float start = x + ((Cell - labelWidth - Space - PictureCanvas.Measure(confidence, Size)) / 2);
        SKColor color = right ? PictureStyle.Right : PictureStyle.Wrong;
        picture.Text(label, start, y, Size, color, bold: true);
        picture.Text(confidence, start + labelWidth + Space, y, Size, right ? PictureStyle.QuietInk : color);
    }

    /// <summary>Dark strokes on light paper, enlarged without smoothing; values outside [0, 1] are cut off.</summary>
    private static void DrawImage(PictureCanvas picture, float[] pixels, int width, int height, float x, float y)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                float value = pixels[(row * width) + column];
                byte shade = (byte)(255 - (int)MathF.Round(255 * Math.Clamp(float.IsNaN(value) ? 0 : value, 0, 1)));
                bitmap.SetPixel(column, row, new SKColor(shade, shade, shade));
            }
        }

        float scale = Math.Min((float)Cell / width, (float)Cell / height);
        SKRect target = SKRect.Create(x + ((Cell - (width * scale)) / 2), y + ((Cell - (height * scale)) / 2), width * scale, height * scale);
        using SKImage image = SKImage.FromBitmap(bitmap);
        picture.Canvas.DrawImage(image, target, new SKSamplingOptions(SKFilterMode.Nearest));
        using var frame = new SKPaint { Color = PictureStyle.AxisLine, IsStroke = true, StrokeWidth = 1, IsAntialias = true };
        picture.Canvas.DrawRect(target, frame);
    }
}

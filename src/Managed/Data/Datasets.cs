using System.IO.Compression;

namespace NativeNoise;

/// <summary>A data set cut into a part to train on, one to choose by, and one to report.</summary>
/// <param name="Train">The part to train on.</param>
/// <param name="Validation">The part for choices: early stopping, magnitudes, when to stop.</param>
/// <param name="Test">The part to report results on, used for no choice.</param>
public sealed record DatasetSplit(Dataset Train, Dataset Validation, Dataset Test);

/// <summary>Data sets that come with the library.</summary>
public static class Datasets
{
    /// <summary>The seed of the digits' usual split.</summary>
    public const ulong DigitsSplitSeed = 20240;

    private const string DigitsResource = "NativeNoise.Data.optdigits.csv.gz";
    private const int DigitsValidation = 300;
    private const int DigitsTest = 300;

    /// <summary>
    /// Handwritten digits: 1,797 images of 8 x 8 pixels from 0 to 1 (values 0..16 divided by 16) in 10 classes, embedded in the library.
    /// </summary>
    /// <remarks>
    /// Optical Recognition of Handwritten Digits (the test part), E. Alpaydin and C. Kaynak, UCI Machine Learning Repository,
    /// https://doi.org/10.24432/C50P49, licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). The values are
    /// unchanged but for the division by 16.
    /// </remarks>
    /// <returns>All images in the order of the file.</returns>
    public static Dataset Digits()
    {
        using Stream resource = typeof(Datasets).Assembly.GetManifestResourceStream(DigitsResource)
            ?? throw new InvalidOperationException($"The library was built without its resource '{DigitsResource}'.");
        using var text = new GZipStream(resource, CompressionMode.Decompress);
        Dataset data = CsvLoader.Load(text, "optdigits.csv.gz", new CsvOptions { Classes = 10, Scale = 1.0 / 16 });
        return new Dataset(data.Inputs.ToArray(), data.Features, data.Labels.ToArray(), data.Classes)
        {
            Name = "digits",
            ImageHeight = 8,
            ImageWidth = 8,
        };
    }

    /// <summary>The digits cut into 1,197 images to train on, 300 to validate and 300 to test.</summary>
    /// <param name="seed">The seed of the shuffle; the default is the split that the project's own figures refer to.</param>
    /// <returns>The three parts.</returns>
    public static DatasetSplit DigitsSplit(ulong seed = DigitsSplitSeed)
    {
        Dataset digits = Digits();
        Dataset[] parts = digits.Split(seed, digits.Count - DigitsValidation - DigitsTest, DigitsValidation);
        return new DatasetSplit(parts[0], parts[1], parts[2]);
    }
}

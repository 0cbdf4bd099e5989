namespace NativeNoise.Cli.Running;

/// <summary>The images of a run. The test images decide nothing: they are only reported on.</summary>
internal sealed record DataSource(string Name, bool IsDigits, Dataset Train, Dataset? Validation, Dataset Test)
{
    /// <summary>The digits' test images are the same for every seed, so that runs can be compared.</summary>
    private const int DigitsTestImages = 300;

    /// <summary>The folder that stands in for <c>--data</c> where that is not given; null when there is none.</summary>
    public static string? FromEnvironment() =>
        Environment.GetEnvironmentVariable("NATIVENOISE_DATA") is { Length: > 0 } directory ? directory : null;

    public static DataSource Load(TrainSettings settings)
    {
        string name;
        Dataset train, test;
        if (settings.DataDirectory is { } directory)
        {
            try
            {
                (train, test) = IdxLoader.LoadDirectory(directory);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                throw new ToolException($"--data is '{directory}': {exception.Message}", exception);
            }

            name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        }
        else
        {
            Dataset digits = Datasets.Digits();
            Dataset[] parts = digits.Split(Datasets.DigitsSplitSeed, digits.Count - DigitsTestImages);
            (train, test) = (parts[0], parts[1]);
            name = "digits";
        }

        if (train.Count == 0 || test.Count == 0)
        {
            throw new ToolException(
                $"--data is '{settings.DataDirectory}', which has {train.Count} training and {test.Count} test images; " +
                "expected at least one of each.");
        }

        // Which images validate depends on the seed; they come out of the training images alone.
        Dataset? validation = null;
        int held = (int)Math.Round(train.Count * settings.Validation);
        if (held > 0)
        {
            Dataset[] parts = train.Split(settings.Seed, train.Count - held);
            (train, validation) = (parts[0], parts[1]);
        }

        return new DataSource(name, settings.DataDirectory is null, train, validation, test);
    }
}

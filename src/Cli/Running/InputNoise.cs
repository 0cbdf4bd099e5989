namespace NativeNoise.Cli.Running;

/// <summary>What the kinds of input noise are called.</summary>
internal static class InputNoise
{
    /// <summary>The words of <c>--input-noise-kind</c>.</summary>
    public static IReadOnlyDictionary<string, InputNoiseKind> Kinds { get; } = new OrderedDictionary<string, InputNoiseKind>
    {
        ["gaussian"] = InputNoiseKind.Gaussian,
        ["relative"] = InputNoiseKind.Relative,
        ["uniform"] = InputNoiseKind.Uniform,
        ["salt-pepper"] = InputNoiseKind.SaltPepper,
        ["laplace"] = InputNoiseKind.Laplace,
        ["student-t"] = InputNoiseKind.StudentT,
        ["poisson"] = InputNoiseKind.Poisson,
        ["speckle"] = InputNoiseKind.Speckle,
        ["snr"] = InputNoiseKind.Snr,
        ["pink"] = InputNoiseKind.Pink,
        ["brown"] = InputNoiseKind.Brown,
    };

    /// <summary>The word for a kind.</summary>
    public static string Word(InputNoiseKind kind) => Kinds.First(pair => pair.Value == kind).Key;

    /// <summary>A kind and its level in words.</summary>
    public static string Phrase(InputNoiseKind kind, string level) => kind switch
    {
        InputNoiseKind.Gaussian => $"Gaussian input noise {level}",
        InputNoiseKind.Relative => $"relative input noise {level}",
        InputNoiseKind.Uniform => $"uniform input noise ±{level}",
        InputNoiseKind.SaltPepper => $"salt-and-pepper input noise {level}",
        InputNoiseKind.Laplace => $"Laplace input noise {level}",
        InputNoiseKind.StudentT => $"Student-t input noise {level}",
        InputNoiseKind.Poisson => $"shot noise {level} on the input",
        InputNoiseKind.Speckle => $"speckle {level} on the input",
        InputNoiseKind.Snr => $"input noise of {level} of each image's root mean square",
        InputNoiseKind.Pink => $"pink input noise {level}",
        _ => $"brown input noise {level}",
    };
}

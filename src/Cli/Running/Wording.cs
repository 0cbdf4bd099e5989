using System.Globalization;

namespace NativeNoise.Cli.Running;

/// <summary>Recipes in words, for headings and summaries.</summary>
internal static class Wording
{
    public static string Noise(Recipe recipe)
    {
        var parts = new List<string>();
        if (recipe.InputNoise > 0)
        {
            parts.Add(InputNoise.Phrase(recipe.InputNoiseKind, Number(recipe.InputNoise)));
        }

        if (recipe.WeightNoise > 0)
        {
            parts.Add($"weight noise {Number(recipe.WeightNoise.Value)}");
        }

        if (recipe.Variational)
        {
            parts.Add("variational weights");
        }

        if (recipe.ActivationNoise > 0)
        {
            parts.Add($"activation noise {Number(recipe.ActivationNoise)}");
        }

        if (recipe.GradientNoiseEta > 0)
        {
            parts.Add($"gradient noise {Number(recipe.GradientNoiseEta)}/(1+t)^{Number(recipe.GradientNoiseGamma)}");
        }

        if (recipe.Dropout > 0)
        {
            parts.Add($"dropout {Number(recipe.Dropout)}");
        }

        if (parts.Count == 0)
        {
            return "no noise";
        }

        bool varies = recipe.NoiseFactor is not ConstantSchedule { Constant: 1 }
            && (recipe.InputNoise > 0 || recipe.WeightNoise > 0 || recipe.ActivationNoise > 0);
        string schedule = varies ? $"; input, weight and activation noise times {recipe.NoiseFactor}" : string.Empty;
        return string.Join(", ", parts) + schedule;
    }

    public static string Training(Recipe recipe, ulong seed) =>
        $"{recipe.Epochs} epochs, batch {recipe.BatchSize}, {Lower(recipe.Optimizer)}, learning rate {Number(recipe.LearningRate)}, seed {seed}";

    public static string Network(Recipe recipe, Dataset data) =>
        string.Join('-', [data.Features, .. recipe.Layers, data.Classes]);

    /// <summary>Each level as the summary lists it.</summary>
    public static IReadOnlyDictionary<string, double> Levels(Recipe recipe) => new Dictionary<string, double>
    {
        ["input"] = recipe.InputNoise,
        ["weight"] = recipe.WeightNoise ?? 0,
        ["activation"] = recipe.ActivationNoise,
        ["gradient_eta"] = recipe.GradientNoiseEta,
        ["gradient_gamma"] = recipe.GradientNoiseGamma,
        ["dropout"] = recipe.Dropout,
    };

    /// <summary>The options that shape the result; threads and folders do not.</summary>
    public static IReadOnlyDictionary<string, string> Options(Recipe recipe, TrainSettings settings) => new Dictionary<string, string>
    {
        ["layers"] = string.Join(',', recipe.Layers),
        ["batch"] = recipe.BatchSize.ToString(CultureInfo.InvariantCulture),
        ["lr"] = Number(recipe.LearningRate),
        ["optimizer"] = Lower(recipe.Optimizer),
        ["input_noise_kind"] = InputNoise.Word(recipe.InputNoiseKind),
        ["variational"] = recipe.Variational ? "true" : "false",
        ["weight_decay"] = recipe.WeightDecay is { } decay ? Number(decay) : "default",
        ["noise_schedule"] = settings.NoiseSchedule ?? "constant",
        ["validation"] = Number(settings.Validation),
    };

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

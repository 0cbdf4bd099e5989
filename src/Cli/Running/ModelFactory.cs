namespace NativeNoise.Cli.Running;

/// <summary>Networks of linear layers with ReLU, with the noise that a recipe names.</summary>
internal static class ModelFactory
{
    /// <param name="recipe">Layers and noise.</param>
    /// <param name="inputs">Features of an image.</param>
    /// <param name="classes">Width of the last layer.</param>
    /// <param name="seed">
    /// Of the initial weights, which are a function of the seed and the layers' names: with and without noise they are equal.
    /// </param>
    /// <param name="device">Where the parameters' own operations run.</param>
    public static Sequential Create(Recipe recipe, int inputs, int classes, ulong seed, Device device)
    {
        Sequential model = NoisyMlp.Create(new NoisyMlpOptions
        {
            Inputs = inputs,
            Hidden = recipe.Layers,
            Outputs = classes,
            ActivationNoise = recipe.ActivationNoise > 0 ? recipe.NoiseFactor.Scale(recipe.ActivationNoise) : null,
            WeightNoise = recipe.WeightNoise is { } std ? recipe.NoiseFactor.Scale(std) : null,
            Dropout = recipe.Dropout > 0 ? recipe.Dropout : null,
            Variational = recipe.Variational ? new VariationalOptions() : null,
            Seed = seed,
        });
        model.To(device);
        return model;
    }

    /// <summary>The noise on the pixels, or null.</summary>
    public static Module? InputNoise(Recipe recipe)
    {
        if (recipe.InputNoise == 0)
        {
            return null;
        }

        Schedule level = recipe.NoiseFactor.Scale(recipe.InputNoise);
        return recipe.InputNoiseKind switch
        {
            InputNoiseKind.Gaussian => new GaussianNoise(level) { Site = "input" },
            InputNoiseKind.Relative => new GaussianNoise(level, relative: true) { Site = "input" },
            InputNoiseKind.Uniform => new UniformNoise(recipe.NoiseFactor.Scale(-recipe.InputNoise), level) { Site = "input" },
            InputNoiseKind.SaltPepper => new SaltAndPepperNoise(level) { Site = "input" },
            InputNoiseKind.Laplace => new LaplaceNoise(level) { Site = "input" },
            InputNoiseKind.StudentT => new StudentTNoise(level) { Site = "input" },
            InputNoiseKind.Poisson => new PoissonNoise(PoissonNoise.PeakOf(level)) { Site = "input" },
            InputNoiseKind.Speckle => new SpeckleNoise(level) { Site = "input" },
            InputNoiseKind.Snr => new GaussianSnrNoise(GaussianSnrNoise.DecibelsOf(level)) { Site = "input" },
            InputNoiseKind.Pink => new PinkNoise(level) { Site = "input" },
            _ => new BrownNoise(level) { Site = "input" },
        };
    }
}

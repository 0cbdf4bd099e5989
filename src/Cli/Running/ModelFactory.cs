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
    public static Sequential Create(Recipe recipe, int inputs, int classes, ulong seed)
    {
        var modules = new List<(string Name, Module Module)>();
        int width = inputs;
        for (int i = 0; i < recipe.Layers.Length; i++)
        {
            int n = i + 1;
            modules.Add(($"fc{n}", LinearLayer(recipe, width, recipe.Layers[i])));
            modules.Add(($"relu{n}", new Relu()));
            if (recipe.ActivationNoise > 0)
            {
                modules.Add(($"noise{n}", new ActivationNoise(recipe.NoiseFactor.Scale(recipe.ActivationNoise))));
            }

            if (recipe.Dropout > 0)
            {
                modules.Add(($"dropout{n}", new Dropout(recipe.Dropout)));
            }

            width = recipe.Layers[i];
        }

        modules.Add(($"fc{recipe.Layers.Length + 1}", LinearLayer(recipe, width, classes)));
        var model = new Sequential([.. modules]);
        model.Initialize(seed);
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
            InputNoiseKind.Gaussian => new GaussianNoise(level),
            InputNoiseKind.Relative => new GaussianNoise(level, relative: true),
            InputNoiseKind.Uniform => new UniformNoise(recipe.NoiseFactor.Scale(-recipe.InputNoise), level),
            _ => new SaltAndPepperNoise(level),
        };
    }

    private static Module LinearLayer(Recipe recipe, int inputs, int outputs) => recipe switch
    {
        { Variational: true } => new VariationalLinear(inputs, outputs),
        { WeightNoise: { } std } => new NoisyLinear(inputs, outputs, recipe.NoiseFactor.Scale(std)),
        _ => new Linear(inputs, outputs),
    };
}

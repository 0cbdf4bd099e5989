namespace NativeNoise.Tests;

public sealed class OptimizerStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativenoise-optimizer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void A_run_that_is_saved_and_loaded_goes_on_bit_for_bit(string kind)
    {
        using var through = new ParameterBag(("a", new float[100]), ("b", [1f, 2f]));
        using Optimizer throughOptimizer = Make(kind, through);
        Steps(through, throughOptimizer, 0, 8);

        using var before = new ParameterBag(("a", new float[100]), ("b", [1f, 2f]));
        using Optimizer beforeOptimizer = Make(kind, before);
        Steps(before, beforeOptimizer, 0, 5);
        before.Save(At("model"));
        beforeOptimizer.Save(At("optimizer"));

        using var after = new ParameterBag(("a", new float[100]), ("b", [7f, 7f]));
        using Optimizer afterOptimizer = Make(kind, after);
        after.Load(At("model"));
        afterOptimizer.Load(At("optimizer"));
        Assert.Equal(5, afterOptimizer.StepCount);
        Steps(after, afterOptimizer, 5, 8);

        Assert.Equal(through[0].ToArray(), after[0].ToArray());
        Assert.Equal(through[1].ToArray(), after[1].ToArray());
    }

    [Fact]
    public void State_of_another_optimiser_or_model_is_refused()
    {
        using var bag = new ParameterBag(("a", new float[3]));
        using var adam = new Adam(bag);
        bag.SetGradient(0, 1, 2, 3);
        adam.Step();
        adam.Save(At("adam"));

        using var adamW = new AdamW(bag);
        Assert.Throws<InvalidDataException>(() => adamW.Load(At("adam")));
        using var longer = new ParameterBag(("a", new float[4]));
        using var other = new Adam(longer);
        Assert.Throws<InvalidDataException>(() => other.Load(At("adam")));
        using var renamed = new ParameterBag(("b", new float[3]));
        using var third = new Adam(renamed);
        Assert.Throws<InvalidDataException>(() => third.Load(At("adam")));
        bag.Save(At("model"));
        Assert.Throws<InvalidDataException>(() => third.Load(At("model")));
        Assert.Throws<FileNotFoundException>(() => third.Load(At("nothing")));
        Assert.Equal(0, third.StepCount);
    }

    private static Optimizer Make(string kind, Module model) => kind switch
    {
        "sgd" => new Sgd(model, new SgdOptions { Momentum = 0.9, GradientNoise = new GradientNoise(), LearningRate = new CosineSchedule(0.1, 0, 8) }),
        "adam" => new Adam(model, new AdamOptions { GradientNoise = new GradientNoise(), ClipNorm = 1 }),
        _ => new AdamW(model, new AdamWOptions { GradientNoise = new GradientNoise(), LearningRate = new CosineSchedule(0.1, 0, 8) }),
    };

    private static void Steps(ParameterBag bag, Optimizer optimizer, int first, int end)
    {
        for (int t = first; t < end; t++)
        {
            bag.SetGradient(0, [.. Enumerable.Range(0, 100).Select(i => MathF.Cos(i + t))]);
            if (t % 2 == 0)
            {
                bag.SetGradient(1, t, 1); // the other steps leave b without a gradient
            }
            else
            {
                bag[1].ZeroGrad();
            }

            optimizer.Step();
        }
    }

    private string At(string name) => Path.Combine(_folder, name + ".safetensors");
}

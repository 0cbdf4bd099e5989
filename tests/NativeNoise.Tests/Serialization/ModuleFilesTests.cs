namespace NativeNoise.Tests;

public sealed class ModuleFilesTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("nativenoise-models-").FullName, "model.safetensors");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void A_model_comes_back_bit_for_bit_under_stable_names()
    {
        using Sequential model = Model(seed: 3);
        model.Save(_path, new Dictionary<string, string> { ["seed"] = "3" });
        SafetensorsFile file = Safetensors.Load(_path);
        Assert.Equal("3", file.Metadata["seed"]);
        Assert.Equal(
            ["fc1.bias", "fc1.weight", "fc2.bias", "fc2.bias_sigma", "fc2.weight", "fc2.weight_sigma"],
            file.Arrays.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([4, 3], file.Arrays["fc1.weight"].Shape.ToArray());

        using Sequential other = Model(seed: 4);
        other.Load(_path);
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            Assert.Equal(parameter.ToArray(), other.StateDict()[name].ToArray());
        }
    }

    [Fact]
    public void Equal_models_have_equal_files()
    {
        using Sequential model = Model(seed: 3);
        model.Save(_path);
        byte[] first = File.ReadAllBytes(_path);
        using Sequential again = Model(seed: 3);
        again.Save(_path);
        Assert.Equal(first, File.ReadAllBytes(_path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_path)!));
    }

    [Fact]
    public void A_file_of_another_model_is_refused_and_changes_nothing()
    {
        using var small = new Sequential(("fc1", new Linear(3, 4)));
        small.Save(_path);
        using Sequential model = Model(seed: 3);
        float[] before = model.StateDict()["fc1.weight"].ToArray();
        var error = Assert.Throws<InvalidDataException>(() => model.Load(_path));
        Assert.Contains("fc2", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, model.StateDict()["fc1.weight"].ToArray());

        model.Load(_path, strict: false);
        Assert.Equal(small.StateDict()["fc1.weight"].ToArray(), model.StateDict()["fc1.weight"].ToArray());

        using var wide = new Sequential(("fc1", new Linear(5, 4)));
        Assert.Contains("fc1.weight", Assert.Throws<InvalidDataException>(() => wide.Load(_path)).Message, StringComparison.Ordinal);
    }

    private static Sequential Model(ulong seed)
    {
        var model = new Sequential(("fc1", new Linear(3, 4)), ("act", new Relu()), ("fc2", new FactorizedNoisyLinear(4, 2)));
        model.Initialize(seed);
        return model;
    }
}

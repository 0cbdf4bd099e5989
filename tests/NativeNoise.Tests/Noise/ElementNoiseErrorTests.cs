namespace NativeNoise.Tests;

/// <summary>What is no noise, and where a noise does not fit: an error that names it, and nothing is written.</summary>
public sealed class ElementNoiseErrorTests
{
    private static readonly NoiseKey Key = NoiseKey.ForSite(seed: 9, "errors");

    public static TheoryData<string, float> Bad
    {
        get
        {
            TheoryData<string, float> data = [];
            foreach ((string name, (_, float[] values)) in Factories)
            {
                foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity, .. values])
                {
                    data.Add(name, value);
                }
            }

            return data;
        }
    }

    private static readonly Dictionary<string, (Action<float> Make, float[] Values)> Factories = new()
    {
        ["std"] = (v => ElementNoise.Gaussian(v), [-0.1f]),
        ["std, relative"] = (v => ElementNoise.RelativeGaussian(v), [-0.1f]),
        ["std, multiplicative"] = (v => ElementNoise.MultiplicativeGaussian(v), [-0.1f]),
        ["std, pink"] = (v => ElementNoise.Pink(v), [-0.1f]),
        ["std, brown"] = (v => ElementNoise.Brown(v), [-0.1f]),
        ["low"] = (v => ElementNoise.Uniform(v, 1f), []),
        ["high"] = (v => ElementNoise.Uniform(0f, v), []),
        ["probability"] = (v => ElementNoise.Dropout(v), [-0.1f, 1.0001f]),
        ["probability, salt and pepper"] = (v => ElementNoise.SaltAndPepper(v), [-0.1f, 1.0001f]),
        ["salt"] = (v => ElementNoise.SaltAndPepper(0.1f, salt: v), []),
        ["pepper"] = (v => ElementNoise.SaltAndPepper(0.1f, pepper: v), []),
        ["scale"] = (v => ElementNoise.Laplace(v), [-0.1f]),
        ["scale, student-t"] = (v => ElementNoise.StudentT(v), [-0.1f]),
        ["degrees"] = (v => ElementNoise.StudentT(0.1f, v), [-1f, 0f, 0.99f]),
        ["peak"] = (v => ElementNoise.Poisson(v), [-1f, 0f]),
        ["snrDb"] = (v => ElementNoise.GaussianSnr(v), []),
        ["probability, applying"] = (v => ElementNoise.Gaussian(1f).WithApplyProbability(v, 0), [-0.1f, 1.0001f]),
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_magnitude_that_is_none_is_refused_by_name_and_value(string name, float value)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(name.Split(',')[0], () => Factories[name].Make(value));
        Assert.Equal(value, error.ActualValue);
    }

    [Fact]
    public void Named_functions_refuse_by_their_own_arguments()
    {
        float[] x = [1, 2, 3];
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => Noise.AddLaplace(x, -1f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => Noise.AddStudentT(x, -1f, 5f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("degrees", () => Noise.AddStudentT(x, 1f, 0.5f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("peak", () => Noise.Poisson(x, 0f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("snrDb", () => Noise.AddGaussianSnr(x, float.NaN, Key));
        Assert.Throws<ArgumentOutOfRangeException>("std", () => Noise.AddPink(x, -1f, Key));
        Assert.Throws<ArgumentOutOfRangeException>("std", () => Noise.AddBrown(x, -1f, Key));
        Assert.Equal([1, 2, 3], x);
    }

    [Fact]
    public void Axes_that_are_none_are_refused()
    {
        ElementNoise noise = ElementNoise.Gaussian(1f);
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>("axes", () => noise.WithSharedAxes(1, -1)).ActualValue);
        Assert.Equal(32, Assert.Throws<ArgumentOutOfRangeException>("axes", () => noise.WithSharedAxes(32)).ActualValue);

        float[] x = new float[12], y = new float[12];
        ElementNoise far = noise.WithSharedAxes(1, 3);
        Action[] uses =
        [
            () => Noise.Apply(far, x, y, Key, [2, 3, 2]), () => Noise.Apply(far, y, Key, [2, 3, 2]),
            () => Noise.ApplyBackward(far, [], x, y, Key, [2, 3, 2]),
            () => Noise.Apply(far, x, y, Key, columns: 3), () => Noise.Apply(far, y, Key), () => Noise.ApplyBackward(far, [], x, y, Key),
            () => Noise.Apply(noise.WithSharedAxes(0), x, y, Key, [12]),
        ];
        foreach (Action use in uses)
        {
            Assert.Contains("axes [", Assert.Throws<ArgumentException>("noise", use).Message, StringComparison.Ordinal);
        }

        using TensorScope scope = new();
        var error = Assert.Throws<ArgumentException>("noise", () => Functional.ApplyNoise(Tensor.Zeros(4, 3), far, Key));
        Assert.Contains("axes [1, 3], but the data have the shape [4, 3]; expected axes from 0 to 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("noise", () => Functional.ApplyNoise(Tensor.Zeros(4), noise.WithSharedAxes(0), Key));
        Assert.Throws<ArgumentNullException>("x", () => Functional.ApplyNoise(null!, noise, Key));
        Assert.All(y, v => Assert.Equal(0f, v));
    }

    [Fact]
    public void The_default_value_is_refused()
    {
        using TensorScope scope = new();
        float[] x = [1, 2, 3];
        Action[] uses =
        [
            () => Noise.Apply(default, x, Key), () => Noise.Apply(default, x, Key, [3]), () => Noise.ApplyBackward(default, [], x, x, Key),
            () => Noise.ApplyBackward(default, [], x, x, Key, [3]), () => Functional.ApplyNoise(Tensor.From(x), default, Key),
        ];
        foreach (Action use in uses)
        {
            Assert.Contains("default", Assert.Throws<ArgumentException>("noise", use).Message, StringComparison.Ordinal);
        }

        Assert.Equal([1, 2, 3], x);
    }

    [Fact]
    public void Buffers_that_do_not_fit_are_refused()
    {
        ElementNoise noise = ElementNoise.RelativeGaussian(1f);
        float[] x = new float[12], y = new float[12];
        Assert.Throws<ArgumentException>("y", () => Noise.Apply(noise, x, y.AsSpan(1), Key));
        Assert.Throws<ArgumentException>("y", () => Noise.Apply(noise, x, y.AsSpan(1), Key, [12]));
        Assert.Throws<ArgumentException>("y", () => Noise.Apply<float>(noise, x.AsSpan(0, 8), x.AsSpan(2, 8), Key, [2, 4]));
        Assert.Throws<ArgumentException>("columns", () => Noise.Apply(noise, x, y, Key, columns: 5));
        var error = Assert.Throws<ArgumentException>("shape", () => Noise.Apply(noise, x, y, Key, [3, 5]));
        Assert.Contains("[3, 5], 15 elements, but the data have 12", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("shape", () => Noise.Apply(noise, x, y, Key, [-3, -4]));
        Assert.Throws<ArgumentException>("shape", () => Noise.ApplyBackward(noise, x, x, y, Key, [3, 5]));
        Assert.Throws<ArgumentException>("dy", () => Noise.ApplyBackward(noise, [], x, y, Key));
        Assert.Throws<ArgumentException>("dx", () => Noise.ApplyBackward(noise, x, y, x, Key));
        Assert.Throws<ArgumentException>("dx", () => Noise.ApplyBackward(noise, x, x, y.AsSpan(1), Key));
        Assert.All(y, v => Assert.Equal(0f, v));
        Noise.Apply<float>(noise, [], [], Key, [0, 3]);
        Noise.Apply<float>(noise.WithSharedAxes(1), [], [], Key, [3, 0, 2]);
    }

    [Fact]
    public void Elements_of_other_types_are_refused()
    {
        ElementNoise noise = ElementNoise.Gaussian(1f);
        Assert.Contains("Int32", Assert.Throws<NotSupportedException>(() => Noise.Apply(noise, new int[3], Key)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => Noise.ApplyBackward(noise, [], new double[3], new double[3], Key));
        Assert.Throws<NotSupportedException>(() => Noise.FillNormal(new double[3], 0f, 1f, Key));
        Assert.Throws<NotSupportedException>(() => Noise.FillUniform(new uint[3], 0f, 1f, Key));
        Assert.Throws<NotSupportedException>(() => Noise.FillSigns(new int[3], Key));
    }

    /// <summary>A count needs a mean that is none below 0, and is exact only up to 2^24.</summary>
    [Theory]
    [InlineData(-0.001f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e6f)]
    public void Poisson_refuses_what_has_no_count(float value)
    {
        float[] x = [1, 2, value], y = new float[3];
        Assert.ThrowsAny<ArgumentException>(() => Noise.Poisson(x, y, 255f, Key));
        Assert.All(y, v => Assert.Equal(0f, v));
    }
}

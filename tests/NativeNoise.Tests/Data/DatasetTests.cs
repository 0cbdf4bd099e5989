namespace NativeNoise.Tests;

public class DatasetTests
{
    private static Dataset Small() => new([1, 2, 3, 4, 5, 6, 7, 8], 2, [0, 1, 2, 1], 3);

    [Fact]
    public void A_classification_set_gives_its_examples()
    {
        Dataset data = Small();
        Assert.Equal((4, 2, 3, 3, true), (data.Count, data.Features, data.Classes, data.Outputs, data.IsClassification));
        Assert.Equal([5f, 6f], data.Input(2));
        Assert.Equal([0, 1, 2, 1], data.Labels);
        Assert.True(data.Targets.IsEmpty && data.Target(0).IsEmpty);
    }

    [Fact]
    public void A_regression_set_gives_its_targets()
    {
        var data = new Dataset([1, 2, 3], 1, [10f, 11, 20, 21, 30, 31], 2);
        Assert.Equal((3, 0, 2, false), (data.Count, data.Classes, data.Outputs, data.IsClassification));
        Assert.Equal([20f, 21f], data.Target(1));
        Assert.True(data.Labels.IsEmpty);
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_refused_by_name()
    {
        Assert.Equal("inputs", Assert.Throws<ArgumentException>(() => new Dataset(new float[5], 2, new int[2], 2)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => new Dataset(new float[4], 2, new int[3], 2)).ParamName);
        Assert.Equal("targets", Assert.Throws<ArgumentException>(() => new Dataset(new float[4], 2, new float[3], 2)).ParamName);
        Assert.Equal("features", Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset(new float[4], 0, new int[2], 2)).ParamName);
        Assert.Equal("classes", Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset(new float[4], 2, new int[2], 0)).ParamName);
        Assert.Throws<ArgumentNullException>(() => new Dataset(null!, 2, new int[2], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Small().Input(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Small().Input(-1));
        Assert.Throws<ArgumentException>(() => Small().WithInputs(new float[7]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_label_out_of_range_is_refused_with_its_value(int label)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset(new float[4], 2, [0, label], 3));
        Assert.Equal(label, error.ActualValue);
        Assert.Contains("example 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_and_subset_copy_the_chosen_examples()
    {
        Dataset two = Small().Take(2);
        Assert.Equal([1f, 2, 3, 4], two.Inputs);
        Assert.Equal([0, 1], two.Labels);
        Dataset chosen = Small().Subset([3, 0, 3]);
        Assert.Equal([7f, 8, 1, 2, 7, 8], chosen.Inputs);
        Assert.Equal([1, 0, 1], chosen.Labels);
        Assert.Throws<ArgumentOutOfRangeException>(() => Small().Take(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Small().Subset([4]));
    }

    [Fact]
    public void Split_cuts_a_shuffle_that_the_seed_fixes()
    {
        float[] inputs = [.. Enumerable.Range(0, 100).Select(i => (float)i)];
        var data = new Dataset(inputs, 1, new int[100], 1);
        (Dataset first, Dataset second) = data.Split(0.7, 5);
        Assert.Equal((70, 30), (first.Count, second.Count));
        Assert.Equal(inputs, first.Inputs.ToArray().Concat(second.Inputs.ToArray()).Order());
        Assert.NotEqual(inputs[..70], first.Inputs.ToArray());
        Assert.Equal(first.Inputs, data.Split(0.7, 5).First.Inputs);
        Assert.NotEqual(first.Inputs.ToArray(), data.Split(0.7, 6).First.Inputs.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Split(1.5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Split(double.NaN, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Split(0, 60, 50));
        Assert.Equal([60, 40, 0], data.Split(0, 60, 40).Select(part => part.Count));
    }

    [Fact]
    public void Standardised_features_have_mean_zero_and_deviation_one()
    {
        var data = new Dataset([1, 100, 5, 3, 100, 5, 5, 100, 5, 7, 100, 5], 3, new int[4], 1);
        (Dataset standard, Standardizer standardizer) = data.Standardize();
        Assert.Equal([4f, 100, 5], standardizer.Mean);
        Assert.Equal([MathF.Sqrt(5), 0, 0], standardizer.Std);
        float[] expected = [-1.3416407f, 0, 0, -0.44721359f, 0, 0, 0.44721359f, 0, 0, 1.3416407f, 0, 0];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], standard.Inputs[i], 1e-6f);
        }

        float[] back = standard.Inputs.ToArray();
        standardizer.Invert(back);
        for (int i = 0; i < back.Length; i++)
        {
            Assert.Equal(data.Inputs[i], back[i], 1e-5f);
        }

        Assert.Throws<ArgumentException>(() => standardizer.Apply(new float[4]));
        Assert.Throws<InvalidOperationException>(() => Standardizer.Fit(data.Take(0)));
    }

    [Fact]
    public void A_standardiser_refuses_examples_of_other_features()
    {
        Standardizer standardizer = Standardizer.Fit(new Dataset([1, 2, 3, 4], 2, new float[2]));
        Assert.Throws<ArgumentException>("dataset", () => standardizer.Apply(new Dataset(new float[8], 4, new float[2])));
        float[] rest = [1, 2, 3];
        Assert.Throws<ArgumentException>("inputs", () => standardizer.Apply(rest));
        Assert.Throws<ArgumentException>("inputs", () => standardizer.Invert(rest));
        Assert.Equal([1f, 2f, 3f], rest);
    }

    [Fact]
    public void The_digits_are_embedded_and_complete()
    {
        Dataset digits = Datasets.Digits();
        Assert.Equal((1797, 64, 10, 8, 8), (digits.Count, digits.Features, digits.Classes, digits.ImageHeight, digits.ImageWidth));
        int[] perClass = new int[10];
        foreach (int label in digits.Labels)
        {
            perClass[label]++;
        }

        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], perClass);
        float[] inputs = digits.Inputs.ToArray();
        Assert.Equal((0f, 1f), (inputs.Min(), inputs.Max()));
        Assert.All(inputs, value => Assert.Equal(MathF.Round(value * 16), value * 16));
        Assert.Equal([0f, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f, 0, 0], digits.Input(0)[..8]);
    }

    [Fact]
    public void The_split_of_the_digits_is_fixed_and_without_overlap()
    {
        DatasetSplit split = Datasets.DigitsSplit();
        Assert.Equal((1197, 300, 300), (split.Train.Count, split.Validation.Count, split.Test.Count));
        Assert.Equal(split.Test.Labels, Datasets.DigitsSplit().Test.Labels);
        double all = split.Train.Inputs.ToArray().Sum(v => (double)v)
            + split.Validation.Inputs.ToArray().Sum(v => (double)v) + split.Test.Inputs.ToArray().Sum(v => (double)v);
        Assert.Equal(Datasets.Digits().Inputs.ToArray().Sum(v => (double)v), all);
    }
}

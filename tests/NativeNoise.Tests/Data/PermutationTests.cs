namespace NativeNoise.Tests;

public class PermutationTests
{
    [Fact]
    public void Words_are_those_of_the_published_philox_vectors()
    {
        Span<uint> words = stackalloc uint[4];
        Permutation.Philox4x32(0, 0, 0, 0, 0, words);
        Assert.Equal([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8], words.ToArray());
        Permutation.Philox4x32(0x299f31d0a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, words);
        Assert.Equal([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1], words.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(257)]
    [InlineData(60000)]
    public void Every_index_comes_exactly_once(int count)
    {
        int[] order = Permutation.Create(42, 3, count);
        Array.Sort(order);
        Assert.Equal(Enumerable.Range(0, count), order);
    }

    [Fact]
    public void The_order_is_a_function_of_seed_and_epoch()
    {
        Assert.Equal(Permutation.Create(1, 5, 1000), Permutation.Create(1, 5, 1000));
        Assert.NotEqual(Permutation.Create(1, 5, 1000), Permutation.Create(1, 6, 1000));
        Assert.NotEqual(Permutation.Create(1, 5, 1000), Permutation.Create(2, 5, 1000));
        Assert.NotEqual(Permutation.Create(1, 5, 1000), Permutation.Create(1 + (1UL << 32), 5, 1000));
    }

    /// <summary>Computed by a separate program from the documented formula.</summary>
    [Fact]
    public void Known_orders_of_ten()
    {
        Assert.Equal([2, 1, 3, 7, 5, 0, 8, 4, 6, 9], Permutation.Create(0, 0, 10));
        Assert.Equal([4, 2, 6, 9, 7, 0, 3, 8, 1, 5], Permutation.Create(0x0123456789ABCDEF, 7, 10));
    }

    [Fact]
    public void All_orders_of_four_are_equally_frequent()
    {
        const int draws = 24000;
        var counts = new Dictionary<string, int>();
        for (uint epoch = 0; epoch < draws; epoch++)
        {
            string key = string.Join(',', Permutation.Create(7, epoch, 4));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        // Chi squared with 23 degrees of freedom: above 49.7 with probability 0.001.
        double expected = draws / 24.0;
        double chiSquared = counts.Values.Sum(n => (n - expected) * (n - expected) / expected);
        Assert.Equal(24, counts.Count);
        Assert.True(chiSquared < 49.7, $"chi squared {chiSquared}");
    }

    [Fact]
    public void A_negative_count_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Permutation.Create(0, 0, -1));
}

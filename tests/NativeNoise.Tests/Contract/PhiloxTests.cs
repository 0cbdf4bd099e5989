namespace NativeNoise.Tests.Contract;

public class PhiloxTests
{
    /// <summary>The published known answers of Random123 (kat_vectors, philox4x32 10): counter, key, result.</summary>
    [Theory]
    [InlineData(
        new uint[] { 0, 0, 0, 0 }, 0x0000000000000000UL,
        new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(
        new uint[] { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, 0xffffffffffffffffUL,
        new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, 0x299f31d0a4093822UL,
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Blocks_equal_the_published_vectors(uint[] counter, ulong key, uint[] expected)
    {
        (uint w0, uint w1, uint w2, uint w3) = Philox.Block(key, (counter[0], counter[1], counter[2], counter[3]));
        Assert.Equal(expected, new[] { w0, w1, w2, w3 });
    }

    [Fact]
    public void An_element_takes_its_word_of_the_block_block_row_step_site()
    {
        WitnessAddress address = new(0x299f31d0a4093822UL, 0x03707344, Step: 0x13198a2e, FirstRow: 0x85a308d3);
        long first = 4L * 0x243f6a88;
        Assert.Equal(0xd16cfe09u, address.Word(0, first));
        Assert.Equal(0x94fdccebu, address.Word(0, first + 1));
        Assert.Equal(0x5001e420u, address.Word(0, first + 2));
        Assert.Equal(0x24126ea1u, address.Word(0, first + 3));
    }

    [Fact]
    public void Strides_move_step_and_row_together()
    {
        WitnessAddress strided = new(7, 11, Step: 5, FirstRow: 3, StepStride: 2, RowStride: 10);
        WitnessAddress plain = new(7, 11, Step: 5 + (4 * 2), FirstRow: 3 + (4 * 10));
        for (int e = 0; e < 9; e++)
        {
            Assert.Equal(plain.Word(0, e), strided.Word(4, e));
        }
    }

    [Fact]
    public void Addresses_past_their_width_are_refused()
    {
        WitnessAddress last = new(1, 2, Step: uint.MaxValue, FirstRow: uint.MaxValue);
        Assert.Equal(Philox.Block(1, (0, uint.MaxValue, uint.MaxValue, 2)).W0, last.Word(0, 0));
        Assert.Throws<OverflowException>(() => last.Word(1, 0));
        Assert.Throws<OverflowException>(() => (last with { RowStride = 0, StepStride = 1 }).Word(1, 0));
        Assert.Equal(last.Word(0, 5), (last with { RowStride = 0 }).Word(1, 5));
        Assert.Equal(Philox.Block(1, (uint.MaxValue, uint.MaxValue, uint.MaxValue, 2)).W3, last.Word(0, (1L << 34) - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => last.Word(0, 1L << 34));
    }

    /// <summary>Published FNV-1a values of 32 bits.</summary>
    [Theory]
    [InlineData("", 0x811c9dc5u)]
    [InlineData("a", 0xe40c292cu)]
    [InlineData("foobar", 0xbf9cf968u)]
    public void Fnv1a_equals_the_published_values(string text, uint expected) => Assert.Equal(expected, SiteName.Fnv1a(text));

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(1u, 0x514e28b7u)]
    [InlineData(0xffffffffu, 0x81f16f39u)]
    public void The_mixer_is_MurmurHash3s(uint input, uint expected) => Assert.Equal(expected, SiteName.Mix(input));

    [Fact]
    public void Signs_are_the_bits_of_the_words_lowest_first()
    {
        WitnessAddress address = new(3, 4, Step: 5, FirstRow: 6);
        for (int e = 0; e < 300; e++)
        {
            uint word = address.Word(0, e / 32);
            Assert.Equal(((word >> (e % 32)) & 1) == 1 ? -1f : 1f, address.Sign(0, e));
        }
    }
}

namespace NativeNoise.Tests;

/// <summary>Half and BFloat16: what the float path gives on the widened data, rounded once.</summary>
public sealed class HalfSpanTests
{
    private static readonly int[] Axes = [4, 3, 5, 2];
    private static readonly NoiseKey Key = NoiseKey.ForSite(seed: 9, "halves", step: 2, firstRow: 5);

    public static TheoryData<string> Names => NoiseTable.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Half_is_float_rounded_once(string name) => Compare(name, v => (Half)v, v => (float)v);

    [Theory]
    [MemberData(nameof(Names))]
    public void Bfloat16_is_float_rounded_once(string name) => Compare(name, v => (BFloat16)v, v => (float)v);

    [Fact]
    public void Fills_are_float_rounded_once()
    {
        Fills(v => (Half)v);
        Fills(v => (BFloat16)v);
    }

    [Fact]
    public void Calls_allocate_nothing()
    {
        float[] x = NoiseTable.Data(120, "alloc.x"), y = new float[120];
        Half[] h = [.. x.Select(v => (Half)v)];
        BFloat16[] b = [.. x.Select(v => (BFloat16)v)];
        ElementNoise[] noises = [.. NoiseTable.All.Values.SelectMany(ElementNoiseTests.Variants)];
        for (int i = 0; i < 3; i++)
        {
            All();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void All()
        {
            foreach (ElementNoise noise in noises)
            {
                Noise.Apply(noise, x, y, Key, Axes);
                Noise.Apply(noise, x, y, Key, Axes, Device.Cpu);
                Noise.ApplyBackward(noise, x, y, y, Key, Axes);
                Noise.Apply<Half>(noise, h, new Span<Half>(h), Key, Axes);
                h.AsSpan().Fill((Half)0.5f);
                Noise.Apply<BFloat16>(noise, b, new Span<BFloat16>(b), Key, Axes);
                b.AsSpan().Fill((BFloat16)0.5f);
            }

            Noise.FillNormal(h, 0f, 1f, Key);
            Noise.FillUniform(b, 0f, 1f, Key);
            Noise.AddLaplace(y, 0.1f, Key);
            Noise.AddStudentT(y, 0.1f, 4f, Key);
            Noise.AddGaussianSnr(y, 10f, Key);
            Noise.AddPink(y, 0.1f, Key);
            Noise.AddBrown(y, 0.1f, Key);
            Noise.Poisson(x, y, 20f, Key);
        }
    }

    private static void Compare<T>(string name, Func<float, T> round, Func<T, float> widen)
        where T : unmanaged
    {
        T[] x = [.. NoiseTable.Data(120, "half.x").Select(round)], dy = [.. GradientCheck.Data(120, "half.dy").Select(round)];
        x[7] = round(float.NaN);
        float[] wideX = [.. x.Select(widen)], wideDy = [.. dy.Select(widen)];
        foreach (ElementNoise noise in ElementNoiseTests.Variants(NoiseTable.All[name]))
        {
            T[] y = NoiseTable.Apply<T>(noise, x, Key, Axes), here = [.. x], dx = new T[120];
            float[] wideY = NoiseTable.Apply<float>(noise, wideX, Key, Axes), wideDx = new float[120];
            Assert.Equal(wideY.Select(round), y);
            Noise.Apply(noise, here, Key, Axes);
            Assert.Equal(y, here);
            Noise.ApplyBackward(noise, x, dy, dx, Key, Axes);
            Noise.ApplyBackward(noise, wideX, wideDy, wideDx, Key, Axes);
            Assert.Equal(wideDx.Select(round), dx);
        }
    }

    private static void Fills<T>(Func<float, T> round)
        where T : unmanaged
    {
        T[] y = new T[77];
        float[] wide = new float[77];
        Noise.FillNormal(y, 0.25f, 2f, Key, columns: 11);
        Noise.FillNormal(wide, 0.25f, 2f, Key, columns: 11);
        Assert.Equal(wide.Select(round), y);
        Noise.FillUniform(y, -2f, 3f, Key, columns: 11);
        Noise.FillUniform(wide, -2f, 3f, Key, columns: 11);
        Assert.Equal(wide.Select(round), y);
        Noise.FillSigns(y, Key, columns: 11);
        Noise.FillSigns(wide, Key, columns: 11);
        Assert.Equal(wide.Select(round), y);
    }
}

namespace NativeNoise.Tests;

/// <summary>Compares gradients with central differences. Noise is a function of its address, so it stays as it is.</summary>
internal static class GradientCheck
{
    private const float Step = 1f / 64;

    /// <summary>Test data in [-1, 1], different for each site.</summary>
    public static float[] Data(int n, string site, float low = -1f, float high = 1f)
    {
        float[] data = new float[n];
        Noise.FillUniform(data, low, high, NoiseKey.ForSite(20, site));
        return data;
    }

    /// <summary>A tensor of test data.</summary>
    public static Tensor Input(string site, params ReadOnlySpan<int> shape)
    {
        int n = 1;
        foreach (int dimension in shape)
        {
            n *= dimension;
        }

        Tensor tensor = Tensor.From(Data(n, site), shape);
        tensor.Name = site;
        tensor.RequiresGrad = true;
        return tensor;
    }

    /// <summary>
    /// With L = sum of c_i f_i, c fixed: the gradient of L by backward and by (L(v + h) - L(v - h)) / 2h, for each element of
    /// each variable. L is added up in double; the tolerance is relative to the largest gradient of the variable.
    /// </summary>
    public static void Verify(Func<Tensor> function, IEnumerable<Tensor> variables, double tolerance = 2e-3)
    {
        Tensor[] all = [.. variables];
        using TensorScope scope = new();
        foreach (Tensor variable in all)
        {
            variable.ZeroGrad();
        }

        Tensor y = function();
        float[] c = Data((int)y.Length, "check.c");
        y.Backward(Tensor.From(c).Reshape(y.Shape));

        foreach (Tensor variable in all)
        {
            Assert.True(variable.Grad is not null, $"{variable.Name} has no gradient.");
            float[] analytic = variable.Grad!.ToArray();
            double scale = 1e-2;
            foreach (float g in analytic)
            {
                scale = Math.Max(scale, Math.Abs(g));
            }

            for (int i = 0; i < variable.Length; i++)
            {
                double numeric = Difference(function, variable, i, c);
                Assert.True(
                    Math.Abs(analytic[i] - numeric) <= tolerance * scale,
                    $"{variable.Name}[{i}]: backward gives {analytic[i]}, differences give {numeric} (largest {scale}).");
            }
        }
    }

    private static double Difference(Func<Tensor> function, Tensor variable, int index, float[] c)
    {
        float value = variable.AsReadOnlySpan()[index];
        double above = At(value + Step), below = At(value - Step);
        variable.AsSpan()[index] = value;
        return (above - below) / ((double)(value + Step) - (value - Step));

        double At(float changed)
        {
            variable.AsSpan()[index] = changed;
            using TensorScope scope = new();
            using (Autograd.NoGrad())
            {
                ReadOnlySpan<float> y = function().AsReadOnlySpan();
                double sum = 0;
                for (int i = 0; i < y.Length; i++)
                {
                    sum += (double)c[i] * y[i];
                }

                return sum;
            }
        }
    }
}

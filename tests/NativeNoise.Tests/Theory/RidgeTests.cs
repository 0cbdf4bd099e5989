using static NativeNoise.Tests.Statistics;

namespace NativeNoise.Tests;

/// <summary>
/// Bishop 1995: for a linear model and squared error, Gaussian input noise is ridge regression exactly:
/// E[(w (x + sigma eps) + b - t)^2] = (w x + b - t)^2 + sigma^2 |w|^2.
/// </summary>
public sealed class RidgeTests
{
    private const int Features = 6;
    private const int Examples = 20;
    private const int DrawsPerCall = 500;
    private const int Calls = 100;
    private const float Sigma = 0.3f;

    [Fact]
    public void Mean_squared_loss_under_input_noise_is_the_loss_plus_the_ridge_penalty()
    {
        using Sequential model = new(("noise", new GaussianNoise(Sigma)), ("fc", new Linear(Features, 1)));
        model.Initialize(3);
        float[] w = [.. GradientCheck.Data(Features, "ridge.w")];
        model.StateDict()["fc.weight"].CopyFrom(w);
        model.StateDict()["fc.bias"].CopyFrom([0.2f]);
        float[] x = GradientCheck.Data(Examples * Features, "ridge.x");
        float[] t = GradientCheck.Data(Examples, "ridge.t");

        // 20 examples x 500 draws in a batch, 100 batches: 10^6 draws.
        const int Rows = Examples * DrawsPerCall;
        float[] copies = [.. Enumerable.Range(0, DrawsPerCall).SelectMany(_ => x)];
        float[] targets = [.. Enumerable.Range(0, DrawsPerCall).SelectMany(_ => t)];
        using Tensor batch = Tensor.From(copies, Rows, Features);
        double sum = 0;
        NoiseFrame frame = new(seed: 99);
        using (Autograd.NoGrad())
        {
            for (int call = 0; call < Calls; call++)
            {
                using TensorScope scope = new();
                sum += Functional.MeanSquaredError(model.Forward(batch, frame), targets).Item();
                frame.Advance();
            }
        }

        double loss = 0, variance = 0, norm = w.Sum(v => (double)v * v), s2 = Sigma * (double)Sigma * norm;
        for (int i = 0; i < Examples; i++)
        {
            double residual = 0.2 - t[i];
            for (int j = 0; j < Features; j++)
            {
                residual += (double)w[j] * x[(i * Features) + j];
            }

            // (m + s z)^2 has mean m^2 + s^2 and variance 4 m^2 s^2 + 2 s^4.
            loss += residual * residual / Examples;
            variance += ((4 * residual * residual * s2) + (2 * s2 * s2)) / Examples;
        }

        using Tensor clean = Functional.MeanSquaredError(model.Eval().Forward(Tensor.From(x, Examples, Features)), t);
        Assert.Equal(loss, clean.Item(), 1e-6);
        Within(loss + s2, sum / Calls, Math.Sqrt(variance / (Rows * (double)Calls)), "loss under noise");
        Assert.True(s2 > 100 * Math.Sqrt(variance / (Rows * (double)Calls)), "The penalty stands far above the statistical error.");
    }
}

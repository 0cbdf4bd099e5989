namespace NativeNoise.Compare;

/// <summary>Linear layers: forward, and forward with all gradients.</summary>
internal static class LayerCases
{
    private static readonly (int Batch, int Inputs, int Outputs)[] Shapes =
        [(1, 784, 256), (64, 784, 256), (128, 1024, 1024), (512, 1024, 1024)];

    public static void Run(Timing timing, Device device)
    {
        NoiseFrame frame = new(1);
        foreach ((int batch, int inputs, int outputs) in Shapes)
        {
            string shape = $"{batch}x{inputs}x{outputs}";
            using Tensor x = Random("x", batch, inputs);
            x.RequiresGrad = true;
            using Tensor g = Random("g", batch, outputs);
            using Linear plain = new(inputs, outputs) { Site = "plain" };
            using NoisyLinear noisy = new(inputs, outputs, 0.1) { Site = "noisy" };
            using VariationalLinear variational = new(inputs, outputs) { Site = "variational" };
            foreach (Module layer in new Module[] { plain, noisy, variational })
            {
                layer.To(device);
            }

            using (Autograd.NoGrad())
            {
                timing.Time("linear_fwd", shape, () => Forward(plain));
                timing.Time("noisy_linear_fwd", shape, () => Forward(noisy));
                timing.Time("variational_fwd", shape, () => Forward(variational));
            }

            timing.Time("linear_fwd_bwd", shape, () => ForwardBackward(plain));
            timing.Time("noisy_linear_fwd_bwd", shape, () => ForwardBackward(noisy));
            timing.Time("variational_fwd_bwd_kl", shape, () =>
            {
                Zero(variational);
                Tensor loss = Functional.Sum(Forward(variational) * g) + (variational.KlDivergence()! * 1e-3f);
                loss.Backward();
            });

            // Fresh noise in every call.
            Tensor Forward(Module layer)
            {
                frame.Advance();
                return layer.Forward(x, frame);
            }

            void ForwardBackward(Module layer)
            {
                Zero(layer);
                Forward(layer).Backward(g);
            }

            void Zero(Module layer)
            {
                x.ZeroGrad();
                layer.ZeroGrad();
            }
        }

        Tensor Random(string name, int rows, int columns) =>
            Tensor.Normal(device, new NoiseKey(1, NoiseKey.SiteHash($"{name}:input")), 0f, 1f, rows, columns);
    }
}

// The training loop written by hand, without the Trainer: zero the gradients, noisy input, forward, loss, backward, gradient
// noise, step. Then the same training with every batch cut into four pieces whose gradients are added up (gradient
// accumulation). Noise is a function of an example's place in the whole batch: both trainings meet the same noise, bit for bit,
// and end with the same weights but for the rounding of sums taken in another order.
//
//     dotnet run -c Release --project samples/HandWrittenLoop

using NativeNoise;

const ulong Seed = 1;
const int Epochs = 20, BatchSize = 64;
DatasetSplit digits = Datasets.DigitsSplit();
float[] whole = Train(pieces: 1);
float[] accumulated = Train(pieces: 4);

// The pieces' gradients are added in another order than inside one large batch: equal up to rounding.
Console.WriteLine($"largest difference of a weight: {whole.Zip(accumulated, (a, b) => Math.Abs(a - b)).Max():0.0e+0}");

float[] Train(int pieces)
{
    using var model = new Sequential(
        ("fc1", new Linear(64, 64)),
        ("relu1", new Relu()),
        ("noise1", new ActivationNoise(0.1)),
        ("fc2", new Linear(64, 10)));
    model.Initialize(Seed);
    using var inputNoise = new GaussianNoise(0.2) { Site = "input" };
    using var optimizer = new Adam(model, new AdamOptions { LearningRate = 0.002 });
    var gradientNoise = new GradientNoise(eta: 1e-6);

    // Seed and step address all noise of a step. Whoever makes the frame advances it: once a step, not once a piece.
    var frame = new NoiseFrame(Seed);
    model.Train();
    for (uint epoch = 0; epoch < Epochs; epoch++)
    {
        int[] order = Permutation.Create(Seed, epoch, digits.Train.Count);
        for (int first = 0; first + BatchSize <= order.Length; first += BatchSize)
        {
            model.ZeroGrad();
            for (int piece = 0; piece < pieces; piece++)
            {
                // Tensors made inside the scope go back to the pool at its end.
                using var scope = new TensorScope();
                int size = BatchSize / pieces, row = piece * size;
                Dataset batch = digits.Train.Subset(order.AsSpan(first + row, size));
                Tensor x = Tensor.From(batch.Inputs, size, batch.Features);

                // The piece's first row within the whole batch: its noise is what these rows would get there.
                NoiseFrame here = frame.WithFirstRow((uint)row);
                Tensor logits = model.Forward(inputNoise.Forward(x, here), here);

                // The mean over the whole batch, of which this piece contributes its rows; Backward adds to the gradients.
                Tensor loss = Functional.SoftmaxCrossEntropy(logits, batch.Labels, scale: 1f / BatchSize);
                loss.Backward();
            }

            gradientNoise.AddTo(model, frame.Step, Seed);
            optimizer.Step();
            frame.Advance();
        }
    }

    model.Eval();
    Console.WriteLine($"{pieces} piece(s) a batch: {frame.Step} steps, test accuracy {Evaluator.Evaluate(model, digits.Test).Accuracy:P2}");
    return [.. model.Parameters().SelectMany(parameter => parameter.ToArray())];
}

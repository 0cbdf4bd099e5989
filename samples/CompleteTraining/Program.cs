// The complete training example: a network learns handwritten digits while noise is injected at four places, and is then
// compared with the same network trained without noise.
//
//     dotnet run -c Release --project samples/CompleteTraining [weight-noise]
//
// The optional argument is the standard deviation of additional noise on the weights, for example 0.02.

using System.Globalization;
using NativeNoise;

double weightNoise = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 0;
const ulong Seed = 1;

// 1,797 images of 8 x 8 pixels from 0 to 1, cut into three parts. The test images are used once, at the end.
DatasetSplit digits = Datasets.DigitsSplit();
Console.WriteLine($"{digits.Train.Count} images to train on, {digits.Validation.Count} to validate, {digits.Test.Count} to test");

using Module noisy = Train(noise: true);
using Module plain = Train(noise: false);

// Gaussian noise of standard deviation 0.4 on the test images. Each image's noise is a function of its index: both models
// see the same corrupted images.
Corruption[] corruptions = [new Corruption(CorruptionKind.Gaussian, 0.4)];
Console.WriteLine($"{"",-24} {"with noise",12} {"without",12}");
Print("clean test images", Evaluator.Evaluate(noisy, digits.Test).Accuracy, Evaluator.Evaluate(plain, digits.Test).Accuracy);
Print(
    "with Gaussian noise 0.4",
    Robustness.Evaluate(noisy, digits.Test, corruptions, Seed)[0].Accuracy,
    Robustness.Evaluate(plain, digits.Test, corruptions, Seed)[0].Accuracy);

Module Train(bool noise)
{
    // 64 -> 128 -> 64 -> 10. After each hidden layer: ReLU, then additive Gaussian noise on the activations.
    // NoisyLinear perturbs its weights afresh at every step; with a standard deviation of 0 it is a plain linear layer.
    double activationStd = noise ? 0.1 : 0, weightStd = noise ? weightNoise : 0;
    var model = new Sequential(
        ("fc1", new NoisyLinear(digits.Train.Features, 128, weightStd)),
        ("relu1", new Relu()),
        ("noise1", new ActivationNoise(activationStd)),
        ("fc2", new NoisyLinear(128, 64, weightStd)),
        ("relu2", new Relu()),
        ("noise2", new ActivationNoise(activationStd)),
        ("fc3", new NoisyLinear(64, digits.Train.Classes, weightStd)));

    // The initial weights are a function of the seed and of the layers' names: both models start from the same ones.
    model.Initialize(Seed);

    // Noise on the images: its standard deviation falls from 0.4 to 0.2 over the first 1,000 steps and stays there.
    using Module? inputNoise = noise ? new GaussianNoise(new LinearSchedule(0.4, 0.2, 1000)) { Site = "input" } : null;
    var trainer = new Trainer(model, new TrainerOptions
    {
        Epochs = 40,
        BatchSize = 32,
        Seed = Seed,
        LearningRate = 0.001,

        InputNoise = inputNoise,

        // Noise on the gradients, of variance eta / (1 + t)^gamma. It helps deep networks out of bad regions; with Adam on a
        // shallow network like this one it costs accuracy, so eta is small here.
        GradientNoise = noise ? new GradientNoise(eta: 1e-6, gamma: 0.55) : null,
    });

    // Validation always runs without noise.
    TrainingHistory history = trainer.Fit(digits.Train, digits.Validation);
    EpochRecord last = history.Epochs[^1];
    Console.WriteLine(
        $"{(noise ? "with noise:" : "without:"),-12} training loss {last.TrainLoss:0.0000}, " +
        $"validation loss {last.ValidationLoss:0.0000}, validation accuracy {last.ValidationAccuracy:P2}");
    return model;
}

static void Print(string name, double? noisy, double? plain) => Console.WriteLine($"{name,-24} {noisy,12:P2} {plain,12:P2}");

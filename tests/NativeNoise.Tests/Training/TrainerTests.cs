using static NativeNoise.Tests.TrainingFixtures;

namespace NativeNoise.Tests;

public class TrainerTests
{
    [Fact]
    public void The_history_has_every_epoch_with_rates_losses_and_noise_levels()
    {
        using Sequential model = NoisyModel();
        TrainingHistory history = Fit(model, NoisyOptions(), Clusters(150), Clusters(40, 2));
        Assert.Equal((3, 15L, false, false), (history.Epochs.Count, history.Steps, history.Cancelled, history.StoppedEarly));
        for (int i = 0; i < 3; i++)
        {
            EpochRecord record = history.Epochs[i];
            long last = (5L * (i + 1)) - 1; // 150 examples in batches of 32: 5 steps, the last with 22
            Assert.Equal((i + 1, last + 1), (record.Epoch, record.Steps));
            Assert.Equal(NoisyOptions().LearningRate.Value(last), record.LearningRate);
            Assert.Equal(new LinearSchedule(0.2, 0.05, 20).Value(last), record.NoiseLevels["noise1:std"]);
            Assert.Equal(0.1, record.NoiseLevels["input:std"]);
            Assert.Equal(0.1, record.NoiseLevels["drop1:probability"]);
            Assert.Equal(new GradientNoise().Std(last), record.NoiseLevels["gradient:std"]);
            Assert.InRange(record.TrainLoss, 0.01, 3);
            Assert.InRange(record.ValidationLoss!.Value, 0.001, 3);
            Assert.InRange(record.ValidationAccuracy!.Value, 0, 1);
            Assert.True(record.GradientNorm > 0 && record.KlDivergence > 0 && record.ImagesPerSecond > 0);
        }

        Assert.True(history.Epochs[2].TrainLoss < history.Epochs[0].TrainLoss);
        Assert.Contains(history.BestEpoch!.Value, (int[])[1, 2, 3]);
    }

    /// <summary>The first epoch of one batch: loss and gradient norm are those of the initial weights.</summary>
    [Fact]
    public void Loss_and_gradient_norm_are_the_models()
    {
        Dataset data = Clusters(60);
        using Sequential model = PlainModel();
        using var scope = new TensorScope();
        Dataset shuffled = data.Subset(Permutation.Create(4, 0, data.Count));
        Tensor loss = Functional.SoftmaxCrossEntropy(
            model.Forward(Tensor.From(shuffled.Inputs, 60, 6), new NoiseFrame(0)), shuffled.Labels);
        loss.Backward();
        double norm = Math.Sqrt(model.Parameters().Sum(p => p.Grad!.ToArray().Sum(g => (double)g * g)));

        TrainingHistory history = Fit(model, new TrainerOptions { Epochs = 1, BatchSize = 60, Seed = 4, ClipNorm = 1e-3 }, data);
        Assert.Equal(loss.Item(), history.Epochs[0].TrainLoss, 1e-7);
        Assert.Equal(norm, history.Epochs[0].GradientNorm, norm * 1e-6);
        Assert.Null(history.Epochs[0].ValidationLoss);
        Assert.Null(history.Epochs[0].KlDivergence);
    }

    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void Every_optimiser_learns_the_clusters(OptimizerKind kind)
    {
        using Sequential model = PlainModel();
        var options = new TrainerOptions
        {
            Epochs = 15,
            BatchSize = 32,
            Optimizer = kind,
            LearningRate = kind == OptimizerKind.Sgd ? 0.1 : 0.01,
            Momentum = 0.9,
            InputNoise = new GaussianNoise(0.1),
        };
        Fit(model, options, Clusters(300));
        Assert.True(Evaluator.Evaluate(model, Clusters(300, 9)).Accuracy > 0.97);
    }

    [Fact]
    public void Regression_finds_the_line()
    {
        using var model = new Sequential(("fc", new Linear(2, 1)));
        model.Initialize(1);
        var options = new TrainerOptions { Epochs = 60, BatchSize = 16, Loss = LossKind.MeanSquaredError, Optimizer = OptimizerKind.Sgd, LearningRate = 0.05 };
        TrainingHistory history = Fit(model, options, Line(200), Line(50));
        float[] weights = Weights(model);
        Assert.Equal([2f, -1f, 0.5f], weights.Select(w => MathF.Round(w, 3)));
        Assert.True(history.Epochs[^1].ValidationLoss < 1e-6);
        Assert.Null(history.Epochs[^1].ValidationAccuracy);
    }

    /// <summary>Input noise on a linear regression shrinks the weights as ridge does: w/(1 + s²) for inputs of unit variance.</summary>
    [Fact]
    public void Input_noise_shrinks_a_linear_model_as_ridge_does()
    {
        using var model = new Sequential(("fc", new Linear(2, 1)));
        model.Initialize(1);
        Dataset data = Line(2000).Standardize().Data;
        var options = new TrainerOptions
        {
            Epochs = 60,
            BatchSize = 50,
            Loss = LossKind.MeanSquaredError,
            Optimizer = OptimizerKind.Sgd,
            LearningRate = new LinearSchedule(0.05, 0.0005, 2000),
            InputNoise = new GaussianNoise(0.5),
        };
        Fit(model, options, data);

        // 2,400 steps of which the last 400 average at rate 0.0005: the weights' own noise is below 0.01.
        float[] w = model.StateDict()["fc.weight"].ToArray();
        Assert.Equal(2 / 1.25, w[0], 0.06);
        Assert.Equal(-1 / 1.25, w[1], 0.06);
    }

    [Fact]
    public void The_digits_reach_the_stated_accuracy()
    {
        DatasetSplit digits = Datasets.DigitsSplit();
        using Sequential model = NoisyMlp.Create(new NoisyMlpOptions { Inputs = 64, Hidden = [128, 64], Outputs = 10, Seed = 1 });
        var options = new TrainerOptions { Epochs = 40, BatchSize = 32, Seed = 1, InputNoise = new GaussianNoise(0.1) };
        Fit(model, options, digits.Train, digits.Validation);
        Assert.True(Evaluator.Evaluate(model, digits.Test).Accuracy >= 0.965);
    }

    [Fact]
    public void Validation_is_without_noise_and_the_mode_comes_back()
    {
        using Sequential model = NoisyModel();
        model.Eval();
        model.Children[0].Train();
        Dataset validation = Clusters(40, 2);
        using var inputNoise = new GaussianNoise(0.1);
        inputNoise.Eval();
        TrainingHistory history = Fit(model, NoisyOptions() with { InputNoise = inputNoise }, Clusters(150), validation);
        Assert.All(model.NamedModules(), entry => Assert.Equal(entry.Name == "fc1", entry.Module.IsTraining));
        Assert.False(inputNoise.IsTraining);
        EvaluationResult now = Evaluator.Evaluate(model, validation);
        Assert.Equal(now.Loss, history.Epochs[^1].ValidationLoss);
        Assert.Equal(now.Accuracy, history.Epochs[^1].ValidationAccuracy);
    }

    [Fact]
    public void The_KL_term_is_weighted_and_divided_by_the_number_of_examples()
    {
        Dataset data = Clusters(60);
        double[] divergences = [.. new double[] { 0, 1, 100 }.Select(weight =>
        {
            using Sequential model = NoisyModel();
            var options = new TrainerOptions { Epochs = 20, BatchSize = 30, LearningRate = 0.01, KlWeight = weight };
            return Fit(model, options, data).Epochs[^1].KlDivergence!.Value;
        })];
        Assert.True(divergences[2] < divergences[1] && divergences[1] < divergences[0], string.Join(", ", divergences));
    }

    [Fact]
    public void Cancellation_keeps_the_weights_of_the_last_step_and_the_history()
    {
        using var source = new CancellationTokenSource();
        var progress = new ProgressList(report =>
        {
            if (report.Step == 7)
            {
                source.Cancel();
            }
        });
        using Sequential model = NoisyModel();
        TrainerOptions options = NoisyOptions() with { ProgressInterval = TimeSpan.Zero, EarlyStopping = new EarlyStopping() };
        TrainingHistory history = new Trainer(model, options).Fit(Clusters(150), Clusters(40, 2), progress, source.Token);
        Assert.Equal((true, 7L, 1, false), (history.Cancelled, history.Steps, history.Epochs.Count, history.RestoredBest));
        Assert.True(double.IsFinite(Evaluator.Evaluate(model, Clusters(40, 2)).Loss));

        // Seven steps of a run that is not cancelled: the same weights.
        using Sequential other = NoisyModel();
        var seven = new ProgressList(report =>
        {
            if (report.Step == 7)
            {
                Assert.Equal(Weights(model), Weights(other));
            }
        });
        Fit(other, options, Clusters(150), Clusters(40, 2), seven);
        Assert.Contains(seven.Reports, report => report.Step == 7);
    }

    [Fact]
    public void A_token_that_is_cancelled_before_makes_no_step()
    {
        using Sequential model = PlainModel();
        float[] before = Weights(model);
        TrainingHistory history = new Trainer(model).Fit(Clusters(150), cancellationToken: new CancellationToken(canceled: true));
        Assert.True(history.Cancelled);
        Assert.Empty(history.Epochs);
        Assert.Equal(before, Weights(model));
    }

    [Fact]
    public void Early_stopping_waits_its_patience()
    {
        using Sequential model = PlainModel();
        var options = new TrainerOptions { Epochs = 50, BatchSize = 50, LearningRate = 0, EarlyStopping = new EarlyStopping { Patience = 4 } };
        TrainingHistory history = Fit(model, options, Clusters(150), Clusters(40, 2));
        Assert.Equal((true, 5, 1), (history.StoppedEarly, history.Epochs.Count, history.BestEpoch));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Early_stopping_restores_the_best_weights_where_asked(bool restore)
    {
        Dataset train = Clusters(150);
        Dataset validation = Clusters(40, 2);

        // Two good epochs of 3 steps, then a weight decay that takes all weights to 0 in every step.
        Schedule decay = new PiecewiseSchedule(new ScheduleSegment(0, 0), new ScheduleSegment(6, 20));
        var options = new TrainerOptions
        {
            Epochs = 20,
            BatchSize = 50,
            Optimizer = OptimizerKind.AdamW,
            LearningRate = 0.05,
            WeightDecay = decay,
            EarlyStopping = new EarlyStopping { Patience = 2, RestoreBest = restore },
        };
        using Sequential model = PlainModel();
        TrainingHistory history = Fit(model, options, train, validation);
        using Sequential two = PlainModel();
        Fit(two, options with { Epochs = 2, EarlyStopping = null }, train, validation);
        Assert.Equal((true, 4, 2, restore), (history.StoppedEarly, history.Epochs.Count, history.BestEpoch, history.RestoredBest));
        Assert.Equal(restore, Weights(two).AsSpan().SequenceEqual(Weights(model)));
    }

    [Fact]
    public void Progress_is_in_order_and_closes_every_epoch()
    {
        using Sequential model = PlainModel();
        var progress = new ProgressList();
        var options = new TrainerOptions { Epochs = 2, BatchSize = 32, ProgressInterval = TimeSpan.Zero };
        TrainingHistory history = Fit(model, options, Clusters(150), Clusters(30, 2), progress);
        Assert.Equal(Enumerable.Range(1, 10).Select(step => (long)step), progress.Reports.Select(report => report.Step));
        Assert.Equal([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], progress.Reports.Select(report => report.Batch));
        Assert.Equal(history.Epochs, progress.Reports.Where(report => report.Completed is not null).Select(report => report.Completed!));
        Assert.Equal(TimeSpan.Zero, progress.Reports[^1].Remaining);
        Assert.All(progress.Reports, report => Assert.True(report.Loss > 0 && report.Batches == 5 && report.Epochs == 2));

        var rare = new ProgressList();
        Fit(model, options with { ProgressInterval = TimeSpan.FromHours(1) }, Clusters(150), null, rare);
        Assert.Equal([5, 5], rare.Reports.Select(report => report.Batch));
    }

    [Fact]
    public void The_log_has_a_line_for_every_epoch()
    {
        using Sequential model = PlainModel();
        var log = new LogList();
        Fit(model, new TrainerOptions { Epochs = 3, BatchSize = 50, Logger = log }, Clusters(100), Clusters(30, 2));
        Assert.Equal(3, log.Lines.Count);
        Assert.StartsWith("Epoch 2/3: training loss ", log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_optimiser_of_ones_own_is_used()
    {
        using Sequential model = PlainModel();
        Sgd? made = null;
        var options = new TrainerOptions { Epochs = 1, BatchSize = 50, OptimizerFactory = m => made = new Sgd(m, new SgdOptions { LearningRate = 0.5 }) };
        TrainingHistory history = Fit(model, options, Clusters(100));
        Assert.Equal(2, made!.StepCount);
        Assert.Equal(0.5, history.Epochs[0].LearningRate);
        Assert.True(history.Epochs[0].GradientNorm > 0);
    }
}

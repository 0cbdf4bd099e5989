namespace NativeNoise.Cli.Running;

internal enum InputNoiseKind
{
    Gaussian,
    Relative,
    Uniform,
    SaltPepper,
    Laplace,
    StudentT,
    Poisson,
    Speckle,
    Snr,
    Pink,
    Brown,
}

/// <summary>What the user asked of one training run; null where the data decides (see <see cref="Recipe"/>).</summary>
internal sealed record TrainSettings
{
    /// <summary>Folder of IDX files; null for the digits that come with the library.</summary>
    public string? DataDirectory { get; init; }

    public int[]? Layers { get; init; }

    public int? Epochs { get; init; }

    public int? BatchSize { get; init; }

    public double LearningRate { get; init; } = 0.001;

    public ulong Seed { get; init; } = 1;

    /// <summary>0: all cores.</summary>
    public int Threads { get; init; }

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Share of the training images that is kept apart for validation.</summary>
    public double Validation { get; init; } = 0.1;

    public double? InputNoise { get; init; }

    public InputNoiseKind InputNoiseKind { get; init; } = InputNoiseKind.Gaussian;

    public double? WeightNoise { get; init; }

    public double? ActivationNoise { get; init; }

    public double? GradientNoiseEta { get; init; }

    public double GradientNoiseGamma { get; init; } = 0.55;

    public bool Variational { get; init; }

    public double Dropout { get; init; }

    /// <summary>Null: the optimiser's own.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>The text of a schedule whose value multiplies every noise level; null for 1 throughout.</summary>
    public string? NoiseSchedule { get; init; }

    public string? OutputDirectory { get; init; }

    public bool Compare { get; init; } = true;

    public bool Quiet { get; init; }

    public bool Json { get; init; }

    /// <summary>Whether the user named any noise; if not, the recipe's noise is used.</summary>
    public bool NamesNoise =>
        InputNoise is not null || WeightNoise is not null || ActivationNoise is not null || GradientNoiseEta is not null || Variational;
}

/// <summary>A run with nothing left open.</summary>
internal sealed record Recipe
{
    public required int[] Layers { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required double LearningRate { get; init; }

    public required OptimizerKind Optimizer { get; init; }

    public required double InputNoise { get; init; }

    public required InputNoiseKind InputNoiseKind { get; init; }

    /// <summary>
    /// Null: layers without weight noise. The comparison run of a run with it has 0 here: the same layers, with the same
    /// initial weights, free of noise.
    /// </summary>
    public required double? WeightNoise { get; init; }

    public required double ActivationNoise { get; init; }

    public required double GradientNoiseEta { get; init; }

    public required double GradientNoiseGamma { get; init; }

    public required bool Variational { get; init; }

    public required double Dropout { get; init; }

    public required double? WeightDecay { get; init; }

    /// <summary>Multiplies the input, weight and activation noise.</summary>
    public required Schedule NoiseFactor { get; init; }

    public bool HasNoise => InputNoise > 0 || WeightNoise > 0 || ActivationNoise > 0 || GradientNoiseEta > 0 || Variational;

    /// <summary>Whether a factor of 0 has no meaning: the level of the kind is a ratio by which something is divided.</summary>
    public bool NeedsPositiveFactor => InputNoise > 0 && InputNoiseKind is (InputNoiseKind.Poisson or InputNoiseKind.Snr);

    /// <summary>The largest factor that every level allows: a probability may not exceed 1.</summary>
    public double HighestFactor => InputNoiseKind == InputNoiseKind.SaltPepper && InputNoise > 0 ? 1 / InputNoise : double.PositiveInfinity;

    /// <summary>
    /// Fills in what the user left open. The digits are few and small: more epochs of smaller batches. When no noise at
    /// all is named, input and activation noise are on; when any is named, exactly that is used and no other.
    /// </summary>
    public static Recipe For(TrainSettings settings, bool digits)
    {
        bool own = settings.NamesNoise;
        int epochs = settings.Epochs ?? (digits ? 100 : 10);
        return new Recipe
        {
            Layers = settings.Layers ?? (digits ? [128, 64] : [256, 128]),
            Epochs = epochs,
            BatchSize = settings.BatchSize ?? (digits ? 32 : 128),
            LearningRate = settings.LearningRate,
            Optimizer = settings.Optimizer,
            InputNoise = settings.InputNoise ?? (own ? 0 : 0.3),
            InputNoiseKind = settings.InputNoiseKind,
            WeightNoise = settings.WeightNoise,
            ActivationNoise = settings.ActivationNoise ?? (own ? 0 : 0.1),
            GradientNoiseEta = settings.GradientNoiseEta ?? 0,
            GradientNoiseGamma = settings.GradientNoiseGamma,
            Variational = settings.Variational,
            Dropout = settings.Dropout,
            WeightDecay = settings.WeightDecay,
            NoiseFactor = 1.0,
        };
    }

    /// <summary>The same run without noise; dropout and weight decay stay, being no part of what is compared.</summary>
    public Recipe WithoutNoise() =>
        this with
        {
            InputNoise = 0,
            WeightNoise = WeightNoise is null ? null : 0,
            ActivationNoise = 0,
            GradientNoiseEta = 0,
            Variational = false,
        };
}

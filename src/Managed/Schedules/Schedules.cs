namespace NativeNoise;

/// <summary>The same value at every step.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="value">The value at every step, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public ConstantSchedule(double value) => Constant = Finite(value, nameof(value));

    /// <summary>The value at every step.</summary>
    public double Constant { get; private init; }

    /// <summary>
    /// For the conversion from a number: not checked here, so that whoever takes the schedule can name its own argument.
    /// </summary>
    internal static ConstantSchedule FromNumber(double value) => new(0) { Constant = value };

    private protected override double Evaluate(long step) => Constant;
}

/// <summary>initial + (final - initial)·t/steps for t &lt; steps, then final.</summary>
public sealed record LinearSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initial">The value at step 0.</param>
    /// <param name="final">The value from step <paramref name="steps"/> on.</param>
    /// <param name="steps">How many steps the way from <paramref name="initial"/> to <paramref name="final"/> takes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite, or <paramref name="steps"/> is below 1.</exception>
    public LinearSchedule(double initial, double final, long steps)
    {
        Initial = Finite(initial, nameof(initial));
        Final = Finite(final, nameof(final));
        Steps = Positive(steps, nameof(steps));
    }

    /// <summary>The value at step 0.</summary>
    public double Initial { get; }

    /// <summary>The value from step <see cref="Steps"/> on.</summary>
    public double Final { get; }

    /// <summary>The number of steps between the two.</summary>
    public long Steps { get; }

    private protected override double Evaluate(long step) =>
        step >= Steps ? Final : Initial + ((Final - Initial) * ((double)step / Steps));
}

/// <summary>max(floor, initial·decay^(t/steps)).</summary>
public sealed record ExponentialSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initial">The value at step 0, at least 0.</param>
    /// <param name="decay">The factor for each <paramref name="steps"/> steps, at least 0.</param>
    /// <param name="steps">After how many steps one factor is complete, at least 1.</param>
    /// <param name="floor">The value never falls below this.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public ExponentialSchedule(double initial, double decay, long steps = 1, double floor = 0)
    {
        Initial = NonNegative(initial, nameof(initial));
        Decay = NonNegative(decay, nameof(decay));
        Steps = Positive(steps, nameof(steps));
        Floor = NonNegative(floor, nameof(floor));
    }

    /// <summary>The value at step 0.</summary>
    public double Initial { get; }

    /// <summary>The factor for each <see cref="Steps"/> steps.</summary>
    public double Decay { get; }

    /// <summary>After how many steps one factor is complete.</summary>
    public long Steps { get; }

    /// <summary>The least value.</summary>
    public double Floor { get; }

    private protected override double Evaluate(long step) =>
        Math.Max(Floor, Initial * DeterministicMath.Pow(Decay, (double)step / Steps));
}

/// <summary>final + (initial - final)·(1 + cos(pi·t/steps))/2 for t &lt; steps, then final (Loshchilov and Hutter 2017, without restarts).</summary>
public sealed record CosineSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initial">The value at step 0.</param>
    /// <param name="final">The value from step <paramref name="steps"/> on.</param>
    /// <param name="steps">The length of the half wave, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite, or <paramref name="steps"/> is below 1.</exception>
    public CosineSchedule(double initial, double final, long steps)
    {
        Initial = Finite(initial, nameof(initial));
        Final = Finite(final, nameof(final));
        Steps = Positive(steps, nameof(steps));
    }

    /// <summary>The value at step 0.</summary>
    public double Initial { get; }

    /// <summary>The value from step <see cref="Steps"/> on.</summary>
    public double Final { get; }

    /// <summary>The length of the half wave in steps.</summary>
    public long Steps { get; }

    private protected override double Evaluate(long step) => step >= Steps
        ? Final
        : Final + ((Initial - Final) * ((1 + DeterministicMath.CosPi((double)step / Steps)) / 2));
}

/// <summary>eta/(1 + t)^gamma: the variance of annealed gradient noise (Neelakantan et al. 2015).</summary>
public sealed record InversePowerSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="eta">The value at step 0, at least 0.</param>
    /// <param name="gamma">The exponent, at least 0; 0.55 in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is negative or not finite.</exception>
    public InversePowerSchedule(double eta, double gamma = 0.55)
    {
        Eta = NonNegative(eta, nameof(eta));
        Gamma = NonNegative(gamma, nameof(gamma));
    }

    /// <summary>The value at step 0.</summary>
    public double Eta { get; }

    /// <summary>The exponent.</summary>
    public double Gamma { get; }

    private protected override double Evaluate(long step) => Eta / DeterministicMath.Pow(1.0 + step, Gamma);
}

/// <summary>initial·factor^floor(t/every): a staircase.</summary>
public sealed record StepSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initial">The value of the first stair, at least 0.</param>
    /// <param name="factor">The factor from one stair to the next, at least 0.</param>
    /// <param name="every">The length of a stair in steps, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public StepSchedule(double initial, double factor, long every)
    {
        Initial = NonNegative(initial, nameof(initial));
        Factor = NonNegative(factor, nameof(factor));
        Every = Positive(every, nameof(every));
    }

    /// <summary>The value of the first stair.</summary>
    public double Initial { get; }

    /// <summary>The factor from one stair to the next.</summary>
    public double Factor { get; }

    /// <summary>The length of a stair in steps.</summary>
    public long Every { get; }

    private protected override double Evaluate(long step) => Initial * DeterministicMath.Pow(Factor, step / Every);
}

/// <summary>final + (initial - final)·(1 - t/steps)^power for t &lt; steps, then final.</summary>
public sealed record PolynomialSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="initial">The value at step 0.</param>
    /// <param name="final">The value from step <paramref name="steps"/> on.</param>
    /// <param name="steps">The number of steps between the two, at least 1.</param>
    /// <param name="power">The exponent, at least 0; 1 is a line.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public PolynomialSchedule(double initial, double final, long steps, double power = 2)
    {
        Initial = Finite(initial, nameof(initial));
        Final = Finite(final, nameof(final));
        Steps = Positive(steps, nameof(steps));
        Power = NonNegative(power, nameof(power));
    }

    /// <summary>The value at step 0.</summary>
    public double Initial { get; }

    /// <summary>The value from step <see cref="Steps"/> on.</summary>
    public double Final { get; }

    /// <summary>The number of steps between the two.</summary>
    public long Steps { get; }

    /// <summary>The exponent.</summary>
    public double Power { get; }

    private protected override double Evaluate(long step) => step >= Steps
        ? Final
        : Final + ((Initial - Final) * DeterministicMath.Pow((double)(Steps - step) / Steps, Power));
}

/// <summary>A triangle wave: from low up to high and back to low in each period (Smith 2017).</summary>
public sealed record CyclicSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="low">The value at the beginning of each period.</param>
    /// <param name="high">The value in the middle of each period.</param>
    /// <param name="period">The length of a period in steps, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite, or <paramref name="period"/> is below 1.</exception>
    public CyclicSchedule(double low, double high, long period)
    {
        Low = Finite(low, nameof(low));
        High = Finite(high, nameof(high));
        Period = Positive(period, nameof(period));
    }

    /// <summary>The value at the beginning of each period.</summary>
    public double Low { get; }

    /// <summary>The value in the middle of each period.</summary>
    public double High { get; }

    /// <summary>The length of a period in steps.</summary>
    public long Period { get; }

    private protected override double Evaluate(long step)
    {
        double phase = 2.0 * (step % Period) / Period; // in [0, 2)
        return Low + ((High - Low) * (phase <= 1 ? phase : 2 - phase));
    }
}

/// <summary>then(0)·(t + 1)/(steps + 1) for t &lt; steps, then then(t - steps): a linear rise that leads into another schedule.</summary>
public sealed record WarmupSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="steps">The length of the rise, at least 1.</param>
    /// <param name="then">What follows, its own step 0 being step <paramref name="steps"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="then"/> is null.</exception>
    public WarmupSchedule(long steps, Schedule then)
    {
        ArgumentNullException.ThrowIfNull(then);
        Steps = Positive(steps, nameof(steps));
        Then = then;
    }

    /// <summary>The length of the rise in steps.</summary>
    public long Steps { get; }

    /// <summary>What follows the rise.</summary>
    public Schedule Then { get; }

    private protected override double Evaluate(long step) =>
        step >= Steps ? Then.Value(step - Steps) : Then.Value(0) * ((step + 1.0) / (Steps + 1.0));
}

/// <summary>factor·schedule(t).</summary>
public sealed record ScaledSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="factor">The factor, finite.</param>
    /// <param name="schedule">The schedule to scale.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is not finite.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="schedule"/> is null.</exception>
    public ScaledSchedule(double factor, Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Factor = Finite(factor, nameof(factor));
        Schedule = schedule;
    }

    /// <summary>The factor.</summary>
    public double Factor { get; }

    /// <summary>The schedule that is scaled.</summary>
    public Schedule Schedule { get; }

    private protected override double Evaluate(long step) => Factor * Schedule.Value(step);
}

/// <summary>A schedule of your own. It must be a pure function of the step for training to be reproducible.</summary>
/// <remarks>It has no text or JSON form: <see cref="Schedule.ToJson"/> refuses it. Two are equal when they hold the same delegate.</remarks>
public sealed record CustomSchedule : Schedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="function">The value at each step, finite.</param>
    /// <exception cref="ArgumentNullException"><paramref name="function"/> is null.</exception>
    public CustomSchedule(Func<long, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Function = function;
    }

    /// <summary>The value at each step.</summary>
    public Func<long, double> Function { get; }

    private protected override double Evaluate(long step) => Function(step);
}

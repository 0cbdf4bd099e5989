using System.Text.Json;

namespace NativeNoise.Tests;

public class ScheduleTests
{
    /// <summary>One schedule of every kind that has a written form, and its text.</summary>
    private static readonly (Schedule Schedule, string Text)[] Examples =
    [
        (new ConstantSchedule(0.1), "0.1"),
        (new LinearSchedule(0.2, 0.01, 10000), "linear(0.2,0.01,10000)"),
        (new ExponentialSchedule(0.5, 0.9, 100, 1e-05), "exponential(0.5,0.9,100,1E-05)"),
        (new CosineSchedule(0.1, 0.001, 5000), "cosine(0.1,0.001,5000)"),
        (new InversePowerSchedule(0.01, 0.55), "inverse-power(0.01,0.55)"),
        (new StepSchedule(0.4, 0.5, 1000), "step(0.4,0.5,1000)"),
        (new PolynomialSchedule(1, 0, 400, 1.5), "polynomial(1,0,400,1.5)"),
        (new CyclicSchedule(0.001, 0.006, 200), "cyclic(0.001,0.006,200)"),
        (new WarmupSchedule(500, new CosineSchedule(0.1, 0, 5000)), "warmup(500,cosine(0.1,0,5000))"),
        (new LinearSchedule(1, 0, 10).Scale(0.25), "scaled(0.25,linear(1,0,10))"),
        (new PiecewiseSchedule(new ScheduleSegment(0, 0.1), new ScheduleSegment(1000, new LinearSchedule(0.1, 0, 500))),
            "piecewise(0:0.1,1000:linear(0.1,0,500))"),
    ];

    public static TheoryData<int> ExampleIndices => [.. Enumerable.Range(0, Examples.Length)];

    /// <summary>Values computed by hand from the documented formulas.</summary>
    public static TheoryData<string, long, double> Values => new()
    {
        { "0.3", 0, 0.3 },
        { "0.3", long.MaxValue, 0.3 },
        { "linear(0.2,0.01,10000)", 0, 0.2 },
        { "linear(0.2,0.01,10000)", 5000, 0.105 },
        { "linear(0.2,0.01,10000)", 9999, 0.2 - (0.19 * 0.9999) },
        { "linear(0.2,0.01,10000)", 10000, 0.01 },
        { "linear(0.2,0.01,10000)", 4000000000, 0.01 },
        { "exponential(0.8,0.5)", 3, 0.1 },
        { "exponential(0.8,0.25,10)", 5, 0.4 },
        { "exponential(0.8,0.5,floor=0.3)", 2, 0.3 },
        { "exponential(0.8,0)", 0, 0.8 },
        { "exponential(0.8,0)", 1, 0 },
        { "cosine(1,0,100)", 0, 1 },
        { "cosine(1,0,100)", 25, 0.85355339059327378 },
        { "cosine(1,0,100)", 50, 0.5 },
        { "cosine(1,0,100)", 100, 0 },
        { "cosine(1,0.2,100)", 1000, 0.2 },
        { "inverse-power(0.01)", 0, 0.01 },
        { "inverse-power(0.01)", 99, 0.00079432823472428153 },
        { "inverse-power(1,0.5)", 3, 0.5 },
        { "step(0.4,0.5,1000)", 999, 0.4 },
        { "step(0.4,0.5,1000)", 1000, 0.2 },
        { "step(0.4,0.5,1000)", 3500, 0.05 },
        { "polynomial(1,0,10)", 5, 0.25 },
        { "polynomial(1,0.5,10,1)", 4, 0.8 },
        { "polynomial(1,0.5,10)", 10, 0.5 },
        { "cyclic(1,3,4)", 0, 1 },
        { "cyclic(1,3,4)", 1, 2 },
        { "cyclic(1,3,4)", 2, 3 },
        { "cyclic(1,3,4)", 3, 2 },
        { "cyclic(1,3,4)", 4000000, 1 },
        { "warmup(3,linear(0.4,0,10))", 0, 0.1 },
        { "warmup(3,linear(0.4,0,10))", 2, 0.3 },
        { "warmup(3,linear(0.4,0,10))", 3, 0.4 },
        { "warmup(3,linear(0.4,0,10))", 8, 0.2 },
        { "scaled(3,0.1)", 7, 0.3 },
        { "piecewise(0:1,10:linear(1,0,10),30:0.5)", 9, 1 },
        { "piecewise(0:1,10:linear(1,0,10),30:0.5)", 15, 0.5 },
        { "piecewise(0:1,10:linear(1,0,10),30:0.5)", 29, 0 },
        { "piecewise(0:1,10:linear(1,0,10),30:0.5)", 30, 0.5 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Values_follow_the_formula(string text, long step, double expected) =>
        Assert.Equal(expected, Schedule.Parse(text).Value(step), 1e-15);

    [Theory]
    [MemberData(nameof(ExampleIndices))]
    public void Text_and_json_give_an_equal_schedule_back(int index)
    {
        (Schedule schedule, string text) = Examples[index];
        Assert.Equal(text, schedule.ToString());
        AssertSame(schedule, Schedule.Parse(text));
        AssertSame(schedule, Schedule.FromJson(schedule.ToJson()));
    }

    [Fact]
    public void Json_is_an_object_with_kind_and_parameters()
    {
        Assert.Equal("""{"kind":"linear","initial":0.2,"final":0.01,"steps":10000}""", new LinearSchedule(0.2, 0.01, 10000).ToJson());
        Assert.Equal(
            """{"kind":"piecewise","segments":[{"start":0,"schedule":{"kind":"constant","value":1}},{"start":5,"schedule":{"kind":"constant","value":2}}]}""",
            new PiecewiseSchedule(new ScheduleSegment(0, 1), new ScheduleSegment(5, 2)).ToJson());
        Assert.Equal(new ConstantSchedule(0.25), Schedule.FromJson("0.25"));
    }

    [Fact]
    public void The_json_serializer_reads_and_writes_schedules_inside_other_objects()
    {
        var holder = new Holder { Level = new CosineSchedule(1, 0, 5) };
        string json = JsonSerializer.Serialize(holder);
        Assert.Equal("""{"Level":{"kind":"cosine","initial":1,"final":0,"steps":5}}""", json);
        Assert.Equal(holder.Level, JsonSerializer.Deserialize<Holder>(json)!.Level);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Holder>("""{"Level":{"kind":"linea"}}"""));
    }

    [Fact]
    public void Numbers_convert_to_constants()
    {
        Schedule fromDouble = 0.1;
        Schedule fromSingle = 0.1f;
        Assert.Equal(0.1, fromDouble.Value(3));
        Assert.Equal(0.1f, (float)fromSingle.Value(3));
        Assert.Equal(fromDouble, Schedule.FromDouble(0.1));
        Assert.Equal(fromSingle, Schedule.FromSingle(0.1f));
    }

    [Fact]
    public void Parameters_may_be_given_by_name_and_in_any_order() =>
        Assert.Equal(new LinearSchedule(0.2, 0.01, 10000), Schedule.Parse(" Linear( steps = 1e4, initial=0.2 , final=0.01 ) "));

    [Fact]
    public void A_custom_schedule_is_used_but_refuses_to_be_serialised()
    {
        Schedule schedule = new CustomSchedule(step => 1.0 / (1 + step));
        Assert.Equal(0.25, schedule.Value(3));
        var error = Assert.Throws<NotSupportedException>(() => schedule.ToJson());
        Assert.Contains("CustomSchedule", error.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => new WarmupSchedule(5, schedule).ToJson());
        Assert.Throws<FormatException>(() => Schedule.Parse(schedule.ToString()));
    }

    [Fact]
    public void A_custom_schedule_that_gives_no_finite_number_is_an_error_that_names_the_step()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new CustomSchedule(_ => double.NaN).Value(17));
        Assert.Contains("17", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("linea(0.1,0.2,3)")]
    [InlineData("linear(0.1,0.2)")]
    [InlineData("linear(0.1,0.2,3,4)")]
    [InlineData("linear(0.1,0.2,3")]
    [InlineData("linear(0.1,0.2,3) x")]
    [InlineData("linear(0.1,0.2,2.5)")]
    [InlineData("linear(0.1,0.2,start=3)")]
    [InlineData("linear(initial=0.1,initial=0.2,final=0,steps=3)")]
    [InlineData("warmup(5)")]
    [InlineData("piecewise()")]
    [InlineData("piecewise(0.1,0.2)")]
    [InlineData("1e")]
    [InlineData("0.1.2")]
    public void Text_that_is_no_schedule_is_a_format_error(string text) =>
        Assert.Throws<FormatException>(() => Schedule.Parse(text));

    [Fact]
    public void Deep_nesting_is_refused() => Assert.Throws<FormatException>(
        () => Schedule.Parse(string.Concat(Enumerable.Repeat("scaled(1,", 1000)) + "1" + new string(')', 1000)));

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"initial":1}""")]
    [InlineData("""{"kind":"lin"}""")]
    [InlineData("""{"kind":"linear","initial":1,"final":0}""")]
    [InlineData("""{"kind":"linear","initial":"1","final":0,"steps":3}""")]
    [InlineData("""{"kind":"linear","initial":1,"final":0,"steps":3,"extra":1}""")]
    [InlineData("""{"kind":"piecewise","segments":[{"start":0}]}""")]
    [InlineData("""{"kind":"piecewise","segments":5}""")]
    public void Json_that_is_no_schedule_is_a_format_error(string json) =>
        Assert.Throws<FormatException>(() => Schedule.FromJson(json));

    [Theory]
    [InlineData("linear(0.1,0.2,0)")]
    [InlineData("linear(0.1,0.2,-5)")]
    [InlineData("exponential(-1,0.5)")]
    [InlineData("exponential(1,-0.5)")]
    [InlineData("inverse-power(-0.01,0.55)")]
    [InlineData("inverse-power(0.01,-1)")]
    [InlineData("step(1,0.5,0)")]
    [InlineData("polynomial(1,0,10,-1)")]
    [InlineData("cyclic(0,1,0)")]
    [InlineData("warmup(0,1)")]
    [InlineData("1e999")]
    public void Parameters_outside_their_range_are_refused(string text) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Parse(text));

    [Fact]
    public void Numbers_that_are_not_finite_are_refused()
    {
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule(bad, 0, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule(0, bad, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => new InversePowerSchedule(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => new LinearSchedule(1, 0, 1).Scale(bad));
        }
    }

    /// <summary>A conversion cannot name the argument that it serves; who takes the schedule does, and no value ever comes out.</summary>
    [Fact]
    public void A_number_that_is_not_finite_is_refused_under_the_name_of_what_takes_it()
    {
        using Linear layer = new(2, 2);
        using Sgd sgd = new(layer);
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1])
        {
            (string Name, Func<object> Take)[] cases =
            [
                ("variance", () => new GradientNoise((Schedule)bad)),
                ("LearningRate", () => new Sgd(layer, new SgdOptions { LearningRate = bad })),
                ("WeightDecay", () => new Adam(layer, new AdamOptions { WeightDecay = (float)bad })),
                ("LearningRate", () => new Trainer(layer, new TrainerOptions { LearningRate = bad })),
                ("WeightDecay", () => new Trainer(layer, new TrainerOptions { WeightDecay = bad })),
                ("LearningRate", () => sgd.LearningRate = bad),
                ("WeightDecay", () => sgd.WeightDecay = bad),
                ("KlWeight", () => new Trainer(layer, new TrainerOptions { KlWeight = bad })),
            ];
            Assert.All(cases, c => Assert.Equal((float)bad, Assert.Throws<ArgumentOutOfRangeException>(c.Name, c.Take).ActualValue));
        }

        Assert.Throws<InvalidOperationException>(() => ((Schedule)double.NaN).Value(0));
        Assert.Throws<InvalidOperationException>(() => new WarmupSchedule(3, double.NaN).Value(0));
    }

    [Fact]
    public void A_negative_step_is_refused_and_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ((Schedule)0.1).Value(-1));
        Assert.Equal("step", error.ParamName);
        Assert.Equal(-1L, error.ActualValue);
    }

    [Fact]
    public void Piecewise_segments_begin_at_zero_and_rise()
    {
        Assert.Throws<ArgumentException>(() => new PiecewiseSchedule());
        Assert.Throws<ArgumentException>(() => new PiecewiseSchedule(new ScheduleSegment(1, 0.1)));
        Assert.Throws<ArgumentException>(() => new PiecewiseSchedule(new ScheduleSegment(0, 0.1), new ScheduleSegment(0, 0.2)));
        Assert.Throws<ArgumentNullException>(() => new PiecewiseSchedule(new ScheduleSegment(0, null!)));
    }

    private static void AssertSame(Schedule expected, Schedule actual)
    {
        Assert.Equal(expected, actual);
        Assert.Equal(expected.GetHashCode(), actual.GetHashCode());
        foreach (long step in (long[])[0, 1, 7, 499, 500, 1000, 1234, 9999, 1_000_000])
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected.Value(step)), BitConverter.DoubleToInt64Bits(actual.Value(step)));
        }
    }

    private sealed class Holder
    {
        public Schedule? Level { get; set; }
    }
}

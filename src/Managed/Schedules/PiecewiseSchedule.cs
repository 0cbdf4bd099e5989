namespace NativeNoise;

/// <summary>One part of a <see cref="PiecewiseSchedule"/>.</summary>
/// <param name="Start">The first step of the part.</param>
/// <param name="Schedule">The part's schedule; its own step 0 is <paramref name="Start"/>.</param>
public readonly record struct ScheduleSegment(long Start, Schedule Schedule);

/// <summary>Several schedules one after another: segment i from its start to the next one's, evaluated at t - start.</summary>
public sealed record PiecewiseSchedule : Schedule
{
    private readonly ScheduleSegment[] _segments;

    /// <summary>Creates the schedule.</summary>
    /// <param name="segments">At least one segment; the first starts at step 0 and the starts rise.</param>
    /// <exception cref="ArgumentNullException"><paramref name="segments"/> or a segment's schedule is null.</exception>
    /// <exception cref="ArgumentException">No segment, a first start other than 0, or starts that do not rise.</exception>
    public PiecewiseSchedule(params IEnumerable<ScheduleSegment> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        _segments = [.. segments];
        if (_segments.Length == 0)
        {
            throw new ArgumentException("A piecewise schedule needs at least one segment.", nameof(segments));
        }

        for (int i = 0; i < _segments.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(_segments[i].Schedule, nameof(segments));
            long start = _segments[i].Start;
            if (i == 0 ? start != 0 : start <= _segments[i - 1].Start)
            {
                throw new ArgumentException(
                    $"Segment {i} of a piecewise schedule starts at step {start}; expected {(i == 0 ? "0" : $"a step after {_segments[i - 1].Start}")}.",
                    nameof(segments));
            }
        }
    }

    /// <summary>The segments, in order.</summary>
    public IReadOnlyList<ScheduleSegment> Segments => _segments;

    /// <summary>Whether both have the same segments.</summary>
    /// <param name="other">The other schedule.</param>
    /// <returns>True when every start and schedule is equal.</returns>
    public bool Equals(PiecewiseSchedule? other) => other is not null && _segments.AsSpan().SequenceEqual(other._segments);

    /// <summary>A hash of all segments.</summary>
    /// <returns>The hash.</returns>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (ScheduleSegment segment in _segments)
        {
            hash.Add(segment);
        }

        return hash.ToHashCode();
    }

    private protected override double Evaluate(long step)
    {
        int index = _segments.Length - 1;
        while (_segments[index].Start > step)
        {
            index--;
        }

        return _segments[index].Schedule.Value(step - _segments[index].Start);
    }
}

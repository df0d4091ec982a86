namespace Multimodal.Pipeline.Clock;

/// <summary>
/// Estimates how far the service's time of this process is behind the reference, from one-way messages. A message that was sent at the reference's
/// time s and arrives at this process's time r gives the sample s - r, which is the offset minus the delay of the message. The delay is never
/// negative, so the largest of the recent samples is the closest to the offset (the clock filter of NTP, RFC 5905 section 10, for one
/// direction). Not thread-safe.
/// </summary>
internal sealed class OffsetFilter
{
    private const int Samples = 8;

    /// <summary>Two consecutive samples that are smaller than the estimate by more than this show that the reference moved back.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>Two samples within this agree.</summary>
    private static readonly TimeSpan Agreement = TimeSpan.FromMilliseconds(50);

    private readonly Queue<TimeSpan> _recent = new();
    private TimeSpan? _last;

    /// <summary>Adds a sample.</summary>
    /// <param name="sample">The time of sending by the reference, minus the time of arrival by this process.</param>
    /// <returns>The offset: how much to add to this process's time.</returns>
    public TimeSpan Add(TimeSpan sample)
    {
        var previous = _last;
        _last = sample;
        if (_recent.Count > 0 && previous is { } other && _recent.Max() - sample > Step && (sample - other).Duration() < Agreement)
        {
            _recent.Clear();
        }

        _recent.Enqueue(sample);
        if (_recent.Count > Samples)
        {
            _recent.Dequeue();
        }

        return _recent.Max();
    }

    /// <summary>Tells the filter that this process's time was moved, so that earlier samples refer to the new time.</summary>
    /// <param name="by">The correction.</param>
    public void Corrected(TimeSpan by)
    {
        _last -= by;
        for (var count = _recent.Count; count > 0; count--)
        {
            _recent.Enqueue(_recent.Dequeue() - by);
        }
    }
}

namespace Multimodal.Pipeline.Clock;

/// <summary>
/// Estimates how far the service's time of this process is behind the reference, from one-way messages. A message that was sent at the reference's
/// time s and arrives at this process's time r gives the sample s - r, which is the offset minus the delay of the message. The delay is never
/// negative, so the largest of the recent samples is the closest to the offset (the clock filter of NTP, RFC 5905 section 10, for one
/// direction). Not thread-safe.
/// </summary>
internal sealed class OffsetFilter
{
    private const int Samples = 32;

    /// <summary>
    /// Consecutive samples that are smaller than the estimate by more than <see cref="Step"/> and agree show that the reference moved back. Messages that
    /// are merely late differ from each other.
    /// </summary>
    private const int StepSamples = 3;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Agreement = TimeSpan.FromMilliseconds(50);
    private readonly Queue<TimeSpan> _recent = new();

    /// <summary>Adds a sample.</summary>
    /// <param name="sample">The time of sending by the reference, minus the time of arrival by this process.</param>
    /// <returns>The offset: how much to add to this process's time.</returns>
    public TimeSpan Add(TimeSpan sample)
    {
        _recent.Enqueue(sample);
        if (HasMovedBack())
        {
            while (_recent.Count > StepSamples)
            {
                _recent.Dequeue();
            }
        }

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
        for (var count = _recent.Count; count > 0; count--)
        {
            _recent.Enqueue(_recent.Dequeue() - by);
        }
    }

    private bool HasMovedBack()
    {
        var last = _recent.TakeLast(StepSamples).ToArray();
        return last.Length == StepSamples && _recent.Max() - last.Max() > Step && last.Max() - last.Min() < Agreement;
    }
}

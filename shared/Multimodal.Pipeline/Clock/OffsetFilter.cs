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
    /// Consecutive samples that are smaller than the estimate by more than <see cref="MinStep"/> and agree show that the reference moved back. Messages
    /// that are merely late differ from each other.
    /// </summary>
    private const int StepSamples = 3;

    /// <summary>After a step back was announced, at most this number of samples from gateways that have not seen the step yet are ignored.</summary>
    private const int MaxStale = 8;

    private static readonly TimeSpan Agreement = TimeSpan.FromMilliseconds(50);

    /// <summary>Between an announced step and the sample are the delays of two messages.</summary>
    private static readonly TimeSpan StepAgreement = TimeSpan.FromMilliseconds(500);

    private readonly Queue<TimeSpan> _recent = new();
    private TimeSpan _stepBack;
    private int _stale;

    /// <summary>A smaller movement of the reference needs no announcement.</summary>
    public static TimeSpan MinStep { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Adds a sample.</summary>
    /// <param name="sample">The time of sending by the reference, minus the time of arrival by this process.</param>
    /// <param name="step">How far the sender saw the reference move recently; null if it did not.</param>
    /// <returns>The offset: how much to add to this process's time.</returns>
    public TimeSpan Add(TimeSpan sample, TimeSpan? step = null)
    {
        if (IsStale(sample, step))
        {
            return _recent.Max();
        }

        if (step > TimeSpan.Zero)
        {
            _stepBack = TimeSpan.Zero;
        }

        if (step < TimeSpan.Zero && _recent.Count > 0 && (sample - _recent.Max() - step.Value).Duration() < StepAgreement)
        {
            (_stepBack, _stale) = (step.Value, 0);
            _recent.Clear();
        }

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

    /// <summary>Whether the sample is from a gateway that has not seen the announced step back yet. Without this, the time would jump forward again.</summary>
    private bool IsStale(TimeSpan sample, TimeSpan? step)
    {
        if (_stepBack == TimeSpan.Zero || step > TimeSpan.Zero || (sample - _recent.Max() + _stepBack).Duration() > StepAgreement || _stale == MaxStale)
        {
            return false;
        }

        _stale++;
        return true;
    }

    private bool HasMovedBack()
    {
        var last = _recent.TakeLast(StepSamples).ToArray();
        return last.Length == StepSamples && _recent.Max() - last.Max() > MinStep && last.Max() - last.Min() < Agreement;
    }
}

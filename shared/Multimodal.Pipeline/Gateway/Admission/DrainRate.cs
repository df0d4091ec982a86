namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// Measures how many slots become free per second, while requests wait for them. Without waiting requests the number of answers shows the load, not
/// the capacity. Recent answers count more (exponential decay over ten seconds).
/// </summary>
internal sealed class DrainRate
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1);
    private TimeSpan? _since;
    private TimeSpan _at;
    private double _count;

    /// <summary>Begins to measure. Does nothing if it measures already.</summary>
    public void Start(TimeSpan now)
    {
        if (_since is null)
        {
            (_since, _at, _count) = (now, now, 0);
        }
    }

    /// <summary>Ends the measurement.</summary>
    public void Stop() => _since = null;

    /// <summary>Counts a slot that became free.</summary>
    public void Observe(TimeSpan now)
    {
        if (_since is not null)
        {
            Decay(now);
            _count++;
        }
    }

    /// <summary>Free slots per second; null within the first second of the measurement.</summary>
    public double? PerSecond(TimeSpan now)
    {
        if (_since is not { } since || now - since < Warmup)
        {
            return null;
        }

        Decay(now);
        return _count / (Memory.TotalSeconds * (1 - Math.Exp(-((now - since) / Memory))));
    }

    private void Decay(TimeSpan now)
    {
        _count *= Math.Exp(-((now - _at) / Memory));
        _at = now;
    }
}

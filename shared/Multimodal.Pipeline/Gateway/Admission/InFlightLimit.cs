namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// Limits the requests in flight so that accepted requests meet their deadline. A request waits for those before it, so latency grows with
/// the number in flight. The limit changes after each window of results, up and down by a factor. It grows by a sixteenth, at least 1, if
/// the median request took at most 30 % of its time and more than 80 % of the limit was used. If the median took more, the limit is cut in
/// proportion (Little 1961). The median ignores a few requests that wait for a hanging expert. Thread-safe.
/// </summary>
/// <param name="min">Lower bound, at least 1, so that there is always a request to measure.</param>
/// <param name="max">Upper bound.</param>
internal sealed class InFlightLimit(int min, int max)
{
    /// <summary>Share of its time that the median request may take. The slowest requests take about three times as long.</summary>
    public const double TargetShare = 0.3;

    // Cuts below the target, so that the queue that built up drains.
    private const double Margin = 0.9;
    private const int MinWindow = 8;

    // Before any measurement: enough for a burst, few enough that a slow machine still answers in time.
    private const int Initial = 64;
    private readonly Lock _lock = new();
    private readonly List<double> _shares = [];
    private double _limit = Math.Clamp(Initial, min, max);
    private int _maxInFlight;

    /// <summary>The current limit.</summary>
    public int Value
    {
        get
        {
            lock (_lock)
            {
                return (int)_limit;
            }
        }
    }

    /// <summary>Records the latency of a result.</summary>
    /// <param name="share">The time it took divided by the time it was given; above 1 if it was late.</param>
    /// <param name="inFlight">Requests in flight when the result arrived, including its own.</param>
    public void Observe(double share, int inFlight)
    {
        lock (_lock)
        {
            _shares.Add(share);
            _maxInFlight = Math.Max(_maxInFlight, inFlight);
            if (_shares.Count < Math.Max(MinWindow, _limit / 4))
            {
                return;
            }

            _shares.Sort();
            var median = _shares[_shares.Count / 2];
            if (median > TargetShare)
            {
                _limit = Math.Min(_limit, _maxInFlight) * TargetShare / median * Margin;
            }
            else if (_maxInFlight > 0.8 * _limit)
            {
                // Unless the limit was nearly reached, the measurements do not show that more requests would meet their deadline.
                _limit += Math.Max(1, _limit / 16);
            }

            _limit = Math.Clamp(_limit, min, max);
            _maxInFlight = 0;
            _shares.Clear();
        }
    }
}

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// How many requests may be in flight so that those accepted keep their deadline. Every accepted request waits behind those before it,
/// so the time it takes grows with their number: additive increase while results take less than a third of the time they were given,
/// a cut in proportion as soon as they take more (Chiu and Jain 1989; Little 1961 for the proportion). The median of a window decides, so
/// a few requests that wait for an expert that hangs say nothing about load. Thread-safe.
/// </summary>
/// <param name="least">Never fewer, at least 1: somebody has to try.</param>
/// <param name="most">Never more.</param>
internal sealed class InFlightLimit(int least, int most)
{
    /// <summary>Share of its time that the median request may take before fewer are let in: the slowest take about three times as long.</summary>
    public const double Comfortable = 0.3;

    // Cut a little below what would be comfortable, or the queue that is there never drains.
    private const double Margin = 0.9;
    private const int SmallestWindow = 8;

    // Nothing is known yet: enough for a burst, few enough that a slow machine still answers it in time.
    private const int First = 64;
    private readonly Lock _lock = new();
    private readonly List<double> _shares = [];
    private double _limit = Math.Clamp(First, least, most);
    private int _busiest;

    /// <summary>The most requests at once, for now.</summary>
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

    /// <summary>Takes note of a result.</summary>
    /// <param name="share">The time it took divided by the time it was given; above 1 when it was late.</param>
    /// <param name="inFlight">Requests in flight when it came, itself included.</param>
    public void Observe(double share, int inFlight)
    {
        lock (_lock)
        {
            _shares.Add(share);
            _busiest = Math.Max(_busiest, inFlight);
            if (_shares.Count < Math.Max(SmallestWindow, _limit / 4))
            {
                return;
            }

            _shares.Sort();
            var median = _shares[_shares.Count / 2];
            if (median > Comfortable)
            {
                _limit = Math.Min(_limit, _busiest) * Comfortable / median * Margin;
            }
            else if (_busiest > 0.8 * _limit)
            {
                // Only who uses the limit learns whether there could be more.
                _limit += Math.Max(1, _limit / 16);
            }

            _limit = Math.Clamp(_limit, least, most);
            _busiest = 0;
            _shares.Clear();
        }
    }
}

namespace Multimodal.Pipeline.Gateway;

/// <summary>
/// Counts requests from the first byte of their body to their stored result, and refuses the one too many. The unit is the
/// request, the same in which everything behind it queues, so nothing behind it can overflow.
/// </summary>
/// <param name="limit">The most requests at once.</param>
internal sealed class Admission(int limit)
{
    private int _inFlight;

    /// <summary>Requests that are being read or answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes a place; dispose it to give it back unless the request was kept.</summary>
    /// <returns>Null when there is none left.</returns>
    public Place? TryEnter()
    {
        if (Interlocked.Increment(ref _inFlight) <= limit)
        {
            return new Place(this);
        }

        Leave();
        return null;
    }

    /// <summary>Takes places for requests accepted before this process started, even beyond the limit.</summary>
    public void Restore(int requests) => Interlocked.Add(ref _inFlight, requests);

    /// <summary>Gives back the place of a request that has its result.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>A place that is given back on dispose, until it belongs to an accepted request.</summary>
    internal sealed class Place(Admission admission) : IDisposable
    {
        private bool _kept;

        /// <summary>The request is accepted: its result gives the place back.</summary>
        public void Keep() => _kept = true;

        public void Dispose()
        {
            if (!_kept)
            {
                _kept = true;
                admission.Leave();
            }
        }
    }
}

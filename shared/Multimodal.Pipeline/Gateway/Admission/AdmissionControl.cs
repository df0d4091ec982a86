using System.Collections.Concurrent;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// Counts the requests of this process from the first byte of their body to their stored result, and refuses the one too many. The
/// unit is the request, the same in which everything behind it queues, so nothing behind it can overflow. How many are let in follows
/// from how long the last ones took, so that who is accepted is answered in time.
/// </summary>
internal sealed class AdmissionControl(InFlightLimit limit, MultimodalOptions options, TimeProvider time)
{
    private readonly InFlightLimit _limit = limit;
    private readonly MultimodalOptions _options = options;
    private readonly ConcurrentDictionary<Guid, Accepted> _accepted = new();
    private int _inFlight;
    private int _low;

    /// <summary>Requests that are being read or answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Takes a place; dispose it to give it back unless the request was kept.</summary>
    /// <returns>Null when there is none left.</returns>
    public Place? TryEnter()
    {
        if (Interlocked.Increment(ref _inFlight) <= _limit.Value)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _inFlight);
        return null;
    }

    /// <summary>Takes a place for a request accepted before this process started, even beyond the limit.</summary>
    public void Restore(Guid request, DateTimeOffset due)
    {
        if (_accepted.TryAdd(request, new Accepted(null, due, IsLow: false)))
        {
            Interlocked.Increment(ref _inFlight);
        }
    }

    /// <summary>Gives back the place of a request that has its result; harmless for one that has no place here.</summary>
    public void Leave(Guid request)
    {
        if (_accepted.TryRemove(request, out var accepted))
        {
            var inFlight = Interlocked.Decrement(ref _inFlight) + 1;
            if (accepted.IsLow)
            {
                // It waits by intention, which says nothing about how many of the others fit.
                Interlocked.Decrement(ref _low);
            }
            else if (accepted.At is { } at && accepted.Due > at)
            {
                _limit.Observe((Now - at) / (accepted.Due - at), inFlight);
            }
        }
    }

    /// <summary>Accepted requests that were due before the given moment and still hold a place.</summary>
    public IReadOnlyList<Guid> DueBefore(DateTimeOffset moment) => [.. _accepted.Where(request => request.Value.Due < moment).Select(request => request.Key)];

    /// <param name="At">When it was accepted; null when that was before this process started, which says nothing about load.</param>
    /// <param name="Due">When its answer is due.</param>
    /// <param name="IsLow">Whether it has one of the places for low priority.</param>
    private readonly record struct Accepted(DateTimeOffset? At, DateTimeOffset Due, bool IsLow);

    /// <summary>A place that is given back on dispose, until it belongs to an accepted request.</summary>
    internal sealed class Place(AdmissionControl admission) : IDisposable
    {
        private bool _kept;
        private bool _isLow;

        /// <summary>Makes it one of the places for this priority, of which there are fewer for a low one.</summary>
        /// <returns>False when there is none left.</returns>
        public bool TryTake(Priority priority)
        {
            if (priority != Priority.Low || _isLow)
            {
                return true;
            }

            _isLow = Interlocked.Increment(ref admission._low) <= Math.Max(1, admission._limit.Value * admission._options.Transport.LowShare);
            if (!_isLow)
            {
                Interlocked.Decrement(ref admission._low);
            }

            return _isLow;
        }

        /// <summary>The request is accepted: its result gives the place back.</summary>
        public void Keep(Guid request, DateTimeOffset due)
        {
            _kept = true;
            if (!admission._accepted.TryAdd(request, new Accepted(admission.Now, due, _isLow)))
            {
                GiveBack();
            }
        }

        public void Dispose()
        {
            if (!_kept)
            {
                _kept = true;
                GiveBack();
            }
        }

        private void GiveBack()
        {
            Interlocked.Decrement(ref admission._inFlight);
            if (_isLow)
            {
                Interlocked.Decrement(ref admission._low);
            }
        }
    }
}

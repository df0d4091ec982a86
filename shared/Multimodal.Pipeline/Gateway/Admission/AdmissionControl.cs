using System.Collections.Concurrent;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// Admits requests up to a limit. A request counts from the first byte of its body until its result is stored. Every queue behind the
/// gateway also counts requests, so this limit bounds all of them. The limit follows recent latency, so that admitted requests meet their
/// deadline.
/// </summary>
internal sealed class AdmissionControl(InFlightLimit limit, TransportOptions options, TimeProvider time)
{
    private readonly InFlightLimit _limit = limit;
    private readonly TransportOptions _options = options;
    private readonly ConcurrentDictionary<Guid, Admitted> _accepted = new();
    private int _inFlight;
    private int _low;

    /// <summary>Number of requests being read or answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Takes a slot. Disposing it frees it, unless an accepted request keeps it.</summary>
    /// <returns>Null if no slot is free.</returns>
    public Slot? TryEnter()
    {
        if (Interlocked.Increment(ref _inFlight) <= _limit.Value)
        {
            return new Slot(this);
        }

        Interlocked.Decrement(ref _inFlight);
        return null;
    }

    /// <summary>Takes a slot, even beyond the limit, for a request accepted before this process started.</summary>
    public void Restore(Guid request, DateTimeOffset due)
    {
        if (_accepted.TryAdd(request, new Admitted(null, due, IsLow: false)))
        {
            Interlocked.Increment(ref _inFlight);
        }
    }

    /// <summary>Frees the slot of an answered request. Does nothing for a request without a slot.</summary>
    public void Leave(Guid request)
    {
        if (_accepted.TryRemove(request, out var accepted))
        {
            var inFlight = Interlocked.Decrement(ref _inFlight) + 1;
            if (accepted.IsLow)
            {
                // Low-priority requests wait by design, so their latency does not measure the load.
                Interlocked.Decrement(ref _low);
            }
            else if (accepted.At is { } at && accepted.Due > at)
            {
                _limit.Observe((Now - at) / (accepted.Due - at), inFlight);
            }
        }
    }

    /// <summary>Ids of accepted requests that still hold a slot and whose deadline is before the given time.</summary>
    public IReadOnlyList<Guid> DueBefore(DateTimeOffset moment) => [.. _accepted.Where(request => request.Value.Due < moment).Select(request => request.Key)];

    /// <param name="At">Time of acceptance; null if an earlier process accepted the request, because its latency does not measure the
    /// current load.</param>
    /// <param name="Due">The deadline.</param>
    /// <param name="IsLow">Whether the request takes one of the low-priority slots.</param>
    private readonly record struct Admitted(DateTimeOffset? At, DateTimeOffset Due, bool IsLow);

    /// <summary>One slot, freed on dispose unless an accepted request keeps it.</summary>
    internal sealed class Slot(AdmissionControl admission) : IDisposable
    {
        private bool _kept;
        private bool _isLow;

        /// <summary>Takes a slot of the priority. Low-priority requests share a smaller number of slots.</summary>
        /// <returns>False if none is free.</returns>
        public bool TryTake(Priority priority)
        {
            if (priority != Priority.Low || _isLow)
            {
                return true;
            }

            _isLow = Interlocked.Increment(ref admission._low) <= Math.Max(1, admission._limit.Value * admission._options.LowShare);
            if (!_isLow)
            {
                Interlocked.Decrement(ref admission._low);
            }

            return _isLow;
        }

        /// <summary>Keeps the slot for an accepted request until its result is stored.</summary>
        public void Keep(Guid request, DateTimeOffset due)
        {
            _kept = true;
            if (!admission._accepted.TryAdd(request, new Admitted(admission.Now, due, _isLow)))
            {
                Free();
            }
        }

        public void Dispose()
        {
            if (!_kept)
            {
                _kept = true;
                Free();
            }
        }

        private void Free()
        {
            Interlocked.Decrement(ref admission._inFlight);
            if (_isLow)
            {
                Interlocked.Decrement(ref admission._low);
            }
        }
    }
}

using System.Collections.Concurrent;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// Admits requests: counts those of this gateway from the first byte of their body to their stored result, and refuses more than the limit. The
/// unit is the request, which is also the unit of every queue behind it, so none of them can overflow. The limit follows from how long
/// recent requests took, so that an admitted request is answered in time.
/// </summary>
internal sealed class AdmissionControl(InFlightLimit limit, TransportOptions options, TimeProvider time)
{
    private readonly InFlightLimit _limit = limit;
    private readonly TransportOptions _options = options;
    private readonly ConcurrentDictionary<Guid, Admitted> _accepted = new();
    private int _inFlight;
    private int _low;

    /// <summary>Requests that are being read or answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Takes a slot; dispose it to free it unless an accepted request keeps it.</summary>
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

    /// <summary>Takes a slot for a request that was accepted before this process started, even beyond the limit.</summary>
    public void Restore(Guid request, DateTimeOffset due)
    {
        if (_accepted.TryAdd(request, new Admitted(null, due, IsLow: false)))
        {
            Interlocked.Increment(ref _inFlight);
        }
    }

    /// <summary>Frees the slot of a request that has its result; does nothing for a request without a slot.</summary>
    public void Leave(Guid request)
    {
        if (_accepted.TryRemove(request, out var accepted))
        {
            var inFlight = Interlocked.Decrement(ref _inFlight) + 1;
            if (accepted.IsLow)
            {
                // Low priority waits by design, so its latency says nothing about the limit.
                Interlocked.Decrement(ref _low);
            }
            else if (accepted.At is { } at && accepted.Due > at)
            {
                _limit.Observe((Now - at) / (accepted.Due - at), inFlight);
            }
        }
    }

    /// <summary>Accepted requests that were due before the given time and still hold a slot.</summary>
    public IReadOnlyList<Guid> DueBefore(DateTimeOffset moment) => [.. _accepted.Where(request => request.Value.Due < moment).Select(request => request.Key)];

    /// <param name="At">When it was accepted; null if that was before this process started, because its latency says nothing about the load.</param>
    /// <param name="Due">When its answer is due.</param>
    /// <param name="IsLow">Whether it holds one of the slots for low priority.</param>
    private readonly record struct Admitted(DateTimeOffset? At, DateTimeOffset Due, bool IsLow);

    /// <summary>A slot that is freed on dispose unless an accepted request keeps it.</summary>
    internal sealed class Slot(AdmissionControl admission) : IDisposable
    {
        private bool _kept;
        private bool _isLow;

        /// <summary>Takes one of the slots for this priority; low priority has fewer.</summary>
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

        /// <summary>Keeps the slot for an accepted request; its result frees it.</summary>
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

using System.Collections.Concurrent;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// Admits requests up to a limit. A request counts from the last byte of its body until its result is stored. Every queue behind the
/// gateway also counts requests, so this limit bounds all of them. The limit follows recent latency, so that admitted requests meet their
/// deadline. Refused requests get a place in a <see cref="WaitingList"/>, so that they do not starve.
/// </summary>
internal sealed class AdmissionControl(InFlightLimit limit, TransportOptions transport, GatewayOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Guid, Admitted> _accepted = new();
    private readonly WaitingList _normal = new(options, time, transport.IsShared);
    private readonly WaitingList _low = new(options, time, transport.IsShared);
    private int _inFlight;
    private int _lowInFlight;

    /// <summary>Number of requests being checked or answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Number of refused requests that are expected to return to this gateway.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _normal.Expected + _low.Expected;
            }
        }
    }

    /// <summary>Number of refused requests whose places this gateway knows, in every state.</summary>
    public int Places
    {
        get
        {
            lock (_lock)
            {
                return _normal.Count + _low.Count;
            }
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private int Free => limit.Value - _inFlight;

    private int LowLimit => (int)Math.Max(1, limit.Value * transport.LowShare);

    /// <summary>Decides about a request before its body is read, so that an overloaded gateway need not read it.</summary>
    /// <param name="visitor">Whose request it is.</param>
    /// <returns>Null if the body can be read. Otherwise the request is refused and should return after this time.</returns>
    public TimeSpan? RefuseEarly(Visitor visitor)
    {
        lock (_lock)
        {
            if (_low.Holds(visitor.Request))
            {
                return Free > 0 && _low.IsTurn(visitor, LowLimit - _lowInFlight, LowLimit) ? null : _low.Refuse(visitor);
            }

            return _normal.IsTurn(visitor, Free, limit.Value) ? null : _normal.Refuse(visitor);
        }
    }

    /// <summary>Takes a slot. Low-priority requests share a smaller number of slots. Disposing it frees it, unless an accepted request keeps it.</summary>
    /// <param name="visitor">Whose request it is.</param>
    /// <param name="priority">The priority of the request.</param>
    /// <param name="retryAfter">After which time a refused request should return.</param>
    /// <returns>Null if the request is refused.</returns>
    public Slot? TryEnter(Visitor visitor, Priority priority, out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            var (isLow, wasLow) = (priority == Priority.Low, _low.Holds(visitor.Request));
            retryAfter = TimeSpan.Zero;
            if (!(isLow && wasLow) && !_normal.IsTurn(visitor, Free, limit.Value))
            {
                retryAfter = _normal.Refuse(visitor);
                return null;
            }

            if (isLow && (Free <= 0 || !_low.IsTurn(visitor, LowLimit - _lowInFlight, LowLimit)))
            {
                _normal.Remove(visitor.Request);
                retryAfter = _low.Refuse(visitor);
                return null;
            }

            _inFlight++;
            _lowInFlight += isLow ? 1 : 0;
            var list = wasLow ? _low : _normal;
            return new Slot(this, list, list.Enter(visitor.Request), isLow);
        }
    }

    /// <summary>Takes a slot, even beyond the limit, for a request accepted before this process started.</summary>
    public void Restore(Guid request, DateTimeOffset due)
    {
        if (_accepted.TryAdd(request, new Admitted(null, due, IsLow: false)))
        {
            lock (_lock)
            {
                _inFlight++;
            }
        }
    }

    /// <summary>Frees the slot of an answered request. Does nothing for a request without a slot.</summary>
    public void Leave(Guid request)
    {
        if (!_accepted.TryRemove(request, out var accepted))
        {
            return;
        }

        var inFlight = FreeSlot(accepted.IsLow, isAnswered: true) + 1;

        // Low-priority requests wait by design, so their latency does not measure the load.
        if (!accepted.IsLow && accepted.At is { } at && accepted.Due > at)
        {
            limit.Observe((Now - at) / (accepted.Due - at), inFlight);
        }
    }

    /// <summary>Ids of accepted requests that still hold a slot and whose deadline is before the given time.</summary>
    public IReadOnlyList<Guid> DueBefore(DateTimeOffset moment) => [.. _accepted.Where(request => request.Value.Due < moment).Select(request => request.Key)];

    /// <summary>The places that changed since the last call, at most a number of them, for the other gateways.</summary>
    public IReadOnlyList<WaitingPlace> TakeChanges(int max)
    {
        lock (_lock)
        {
            return [.. _normal.TakeChanges(max), .. _low.TakeChanges(max).Select(place => place with { IsLow = true })];
        }
    }

    /// <summary>Records a place that changed at another gateway.</summary>
    public void Learn(WaitingPlace place)
    {
        lock (_lock)
        {
            (place.IsLow ? _low : _normal).Learn(place);
        }
    }

    /// <returns>The requests that remain in flight.</returns>
    private int FreeSlot(bool isLow, bool isAnswered)
    {
        lock (_lock)
        {
            _inFlight--;
            _lowInFlight -= isLow ? 1 : 0;
            if (isAnswered)
            {
                _normal.SlotFreed();
                if (isLow)
                {
                    _low.SlotFreed();
                }
            }

            return _inFlight;
        }
    }

    /// <param name="At">Time of acceptance; null if an earlier process accepted the request, because its latency does not measure the
    /// current load.</param>
    /// <param name="Due">The deadline.</param>
    /// <param name="IsLow">Whether the request takes one of the low-priority slots.</param>
    private readonly record struct Admitted(DateTimeOffset? At, DateTimeOffset Due, bool IsLow);

    /// <summary>One slot, freed on dispose unless an accepted request keeps it.</summary>
    internal sealed class Slot(AdmissionControl admission, WaitingList list, Place? place, bool isLow) : IDisposable
    {
        private bool _isSettled;

        /// <summary>Keeps the slot for an accepted request until its result is stored.</summary>
        public void Keep(Guid request, DateTimeOffset due)
        {
            _isSettled = true;
            PipelineMetrics.Admitted(place is null ? TimeSpan.Zero : list.Now - place.Since, (place?.Refusals ?? 0) + 1);
            EndPlace();
            if (!admission._accepted.TryAdd(request, new Admitted(admission.Now, due, isLow)))
            {
                admission.FreeSlot(isLow, isAnswered: false);
            }
        }

        /// <summary>Ends the place of a request that need not return: a repeat, or a request whose content is refused.</summary>
        public void EndPlace()
        {
            if (place is not null)
            {
                lock (admission._lock)
                {
                    list.Remove(place.Visitor.Request);
                }

                place = null;
            }
        }

        /// <summary>Frees the slot unless it is kept. The request keeps its place unless it is ended.</summary>
        public void Dispose()
        {
            if (_isSettled)
            {
                return;
            }

            _isSettled = true;
            admission.FreeSlot(isLow, isAnswered: false);
            if (place is not null)
            {
                lock (admission._lock)
                {
                    list.PutBack(place);
                }
            }
        }
    }
}

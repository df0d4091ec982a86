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
    /// <summary>How many requests may wait on their connections for each slot. Few of them hold a body.</summary>
    private const int HeldPerSlot = 4;

    /// <summary>How long a request waits on its connection. The client was told to return up to a second early.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Guid, Admitted> _accepted = new();
    private readonly WaitingList _list = new(options, time, transport.IsShared);
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
                return _list.Expected;
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
                return _list.Count;
            }
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private int Free => limit.Value - _inFlight - _list.Granted;

    /// <summary>
    /// Decides about a request before its body is read, so that an overloaded gateway need not read it. A request that returned at the time told waits
    /// for its turn.
    /// </summary>
    /// <param name="identity">The request and its client.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if the body can be read. Otherwise the request is refused and should return after this time.</returns>
    public async ValueTask<TimeSpan?> WaitForTurnAsync(RequestIdentity identity, CancellationToken cancellationToken)
    {
        var decision = Ask(identity, out var turn);
        if (decision.Held is not { } place)
        {
            return decision.RetryAfter;
        }

        await turn!.WaitAsync(HoldTime, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var refused = EndHold(place);
        cancellationToken.ThrowIfCancellationRequested();
        return refused;
    }

    /// <summary>As <see cref="WaitForTurnAsync"/>, without the wait.</summary>
    /// <param name="identity">The request and its client.</param>
    /// <param name="turn">Completes when it is the turn of a request that waits; otherwise null.</param>
    internal AdmissionDecision Ask(RequestIdentity identity, out Task? turn)
    {
        turn = null;
        lock (_lock)
        {
            _list.GrantNext(Free);
            if (_list.IsTurn(identity, Free, limit.Value))
            {
                _list.Grant(identity.Request);
                return default;
            }

            var held = _list.Hold(identity, HeldPerSlot * limit.Value);
            turn = held?.Turn!.Task;
            return new AdmissionDecision(held, held is null ? _list.Refuse(identity) : null);
        }
    }

    /// <summary>Ends the wait of a request.</summary>
    /// <returns>Null if its turn has come. Otherwise it is refused and should return after this time.</returns>
    internal TimeSpan? EndHold(Place place)
    {
        lock (_lock)
        {
            if (place.State == PlaceState.Granted)
            {
                return null;
            }

            _list.Release(place);
            return _list.Refuse(place.Identity);
        }
    }

    /// <summary>Takes a slot. Low-priority requests share a smaller number of slots. Disposing it frees it, unless an accepted request keeps it.</summary>
    /// <param name="identity">The request and its client.</param>
    /// <param name="priority">The priority of the request.</param>
    /// <param name="retryAfter">After which time a refused request should return.</param>
    /// <returns>Null if the request is refused.</returns>
    public Slot? TryEnter(RequestIdentity identity, Priority priority, out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            var isLow = priority == Priority.Low;
            retryAfter = TimeSpan.Zero;
            if (!_list.IsTurn(identity, Free, limit.Value))
            {
                retryAfter = _list.Refuse(identity);
                return null;
            }

            var place = _list.Enter(identity.Request);
            if (isLow && _lowInFlight >= Math.Max(1, (int)(limit.Value * transport.LowShare)))
            {
                if (place is not null)
                {
                    _list.PutBack(place);
                }

                retryAfter = _list.Refuse(identity);
                _list.GrantNext(Free);
                return null;
            }

            _inFlight++;
            _lowInFlight += isLow ? 1 : 0;
            return new Slot(this, place, isLow);
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
            return _list.TakeChanges(max);
        }
    }

    /// <summary>Records a place that changed at another gateway.</summary>
    public void Learn(WaitingPlace place)
    {
        lock (_lock)
        {
            _list.Learn(place);
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
                _list.SlotFreed();
            }

            _list.GrantNext(Free);

            return _inFlight;
        }
    }

    /// <param name="At">Time of acceptance; null if an earlier process accepted the request, because its latency does not measure the
    /// current load.</param>
    /// <param name="Due">The deadline.</param>
    /// <param name="IsLow">Whether the request takes one of the low-priority slots.</param>
    private readonly record struct Admitted(DateTimeOffset? At, DateTimeOffset Due, bool IsLow);

    /// <summary>One slot, freed on dispose unless an accepted request keeps it.</summary>
    internal sealed class Slot(AdmissionControl admission, Place? place, bool isLow) : IDisposable
    {
        private bool _isSettled;

        /// <summary>Keeps the slot for an accepted request until its result is stored.</summary>
        public void Keep(Guid request, DateTimeOffset due)
        {
            _isSettled = true;
            RecordAdmission();
            EndPlace();
            if (!admission._accepted.TryAdd(request, new Admitted(admission.Now, due, isLow)))
            {
                admission.FreeSlot(isLow, isAnswered: false);
            }
        }

        /// <summary>Frees the slot of a request that was kept but could not be stored.</summary>
        public void Withdraw(Guid request)
        {
            if (_isSettled && admission._accepted.TryRemove(request, out _))
            {
                admission.FreeSlot(isLow, isAnswered: false);
            }
        }

        /// <summary>Frees the slot of a request that is answered already.</summary>
        public void EndAnswered()
        {
            _isSettled = true;
            RecordAdmission();
            EndPlace();
            admission.FreeSlot(isLow, isAnswered: true);
        }

        /// <summary>Ends the place of a request that need not return: a repeat, or a request whose content is refused.</summary>
        public void EndPlace()
        {
            if (place is not null)
            {
                lock (admission._lock)
                {
                    admission._list.Remove(place.Identity.Request);
                }

                place = null;
            }
        }

        private void RecordAdmission() =>
            PipelineMetrics.Admitted(place is null ? TimeSpan.Zero : admission._list.Now - place.Since, (place?.Refusals ?? 0) + 1);

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
                    admission._list.PutBack(place);
                }
            }
        }
    }
}

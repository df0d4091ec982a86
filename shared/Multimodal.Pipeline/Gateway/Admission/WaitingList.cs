using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// Remembers refused requests, so that they are admitted before newer ones (decision 0120). A refused request gets a place and is told to return when
/// its turn is expected, from the number of places ahead and the measured drain rate. When it returns, it waits on its connection for the next free
/// slot. Clients take turns, so a client with many requests delays its own. While requests wait, an eighth of the slots is kept free for those whose
/// turn has come. Newcomers take the rest. Not thread-safe.
/// </summary>
/// <param name="options">Bounds.</param>
/// <param name="time">The clock.</param>
/// <param name="isShared">Whether <see cref="TakeChanges"/> is called, to inform other gateways.</param>
internal sealed class WaitingList(GatewayOptions options, TimeProvider time, bool isShared)
{
    /// <summary>The part of the slots that is kept free for requests whose turn has come.</summary>
    private const int ReservedPart = 8;

    /// <summary>
    /// More clients are told to return than slots are expected, because some do not return, and because a rate of returns that is too low would confirm
    /// itself.
    /// </summary>
    private const double Overbooking = 1.1;

    /// <summary>How long after the time told a slot is kept for the place.</summary>
    private static readonly TimeSpan ReserveTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<PlaceKey, Place> _places = [];
    private readonly WaitingLine _line = new();
    private readonly Dictionary<PlaceKey, Place?> _changes = [];
    private readonly List<Place> _held = [];
    private readonly DrainRate _rate = new();
    private int _ended;
    private TimeSpan _sweptAt;

    /// <summary>Time since the list was made.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Requests that are expected to return to this gateway.</summary>
    public int Expected => _line.Count;

    /// <summary>Places that have not ended; at most <see cref="GatewayOptions.MaxWaiting"/>.</summary>
    public int Count => _places.Count - _ended;

    /// <summary>Slots that are kept free for requests whose bodies are being read.</summary>
    public int Granted { get; private set; }

    /// <summary>Whether the request has a place.</summary>
    public bool Holds(PlaceKey request) => _places.GetValueOrDefault(request) is not (null or { State: PlaceState.Ended });

    /// <summary>Whether the request may take one of the free slots.</summary>
    /// <param name="identity">The request and its client.</param>
    /// <param name="free">Free slots.</param>
    /// <param name="limit">All slots.</param>
    public bool IsTurn(RequestIdentity identity, int free, int limit)
    {
        var now = Now;
        Sweep(now);
        var reserved = Math.Max(1, limit / ReservedPart);
        var place = _places.GetValueOrDefault(identity.Request);
        if (place is { State: PlaceState.Granted })
        {
            return true;
        }

        if (free <= 0)
        {
            return false;
        }

        if (place is null or { State: PlaceState.Entered or PlaceState.Ended })
        {
            return free > Math.Min(_line.Count, reserved);
        }

        Expect(place);
        var ahead = place.IsPromised && place.ReturnAt <= now ? _line.DueAhead(place, now - ReserveTime, now, reserved) : _line.Ahead(place);
        return free > Math.Min(ahead, reserved);
    }

    /// <summary>Keeps a slot free for a request, until its body is read. Does nothing for a request without a place.</summary>
    public void Grant(PlaceKey request)
    {
        if (_places.TryGetValue(request, out var place) && place.State is not (PlaceState.Granted or PlaceState.Entered or PlaceState.Ended))
        {
            Take(place, PlaceState.Granted);
            Granted++;
            place.ReturnAt = Now;
            place.Turn?.TrySetResult();
            Release(place);
        }
    }

    /// <summary>Grants free slots to the requests that wait on their connections, in the order of their turns.</summary>
    public void GrantNext(int free)
    {
        Sweep(Now);
        for (; free > 0 && _held.Count > 0; free--)
        {
            Grant(_held.MinBy(_line.Order)!.Identity.Request);
        }
    }

    /// <summary>Lets a request wait on its connection, if it returned at the time told and not too many wait already.</summary>
    /// <param name="identity">The request and its client.</param>
    /// <param name="max">How many may wait.</param>
    /// <returns>Null if the request is to be refused.</returns>
    public Place? Hold(RequestIdentity identity, int max)
    {
        if (_held.Count >= max
            || _places.GetValueOrDefault(identity.Request) is not { Turn: null, IsPromised: true } place
            || place.State is PlaceState.Granted or PlaceState.Entered or PlaceState.Ended
            || place.ReturnAt > Now)
        {
            return null;
        }

        Expect(place);
        place.Turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held.Add(place);
        return place;
    }

    /// <summary>Ends the wait on the connection.</summary>
    public void Release(Place place)
    {
        place.Turn = null;
        _held.Remove(place);
    }

    /// <summary>Refuses a request and keeps its place, or gives it one.</summary>
    /// <returns>After which time it should return.</returns>
    public TimeSpan Refuse(RequestIdentity identity)
    {
        var now = Now;
        _rate.Start(now);
        if (_places.TryGetValue(identity.Request, out var place) && place.State == PlaceState.Ended)
        {
            Forget(place);
            place = null;
        }

        if (place is null)
        {
            if (!MakeRoom(identity.Client))
            {
                return Forecast(_line.Count, now).Wait;
            }

            place = Add(identity, now, PlaceState.Expected);
        }
        else if (place.State is PlaceState.Entered or PlaceState.Granted)
        {
            return TimeSpan.FromSeconds(options.RetryAfterSeconds);
        }

        Expect(place);
        place.Refusals++;
        if (place.IsPromised && place.ReturnAt > now)
        {
            // The client returned early: its turn stays the same.
            return Whole(place.ReturnAt - now);
        }

        var (wait, isPromised) = Forecast(_line.Ahead(place), now);
        (place.ReturnAt, place.IsPromised) = (now + wait, isPromised);
        Change(place.Identity.Request, place);
        return wait;
    }

    /// <summary>Takes the place out of the line because its request got a slot.</summary>
    /// <returns>Null if the request has no place.</returns>
    public Place? Enter(PlaceKey request)
    {
        if (!_places.TryGetValue(request, out var place) || place.State is PlaceState.Entered or PlaceState.Ended)
        {
            return null;
        }

        Take(place, PlaceState.Entered);
        _line.Serve(place.Identity.Client, Now);
        return place;
    }

    /// <summary>Puts an entered place back, because its request was not accepted for a reason that may pass.</summary>
    public void PutBack(Place place)
    {
        place.State = PlaceState.Late;
        place.ReturnAt = Now;
        place.IsPromised = true;
    }

    /// <summary>Ends the place of a request.</summary>
    public void Remove(PlaceKey request)
    {
        if (_places.TryGetValue(request, out var place))
        {
            End(place);
            Change(request, null);
        }
    }

    /// <summary>Counts a slot that became free.</summary>
    public void SlotFreed() => _rate.Observe(Now);

    /// <summary>The places that changed since the last call, at most a number of them, for other gateways.</summary>
    public IReadOnlyList<WaitingPlace> TakeChanges(int max)
    {
        var now = Now;
        WaitingPlace[] taken = [.. _changes.Take(max).Select(change => change.Value?.Describe(now) ?? Place.DescribeEnd(change.Key))];
        foreach (var request in _changes.Keys.Take(max).ToArray())
        {
            _changes.Remove(request);
        }

        return taken;
    }

    /// <summary>Records a place that changed at another gateway.</summary>
    public void Learn(WaitingPlace change)
    {
        if (PlaceKey.Parse(change.Request) is not { } request || PlaceKey.Parse(change.Client) is not { } client)
        {
            return;
        }

        var now = Now;
        Sweep(now);
        var known = _places.GetValueOrDefault(request);
        if (known is { State: PlaceState.Granted or PlaceState.Entered or PlaceState.Ended })
        {
            return;
        }

        if (change.ReturnsInMs is not { } returnsIn)
        {
            if (known is not null)
            {
                End(known);
            }

            return;
        }

        if (known is null && _places.Count < options.MaxWaiting)
        {
            known = Add(new RequestIdentity(request, client), now - TimeSpan.FromMilliseconds(change.WaitedMs), PlaceState.Elsewhere);
        }

        if (known is { Turn: null })
        {
            Take(known, PlaceState.Elsewhere);
            (known.ReturnAt, known.IsPromised) = (now + TimeSpan.FromMilliseconds(returnsIn), change.IsPromised);
        }
    }

    private static TimeSpan Whole(TimeSpan wait) => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds)));

    /// <summary>When it is the turn of a request with so many places ahead. The time is rounded down, because the client can wait on its connection.</summary>
    private (TimeSpan Wait, bool IsPromised) Forecast(int ahead, TimeSpan now)
    {
        var seconds = _rate.PerSecond(now) is { } rate ? (ahead + 1) / (rate * Overbooking) : 0;
        var max = Math.Max(options.RetryAfterSeconds, options.MaxRetryAfterSeconds);
        return seconds > max
            ? (TimeSpan.FromSeconds(max), false)
            : (TimeSpan.FromSeconds(Math.Max(options.RetryAfterSeconds, Math.Floor(seconds))), true);
    }

    private Place Add(RequestIdentity identity, TimeSpan since, PlaceState state)
    {
        var place = new Place(identity, since) { State = state };
        _places.Add(identity.Request, place);
        _line.Join(place);
        if (state == PlaceState.Expected)
        {
            _line.Add(place);
        }

        return place;
    }

    /// <summary>Puts the place into the line if it is not there.</summary>
    private void Expect(Place place)
    {
        if (place.State == PlaceState.Expected)
        {
            return;
        }

        if (place.State == PlaceState.Elsewhere)
        {
            Change(place.Identity.Request, place);
        }

        place.State = PlaceState.Expected;
        _line.Add(place);
    }

    /// <summary>Takes the place out of the line if it is there.</summary>
    private void Take(Place place, PlaceState state)
    {
        if (place.State == PlaceState.Expected)
        {
            _line.Remove(place);
            if (_line.Count == 0)
            {
                _rate.Stop();
            }
        }

        Granted -= place.State == PlaceState.Granted ? 1 : 0;
        _ended += (state == PlaceState.Ended ? 1 : 0) - (place.State == PlaceState.Ended ? 1 : 0);
        place.State = state;
    }

    private void End(Place place)
    {
        Take(place, PlaceState.Ended);
        place.ReturnAt = Now;
        place.Turn?.TrySetResult();
        Release(place);
    }

    private void Forget(Place place)
    {
        Take(place, PlaceState.Late);
        Release(place);
        _places.Remove(place.Identity.Request);
        _line.Leave(place);
    }

    /// <summary>Makes room for a place. In a full list, the client with the most places loses its newest one, unless that is the asking client.</summary>
    private bool MakeRoom(PlaceKey asking)
    {
        if (_places.Count < options.MaxWaiting)
        {
            return true;
        }

        if (_line.LargerThan(asking) is not var (key, largest))
        {
            return false;
        }

        var newest = largest.Line.LastOrDefault(place => place.Turn is null)
            ?? _places.Values.FirstOrDefault(place => place.Identity.Client == key && place.State is not (PlaceState.Granted or PlaceState.Entered));
        if (newest is null)
        {
            return false;
        }

        Forget(newest);
        return true;
    }

    /// <summary>Takes places out of the line whose client did not return in time, and ends those whose client did not return at all.</summary>
    private void Sweep(TimeSpan now)
    {
        if (now - _sweptAt < SweepInterval)
        {
            return;
        }

        _sweptAt = now;
        List<Place> ended = [];
        foreach (var place in _places.Values)
        {
            var overdue = place.Turn is null ? now - place.ReturnAt : TimeSpan.Zero;
            if (overdue > (place.State == PlaceState.Ended ? ReserveTime : TimeSpan.FromSeconds(options.PlaceSeconds)) && place.State != PlaceState.Entered)
            {
                ended.Add(place);
            }
            else if (overdue > ReserveTime && place.State is (PlaceState.Expected or PlaceState.Granted))
            {
                Take(place, PlaceState.Late);
            }
        }

        ended.ForEach(Forget);
    }

    private void Change(PlaceKey request, Place? place)
    {
        if (isShared)
        {
            _changes[request] = place;
        }
    }
}

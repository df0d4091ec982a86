using Microsoft.Extensions.Time.Testing;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Tests.Gateway.Admission;

/// <summary>Places of refused requests: their order, their time, and their end.</summary>
public sealed class WaitingListTests
{
    /// <summary>With 16 slots, 2 are kept free while requests wait.</summary>
    private const int Slots = 16;
    private const int Reserved = 2;

    private readonly FakeTimeProvider _time = new();
    private readonly GatewayOptions _options = new() { MaxWaiting = 100 };
    private readonly WaitingList _list;

    public WaitingListTests() => _list = new WaitingList(_options, _time, isShared: true);

    [Fact]
    public void IsTurn_NobodyWaits_EveryFreeSlotIsForEveryone()
    {
        Assert.True(_list.IsTurn(Request("a"), 1, Slots));
        Assert.False(_list.IsTurn(Request("a"), 0, Slots));
    }

    [Fact]
    public void IsTurn_RequestsWait_NewcomersLeaveTheReservedSlots()
    {
        _list.Refuse(Request("a"));
        _list.Refuse(Request("b"));

        Assert.False(_list.IsTurn(Request("new"), Reserved, Slots));
        Assert.True(_list.IsTurn(Request("new"), Reserved + 1, Slots));
        Assert.True(_list.IsTurn(Request("a"), 1, Slots));
    }

    [Fact]
    public void Refuse_RateMeasured_TellsTheTimeOfTheTurn()
    {
        Drain(perSecond: 10, seconds: 5);

        for (var ahead = 1; ahead < 90; ahead++)
        {
            _list.Refuse(Request($"r{ahead}"));
        }

        // 91 requests, 10 per second, a tenth more are told to return than slots are expected.
        Assert.InRange(_list.Refuse(Request("last")).TotalSeconds, 7, 8);
    }

    [Fact]
    public void Refuse_ReturnsEarly_TheTurnStaysTheSame()
    {
        Drain(perSecond: 2, seconds: 5);
        for (var ahead = 1; ahead < 10; ahead++)
        {
            _list.Refuse(Request($"r{ahead}"));
        }

        var told = _list.Refuse(Request("rude"));
        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.False(_list.IsTurn(Request("rude"), Reserved, Slots));
            Assert.Equal(told, _list.Refuse(Request("rude")));
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(told - TimeSpan.FromSeconds(1), _list.Refuse(Request("rude")));
    }

    [Fact]
    public void Refuse_NothingDrains_TellsTheMaximumAndPromisesNothing()
    {
        _list.Refuse(Request("a"));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(_options.MaxRetryAfterSeconds, _list.Refuse(Request("b")).TotalSeconds);
    }

    [Fact]
    public void IsTurn_TimeToldHasCome_IsBeforeYoungerOnes()
    {
        var told = _list.Refuse(Request("a"));
        _time.Advance(told / 2);
        _list.Refuse(Request("b"));
        _time.Advance(told / 2);

        Assert.True(_list.IsTurn(Request("a"), 1, Slots));
        Assert.False(_list.IsTurn(Request("b"), 1, Slots));
    }

    [Fact]
    public void IsTurn_ClientNeverReturns_ItsSlotIsKeptForTwoSecondsAndItsPlaceEnds()
    {
        var told = _list.Refuse(Request("a"));
        _time.Advance(told + TimeSpan.FromSeconds(1.9));
        Assert.False(_list.IsTurn(Request("new"), 1, Slots));

        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(_list.IsTurn(Request("new"), 1, Slots));
        Assert.Equal((0, 1), (_list.Expected, _list.Count));

        _time.Advance(TimeSpan.FromSeconds(_options.PlaceSeconds));
        Assert.True(_list.IsTurn(Request("new"), 1, Slots));
        Assert.Equal(0, _list.Count);
    }

    [Fact]
    public void IsTurn_ClientReturnsLate_ItsPlaceStillHolds()
    {
        var told = _list.Refuse(Request("a"));
        _time.Advance(told + TimeSpan.FromSeconds(20));
        _list.Refuse(Request("b"));

        Assert.True(_list.IsTurn(Request("a"), 1, Slots));
        Assert.False(_list.IsTurn(Request("b"), 1, Slots));
    }

    [Fact]
    public void Refuse_ClientWithManyRequests_DelaysItsOwnOnly()
    {
        Drain(perSecond: 10, seconds: 5);
        for (var number = 0; number < 80; number++)
        {
            _list.Refuse(Request($"m{number}", "many"));
        }

        Assert.Equal(1, _list.Refuse(Request("one", "other")).TotalSeconds);
        Assert.InRange(_list.Refuse(Request("m80", "many")).TotalSeconds, 6, 8);
    }

    [Fact]
    public void Refuse_ListIsFull_TheLargestClientLosesItsNewestPlace()
    {
        for (var number = 0; number < _options.MaxWaiting + 50; number++)
        {
            _list.Refuse(Request($"m{number}", "many"));
        }

        Assert.Equal(_options.MaxWaiting, _list.Count);
        Assert.False(_list.Holds(Request("m100").Request));
        _list.Refuse(Request("one", "other"));

        Assert.Equal(_options.MaxWaiting, _list.Count);
        Assert.True(_list.Holds(Request("one").Request));
        Assert.True(_list.Holds(Request("m98").Request));
        Assert.False(_list.Holds(Request("m99").Request));
    }

    [Fact]
    public void Hold_ReturnedAtTheTimeTold_FreeSlotsGoInTheOrderOfTheTurns()
    {
        _list.Refuse(Request("a"));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _list.Refuse(Request("b"));
        Assert.Null(_list.Hold(Request("a"), 10));
        Assert.Null(_list.Hold(Request("new"), 10));
        _time.Advance(TimeSpan.FromSeconds(1));
        var (b, a) = (_list.Hold(Request("b"), 10)!, _list.Hold(Request("a"), 10)!);
        var (turnOfA, turnOfB) = (a.Turn!.Task, b.Turn!.Task);

        _list.GrantNext(free: 1);

        Assert.Equal((true, false, 1), (turnOfA.IsCompleted, turnOfB.IsCompleted, _list.Granted));
        Assert.True(_list.IsTurn(Request("a"), 0, Slots));
        _list.GrantNext(free: 1);
        Assert.True(turnOfB.IsCompleted);
        _list.Enter(Request("a").Request);
        Assert.Equal(1, _list.Granted);
    }

    [Fact]
    public void Hold_TooManyWait_IsRefused()
    {
        _list.Refuse(Request("a"));
        _list.Refuse(Request("b"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(_list.Hold(Request("a"), 1));
        Assert.Null(_list.Hold(Request("b"), 1));
    }

    [Fact]
    public void Grant_BodyDoesNotArrive_TheSlotIsKeptForTwoSeconds()
    {
        _list.Refuse(Request("a"));
        _list.Grant(Request("a").Request);
        _time.Advance(TimeSpan.FromSeconds(2.1));

        _list.GrantNext(free: 0);

        Assert.Equal((0, 0, 1), (_list.Granted, _list.Expected, _list.Count));
        Assert.True(_list.IsTurn(Request("a"), 1, Slots));
    }

    [Fact]
    public void PutBack_NotAccepted_KeepsItsPlace()
    {
        _list.Refuse(Request("a"));
        var place = _list.Enter(Request("a").Request)!;
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _list.Refuse(Request("b"));
        Assert.Equal(1, _list.Expected);

        _list.PutBack(place);

        Assert.True(_list.IsTurn(Request("a"), 1, Slots));
        Assert.False(_list.IsTurn(Request("b"), 1, Slots));
    }

    [Fact]
    public void Learn_PlaceOfAnotherGateway_HoldsHere()
    {
        var other = new WaitingList(_options, _time, isShared: true);
        other.Refuse(Request("a"));
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Share(other, _list);
        _list.Refuse(Request("b"));

        // It is expected at the other gateway, so nothing is reserved for it here until it comes.
        Assert.Equal((1, 2), (_list.Expected, _list.Count));
        Assert.True(_list.IsTurn(Request("a"), 1, Slots));
        Assert.False(_list.IsTurn(Request("b"), 1, Slots));

        _list.Enter(Request("a").Request);
        _list.Remove(Request("a").Request);
        Share(_list, other);

        Assert.Equal((0, 1), (other.Expected, other.Count));
        Assert.False(other.Holds(Request("a").Request));
    }

    [Fact]
    public void Learn_MoreThanTheMaximum_IsDropped()
    {
        var other = new WaitingList(new GatewayOptions { MaxWaiting = 200 }, _time, isShared: true);
        for (var number = 0; number < 150; number++)
        {
            other.Refuse(Request($"r{number}"));
        }

        Share(other, _list);

        Assert.Equal((_options.MaxWaiting, 0), (_list.Count, _list.Expected));
    }

    private static RequestIdentity Request(string name, string client = "client") => new(PlaceKey.Of(name), PlaceKey.Of("client", client));

    private static void Share(WaitingList from, WaitingList to)
    {
        foreach (var change in from.TakeChanges(1000))
        {
            to.Learn(change);
        }
    }

    /// <summary>Frees slots at an even rate while a request waits.</summary>
    private void Drain(int perSecond, int seconds)
    {
        _list.Refuse(Request("first"));
        for (var slot = 0; slot < perSecond * seconds; slot++)
        {
            _time.Advance(TimeSpan.FromSeconds(1.0 / perSecond));
            _list.SlotFreed();
            _list.Refuse(Request("first"));
        }
    }
}

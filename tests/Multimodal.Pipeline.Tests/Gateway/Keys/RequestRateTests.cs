using Microsoft.Extensions.Time.Testing;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Tests.Gateway.Keys;

public sealed class RequestRateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryTake_Burst_IsThereAtOnceAndNoMore()
    {
        var rate = new RequestRate(2, 3, _time);

        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => rate.TryTake(out var _)));
    }

    [Fact]
    public void TryTake_WhenEmpty_ReturnsTheTimeOfTheNextToken()
    {
        var rate = new RequestRate(0.25, 1, _time);
        Assert.True(rate.TryTake(out var none));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(rate.TryTake(out var wait));
        _time.Advance(wait - TimeSpan.FromTicks(1));
        Assert.False(rate.TryTake(out var tick));
        _time.Advance(tick);

        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromTicks(1)), (none, wait, tick));
        Assert.True(rate.TryTake(out _));
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(3, 5)]
    [InlineData(0.5, 2)]
    [InlineData(400, 1000)]
    public void TryTake_AskedAllTheTime_GivesTheRate(double perSecond, int burst)
    {
        var rate = new RequestRate(perSecond, burst, _time);
        var taken = 0;
        for (var step = 0; step < 100_000; step++)
        {
            taken += rate.TryTake(out _) ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(taken, (perSecond * 100) + burst - 1, (perSecond * 100) + burst + 1);
    }

    [Fact]
    public void TryTake_AfterAYearOfRest_GivesTheBurstAgainAndNoMore()
    {
        var rate = new RequestRate(100, 4, _time);
        Assert.True(rate.TryTake(out _));
        _time.Advance(TimeSpan.FromDays(366));

        Assert.Equal([true, true, true, true, false], Enumerable.Range(0, 5).Select(_ => rate.TryTake(out var _)));
    }

    [Fact]
    public void TryTake_ManyAtTheSameTime_GivesNoTokenTwice()
    {
        var rate = new RequestRate(0.001, 500, _time);
        var taken = 0;

        Parallel.For(0, 2000, _ => Interlocked.Add(ref taken, rate.TryTake(out var _) ? 1 : 0));

        Assert.Equal(500, taken);
    }
}

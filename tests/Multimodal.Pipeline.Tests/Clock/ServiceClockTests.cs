using Microsoft.Extensions.Time.Testing;
using Multimodal.Pipeline.Clock;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Clock;

public sealed class ServiceClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void GetUtcNow_NoCorrection_IsTheSystemClock()
    {
        var system = new FakeTimeProvider(Noon);
        var clock = new ServiceClock(system);

        system.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(Noon.AddSeconds(90), clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, clock.Skew);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void GetUtcNow_SystemClockSteps_DoesNotStep(int seconds)
    {
        var system = new ShiftedTimeProvider(TimeSpan.Zero);
        var clock = new ServiceClock(system);

        system.Shift = TimeSpan.FromSeconds(seconds);

        Assert.InRange(clock.GetUtcNow() - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
        Assert.InRange(clock.Skew.TotalSeconds, seconds - 1, seconds + 1);
    }

    [Fact]
    public void Adjust_StepForward_ExtendsOnlyDeadlinesFromBeforeTheStep()
    {
        var system = new FakeTimeProvider(Noon);
        var clock = new ServiceClock(system);
        clock.Correct(TimeSpan.FromHours(1));

        Assert.Equal(Noon.AddHours(1).AddSeconds(5), clock.Adjust(Noon.AddSeconds(5)));
        Assert.Equal(Noon.AddHours(1).AddSeconds(5), clock.Adjust(Noon.AddHours(1).AddSeconds(5)));
        Assert.Equal(Noon.AddSeconds(-1), clock.Adjust(Noon.AddSeconds(-1)));

        system.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(Noon.AddSeconds(5), clock.Adjust(Noon.AddSeconds(5)));
    }

    [Fact]
    public void Correct_Forward_MovesTheTimeAndKeepsTheTimestamps()
    {
        var system = new FakeTimeProvider(Noon);
        var clock = new ServiceClock(system);
        var start = clock.GetTimestamp();
        var request = new RequestClock(clock);

        clock.Correct(TimeSpan.FromHours(1));
        system.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Noon.AddHours(1).AddSeconds(2), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(2), clock.GetElapsedTime(start));
        Assert.Equal(Noon.AddSeconds(2), request.Now);
        Assert.Equal(TimeSpan.FromHours(-1), clock.Skew);
    }
}

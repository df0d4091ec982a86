using Microsoft.Extensions.Time.Testing;
using Multimodal.Pipeline.Experts;

namespace Multimodal.Pipeline.Tests.Units;

/// <summary>The pace of a worker is that of its busy time.</summary>
public sealed class WorkMeterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkMeter _meter;

    public WorkMeterTests() => _meter = new WorkMeter(_time);

    [Fact]
    public void ItemMs_NothingEverWaited_IsUnknown()
    {
        Answer(afterMs: 40, backlog: 0);
        Answer(afterMs: 40, backlog: 0);
        Assert.Equal(0, _meter.ItemMs);
    }

    [Fact]
    public void ItemMs_OneAfterTheOther_IsTheTimeBetween()
    {
        for (var i = 0; i < 10; i++)
        {
            Answer(afterMs: 40, backlog: 3);
        }

        Assert.Equal(40, _meter.ItemMs, 1e-9);
    }

    [Fact]
    public void ItemMs_BatchesOfFour_IsAQuarterOfTheTimeBetweenBatches()
    {
        for (var i = 0; i < 400; i++)
        {
            Answer(afterMs: i % 4 == 0 ? 100 : 0, backlog: 8);
        }

        Assert.InRange(_meter.ItemMs, 22, 28);
    }

    [Fact]
    public void ItemMs_IdleInBetween_DoesNotCount()
    {
        Answer(afterMs: 0, backlog: 1);
        Answer(afterMs: 30, backlog: 0);
        Answer(afterMs: 60_000, backlog: 1);
        Answer(afterMs: 30, backlog: 0);
        Assert.Equal(30, _meter.ItemMs, 1e-9);
    }

    private void Answer(double afterMs, int backlog)
    {
        _time.Advance(TimeSpan.FromMilliseconds(afterMs));
        _meter.Note(1, backlog);
    }
}

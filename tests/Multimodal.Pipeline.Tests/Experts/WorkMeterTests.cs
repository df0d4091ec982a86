using Microsoft.Extensions.Time.Testing;
using Multimodal.Pipeline.Experts;

namespace Multimodal.Pipeline.Tests.Experts;

/// <summary>The pace of a worker is that of its busy time.</summary>
public sealed class WorkMeterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkMeter _meter;

    public WorkMeterTests() => _meter = new WorkMeter(_time);

    [Fact]
    public void ItemMs_NothingEverWaited_IsUnknown()
    {
        Answer(afterMs: 40, waitedMs: 30);
        Answer(afterMs: 40, waitedMs: 30);
        Assert.Equal(0, _meter.ItemMs);
    }

    [Fact]
    public void ItemMs_OneAfterTheOther_IsTheTimeBetween()
    {
        for (var i = 0; i < 10; i++)
        {
            Answer(afterMs: 40, waitedMs: 120);
        }

        Assert.Equal(40, _meter.ItemMs, 1e-9);
    }

    [Fact]
    public void ItemMs_BatchesOfFour_IsAQuarterOfTheTimeBetweenBatches()
    {
        for (var i = 0; i < 400; i++)
        {
            Answer(afterMs: i % 4 == 0 ? 100 : 0, waitedMs: 200);
        }

        Assert.InRange(_meter.ItemMs, 22, 28);
    }

    [Fact]
    public void ItemMs_IdleForAnHour_IsWhatItWas()
    {
        Answer(afterMs: 30, waitedMs: 60);
        Answer(afterMs: 30, waitedMs: 60);
        Answer(afterMs: 3_600_000, waitedMs: 30);
        Answer(afterMs: 30, waitedMs: 40);
        Assert.Equal(30, _meter.ItemMs, 1e-9);
    }

    /// <summary>Declining takes its time too, and ends the wait of those behind it.</summary>
    [Fact]
    public void ItemMs_OneIsDeclined_CountsAsWork()
    {
        Answer(afterMs: 30, waitedMs: 60);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        _meter.Note(_time.GetTimestamp() - Ticks(50), null);
        Assert.Equal((10, 1), (_meter.ItemMs, _meter.BatchSize));
    }

    private void Answer(double afterMs, double waitedMs)
    {
        _time.Advance(TimeSpan.FromMilliseconds(afterMs));
        _meter.Note(_time.GetTimestamp() - Ticks(waitedMs), 1);
    }

    private long Ticks(double milliseconds) => (long)(milliseconds / 1000 * _time.TimestampFrequency);
}

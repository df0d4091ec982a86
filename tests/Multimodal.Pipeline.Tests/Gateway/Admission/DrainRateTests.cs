using Multimodal.Pipeline.Gateway.Admission;

namespace Multimodal.Pipeline.Tests.Gateway.Admission;

/// <summary>The rate at which slots become free, while requests wait.</summary>
public sealed class DrainRateTests
{
    private readonly DrainRate _rate = new();

    [Fact]
    public void PerSecond_NotStartedOrJustStarted_IsUnknown()
    {
        Assert.Null(_rate.PerSecond(TimeSpan.FromSeconds(5)));
        _rate.Start(TimeSpan.FromSeconds(5));
        _rate.Observe(TimeSpan.FromSeconds(5.5));
        Assert.Null(_rate.PerSecond(TimeSpan.FromSeconds(5.9)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(60)]
    public void PerSecond_EvenRate_IsThatRate(int seconds)
    {
        Run(0, seconds, perSecond: 20);

        Assert.InRange(_rate.PerSecond(TimeSpan.FromSeconds(seconds))!.Value, 19, 21);
    }

    [Fact]
    public void PerSecond_RateChanges_FollowsWithinSeconds()
    {
        Run(0, 60, perSecond: 20);
        Run(60, 80, perSecond: 5);

        Assert.InRange(_rate.PerSecond(TimeSpan.FromSeconds(80))!.Value, 5, 8);
    }

    [Fact]
    public void Stop_MeasuresAnewAfterwards()
    {
        Run(0, 60, perSecond: 20);
        _rate.Stop();
        Run(100, 102, perSecond: 4);

        Assert.InRange(_rate.PerSecond(TimeSpan.FromSeconds(102))!.Value, 3.5, 4.5);
    }

    private void Run(int from, int to, int perSecond)
    {
        _rate.Start(TimeSpan.FromSeconds(from));
        for (var slot = 1; slot <= (to - from) * perSecond; slot++)
        {
            _rate.Observe(TimeSpan.FromSeconds(from + ((double)slot / perSecond)));
        }
    }
}

using Multimodal.Pipeline.Gateway;

namespace Multimodal.Pipeline.Tests.Units;

/// <summary>How many are let in follows from how long the last ones took.</summary>
public sealed class InFlightLimitTests
{
    private readonly InFlightLimit _limit = new(4, 256);

    [Fact]
    public void Value_NothingSeen_IsTheMost() => Assert.Equal(256, _limit.Value);

    [Fact]
    public void Observe_ResultsTakeTooLong_CutInProportionToTheQueue()
    {
        See(64, share: 0.9, inFlight: 200);
        Assert.Equal((int)(200 * 0.5 / 0.9 * 0.9), _limit.Value);
    }

    [Fact]
    public void Observe_AFewHang_SaysNothingAboutLoad()
    {
        See(30, share: 1, inFlight: 100);
        See(34, share: 0.02, inFlight: 100);
        Assert.Equal(256, _limit.Value);
    }

    [Fact]
    public void Observe_FastAndFull_LetsMoreIn()
    {
        See(64, share: 0.9, inFlight: 200);
        See(25, share: 0.3, inFlight: 100);
        Assert.Equal(106, _limit.Value);
    }

    [Fact]
    public void Observe_FastAndIdle_LearnsNothing()
    {
        See(64, share: 0.9, inFlight: 200);
        See(1000, share: 0.01, inFlight: 3);
        Assert.Equal(100, _limit.Value);
    }

    [Fact]
    public void Observe_HopelesslySlow_StillLetsTheFewestIn()
    {
        See(500, share: 50, inFlight: 256);
        Assert.Equal(4, _limit.Value);
    }

    [Fact]
    public void Observe_ServiceOfFixedSpeed_SettlesWhereResultsTakeHalfOfTheirTime()
    {
        // 40 results a second, 5 s allowed, more offered than fits: a request waits for all that are before it.
        for (var result = 0; result < 4000; result++)
        {
            var inFlight = _limit.Value;
            _limit.Observe(inFlight / 40.0 / 5, inFlight);
        }

        Assert.InRange(_limit.Value, 80, 106);
    }

    private void See(int results, double share, int inFlight)
    {
        for (var i = 0; i < results; i++)
        {
            _limit.Observe(share, inFlight);
        }
    }
}

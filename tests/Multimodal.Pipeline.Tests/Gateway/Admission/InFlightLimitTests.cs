using Multimodal.Pipeline.Gateway.Admission;

namespace Multimodal.Pipeline.Tests.Gateway.Admission;

/// <summary>The in-flight limit follows the throughput and latency of recent requests.</summary>
public sealed class InFlightLimitTests
{
    private readonly InFlightLimit _limit = new(4, 256);

    [Fact]
    public void Value_NothingSeen_IsABurst() => Assert.Equal(64, _limit.Value);

    [Fact]
    public void Observe_ResultsTakeTooLong_CutInProportionToTheQueue()
    {
        See(16, share: 0.9, inFlight: 50);
        Assert.Equal(15, _limit.Value);
    }

    [Fact]
    public void Observe_AFewHang_LeavesTheLimit()
    {
        See(7, share: 1, inFlight: 40);
        See(9, share: 0.02, inFlight: 40);
        Assert.Equal(64, _limit.Value);
    }

    [Fact]
    public void Observe_FastAndFull_LetsMoreIn()
    {
        See(16, share: 0.2, inFlight: 60);
        Assert.Equal(68, _limit.Value);
    }

    [Fact]
    public void Observe_FastAndIdle_LearnsNothing()
    {
        See(1000, share: 0.01, inFlight: 3);
        Assert.Equal(64, _limit.Value);
    }

    [Fact]
    public void Observe_HopelesslySlow_StillLetsTheFewestIn()
    {
        See(500, share: 50, inFlight: 256);
        Assert.Equal(4, _limit.Value);
    }

    [Fact]
    public void Observe_ServiceOfFixedSpeed_SettlesWhereResultsTakeTheComfortableShare()
    {
        // 40 results a second, 5 s allowed, overload: each request waits for all earlier ones.
        for (var result = 0; result < 4000; result++)
        {
            var inFlight = _limit.Value;
            _limit.Observe(inFlight / 40.0 / 5, inFlight);
        }

        Assert.InRange(_limit.Value, 50, 66);
    }

    private void See(int results, double share, int inFlight)
    {
        for (var i = 0; i < results; i++)
        {
            _limit.Observe(share, inFlight);
        }
    }
}

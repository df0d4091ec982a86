using Multimodal.Pipeline.Clock;

namespace Multimodal.Pipeline.Tests.Clock;

public sealed class OffsetFilterTests
{
    private readonly OffsetFilter _filter = new();

    [Fact]
    public void Add_DelayedMessages_GivesTheSampleWithTheSmallestDelay()
    {
        Assert.Equal(Ms(5900), Add(5900));
        Assert.Equal(Ms(5998), Add(5998));
        Assert.Equal(Ms(5998), Add(5990));
        Assert.Equal(Ms(5998), Add(4000));
        Assert.Equal(Ms(5999), Add(5999));
    }

    [Fact]
    public void Add_ReferenceMovesForward_FollowsAtOnce()
    {
        Add(0);

        Assert.Equal(Ms(3_600_000), Add(3_600_000));
    }

    [Fact]
    public void Add_ReferenceMovesBack_FollowsAtTheThirdSample()
    {
        Add(-1);
        Add(-2);

        Assert.Equal(Ms(-1), Add(-3_600_001));
        Assert.Equal(Ms(-1), Add(-3_600_003));
        Assert.Equal(Ms(-3_600_001), Add(-3_600_002));
    }

    [Fact]
    public void Add_AnnouncedStepBack_FollowsAtOnce()
    {
        Add(0);

        Assert.Equal(Ms(-3_600_020), Add(-3_600_020, -3_600_000));
        Assert.Equal(Ms(-3_600_010), Add(-3_600_010, -3_600_000));
    }

    [Fact]
    public void Add_AnnouncedStepThatTheSampleDoesNotShow_ChangesNothing()
    {
        Add(0);

        Assert.Equal(Ms(0), Add(-1500, -3_600_000));
        Assert.Equal(Ms(1), Add(1, -3_600_000));
    }

    [Fact]
    public void Add_SecondGatewayHasNotSeenTheStepBack_ItsSamplesAreIgnored()
    {
        Add(0);
        Add(-3_600_000, -3_600_000);
        _filter.Corrected(Ms(-3_600_000));

        Assert.Equal(Ms(0), Add(3_599_990));
        Assert.Equal(Ms(0), Add(-10, -3_600_000));
    }

    [Fact]
    public void Add_ReferenceMovesForwardAfterAStepBack_Follows()
    {
        Add(0);
        Add(-3_600_000, -3_600_000);
        _filter.Corrected(Ms(-3_600_000));

        Assert.Equal(Ms(3_600_000), Add(3_600_000, 3_600_000));
    }

    [Fact]
    public void Add_ManySamplesShowTheTimeBeforeTheStepBack_FollowsThem()
    {
        Add(0);
        Add(-3_600_000, -3_600_000);
        _filter.Corrected(Ms(-3_600_000));
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(Ms(0), Add(3_600_000));
        }

        Assert.Equal(Ms(3_600_000), Add(3_600_000));
    }

    [Fact]
    public void Add_LateMessages_AreNoStep()
    {
        Add(0);

        foreach (var delay in new[] { 1500, 1700, 1900, 2500, 900, 1600 })
        {
            Assert.Equal(Ms(0), Add(-delay));
        }
    }

    [Fact]
    public void Add_OldSamples_AreForgotten()
    {
        Add(100);
        for (var i = 0; i < 31; i++)
        {
            Assert.Equal(Ms(100), Add(-i));
        }

        Assert.Equal(Ms(0), Add(-10));
    }

    [Fact]
    public void Corrected_EarlierSamples_ReferToTheNewTime()
    {
        Add(5998);
        _filter.Corrected(Ms(5998));

        Assert.Equal(Ms(0), Add(-2));
        Assert.Equal(Ms(1), Add(1));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private TimeSpan Add(double milliseconds, double? step = null) => _filter.Add(Ms(milliseconds), step is { } value ? Ms(value) : null);
}

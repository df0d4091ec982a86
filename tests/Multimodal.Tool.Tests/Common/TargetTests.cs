using Multimodal.Learning.Scoring;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Tests.Common;

public sealed class TargetTests
{
    /// <summary>12 of 4,000 are 0.3 points. The difference of two accuracies is slightly off, due to rounding.</summary>
    [Fact]
    public void AtMost_ExactlyTheBoundButForRounding_IsMet()
    {
        var lost = 100 * (3973 / 4000.0) - 100 * (3961 / 4000.0);
        Assert.True(lost > 0.3);
        Assert.True(Target.AtMost("lost", lost, 0.3).Met);
        Assert.False(Target.AtMost("lost", 100 * (3973 / 4000.0) - 100 * (3960 / 4000.0), 0.3).Met);
        Assert.True(Target.AtLeast("gained", lost, 0.3).Met);
        Assert.True(Target.AtLeast("gained", -lost, -0.3).Met);
        Assert.False(Target.AtLeast("gained", 0.299, 0.3).Met);
        Assert.False(Target.AtMost("nothing", double.NaN, 0.3).Met);
    }

    [Fact]
    public void StandardError_FigureWithOne_IsPrintedAndDoesNotDecide()
    {
        var gained = Target.AtLeast("gained", new Estimate(1.25, 0.375), 1.25);
        Assert.Equal("1.25 +- 0.375", gained.Result);
        Assert.True(gained.Met);
        Assert.False(Target.AtLeast("gained", new Estimate(1.2, 10), 1.25).Met);
        Assert.False(Target.AtMost("lost", new Estimate(0.4, 10), 0.3).Met);
        Assert.Equal("0.4", Target.AtMost("lost", 0.4, 0.3).Result);
    }
}

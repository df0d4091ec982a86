using Multimodal.Tool.Commands;

namespace Multimodal.Pipeline.Tests.Tool;

public sealed class WantedFigureTests
{
    /// <summary>Twelve of 4,000 are 0.3 points, which a difference of two accuracies misses by rounding.</summary>
    [Fact]
    public void AtMost_ExactlyTheBoundButForRounding_IsMet()
    {
        var lost = 100 * (3973 / 4000.0) - 100 * (3961 / 4000.0);
        Assert.True(lost > 0.3);
        Assert.True(WantedFigure.AtMost("lost", lost, 0.3).Met);
        Assert.False(WantedFigure.AtMost("lost", 100 * (3973 / 4000.0) - 100 * (3960 / 4000.0), 0.3).Met);
        Assert.True(WantedFigure.AtLeast("gained", lost, 0.3).Met);
        Assert.True(WantedFigure.AtLeast("gained", -lost, -0.3).Met);
        Assert.False(WantedFigure.AtLeast("gained", 0.299, 0.3).Met);
        Assert.False(WantedFigure.AtMost("nothing", double.NaN, 0.3).Met);
    }
}

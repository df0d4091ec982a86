using Multimodal.Learning.Scoring;

namespace Multimodal.Learning.Tests.Scoring;

public sealed class ScorecardTests
{
    [Fact]
    public void Of_ThreeForecasts_MatchesHandComputation()
    {
        double[][] forecasts = [[Math.Log(0.9), Math.Log(0.1)], [Math.Log(0.4), Math.Log(0.6)], [Math.Log(0.2), Math.Log(0.8)]];
        var card = Scorecard.Of(forecasts, [0, 0, 1]);
        Assert.Equal(2.0 / 3, card.Accuracy, 14);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.4) + Math.Log(0.8)) / 3, card.Nll, 14);
        Assert.Equal((0.02 + 0.72 + 0.08) / 3, card.Brier, 14);
        Assert.Equal((0.1 + 0.6 + 0.2) / 3, card.Ece, 14);
        Assert.Equal((0.9 + 0.6 + 0.8) / 3, card.MeanConfidence, 14);
        Assert.Equal(1, card.Bins[8].Count); // 0.6 is the upper edge of (8/15, 9/15]
    }

    [Fact]
    public void Ece_OneBin_IsGapBetweenMeanConfidenceAndAccuracy()
    {
        // Over- and under-confident forecasts in one bin cancel by definition.
        double[][] forecasts = [[Math.Log(0.75), Math.Log(0.25)], [Math.Log(0.76), Math.Log(0.24)], [Math.Log(0.77), Math.Log(0.23)], [Math.Log(0.78), Math.Log(0.22)]];
        Assert.Equal(0.765 - 0.75, Scorecard.Of(forecasts, [0, 0, 0, 1]).Ece, 12);
    }

    [Fact]
    public void Of_TrueLabelWithProbabilityZero_StaysFinite() =>
        Assert.Equal(100, Scorecard.Of([[0, double.NegativeInfinity]], [1]).Nll);

    [Fact]
    public void Of_NoForecasts_IsZero() => Assert.Equal((0, 0.0, 0.0, 0.0),
        (Scorecard.Of([], []).Count, Scorecard.Of([], []).Nll, Scorecard.Of([], []).Ece, Scorecard.Of([], []).Accuracy));
}

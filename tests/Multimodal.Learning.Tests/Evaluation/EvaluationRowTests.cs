using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Scoring;

namespace Multimodal.Learning.Tests.Evaluation;

public sealed class EvaluationRowTests
{
    private static readonly EvaluationRow Pool = Row("pool", "+++++----+");
    private static readonly EvaluationRow Learned = Row("learned", "++++-++--+");
    private static readonly EvaluationRow Oracle = Row("oracle", "++++++++-+");

    /// <summary>One example is lost and two are won, so the differences have mean 0.1 and a sum of squares of 3.</summary>
    [Fact]
    public void PointsAbove_OneLostTwoWon_MatchesHandComputation()
    {
        var points = Learned.PointsAbove(Pool);
        Assert.Equal(10, points.Value, 1e-12);
        Assert.Equal(100 * Math.Sqrt((3 - 10 * 0.01) / 9 / 10), points.StandardError, 1e-12);
    }

    /// <summary>The expected standard error was computed in Python from the covariance form of the delta method.</summary>
    [Fact]
    public void ShareOfDistance_OneOfThreePoints_IsAThird()
    {
        var share = Learned.ShareOfDistance(Pool, Oracle);
        Assert.Equal(1.0 / 3, share.Value, 1e-15);
        Assert.Equal(0.49690399499995325, share.StandardError, 1e-14);
    }

    [Fact]
    public void ShareOfDistance_AtTheEnds_IsZeroAndOneWithoutError()
    {
        Assert.Equal(new Estimate(0, 0), Pool.ShareOfDistance(Pool, Oracle));
        Assert.Equal(new Estimate(1, 0), Oracle.ShareOfDistance(Pool, Oracle));
    }

    [Fact]
    public void PointsAbove_AnotherTestSet_Throws() => Assert.Throws<ArgumentException>(() => Learned.PointsAbove(Row("other", "+-")));

    private static EvaluationRow Row(string name, string answers)
    {
        bool[] isRight = [.. answers.Select(answer => answer == '+')];
        return new EvaluationRow(name, isRight.Average(right => right ? 1.0 : 0), 1, Scorecard.Of([], []), 1, 1, isRight);
    }
}

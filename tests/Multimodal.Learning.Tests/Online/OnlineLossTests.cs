using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Online;

public sealed class OnlineLossTests
{
    /// <summary>An independent implementation of the loss of the combination, for weights with any sum.</summary>
    private static double LossOf(string loss, double[] weights, double[][] opinions, double truth)
    {
        double Pool(int k) => weights.Select((w, e) => w * (loss == "square" ? opinions[e][k] : Math.Exp(opinions[e][k]))).Sum();
        return loss switch
        {
            "square" => Math.Pow(Pool(0) - truth, 2),
            "log" => -Math.Log(Pool((int)truth)),
            "brier" => Enumerable.Range(0, opinions[0].Length).Sum(k => Math.Pow(Pool(k) - (k == (int)truth ? 1 : 0), 2)),
            _ => weights.Select((w, e) => Distribution.ArgMax(opinions[e]) == (int)truth ? 0 : w).Sum(),
        };
    }

    [Theory]
    [InlineData("square")]
    [InlineData("log")]
    [InlineData("brier")]
    [InlineData("zero-one")]
    public void Regrets_WithGradient_AreTheDerivativeTowardsEachExpert(string loss)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (weights, opinions, truth) = Draw(loss, seed);
            var regrets = Regrets(loss, weights, opinions, truth, gradient: true);
            for (var e = 0; e < weights.Length; e++)
            {
                // d/dh of loss((1 - h) w + h e_i) at 0, negated.
                double Shifted(double h) => LossOf(loss, [.. weights.Select((w, i) => (1 - h) * w + (i == e ? h : 0))], opinions, truth);
                var slope = (Shifted(1e-6) - Shifted(-1e-6)) / 2e-6;
                Assert.Equal(-slope, regrets[e], 1e-6 * Math.Max(1, Math.Abs(slope)));
            }
        }
    }

    [Theory]
    [InlineData("square")]
    [InlineData("log")]
    [InlineData("brier")]
    [InlineData("zero-one")]
    public void Regrets_WithoutGradient_AreDifferencesOfLosses(string loss)
    {
        var (weights, opinions, truth) = Draw(loss, 3);
        var combined = LossOf(loss, weights, opinions, truth);
        double[] expected = [.. weights.Select(
            (_, e) => combined - LossOf(loss, [.. weights.Select((_, i) => i == e ? 1.0 : 0)], opinions, truth))];
        LogSpaceTests.AssertClose(expected, Regrets(loss, weights, opinions, truth, gradient: false), 1e-12);
    }

    [Fact]
    public void TruthsWithSameLoss_EachLoss_AreThoseWithTheSameLoss()
    {
        double[] opinion = [Math.Log(0.5), Math.Log(0.25), Math.Log(0.25)];
        Assert.Equal([1.0, 2.0], OnlineLosses.Table["log"].TruthsWithSameLoss(opinion, 2));
        Assert.Equal([0.0], OnlineLosses.Table["brier"].TruthsWithSameLoss(opinion, 0));
        Assert.Equal([1.0, 2.0], OnlineLosses.Table["zero-one"].TruthsWithSameLoss([Math.Log(0.6), Math.Log(0.3), Math.Log(0.1)], 1));
        Assert.Equal([3.0, 7.0], OnlineLosses.Table["square"].TruthsWithSameLoss([5], 3));
    }

    [Fact]
    public void Regrets_ExtremeOpinion_AreBounded()
    {
        double[][] opinions = [[0, -1e300], [Math.Log(0.5), Math.Log(0.5)]];
        var regrets = Regrets("log", [0.5, 0.5], opinions, 1, gradient: false);
        Assert.Equal(-12 - Math.Log(0.25 + 0.5 * Math.Exp(-12)), regrets[0], 1e-12);
    }

    private static double[] Regrets(string name, double[] weights, double[][] opinions, double truth, bool gradient)
    {
        var loss = OnlineLosses.Table[name];
        var joined = OnlineOpinions.Create([.. weights.Select(_ => 1.0)], opinions, loss);
        weights.CopyTo(joined.Weights, 0);
        var regrets = new double[weights.Length];
        loss.Regrets(joined, truth, gradient, regrets);
        return regrets;
    }

    private static (double[] Weights, double[][] Opinions, double Truth) Draw(string loss, int seed)
    {
        var random = new Random(seed);
        double[] weights = [.. Enumerable.Range(0, 4).Select(_ => random.NextDouble())];
        Distribution.Normalise(weights);
        double[][] opinions = [.. weights.Select(_ =>
        {
            var row = RandomStates.Row(random, loss == "square" ? 1 : 3);
            if (loss != "square")
            {
                LogSpace.LogSoftmax(row, row);
            }

            return row;
        })];
        return (weights, opinions, loss == "square" ? random.NextDouble() : random.Next(3));
    }
}

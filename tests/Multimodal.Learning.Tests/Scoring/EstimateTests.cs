using Multimodal.Learning.Scoring;

namespace Multimodal.Learning.Tests.Scoring;

public sealed class EstimateTests
{
    [Fact]
    public void Mean_FourValues_MatchesHandComputation()
    {
        var mean = Estimate.Mean([1, 2, 4, 9]);
        Assert.Equal(4, mean.Value);
        Assert.Equal(Math.Sqrt((9 + 4 + 0 + 25) / 3.0 / 4), mean.StandardError, 1e-15);
    }

    [Fact]
    public void Mean_OneValue_HasNoStandardError() => Assert.Equal(new Estimate(3, double.NaN), Estimate.Mean([3]));

    /// <summary>The expected values come from the covariance form (Saa - 2 R Sab + R^2 Sbb) / (n mean(b)^2), computed in Python.</summary>
    [Fact]
    public void Ratio_FivePairs_MatchesTheCovarianceForm()
    {
        var ratio = Estimate.Ratio([2, 1, 4, 3, 6], [3, 2, 5, 6, 9]);
        Assert.Equal(0.64, ratio.Value, 1e-15);
        Assert.Equal(0.054552726787943415, ratio.StandardError, 1e-15);
    }

    [Fact]
    public void Ratio_NumeratorsProportionalToDenominators_HasNoError()
    {
        var ratio = Estimate.Ratio([-1, -2, -4], [2, 4, 8]);
        Assert.Equal(-0.5, ratio.Value, 1e-15);
        Assert.Equal(0, ratio.StandardError, 1e-15);
    }

    [Fact]
    public void Ratio_NegativeDenominator_HasPositiveError() => Assert.Equal(
        Estimate.Ratio([2, 1, 4], [3, 2, 5]).StandardError, Estimate.Ratio([2, 1, 4], [-3, -2, -5]).StandardError, 1e-15);

    /// <summary>Numerators and denominators like those of an evaluation: 2,500 requests, few of which differ between two rows.</summary>
    [Fact]
    public void Ratio_DifferencesOfAnswers_MatchesThePairedBootstrap()
    {
        var random = new Random(1);
        (double Gain, double Distance)[] pairs = [.. Enumerable.Range(0, 2500).Select(_ => random.NextDouble() switch
        {
            < 0.02 => (1.0, 1.0),
            < 0.045 => (0.0, 1.0),
            < 0.055 => (-1.0, 0.0),
            _ => (0.0, 0.0),
        })];
        double[] drawn = [.. Enumerable.Range(0, 4000).Select(_ =>
        {
            var (gain, distance) = (0.0, 0.0);
            foreach (var (g, d) in random.GetItems(pairs, pairs.Length))
            {
                gain += g;
                distance += d;
            }

            return gain / distance;
        })];
        var mean = drawn.Average();
        var bootstrap = Math.Sqrt(drawn.Sum(ratio => (ratio - mean) * (ratio - mean)) / (drawn.Length - 1));
        var ratio = Estimate.Ratio([.. pairs.Select(pair => pair.Gain)], [.. pairs.Select(pair => pair.Distance)]);
        Assert.Equal(1, ratio.StandardError / bootstrap, 0.05);
    }

    [Fact]
    public void Ratio_DifferentCounts_Throws() => Assert.Throws<ArgumentException>(() => Estimate.Ratio([1, 2], [1]));
}

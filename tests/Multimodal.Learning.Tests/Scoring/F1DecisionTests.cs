using Multimodal.Learning.Numerics;
using Multimodal.Learning.Scoring;

namespace Multimodal.Learning.Tests.Scoring;

public sealed class F1DecisionTests
{
    [Fact]
    public void Decide_NoCounts_IsTheMostProbableLabel() =>
        Assert.Equal(1, F1Decision.Start(3).Decide([Math.Log(0.3), Math.Log(0.4), Math.Log(0.3)]));

    // Counts per label after two predictions of 0 with the truths 0 and 1, from initial halves: predicted 2.5 and 0.5, true 1.5 and 1.5,
    // hits 1.25 and 0.25. Gains: 1.5/4 (p - 1.25/4) and 1.5/2 ((1 - p) - 0.25/2); equal at p = 11/16.
    [Theory]
    [InlineData(0.68, 1)]
    [InlineData(0.69, 0)]
    public void Decide_AfterTwoPredictions_ChangesWhereTheGainsAreEqual(double p, int label) =>
        Assert.Equal(label, F1Decision.Start(2).Update(0, 0).Update(0, 1).Decide([Math.Log(p), Math.Log(1 - p)]));

    [Fact]
    public void Decide_RareLabelsAndWeakEvidence_HasHigherWeightedF1ThanTheMostProbableLabel()
    {
        var random = new Random(3);
        var decision = F1Decision.Start(3);
        var (chosen, favourite, truths) = (new int[2000], new int[2000], new int[2000]);
        for (var t = 0; t < truths.Length; t++)
        {
            // The truth is drawn from the forecast, so the forecast is calibrated.
            double[] p = [0.55, 0.25, 0.2];
            p[random.Next(1, 3)] += 0.1;
            p[0] -= 0.1;
            var drawn = random.NextDouble();
            truths[t] = drawn < p[0] ? 0 : drawn < p[0] + p[1] ? 1 : 2;
            double[] logs = [.. p.Select(q => Math.Log(q))];
            favourite[t] = Distribution.ArgMax(logs);
            chosen[t] = decision.Decide(logs);
            decision = decision.Update(chosen[t], truths[t]);
        }

        Assert.True(WeightedF1(chosen, truths) > WeightedF1(favourite, truths) + 0.03);
    }

    private static double WeightedF1(int[] predicted, int[] truths) => Enumerable.Range(0, 3).Sum(k =>
    {
        double hits = predicted.Zip(truths).Count(pair => pair == (k, k));
        double positives = truths.Count(y => y == k);
        return positives / truths.Length * 2 * hits / Math.Max(1, predicted.Count(p => p == k) + positives);
    });
}

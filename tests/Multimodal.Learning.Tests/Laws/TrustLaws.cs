using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Selection;
using Multimodal.Learning.Tests.Data;

namespace Multimodal.Learning.Tests.Laws;

/// <summary>Properties of every fusion rule and strategy, for any trust.</summary>
public sealed class TrustLaws
{
    private const int Draws = 100;

    public static TheoryData<string, string> Rules => RuleLaws.Rules;

    public static TheoryData<string> Strategies => new(SelectionStrategies.Table.Names);

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_FullTrust_ChangesNoBit(string rule, string form) => ForEachDraw(rule, form, (made, opinions, input, _) =>
    {
        var plain = made.Fuse(opinions, input);
        var trusted = made.Fuse([.. opinions.Select(o => o with { Trust = 1 })], input);
        Assert.Equal(plain.LogProbabilities, trusted.LogProbabilities);
        Assert.Equal(plain.Weights, trusted.Weights);
        Assert.Equal(plain.Contributions, trusted.Contributions);
    });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_AnyTrust_GivesADistributionInAnyOrder(string rule, string form) =>
        ForEachDraw(rule, form, (made, opinions, input, random) =>
    {
        WeightedOpinion[] discounted = [.. opinions.Select(o => o with { Trust = random.Next(4) == 0 ? 0 : random.NextDouble() })];
        var fused = made.Fuse(discounted, input);
        var reversed = made.Fuse([.. discounted.Reverse()], input);
        Assert.Equal(0, LogSpace.LogSumExp(fused.LogProbabilities), 1e-12);
        Assert.Equal(1, fused.Weights.Sum(), 1e-12);
        Assert.Equal(fused.LogProbabilities, reversed.LogProbabilities);
        Assert.Equal(fused.Weights.Reverse(), reversed.Weights);
        Assert.All(fused.Contributions, contribution => Assert.True(double.IsFinite(contribution)));
    });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_NoTrust_IsUniform(string rule, string form) => ForEachDraw(rule, form, (made, opinions, input, _) =>
    {
        var fused = made.Fuse([.. opinions.Select(o => o with { Trust = 0 })], input);
        Assert.All(fused.LogProbabilities, log => Assert.Equal(-Math.Log(RandomStates.Labels), log, 1e-9));
    });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_SettledWithTrust_StaysSettled(string rule, string form) => ForEachDraw(rule, form, (made, opinions, input, random) =>
    {
        WeightedOpinion[] all = [.. opinions.Select(o => o with { Trust = random.NextDouble() })];
        if (all.Length < 2 || !made.IsSettled(all[1..], [new OutstandingOpinion(all[0].Expert, all[0].Weight)]))
        {
            return;
        }

        var label = made.Fuse(all[1..], input).Label;
        for (var k = 0; k < RandomStates.Labels; k++)
        {
            double[] against = [.. Enumerable.Range(0, RandomStates.Labels).Select(j => j == k ? 0.0 : -40)];
            Assert.Equal(label, made.Fuse([all[0] with { LogProbabilities = against }, .. all[1..]], input).Label);
        }
    });

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Strategy_TrustAddedToLogits_WeightsAreValid(string strategy)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var random = new Random(seed);
            double[] logits = [.. Enumerable.Range(0, 6).Select(
                _ => 4 * random.NextDouble() + Math.Log(Math.Max(1e-3, random.NextDouble())))];
            bool[] available = [.. Enumerable.Range(0, 6).Select(_ => random.Next(3) > 0)];
            var weights = new double[6];
            SelectionStrategies.Table[strategy].Select(new Candidates(logits, available, [0, 0, 1, 1, 2, 2]), null, weights);
            Assert.All(Enumerable.Range(0, 6).Where(e => !available[e]), e => Assert.Equal(0, weights[e]));
            Assert.Equal(available.Any(a => a) ? 1 : 0, weights.Sum(), 1e-12);
        }
    }

    private static void ForEachDraw(string rule, string form, Action<IFusionRule, WeightedOpinion[], float[], Random> law)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            law(FusionRules.Table[rule](RandomStates.Combiner(seed, form)), RandomStates.Opinions(seed, 1 + seed % 4),
                RandomStates.Input(seed), new Random(seed));
        }
    }
}

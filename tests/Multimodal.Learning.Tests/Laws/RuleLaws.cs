using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Laws;

/// <summary>Properties of every fusion rule, and of the learned rule in every form, for any state.</summary>
public sealed class RuleLaws
{
    private const int Draws = 100;

    /// <summary>Rule and form; only the learned rule uses the form.</summary>
    public static TheoryData<string, string> Rules
    {
        get
        {
            var rules = new TheoryData<string, string>();
            foreach (var rule in FusionRules.Table.Names)
            {
                foreach (var form in rule == "learned" ? FusionForms.Table.Names : ["log"])
                {
                    rules.Add(rule, form);
                }
            }

            return rules;
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_AnyOpinions_GivesADistributionAndWeights(string rule, string form) =>
        ForEachDraw(rule, form, (made, opinions, input) =>
    {
        double[][] before = [.. opinions.Select(o => o.LogProbabilities.ToArray())];
        var fused = made.Fuse(opinions, input);
        Assert.Equal(before, opinions.Select(o => o.LogProbabilities.ToArray()));
        Assert.Equal(0, LogSpace.LogSumExp(fused.LogProbabilities), 1e-12);
        Assert.Equal(Distribution.ArgMax(fused.LogProbabilities), fused.Label);
        Assert.All(fused.Weights, weight => Assert.InRange(weight, 0, 1));
        Assert.Equal(1, fused.Weights.Sum(), 1e-12);
        Assert.Equal(opinions.Length, fused.Contributions.Length);
    });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_Contributions_SumToTheSupportInItsOwnScale(string rule, string form) =>
        ForEachDraw(rule, form, (made, opinions, input) =>
    {
        var fused = made.Fuse(opinions, input);
        var linear = rule is "linear" or "uniform-linear" or "accuracy-weighted" || (rule == "learned" && form == "linear");
        var support = linear
            ? Math.Exp(fused.LogProbabilities[fused.Label])
            : rule == "dempster" ? LogPlausibility(opinions, fused.Label) - Enumerable.Range(0,
                RandomStates.Labels).Average(k => LogPlausibility(opinions, k))
            : fused.LogProbabilities[fused.Label] - fused.LogProbabilities.Average();
        Assert.Equal(support, fused.Contributions.Sum(), 1e-10);
    });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_OrderOfOpinions_ChangesNoBit(string rule, string form) => ForEachDraw(rule, form, (made, opinions, input) =>
    {
        var fused = made.Fuse(opinions, input);
        var reversed = made.Fuse([.. opinions.Reverse()], input);
        Assert.Equal(fused.LogProbabilities, reversed.LogProbabilities);
        Assert.Equal(fused.Weights.Reverse(), reversed.Weights);
        Assert.Equal(fused.Contributions.Reverse(), reversed.Contributions);
    });

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_OrderOfExpertsInTheState_ChangesNoBit(string rule, string form)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var state = RandomStates.Combiner(seed, form);
            var experts = state.Experts.Count;
            T[] Reversed<T>(IReadOnlyList<T> rows) => [.. rows.Chunk(experts).SelectMany(kind => kind.Reverse())];
            var permuted = state with { Experts = Reversed(state.Experts), ExpertWeights = Reversed(state.ExpertWeights), FeatureWeights = Reversed(state.FeatureWeights), Accuracies = Reversed(state.Accuracies!), Powers = Reversed(state.Powers!) };
            var opinions = RandomStates.Opinions(seed, 4);
            Assert.Equal(
                FusionRules.Table[rule](state).Fuse(opinions, RandomStates.Input(seed)).LogProbabilities,
                FusionRules.Table[rule](permuted).Fuse(opinions, RandomStates.Input(seed)).LogProbabilities);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_SaveAndLoad_SameBits(string rule, string form)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var state = RandomStates.Combiner(seed, form);
            var loaded = CombinerState.FromJson(state.ToJson());
            Assert.Equal(state.ToJson(), loaded.ToJson());
            var opinions = RandomStates.Opinions(seed, 3);
            Assert.Equal(
                FusionRules.Table[rule](state).Fuse(opinions, RandomStates.Input(seed)).LogProbabilities,
                FusionRules.Table[rule](loaded).Fuse(opinions, RandomStates.Input(seed)).LogProbabilities);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_ExtremeOpinions_AnswerIsFinite(string rule, string form)
    {
        double[] extremes = [0, -1e308, 1e308, double.NegativeInfinity, double.PositiveInfinity, double.NaN, -745, -1e-300];
        var random = new Random(4);
        for (var draw = 0; draw < Draws; draw++)
        {
            WeightedOpinion[] opinions = [.. RandomStates.Experts.Select(expert => new WeightedOpinion(
                expert, random.Next(3) == 0 ? 0 : random.NextDouble(), [.. Enumerable.Range(0,
                    5).Select(_ => extremes[random.Next(extremes.Length)])]))];
            float[] input = [1, float.MaxValue, float.NaN, 1, float.NegativeInfinity, 0];
            var fused = FusionRules.Table[rule](RandomStates.Combiner(draw, form)).Fuse(opinions, input);
            Assert.All(fused.LogProbabilities, log => Assert.True(double.IsFinite(log), $"{log}"));
            Assert.All(fused.Contributions, contribution => Assert.True(double.IsFinite(contribution)));
            Assert.Equal(1, fused.Weights.Sum(), 1e-12);
            Assert.Equal(0, LogSpace.LogSumExp(fused.LogProbabilities), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_SingleOpinion_HasWeightOneAndKeepsItsLabel(string rule, string form)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var single = RandomStates.Opinions(seed, 1);
            var fused = FusionRules.Table[rule](RandomStates.Combiner(seed, form)).Fuse(single, RandomStates.Input(seed));
            Assert.Equal(Distribution.ArgMax([.. single[0].LogProbabilities]), fused.Label);
            Assert.Equal([1], fused.Weights);
            if (rule != "learned")
            {
                LogSpaceTests.AssertClose([.. single[0].LogProbabilities], fused.LogProbabilities, 1e-12);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_WithoutEach_IsTheAnswerOfTheOthers(string rule, string form)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var made = FusionRules.Table[rule](RandomStates.Combiner(seed, form));
            var opinions = RandomStates.Opinions(seed, 2 + (seed % 3));
            if (seed % 5 == 0)
            {
                // Only one opinion has a weight: without it, the others count equally.
                opinions = [.. opinions.Select((opinion, i) => opinion with { Weight = i == 1 ? 1 : 0 })];
            }

            var without = made.FuseWithoutEach(opinions, RandomStates.Input(seed));

            for (var i = 0; i < opinions.Length; i++)
            {
                var rest = made.Fuse([.. opinions.Where((_, other) => other != i)], RandomStates.Input(seed));
                Assert.Equal(rest.Label, without[i].Label);
                Assert.Equal(rest.LogProbabilities[rest.Label], without[i].LogProbability, 1e-9);
            }
        }
    }

    // sum_i ln(b_i(k) + u_i) with b = p - min p and u = K min p.
    private static double LogPlausibility(WeightedOpinion[] opinions, int k) => opinions.Sum(o =>
        Math.Log(Math.Exp(o.LogProbabilities[k]) + (RandomStates.Labels - 1) * Math.Exp(o.LogProbabilities.Min())));

    private static void ForEachDraw(string rule, string form, Action<IFusionRule, WeightedOpinion[], float[]> law)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            law(FusionRules.Table[rule](RandomStates.Combiner(seed, form)), RandomStates.Opinions(seed, 1 + seed % 4),
                RandomStates.Input(seed));
        }
    }
}

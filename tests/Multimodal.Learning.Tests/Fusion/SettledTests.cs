using Multimodal.Learning.Fusion;
using Multimodal.Learning.Tests.Data;

namespace Multimodal.Learning.Tests.Fusion;

/// <summary>A rule may only report an answer as settled if no outstanding opinion can change its label.</summary>
public sealed class SettledTests
{
    public static TheoryData<string> Rules => ["linear", "uniform-linear", "log", "uniform-log", "accuracy-weighted"];

    [Theory]
    [MemberData(nameof(Rules))]
    public void IsSettled_AnyLaterOpinions_LabelStays(string name)
    {
        var rule = FusionRules.Table[name](RandomStates.Combiner(1, "linear") with { Accuracies = [0.9, 0.5, 0.7, 0.2] });
        string[] experts = [.. RandomStates.Combiner(1, "linear").Experts];
        var random = new Random(5);
        var settled = 0;
        for (var draw = 0; draw < 3000; draw++)
        {
            var arrived = random.Next(1, experts.Length);
            double[] weights = [.. experts.Select(_ => random.Next(6) == 0 ? 0 : Math.Pow(random.NextDouble(), 6))];
            WeightedOpinion[] opinions = [.. Enumerable.Range(0, arrived).Select(
                e => new WeightedOpinion(experts[e], weights[e], Sharp(random)))];
            OutstandingOpinion[] outstanding = [.. Enumerable.Range(arrived, experts.Length - arrived).Select(
                e => new OutstandingOpinion(experts[e], weights[e]))];
            if (!rule.IsSettled(opinions, outstanding))
            {
                continue;
            }

            settled++;
            var label = rule.Fuse(opinions, []).Label;
            for (var attack = 0; attack < 20; attack++)
            {
                WeightedOpinion[] later = [.. outstanding.Where(_ => random.Next(4) > 0).Select(
                    o => new WeightedOpinion(o.Expert, o.Weight, Against(label, random)))];
                Assert.Equal(label, rule.Fuse([.. opinions, .. later], []).Label);
            }
        }

        Assert.True(settled > 20, $"only {settled} answers were settled, too few for this test");
    }

    [Fact]
    public void IsSettled_LinearNearTheBound_OnlyBeyondIt()
    {
        var rule = FusionRules.Table["linear"](null);
        WeightedOpinion[] opinions = [new("a", 0.5, [Math.Log(0.9), Math.Log(0.1)])];
        Assert.True(rule.IsSettled(opinions, [new("b", 0.39)]));
        Assert.False(rule.IsSettled(opinions, [new("b", 0.41)]));
        Assert.True(rule.IsSettled(opinions, []));
    }

    private static double[] Sharp(Random random)
    {
        var logs = new double[3];
        var favourite = random.Next(3);
        for (var k = 0; k < 3; k++)
        {
            logs[k] = k == favourite ? 0 : -60 * random.NextDouble();
        }

        return logs;
    }

    // Mostly the strongest possible opinion against the label.
    private static double[] Against(int label, Random random)
    {
        var logs = random.Next(4) == 0 ? Sharp(random) : [-1000, -1000, -1000];
        logs[(label + 1 + random.Next(2)) % 3] = 0;
        return logs;
    }
}

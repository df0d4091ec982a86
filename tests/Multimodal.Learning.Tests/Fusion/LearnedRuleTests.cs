using Multimodal.Learning.Fusion;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Tests.Numerics;

namespace Multimodal.Learning.Tests.Fusion;

public sealed class LearnedRuleTests
{
    /// <summary>A state with weights for the constant signal only, so that the scores are known and the formulas can be checked.</summary>
    private static CombinerState Plain(string form, params double[] biases)
    {
        var state = RandomStates.Combiner(1, form);
        double[][] Zeros(IReadOnlyList<IReadOnlyList<double>> like) => [.. like.Select(row => new double[row.Count])];
        return state with
        {
            SharedWeights = [.. biases.Select(bias => Enumerable.Range(0, OpinionSignals.Count).Select(i => i == 0 ? bias : 0).ToArray())],
            ExpertWeights = Zeros(state.ExpertWeights),
            FeatureWeights = Zeros(state.FeatureWeights),
            Temperature = 1,
        };
    }

    private static readonly WeightedOpinion[] Two =
    [
        new("alpha", 0.5, [Math.Log(0.7), Math.Log(0.2), Math.Log(0.1)]),
        new("bravo", 0.5, [Math.Log(0.1), Math.Log(0.6), Math.Log(0.3)]),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Log_KnownScores_IsProductToThePowerOfSoftplusOverTemperature(double temperature)
    {
        var w = Math.Log(1 + Math.Exp(0.3)) / temperature;
        AssertProportional(
            [Math.Pow(0.07, w), Math.Pow(0.12, w), Math.Pow(0.03, w)], Fuse(Plain("log", 0.3) with { Temperature = temperature }, Two));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Discount_KnownScores_IsProductOfDiscountedOpinions(double temperature)
    {
        var r = 1 / (1 + Math.Exp(-1.0));
        var w = Math.Log(1 + Math.Exp(0.3)) / temperature;
        var rest = (1 - r) / 3;
        AssertProportional(
            [Math.Pow((0.7 * r + rest) * (0.1 * r + rest), w), Math.Pow((0.2 * r + rest) * (0.6 * r + rest),
                w), Math.Pow((0.1 * r + rest) * (0.3 * r + rest), w)],
            Fuse(Plain("discount", 1, 0.3) with { Temperature = temperature }, Two));
    }

    [Fact]
    public void Linear_TemperatureHalf_IsThePoolSquared() => AssertProportional(
        [0.4 * 0.4, 0.4 * 0.4, 0.2 * 0.2], Fuse(Plain("linear", 0.3) with { Temperature = 0.5 }, Two));

    [Theory]
    [InlineData("log")]
    [InlineData("discount")]
    [InlineData("linear")]
    public void Fuse_UnknownExpert_GetsTheSharedWeightsAndItsSingleOpinionIsUnchanged(string form)
    {
        var state = RandomStates.Combiner(3, form);
        WeightedOpinion[] unknown = [Two[0] with { Expert = "x-1" }, Two[1] with { Expert = "x-2" }];
        var sharedOnly = state with { Experts = ["none-of-them"], ExpertWeights = [.. state.SharedWeights], FeatureWeights = [.. state.SharedWeights.Select(_ => new double[6])], Accuracies = null, Powers = null };
        Assert.Equal(
            new LearnedRule(sharedOnly).Fuse(unknown, RandomStates.Input(1)).LogProbabilities,
            new LearnedRule(state).Fuse(unknown, RandomStates.Input(1)).LogProbabilities);
        LogSpaceTests.AssertClose([.. Two[0].LogProbabilities], Fuse(state, unknown[..1]).LogProbabilities, 1e-12);
    }

    [Theory]
    [InlineData("log")]
    [InlineData("discount")]
    [InlineData("linear")]
    public void Fuse_SingleOpinion_KeepsTheOrderOfItsLabels(string form)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var single = RandomStates.Opinions(seed, 1);
            var fused = new LearnedRule(RandomStates.Combiner(seed, form)).Fuse(single, RandomStates.Input(seed));
            int[] Order(IReadOnlyList<double> logs) => [.. Enumerable.Range(0, logs.Count).OrderBy(k => logs[k])];
            Assert.Equal(Order(single[0].LogProbabilities), Order(fused.LogProbabilities));
        }
    }

    /// <summary>Signals that an older state does not have get weight 0.</summary>
    [Fact]
    public void Fuse_StateOfAnOlderBuild_IgnoresLaterSignals()
    {
        var state = RandomStates.Combiner(2, "discount");
        double[][] Cut(IReadOnlyList<IReadOnlyList<double>> rows, int keep) => [.. rows.Select(row => row.Take(keep).ToArray())];
        double[][] Zeroed(IReadOnlyList<IReadOnlyList<double>> rows) =>
            [.. rows.Select(row => row.Select((x, i) => i < 8 ? x : 0).ToArray())];
        var shortened = state with
        {
            Signals = [.. state.Signals.Take(8)],
            SharedWeights = Cut(state.SharedWeights, 8),
            ExpertWeights = Cut(state.ExpertWeights, 8),
        };
        var old = CombinerState.FromJson(shortened.ToJson());
        var opinions = RandomStates.Opinions(2, 3);
        Assert.Equal(
            Fuse(state with { SharedWeights = Zeroed(state.SharedWeights), ExpertWeights = Zeroed(state.ExpertWeights) },
                opinions).LogProbabilities, Fuse(old, opinions).LogProbabilities);
    }

    [Fact]
    public void FromJson_OtherSignalsFormOrTemperature_ThrowsAndNamesEach()
    {
        var broken = RandomStates.Combiner(1, "log") with { Form = "cubic", Signals = ["one"], Temperature = 0 };
        var error = Assert.Throws<FormatException>(() => CombinerState.FromJson(broken.ToJson()));
        Assert.Contains("form 'cubic' is unknown; it must be one of discount, linear, log", error.Message, StringComparison.Ordinal);
        Assert.Contains("signals must be one, confidence", error.Message, StringComparison.Ordinal);
        Assert.Contains("temperature must be above 0", error.Message, StringComparison.Ordinal);
    }

    private static FusedOpinion Fuse(CombinerState state, WeightedOpinion[] opinions) =>
        new LearnedRule(state).Fuse(opinions, RandomStates.Input(1));

    private static void AssertProportional(double[] expected, FusedOpinion actual) => LogSpaceTests.AssertClose(
        [.. expected.Select(x => x / expected.Sum())], [.. actual.LogProbabilities.Select(Math.Exp)], 1e-13);
}

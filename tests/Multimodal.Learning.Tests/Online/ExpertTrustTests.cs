using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;

namespace Multimodal.Learning.Tests.Online;

/// <summary>Trust in each expert: identity before feedback, reference values, and what may move it.</summary>
public sealed class ExpertTrustTests
{
    private static readonly string[] Experts = ["a", "b"];
    private static readonly HashSet<string> Named = [.. Experts];
    private static readonly IReadOnlyList<double> Sure = [Math.Log(0.8), Math.Log(0.1), Math.Log(0.1)];

    public static TheoryData<string, string> Learners
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var learner in ExpertTrust.Learners)
            {
                foreach (var loss in ExpertTrust.Losses)
                {
                    all.Add(learner, loss);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Start_AnyLearner_BelievesEverybodyToTheLastBit(string learner, string loss)
    {
        var state = ExpertTrust.Start(Experts, learner, loss);
        Assert.All(Experts, expert => Assert.Equal(1.0, ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, expert))));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Update_AlwaysWrong_LosesTrustAndTheOtherKeepsIt(string learner, string loss)
    {
        var state = ExpertTrust.Start(Experts, learner, loss);
        for (var n = 0; n < 40; n++)
        {
            state = Tell(state, label: 2, ("a", Sure));
            state = Tell(state, label: 0, ("b", Sure));
        }

        Assert.True(ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "a")) < 0.7, $"{ExpertTrust.WeightOf(state, "a")}");
        Assert.Equal(1.0, ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "b")));
        Assert.Equal(80, state.Feedbacks);
        Assert.Equal(40, state.Experts["a"].Feedbacks);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void ToJson_HalfWay_SameBits(string learner, string loss)
    {
        var state = ExpertTrust.Start(Experts, learner, loss);
        for (var n = 0; n < 9; n++)
        {
            state = Tell(state, n % 3, ("a", Sure), ("b", Sure));
        }

        var read = TrustState.FromJson(state.ToJson());
        Assert.Equal(state.ToJson(), read.ToJson());
        Assert.Equal(Tell(state, 1, ("a", Sure)).ToJson(), Tell(read, 1, ("a", Sure)).ToJson());
    }

    [Fact]
    public void Update_FixedShareWithLogLoss_IsBayesRuleAndAShare()
    {
        // p(y) = 0.1 against 1/3: odds 0.3, weight 0.3/1.3; then 2 % of the weight is shared out again.
        var state = Tell(ExpertTrust.Start(Experts, "fixed-share", "log"), 2, ("a", Sure));
        var weight = 0.98 * (0.3 / 1.3) + 0.01;
        Assert.Equal(weight, ExpertTrust.WeightOf(state, "a"), 14);
        Assert.Equal(weight / (1 - weight), ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "a")), 14);
        Assert.Equal(0.5, ExpertTrust.WeightOf(state, "b"));
    }

    [Fact]
    public void Update_LongWrongThenRight_ComesBackWithinAFewFeedbacks()
    {
        var state = ExpertTrust.Start(Experts, "fixed-share", "log");
        for (var n = 0; n < 5000; n++)
        {
            state = Tell(state, 1, ("a", Sure));
        }

        Assert.InRange(ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "a")), ExpertTrust.MinTrust, 0.05);
        var needed = 0;
        for (; ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "a")) < 1; needed++)
        {
            state = Tell(state, 0, ("a", Sure));
        }

        Assert.InRange(needed, 1, 8);
    }

    [Fact]
    public void Update_LateAndOutOfOrder_EndsAtTheSameTrust()
    {
        var start = ExpertTrust.Start(Experts, "hedge", "log");
        var inOrder = Tell(Tell(Tell(start, 2, ("a", Sure)), 0, ("a", Sure)), 1, ("b", Sure));
        var late = Tell(Tell(Tell(start, 1, ("b", Sure)), 0, ("a", Sure)), 2, ("a", Sure));
        Assert.All(Experts, expert => Assert.Equal(ExpertTrust.WeightOf(inOrder, expert), ExpertTrust.WeightOf(late, expert), 14));
    }

    [Fact]
    public void Update_NotPredictedWith_OnlyCounts()
    {
        var start = ExpertTrust.Start(Experts, "fixed-share", "log");
        var next = ExpertTrust.Update(start, new Dictionary<string, double>(), new Dictionary<string, IReadOnlyList<double>> { ["a"] = Sure }, 2);
        Assert.Equal((1, 0.5), (next.Feedbacks, ExpertTrust.WeightOf(next, "a")));
    }

    [Theory]
    [InlineData(0.5, 1, 1)]
    [InlineData(0.9, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(0.2, 1, 0.25)]
    [InlineData(0.2, 0.5, 0.5)]
    [InlineData(0, 1, ExpertTrust.MinTrust)]
    [InlineData(1e-300, 4, ExpertTrust.MinTrust)]
    public void Of_Weight_IsTheOddsCappedAtOne(double weight, double strength, double trust) =>
        Assert.Equal(trust, ExpertTrust.FromWeight(weight, strength), 15);

    [Fact]
    public void Fit_ExpertsCameAndWent_KeepsWhatItKnowsAndStartsTheNew()
    {
        var stored = Tell(ExpertTrust.Start(Experts, "fixed-share", "log"), 2, ("a", Sure));
        var fitted = ExpertTrust.Adapt(stored, ["a", "c"], "fixed-share", "log", new OnlineSettings { Share = 0.1 });
        Assert.Equal(ExpertTrust.WeightOf(stored, "a"), ExpertTrust.WeightOf(fitted, "a"));
        Assert.Equal(["a", "b", "c"], fitted.Experts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0.1, fitted.Experts["a"].Settings.Share);
        Assert.Equal(0, ExpertTrust.Adapt(stored, Experts, "boa", "log").Feedbacks);
    }

    [Theory]
    [InlineData("\"fixed-share\"", "\"slow-share\"")]
    [InlineData("\"(nobody)\"", "\"b\"")]
    [InlineData("\"log\"", "\"square\"")]
    [InlineData("\"log\"", "\"zero-one\"")]
    [InlineData("\"feedbacks\":1", "\"feedbacks\":-1")]
    public void FromJson_Mistake_IsRefused(string good, string bad)
    {
        var json = Tell(ExpertTrust.Start(["a"], "fixed-share", "log"), 2, ("a", Sure)).ToJson();
        Assert.Contains(good, json, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => TrustState.FromJson(json.Replace(good, bad, StringComparison.Ordinal)));
    }

    [Fact]
    public void Discounting_ReferenceAndExtremes_Hold()
    {
        double[] logs = [Math.Log(0.8), Math.Log(0.1), Math.Log(0.1)];
        Discounting.Apply(logs, 0.25);
        Assert.Equal([0.45, 0.275, 0.275], logs.Select(log => Math.Round(Math.Exp(log), 14)));

        double[] whole = [-1e-9, -50, -40];
        Discounting.Apply(whole, 1);
        Assert.Equal([-1e-9, -50, -40], whole);
        double[] none = [0, -745, -1e9];
        Discounting.Apply(none, 0);
        Assert.All(none, log => Assert.Equal(-Math.Log(3), log, 14));
        double[] small = [0, -745, -1e9];
        Discounting.Apply(small, 1e-12);
        Assert.All(small, log => Assert.True(double.IsFinite(log)));
        Assert.Equal(0, LogSpace.LogSumExp(small), 12);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Unusable_LearnedState_IsEmpty(string learner, string loss)
    {
        var state = ExpertTrust.Start(Experts, learner, loss);
        for (var n = 0; n < 200; n++)
        {
            Assert.Empty(ExpertTrust.FindProblems(state, Named));
            state = Tell(state, n < 100 ? 2 : 0, ("a", Sure));
        }
    }

    [Theory]
    [InlineData("fixed-share", "shares", -1.0, 2.0)]
    [InlineData("fixed-share", "shares", -1.0, 0.0)]
    [InlineData("ml-poly", "inverse-rate", -1.0, -1.0)]
    [InlineData("moe-f", "trust", -3.0, 1.0)]
    public void Unusable_NumbersThatNoFeedbackLeavesBehind_NamesTheExpert(string learner, string name, double own, double nobody)
    {
        var state = Tell(ExpertTrust.Start(Experts, learner, "log"), 0, ("a", Sure));
        var numbers = new Dictionary<string, IReadOnlyList<double>>(state.Experts["a"].Numbers) { [name] = [own, nobody] };
        var pairs = new Dictionary<string, OnlineState>(state.Experts) { ["a"] = state.Experts["a"] with { Numbers = numbers } };
        var read = TrustState.FromJson((state with { Experts = pairs }).ToJson());
        Assert.StartsWith("experts.a:", Assert.Single(ExpertTrust.FindProblems(read, Named)), StringComparison.Ordinal);
    }

    [Fact]
    public void Unusable_ExpertThatNobodyNames_IsNamed() =>
        Assert.StartsWith("experts.b ", Assert.Single(ExpertTrust.FindProblems(ExpertTrust.Start(Experts, "boa", "log"), Named.Except(["b"]).ToHashSet())), StringComparison.Ordinal);

    [Fact]
    public void Prediction_OfAPair_IsTheLearnersOwn()
    {
        foreach (var name in ExpertTrust.Learners)
        {
            var state = Tell(Tell(ExpertTrust.Start(Experts, name, "log"), 2, ("a", Sure)), 0, ("a", Sure));
            var ours = ExpertTrust.Prediction("a", ExpertTrust.WeightOf(state, "a"), Sure);
            var own = OnlineLearners.Table[name].Predict(state.Experts["a"], [1, 1], ours.Opinions);
            Assert.Equal(own.Weights.Select(w => Math.Round(w, 12)), ours.Weights.Select(w => Math.Round(w, 12)));
            Assert.Equal(own.Answer!.Select(w => Math.Round(w, 12)), ours.Answer!.Select(w => Math.Round(w, 12)));
        }
    }

    private static TrustState Tell(TrustState state, int label, params (string Expert, IReadOnlyList<double> Opinion)[] said) => ExpertTrust.Update(
        state, said.ToDictionary(s => s.Expert, s => ExpertTrust.WeightOf(state, s.Expert)), said.ToDictionary(s => s.Expert, s => s.Opinion), label);
}

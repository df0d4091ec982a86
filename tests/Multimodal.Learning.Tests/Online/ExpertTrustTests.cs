using Multimodal.Learning.Fusion;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Online;

namespace Multimodal.Learning.Tests.Online;

/// <summary>Trust in each expert: exactly 1 before feedback, reference values, and what changes it.</summary>
public sealed class ExpertTrustTests
{
    private static readonly string[] Experts = ["a", "b"];
    private static readonly HashSet<string> Known = [.. Experts];
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
    public void Start_AnyLearner_TrustIsExactlyOne(string learner, string loss)
    {
        var state = ExpertTrust.Start(Experts, learner, loss);
        Assert.All(Experts, expert => Assert.Equal(1.0, ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, expert))));
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Update_AlwaysWrong_LosesTrustWhileTheOtherKeepsIt(string learner, string loss)
    {
        var state = ExpertTrust.Start(Experts, learner, loss);
        for (var n = 0; n < 40; n++)
        {
            state = Learn(state, label: 2, ("a", Sure));
            state = Learn(state, label: 0, ("b", Sure));
        }

        Assert.True(ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "a")) < 0.7, $"{ExpertTrust.WeightOf(state, "a")}");
        Assert.Equal(1.0, ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "b")));
        Assert.Equal(80, state.Feedbacks);
        Assert.Equal(40, state.Experts["a"].Feedbacks);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void ToJson_AfterSomeFeedback_SameBits(string learner, string loss)
    {
        var state = ExpertTrust.Start(Experts, learner, loss);
        for (var n = 0; n < 9; n++)
        {
            state = Learn(state, n % 3, ("a", Sure), ("b", Sure));
        }

        var read = TrustState.FromJson(state.ToJson());
        Assert.Equal(state.ToJson(), read.ToJson());
        Assert.Equal(Learn(state, 1, ("a", Sure)).ToJson(), Learn(read, 1, ("a", Sure)).ToJson());
    }

    [Fact]
    public void Update_FixedShareWithLogLoss_IsBayesRuleThenShare()
    {
        // p(y) = 0.1 against 1/3: odds 0.3, weight 0.3/1.3; then 2 % of the weight is redistributed.
        var state = Learn(ExpertTrust.Start(Experts, "fixed-share", "log"), 2, ("a", Sure));
        var weight = 0.98 * (0.3 / 1.3) + 0.01;
        Assert.Equal(weight, ExpertTrust.WeightOf(state, "a"), 14);
        Assert.Equal(weight / (1 - weight), ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "a")), 14);
        Assert.Equal(0.5, ExpertTrust.WeightOf(state, "b"));
    }

    [Fact]
    public void Update_LongWrongThenCorrect_RecoversWithinAFewFeedbacks()
    {
        var state = ExpertTrust.Start(Experts, "fixed-share", "log");
        for (var n = 0; n < 5000; n++)
        {
            state = Learn(state, 1, ("a", Sure));
        }

        Assert.InRange(ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "a")), ExpertTrust.MinTrust, 0.05);
        var needed = 0;
        for (; ExpertTrust.FromWeight(ExpertTrust.WeightOf(state, "a")) < 1; needed++)
        {
            state = Learn(state, 0, ("a", Sure));
        }

        Assert.InRange(needed, 1, 8);
    }

    [Fact]
    public void Update_LateAndOutOfOrder_GivesTheSameTrust()
    {
        var start = ExpertTrust.Start(Experts, "hedge", "log");
        var inOrder = Learn(Learn(Learn(start, 2, ("a", Sure)), 0, ("a", Sure)), 1, ("b", Sure));
        var late = Learn(Learn(Learn(start, 1, ("b", Sure)), 0, ("a", Sure)), 2, ("a", Sure));
        Assert.All(Experts, expert => Assert.Equal(ExpertTrust.WeightOf(inOrder, expert), ExpertTrust.WeightOf(late, expert), 14));
    }

    [Fact]
    public void Update_ExpertWithoutWeight_OnlyCountsTheFeedback()
    {
        var start = ExpertTrust.Start(Experts, "fixed-share", "log");
        var next = ExpertTrust.Update(
            start, new Dictionary<string, double>(), new Dictionary<string, IReadOnlyList<double>> { ["a"] = Sure }, 2);
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
    public void FromWeight_Weight_IsTheOddsWithAMaximumOfOne(double weight, double strength, double trust) =>
        Assert.Equal(trust, ExpertTrust.FromWeight(weight, strength), 15);

    [Fact]
    public void Adapt_OtherExperts_KeepsTheKnownAndStartsTheNew()
    {
        var stored = Learn(ExpertTrust.Start(Experts, "fixed-share", "log"), 2, ("a", Sure));
        var adapted = ExpertTrust.Adapt(stored, ["a", "c"], "fixed-share", "log", new OnlineSettings { Share = 0.1 });
        Assert.Equal(ExpertTrust.WeightOf(stored, "a"), ExpertTrust.WeightOf(adapted, "a"));
        Assert.Equal(["a", "b", "c"], adapted.Experts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0.1, adapted.Experts["a"].Settings.Share);
        Assert.Equal(0, ExpertTrust.Adapt(stored, Experts, "boa", "log").Feedbacks);
    }

    [Theory]
    [InlineData("\"fixed-share\"", "\"slow-share\"")]
    [InlineData("\"(nobody)\"", "\"b\"")]
    [InlineData("\"log\"", "\"square\"")]
    [InlineData("\"log\"", "\"zero-one\"")]
    [InlineData("\"feedbacks\":1", "\"feedbacks\":-1")]
    public void FromJson_Mistake_Throws(string good, string bad)
    {
        var json = Learn(ExpertTrust.Start(["a"], "fixed-share", "log"), 2, ("a", Sure)).ToJson();
        Assert.Contains(good, json, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => TrustState.FromJson(json.Replace(good, bad, StringComparison.Ordinal)));
    }

    [Fact]
    public void Discounting_ReferenceAndExtremes_MatchTheFormula()
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
    public void FindProblems_LearnedState_IsEmpty(string learner, string loss)
    {
        var state = ExpertTrust.Start(Experts, learner, loss);
        for (var n = 0; n < 200; n++)
        {
            Assert.Empty(ExpertTrust.FindProblems(state, Known));
            state = Learn(state, n < 100 ? 2 : 0, ("a", Sure));
        }
    }

    [Theory]
    [InlineData("fixed-share", "shares", -1.0, 2.0)]
    [InlineData("fixed-share", "shares", -1.0, 0.0)]
    [InlineData("ml-poly", "inverse-rate", -1.0, -1.0)]
    [InlineData("moe-f", "trust", -3.0, 1.0)]
    public void FindProblems_InvalidNumbers_NamesTheExpert(string learner, string name, double own, double uninformed)
    {
        var state = Learn(ExpertTrust.Start(Experts, learner, "log"), 0, ("a", Sure));
        var numbers = new Dictionary<string, IReadOnlyList<double>>(state.Experts["a"].Numbers) { [name] = [own, uninformed] };
        var pairs = new Dictionary<string, OnlineState>(state.Experts) { ["a"] = state.Experts["a"] with { Numbers = numbers } };
        var read = TrustState.FromJson((state with { Experts = pairs }).ToJson());
        Assert.StartsWith("experts.a:", Assert.Single(ExpertTrust.FindProblems(read, Known)), StringComparison.Ordinal);
    }

    [Fact]
    public void FindProblems_UnknownExpert_IsNamed() =>
        Assert.StartsWith("experts.b ", Assert.Single(
            ExpertTrust.FindProblems(ExpertTrust.Start(Experts, "boa", "log"), Known.Except(["b"]).ToHashSet())), StringComparison.Ordinal);

    [Fact]
    public void Prediction_Pair_EqualsThePredictionOfTheLearner()
    {
        foreach (var name in ExpertTrust.Learners)
        {
            var state = Learn(Learn(ExpertTrust.Start(Experts, name, "log"), 2, ("a", Sure)), 0, ("a", Sure));
            var prediction = ExpertTrust.Prediction("a", ExpertTrust.WeightOf(state, "a"), Sure);
            var own = OnlineLearners.Table[name].Predict(state.Experts["a"], [1, 1], prediction.Opinions);
            Assert.Equal(own.Weights.Select(w => Math.Round(w, 12)), prediction.Weights.Select(w => Math.Round(w, 12)));
            Assert.Equal(own.Answer!.Select(w => Math.Round(w, 12)), prediction.Answer!.Select(w => Math.Round(w, 12)));
        }
    }

    private static TrustState Learn(TrustState state, int label, params (string Expert, IReadOnlyList<double> Opinion)[] opinions) =>
        ExpertTrust.Update(
        state, opinions.ToDictionary(
            o => o.Expert, o => ExpertTrust.WeightOf(state, o.Expert)), opinions.ToDictionary(o => o.Expert, o => o.Opinion), label);
}

using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Fusion;
using Multimodal.Pipeline.Combiner;

namespace Multimodal.Pipeline.Tests.Combiner;

/// <summary>Which experts the policy asks next, what it waits for and when it answers. The tests pass the time.</summary>
public sealed class AskingPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<string, Reply> _replies = [];

    [Fact]
    public void Next_NoPrice_AsksAllAndWaitsForAll()
    {
        var policy = Policy(null, ("a", Modality.Text, 0.5, 0), ("b", Modality.Image, 0.5, 0));
        Assert.Equal(["a", "b"], Asked(policy, 0));
        Assert.Equal(new AskingStep.Wait(Start.AddSeconds(8)), policy.Next(_replies, At(1)));
        Answers("a", 0.6, 0.2, 0.2);
        Assert.Equal(new AskingStep.Wait(Start.AddSeconds(8)), policy.Next(_replies, At(1)));
        Answers("b", 0.2, 0.6, 0.2);
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(2)));
    }

    [Fact]
    public void Next_NothingOutstandingCanChangeTheLabel_Answers()
    {
        // 0.6 * (0.9 - 0.05) > 0.4
        var policy = Policy(null, ("a", Modality.Text, 0.6, 0), ("b", Modality.Image, 0.4, 0));
        Asked(policy, 0);
        Answers("a", 0.9, 0.05, 0.05);
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(1)));
    }

    [Fact]
    public void Next_ConfidentAfterTheFirstWave_AsksNoOther()
    {
        var policy = Policy(0.05, ("a", Modality.Text, 0.6, 0), ("b", Modality.Image, 0.4, 1));
        Assert.Equal(["a"], Asked(policy, 0));
        Answers("a", 0.96, 0.02, 0.02);
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(1)));
        Assert.Equal(["a"], policy.Asked);
    }

    [Fact]
    public void Next_Unsure_AsksTheHighestExpectedGain()
    {
        var policy = Policy(0.05, ("a", Modality.Text, 0.5, 0), ("sibling", Modality.Text, 0.3, 2), ("b", Modality.Image, 0.2, 1));
        Asked(policy, 0);
        Answers("a", 0.7, 0.2, 0.1);

        Assert.Equal(["b"], Asked(policy, 1));
        Answers("b", 0.4, 0.3, 0.3);
        Assert.Equal(["sibling"], Asked(policy, 2));
        Answers("sibling", 0.4, 0.3, 0.3);
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(3)));
    }

    [Fact]
    public void Next_SiblingUnlikelyToKnowBetter_IsNotAsked()
    {
        // (1 - 0.7) * 0.05 / (0.95 + 0.05) < 0.05
        var policy = Policy(0.05, ("a", Modality.Text, 0.95, 0), ("sibling", Modality.Text, 0.05, 1));
        Asked(policy, 0);
        Answers("a", 0.7, 0.2, 0.1);
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(1)));
    }

    [Fact]
    public void Next_FirstDeclines_SiblingTakesItsPlace()
    {
        var policy = Policy(0.05, ("a", Modality.Text, 0.99, 0), ("sibling", Modality.Text, 0.01, 1));
        Asked(policy, 0);
        Declines("a");
        Assert.Equal(["sibling"], Asked(policy, 1));
    }

    [Fact]
    public void Next_FirstKeepsTheWaveWaiting_SiblingIsAskedAndTheFirstStillCounts()
    {
        var policy = Policy(0.05, ("a", Modality.Text, 0.6, 0), ("sibling", Modality.Text, 0.4, 1));
        Asked(policy, 0);
        Assert.Equal(new AskingStep.Wait(Start.AddSeconds(2)), policy.Next(_replies, At(1)));
        Assert.Equal(["sibling"], Asked(policy, 2));

        // 2 s + a quarter of the remaining 6 s
        Assert.Equal(new AskingStep.Wait(Start.AddSeconds(3.5)), policy.Next(_replies, At(2)));
        Answers("sibling", 0.6, 0.2, 0.2);
        Assert.Equal(new AskingStep.Wait(Start.AddSeconds(8)), policy.Next(_replies, At(3)));
        Answers("sibling", 0.98, 0.01, 0.01);
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(3)));
    }

    [Fact]
    public void Next_NoReplies_WaitsUntilTheDeadlineAndNoLonger()
    {
        var policy = Policy(0.05, ("a", Modality.Text, 1, 0));
        Asked(policy, 0);
        Assert.Equal(new AskingStep.Wait(Start.AddSeconds(8)), policy.Next(_replies, At(5)));
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(8)));
    }

    [Fact]
    public void Next_DeadlinePassedBeforeTheFirstQuestion_AnswersAndCountsAllAsAsked()
    {
        var policy = Policy(0.05, ("a", Modality.Text, 0.5, 0), ("b", Modality.Image, 0.5, 1));
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(9)));
        Assert.Equal(["a", "b"], policy.Asked);
    }

    private static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    private void Answers(string expert, params double[] probabilities) => _replies[expert] = new Reply(
        new ExpertAnswered
        {
            RequestId = Guid.Empty,
            Expert = expert,
            LogProbabilities = [.. probabilities.Select(p => Math.Log(p))],
            Version = "1.0.0",
            Device = "cpu",
            Timings = new StageTimings(0, 0, 0, 1),
        },
        null);

    [Theory]
    [InlineData(1.0, false, true)]
    [InlineData(0.1, false, false)]
    [InlineData(0.1, true, true)]
    public void Next_Doubted_IsNotWorthItsPriceUnlessThePlanExplores(double trust, bool explores, bool isAsked)
    {
        // (1 - 0.7) * trust against 0.05; b has a new modality.
        var policy = Policy(0.05, new OnlineWeights { Learner = "boa", Feedbacks = 9, Revision = 9, Explores = explores, Weights = new Dictionary<string, double>() },
            new PlannedExpert("a", Modality.Text, 0.5, 0) { Trust = 1 }, new PlannedExpert("b", Modality.Image, 0.5, 1) { Trust = trust });
        Assert.Equal(["a"], Asked(policy, 0));
        Answers("a", 0.7, 0.2, 0.1);

        Assert.Equal(isAsked, policy.Next(_replies, At(1)) is AskingStep.Ask { Experts: [{ Name: "b" }] });
    }

    [Fact]
    public void Next_LoneDistrustedOpinion_HasLowConfidence()
    {
        // 0.25 * 0.99 + 0.75 / 3 = 0.4975, so the sibling is asked. With full trust, 0.99 would have ended the request.
        var policy = Policy(0.05, null, new PlannedExpert("a", Modality.Text, 0.5, 0) { Trust = 0.25 }, new PlannedExpert("b", Modality.Text, 0.5, 1));
        Asked(policy, 0);
        Answers("a", 0.99, 0.005, 0.005);

        Assert.Equal(["b"], Asked(policy, 1));
    }

    [Fact]
    public void Next_FirstDeclinesAndItsSiblingIsDoubted_TheSiblingIsAsked()
    {
        var policy = Policy(0.015, null, new PlannedExpert("a", Modality.Text, 0.9, 0) { Trust = 1 }, new PlannedExpert("sibling", Modality.Text, 0.1, 1) { Trust = 0.005 });
        Asked(policy, 0);
        Declines("a");

        Assert.Equal(["sibling"], Asked(policy, 1));
    }

    [Fact]
    public void Next_OnlyExpertIsDoubtedAndSlow_WaitsUntilTheDeadline()
    {
        var policy = Policy(0.015, null, new PlannedExpert("a", Modality.Text, 1, 0) { Trust = 0.005 });
        Asked(policy, 0);

        Assert.Equal(new AskingStep.Wait(Start.AddSeconds(8)), policy.Next(_replies, At(3)));
        Assert.IsType<AskingStep.Answer>(policy.Next(_replies, At(8)));
    }

    private void Declines(string expert) => _replies[expert] =
        new Reply(null, new ExpertDeclined { RequestId = Guid.Empty, Expert = expert, Reason = DeclineReason.Overloaded, Detail = "Full." });

    private IEnumerable<string> Asked(AskingPolicy policy, double seconds) =>
        Assert.IsType<AskingStep.Ask>(policy.Next(_replies, At(seconds))).Experts.Select(expert => expert.Name);

    private static AskingPolicy Policy(double? price, params (string Name, Modality Modality, double Weight, int Wave)[] experts) =>
        Policy(price, null, [.. experts.Select(e => new PlannedExpert(e.Name, e.Modality, e.Weight, e.Wave))]);

    private static AskingPolicy Policy(double? price, OnlineWeights? online, params PlannedExpert[] experts) => new(
        new Fuse
        {
            RequestId = Guid.Empty,
            Tenant = "t",
            Subscription = "s",
            Ensemble = "e",
            Parts = [],
            AcceptedAt = Start,
            Deadline = Start.AddSeconds(8),
            Plan = new ExecutionPlan
            {
                GateVersion = "1",
                Strategy = "x",
                K = 3,
                Fusion = "linear",
                Price = price,
                Experts = experts,
                Online = online,
                Skipped = [],
                Features = [],
                FeaturesMs = 0,
                GateMs = 0,
            },
        },
        FusionRules.Table["linear"](null),
        3,
        0.25);
}

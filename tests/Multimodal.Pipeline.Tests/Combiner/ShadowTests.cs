using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Learning.Fusion;
using Multimodal.Pipeline.Combiner;

namespace Multimodal.Pipeline.Tests.Combiner;

/// <summary>The opinion of a shadow expert is recorded and does not change the answer.</summary>
public sealed class ShadowTests
{
    private static readonly string[] Labels = ["0", "1", "2"];
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Answer_AnyShadowOpinion_IsBitForBitTheAnswerWithoutIt(int seed)
    {
        var random = new Random(seed);
        string[] names = ["a", "b", "c"];
        var experts = names[..random.Next(1, 4)];
        var weights = Simplex(random, experts.Length);
        var plain = Fuse([.. experts.Select((name, i) => new PlannedExpert(name, Modality.Text, weights[i], 0))], []);
        var replies = experts.Where(_ => random.Next(5) > 0).ToDictionary(name => name, name => Reply(random, name));
        var shadowed = plain with { Plan = plain.Plan with { Shadows = [new ShadowExpert("s", Modality.Text, random.Next(4) == 0 ? SkipReason.NotSampled : null)] } };
        var withShadow = new Dictionary<string, Reply>(replies);
        if (random.Next(4) > 0)
        {
            withShadow["s"] = Reply(random, "s");
        }

        var inTime = random.Next(2) == 0;
        var rule = FusionRules.Table[random.Next(2) == 0 ? "linear" : "log"](null);
        var (without, with) = (
            new AnswerAssembly(plain, new FusionInput(Labels, rule), replies, experts, inTime),
            new AnswerAssembly(shadowed, new FusionInput(Labels, rule), withShadow, experts, inTime));
        var (before, after) = (without.Answer(1), with.Answer(1));

        Assert.Equal((before.Status, before.Label, before.Confidence), (after.Status, after.Label, after.Confidence));
        Assert.Equal(before.Scores, after.Scores);
        Assert.Equal(before.Fusion, after.Fusion);
        Assert.Equal(before.Experts, after.Experts.SkipLast(1));
        Assert.Equal(without.Opinions, with.Opinions);
        var shadow = after.Experts[^1];
        Assert.True(shadow is { Name: "s", Shadow: true, Weight: 0, Without: null });
        Assert.Equal(shadow.State == ExpertState.Answered, with.Shadows.Count == 1);
        Assert.Empty(without.Shadows);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("0 1 2", "0 1 2", true)]
    [InlineData("0 1 2", "0 2 1", false)]
    public void Opinions_PlanForOtherLabels_AreNotKeptForFeedback(string? planned, string? own, bool kept)
    {
        var fuse = Fuse([new PlannedExpert("a", Modality.Text, 1, 0)], []);
        var online = new OnlineWeights
        {
            Learner = "boa",
            Feedbacks = 0,
            Revision = 0,
            Explores = false,
            Weights = new Dictionary<string, double> { ["a"] = 0.5 },
            Labels = planned,
        };
        fuse = fuse with { Plan = fuse.Plan with { Online = online } };
        var replies = new Dictionary<string, Reply> { ["a"] = Answered("a", [0.5, 0.3, 0.2]) };

        var assembly = new AnswerAssembly(fuse, new FusionInput(Labels, FusionRules.Table["linear"](null), "1", own), replies, ["a"], inTime: true);

        Assert.Equal(kept ? ["a"] : [], assembly.Opinions.Keys);
        Assert.Equal("0", assembly.Answer(1).Label);
    }

    [Fact]
    public void Next_ShadowInThePlan_CourseIsTheSame()
    {
        var plain = Fuse([new PlannedExpert("a", Modality.Text, 0.6, 0), new PlannedExpert("b", Modality.Text, 0.4, 1)], []);
        plain = plain with { Plan = plain.Plan with { Price = 0.05 } };
        var shadowed = plain with { Plan = plain.Plan with { Shadows = [new ShadowExpert("s", Modality.Text, null)] } };
        var said = new Dictionary<string, Reply> { ["a"] = Answered("a", [0.5, 0.3, 0.2]) };

        Assert.Equal(Steps(plain, said), Steps(shadowed, said));
    }

    [Fact]
    public void Take_ShadowReply_IsNoNewsAndShownAtTheEnd()
    {
        var (collector, time) = (new OpinionCollector(), new FakeTimeProvider());
        collector.Ask(["a"]);
        collector.AskShadows(["s"]);
        Assert.Empty(collector.Replies());
        var wait = collector.WaitAsync(TimeSpan.FromSeconds(5), time, default);

        Assert.True(collector.TryAdd("s", Answered("s", [0.5, 0.3, 0.2])));
        Assert.False(collector.TryAdd("s", Answered("s", [0.5, 0.3, 0.2])));

        Assert.False(wait.IsCompleted);
        Assert.Empty(collector.Replies());
        Assert.Equal(["a"], collector.Missing());
        Assert.Equal(["s"], collector.Close().Keys);
        Assert.False(collector.TryAdd("s", Answered("s", [0.5, 0.3, 0.2])));
    }

    [Fact]
    public void Take_LateReply_IsTakenOnceUntilTheDeadline()
    {
        var time = new FakeTimeProvider(Start);
        var late = new PendingShadows(time);
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        late.Expect(one, "digits", ["s", "t"], Start.AddSeconds(5));
        late.Expect(two, "digits", ["s"], Start.AddSeconds(9));

        Assert.Equal("digits", late.Accept(one, "s"));
        Assert.Null(late.Accept(one, "s"));
        Assert.Null(late.Accept(one, "a"));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(late.Accept(one, "t"));
        Assert.Equal("digits", late.Accept(two, "s"));
    }

    private static List<string> Steps(Fuse fuse, IReadOnlyDictionary<string, Reply> said)
    {
        var policy = new AskingPolicy(fuse, FusionRules.Table["linear"](null), 3, 0.25);
        AskingStep[] steps = [policy.Next(new Dictionary<string, Reply>(), Start), policy.Next(said, Start.AddSeconds(1)), policy.Next(said, Start.AddSeconds(2))];
        return [.. steps.Select(step => step is AskingStep.Ask ask ? string.Join(',', ask.Experts) : $"{step}"), .. policy.Asked];
    }

    private static Reply Reply(Random random, string expert) => random.Next(4) switch
    {
        0 => new Reply(null, new ExpertDeclined { RequestId = Guid.Empty, Expert = expert, Reason = DeclineReason.BadInput, Detail = "No." }),
        1 => Answered(expert, [0.5, double.NaN, 0.5]),
        _ => Answered(expert, Simplex(random, 3)),
    };

    private static Reply Answered(string expert, double[] probabilities) => new(
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

    private static double[] Simplex(Random random, int count)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(_ => 0.01 + random.NextDouble())];
        return [.. values.Select(value => value / values.Sum())];
    }

    private static Fuse Fuse(IReadOnlyList<PlannedExpert> experts, IReadOnlyList<ShadowExpert> shadows) => new()
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
            Experts = experts,
            Skipped = [],
            Shadows = shadows,
            Features = [],
            FeaturesMs = 0,
            GateMs = 0,
        },
    };
}

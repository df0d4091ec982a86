using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Training;

/// <summary>Adding or removing an expert does not change the others.</summary>
public sealed class ExpertGrowthTests
{
    private const int New = 5;

    private static readonly RecordedSet Train = SyntheticExperts.Make(2000, 1);
    private static readonly RecordedSet Dev = SyntheticExperts.Make(500, 2);
    private static readonly RecordedSet Test = SyntheticExperts.Make(1500, 3);
    private static readonly RecordedSet Sample = Train with
    {
        Examples = [.. Train.Examples.Where(e => e.Opinions[New] is not null).Take(50)],
    };

    public static TheoryData<string, int> Growing => new()
    {
        { "soft", 0 }, { "soft", 4 }, { "hard", 0 }, { "top-k", 0 }, { "switch", 0 }, { "mixtral", 4 }, { "laplace", 0 },
    };

    [Theory]
    [MemberData(nameof(Growing))]
    public void Add_Gate_OtherLogitsKeepTheirBits(string kind, int hidden)
    {
        var five = Fit(Train.Without(New), kind, hidden);
        var six = ExpertGrowth.Add(five, Sample);
        Assert.Equal(kind, six.Kind ?? "soft");
        Assert.Equal([.. five.Experts, "audio-b"], six.Experts);
        var (before, after) = (Gates.Open(five), Gates.FromJson(six.ToJson()));
        var old = new double[5];
        var now = new double[6];
        foreach (var example in Test.Examples.Take(100))
        {
            before.Score(example.Features, old);
            after.Score(example.Features, now);
            Assert.Equal(old, now[..5]);
            Assert.True(double.IsFinite(now[5]));
        }

        Assert.Equal(five.ToJson(), ExpertGrowth.Remove(six, "audio-b").ToJson());
    }

    [Fact]
    public void Add_Combiner_OtherOpinionsFuseAsBefore()
    {
        var four = RandomStates.Combiner(3, "discount");
        var input = RandomStates.Input(4);
        RecordedSet sample = new()
        {
            Experts = [.. RandomStates.Experts.Select(name => new RecordedExpert(name, "image")), new RecordedExpert("new", "image")],
            Features = RandomStates.Features,
            Blocks = RandomStates.Scaling.Blocks,
            LabelCount = RandomStates.Labels,
            Examples = [new RecordedExample(input, 1, [null, null, null, null, [.. RandomStates.Opinions(1, 1)[0].LogProbabilities]])],
        };
        var five = ExpertGrowth.Add(four, sample);
        Assert.Empty(five.Problems());
        for (var count = 1; count <= 4; count++)
        {
            var opinions = RandomStates.Opinions(count, count);
            Assert.Equal(
                new LearnedRule(four).Fuse(opinions, input).LogProbabilities, new LearnedRule(five).Fuse(opinions, input).LogProbabilities);
        }

        Assert.Equal(four.ToJson(), ExpertGrowth.Remove(five, "new").ToJson());
        Assert.Same(four, ExpertGrowth.Remove(four, "unknown"));
    }

    [Fact]
    public void Add_FiftyRequests_ReachesMostOfTheGainOfFullTraining()
    {
        var five = Fit(Train.Without(New), "soft", 0);
        var rule = FusionRules.Table["linear"](null);
        double Accuracy(RecordedSet set, GateState gate) =>
            Replay.Of(set, new SelectionPolicy(Gates.Open(gate), "top-k-per-modality"), rule).AccuracyOfAll;
        var without = Accuracy(Test.Without(New), five);
        var added = Accuracy(Test, ExpertGrowth.Add(five, Sample));
        var again = Accuracy(Test, Fit(Train, "soft", 0));
        Assert.True(again > without + 0.03, $"the gain is too small for this test: {without}, {again}");
        Assert.True(added - without > 0.7 * (again - without), $"{without} {added} {again}");
    }

    [Theory]
    [InlineData("hierarchical")]
    [InlineData("pairs")]
    [InlineData("pairs-by-label")]
    public void Add_GateThatCannotGrow_ThrowsWithAReason(string kind)
    {
        var error = Assert.Throws<ArgumentException>(() => ExpertGrowth.Add(Fit(Train.Without(New), kind, 0), Sample));
        Assert.Contains("train it again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_SampleOfOtherExperts_Throws()
    {
        var five = Fit(Train.Without(New), "soft", 0);
        Assert.Throws<ArgumentException>(() => ExpertGrowth.Add(five, Sample.Without(0)));
        Assert.Throws<ArgumentException>(() => ExpertGrowth.Add(five, Sample.WithoutOpinionsOf(New)));
    }

    [Fact]
    public void Remove_HierarchicalGate_OtherLogitsKeepTheirBits()
    {
        var state = Fit(Train, "hierarchical", 4);
        var five = ExpertGrowth.Remove(state, "text-b");
        var four = ExpertGrowth.Remove(five, "text-a");
        var all = new double[6];
        var left = new double[4];
        Gates.Open(state).Score(Test.Examples[0].Features, all);
        Gates.Open(four).Score(Test.Examples[0].Features, left);
        Assert.Equal(all[2..], left);
        Assert.Throws<ArgumentException>(() => ExpertGrowth.Remove(four, "text-a"));
    }

    [Fact]
    public void Remove_PairsGate_OtherEntriesAreUnchanged()
    {
        var state = Fit(Train, "pairs", 4);
        var five = ExpertGrowth.Remove(state, "text-b");
        Assert.Empty(five.Problems());
        for (var j = 0; j < 5; j++)
        {
            for (var i = 0; i <= j; i++)
            {
                Assert.Same(
                    state.Pairs![PairsNetwork.IndexOf(i < 1 ? i : i + 1, j < 1 ? j : j + 1)], five.Pairs![PairsNetwork.IndexOf(i, j)]);
            }
        }
    }

    [Fact]
    public void Remove_PairsByLabelGate_LabelAndOtherEntriesAreUnchanged()
    {
        var state = Fit(Train, "pairs-by-label", 4);
        var five = ExpertGrowth.Remove(state, "text-b");
        Assert.Empty(five.Problems());
        Assert.Same(state.Weights, five.Weights);
        Assert.Equal(15, five.Tables!.Count);
        Assert.Same(state.Tables![PairsNetwork.IndexOf(2, 4)], five.Tables[PairsNetwork.IndexOf(1, 3)]);
    }

    private static GateState Fit(RecordedSet set, string kind, int hidden) => GateTrainer.Train(
        set, set.Experts.Count == 6 ? Dev : Dev.Without(New), new TrainingOptions { Gate = kind, HiddenUnits = hidden, Epochs = 16 }, new TrainingRun(new Random(1)));
}

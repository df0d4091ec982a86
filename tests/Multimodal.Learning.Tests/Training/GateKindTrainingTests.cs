using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Training;

/// <summary>What training of every kind must do.</summary>
public sealed class GateKindTrainingTests
{
    private static readonly RecordedSet Train = SyntheticExperts.Make(1500, 1);
    private static readonly RecordedSet Dev = SyntheticExperts.Make(500, 2);

    public static TheoryData<string> Kinds => [.. Gates.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_Kind_SameSeedSameBitsAndTheStateSaysItsKind(string kind)
    {
        TrainingOptions options = new() { Gate = kind, Epochs = 8 };
        GateState state = GateTrainer.Train(Train, Dev, options, new Random(3));
        Assert.Equal(state.ToJson(), GateTrainer.Train(Train, Dev, options, new Random(3)).ToJson());
        Assert.Equal(kind, GateState.FromJson(state.ToJson()).Kind ?? "soft");
        Assert.Equal(Train.Experts.Select(e => e.Name), Gates.FromJson(state.ToJson()).Experts);
    }

    /// <summary>Where the features tell which specialist is right, every kind learns to ask that one.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_KindsToldByFeatures_RoutesToTheSpecialist(string kind)
    {
        IGate gate = Gates.Open(GateTrainer.Train(Train, Dev, new TrainingOptions { Gate = kind, Epochs = 16 }, new Random(3)));
        int better = 0;
        int asked = 0;
        var logits = new double[6];
        foreach (RecordedExample example in SyntheticExperts.Make(500, 6).Examples.Where(e => e.Opinions.Count(o => o is not null) == 2))
        {
            int first = example.Opinions.Index().First(o => o.Item is not null).Index;
            gate.Score(example.Features, logits);
            bool kindB = example.Features.AsSpan(first / 2 * 36 + 1, 4).ToArray().Sum() > 20;
            better += logits[first + 1] > logits[first] == kindB ? 1 : 0;
            asked++;
        }

        Assert.True(better > 0.9 * asked, $"{better} of {asked}");
    }

    /// <summary>Generalised EM: the likelihood of the mixture never falls from one round to the next.</summary>
    [Fact]
    public void Train_HierarchicalRounds_LikelihoodNeverFalls()
    {
        var seen = new List<TrainingProgress>();
        GateTrainer.Train(Train, Dev, new TrainingOptions { Gate = "hierarchical", Epochs = 24 }, new Random(3), seen.Add);
        double[] best = [.. seen.Chunk(3).Select(round => round.Min(p => p.DevLoss))];
        Assert.Equal(8, best.Length);
        double least = double.PositiveInfinity;
        foreach (double loss in best)
        {
            Assert.True(loss < least + 0.02, $"{loss} after {least}");
            least = Math.Min(least, loss);
        }

        Assert.True(best[^1] < best[0]);
    }

    /// <summary>A heavier balance loss takes work from the busiest expert of a sparse gate.</summary>
    [Theory]
    [InlineData("switch")]
    [InlineData("mixtral")]
    [InlineData("top-k")]
    public void Train_BalanceWeighsMore_WorkIsMoreEven(string kind)
    {
        double Spread(double balance)
        {
            IGate gate = Gates.Open(GateTrainer.Train(
                Train, Dev, new TrainingOptions { Gate = kind, Epochs = 4, K = 1, Balance = balance, Capacity = 100 }, new Random(3)));
            var calls = new double[6];
            var logits = new double[6];
            foreach (RecordedExample example in Dev.Examples)
            {
                gate.Score(example.Features, logits);
                calls[Distribution.ArgMax([.. logits.Select((s, e) => example.Opinions[e] is null ? double.NegativeInfinity : s)])]++;
            }

            return calls.Max() / calls.Sum();
        }

        Assert.True(Spread(3) <= Spread(0), $"{Spread(3)} is not below {Spread(0)}");
    }

    /// <summary>Twins, the best of three, and a weaker expert whose mistakes are its own: a pair is worth more than its members.</summary>
    [Fact]
    public void Train_TwoExpertsAreTwins_PairsAsksOneOfThemAndTheThird()
    {
        RecordedSet twins = Twins(1000, 5);
        int[] Asked(string kind)
        {
            IGate gate = Gates.Open(GateTrainer.Train(twins, Twins(300, 6), new TrainingOptions { Gate = kind, Epochs = 10 }, new Random(1)));
            var logits = new double[3];
            gate.Score([1, 1, 1], logits);
            return [.. Enumerable.Range(0, 3).OrderByDescending(e => logits[e]).Take(2).Order()];
        }

        Assert.Contains(2, Asked("pairs"));
        Assert.Equal([0, 1], Asked("hard"));
    }

    private static RecordedSet Twins(int count, int seed)
    {
        var random = new Random(seed);
        double[] Opinion(int label, double chance)
        {
            int said = random.NextDouble() < chance ? label : (label + 1 + random.Next(9)) % 10;
            return [.. Enumerable.Range(0, 10).Select(k => Math.Log(k == said ? chance : (1 - chance) / 9))];
        }

        return new RecordedSet
        {
            Experts = [new("a", "a"), new("b", "b"), new("c", "c")],
            Features = ["a", "b", "c"],
            Blocks = [new ModalityBlock("a", 0, 1), new ModalityBlock("b", 1, 1), new ModalityBlock("c", 2, 1)],
            LabelCount = 10,
            Examples = [.. Enumerable.Range(0, count).Select(_ =>
            {
                int label = random.Next(10);
                double[] twin = Opinion(label, 0.8);
                return new RecordedExample([1, 1, 1], label, [twin, twin, Opinion(label, 0.7)]);
            })],
        };
    }

    [Fact]
    public void Train_LaplaceWithHiddenUnits_Throws() => Assert.Throws<ArgumentException>(() =>
        GateTrainer.Train(Train, Dev, new TrainingOptions { Gate = "laplace", HiddenUnits = 4 }, new Random(1)));

    [Fact]
    public void Train_UnknownKind_ThrowsAndNamesTheKnown()
    {
        var error = Assert.Throws<ArgumentException>(() => GateTrainer.Train(Train, Dev, new TrainingOptions { Gate = "none" }, new Random(1)));
        Assert.Contains("hierarchical", error.Message, StringComparison.Ordinal);
    }
}

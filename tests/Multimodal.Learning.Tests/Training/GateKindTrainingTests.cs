using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Numerics;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Training;

/// <summary>Training of every kind of gate.</summary>
public sealed class GateKindTrainingTests
{
    private static readonly RecordedSet Train = SyntheticExperts.Make(1500, 1);
    private static readonly RecordedSet Dev = SyntheticExperts.Make(500, 2);

    public static TheoryData<string> Kinds => [.. Gates.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_SameSeed_SameBitsAndKind(string kind)
    {
        TrainingOptions options = new() { Gate = kind, Epochs = 8 };
        var state = GateTrainer.Train(Train, Dev, options, new TrainingRun(new Random(3)));
        Assert.Equal(state.ToJson(), GateTrainer.Train(Train, Dev, options, new TrainingRun(new Random(3))).ToJson());
        Assert.Equal(kind, GateState.FromJson(state.ToJson()).Kind ?? "soft");
        Assert.Equal(Train.Experts.Select(e => e.Name), Gates.FromJson(state.ToJson()).Experts);
    }

    /// <summary>If the features identify the better expert of a modality, every kind learns to prefer it.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_FeaturesIdentifyTheSpecialist_GatePrefersIt(string kind)
    {
        var gate = Gates.Open(
            GateTrainer.Train(Train, Dev, new TrainingOptions { Gate = kind, Epochs = 16 }, new TrainingRun(new Random(3))));
        var better = 0;
        var asked = 0;
        var logits = new double[6];
        foreach (var example in SyntheticExperts.Make(500, 6).Examples.Where(e => e.Opinions.Count(o => o is not null) == 2))
        {
            var first = example.Opinions.Index().First(o => o.Item is not null).Index;
            gate.Score(example.Features, logits);
            var kindB = example.Features.AsSpan(first / 2 * 36 + 1, 4).ToArray().Sum() > 20;
            better += logits[first + 1] > logits[first] == kindB ? 1 : 0;
            asked++;
        }

        Assert.True(better > 0.9 * asked, $"{better} of {asked}");
    }

    /// <summary>Generalised EM: the likelihood of the mixture does not fall from one round to the next.</summary>
    [Fact]
    public void Train_HierarchicalRounds_LikelihoodDoesNotFall()
    {
        var seen = new List<TrainingProgress>();
        GateTrainer.Train(
            Train, Dev, new TrainingOptions { Gate = "hierarchical", Epochs = 24 }, new TrainingRun(new Random(3)) { Progress = seen.Add });
        double[] best = [.. seen.Chunk(3).Select(round => round.Min(p => p.DevLoss))];
        Assert.Equal(8, best.Length);
        var least = double.PositiveInfinity;
        foreach (var loss in best)
        {
            Assert.True(loss < least + 0.02, $"{loss} after {least}");
            least = Math.Min(least, loss);
        }

        Assert.True(best[^1] < best[0]);
    }

    /// <summary>A larger weight of the balance loss lowers the share of the busiest expert of a sparse gate.</summary>
    [Theory]
    [InlineData("switch")]
    [InlineData("mixtral")]
    [InlineData("top-k")]
    public void Train_LargerBalanceWeight_WorkIsMoreEven(string kind)
    {
        double Spread(double balance)
        {
            var gate = Gates.Open(GateTrainer.Train(
                Train, Dev, new TrainingOptions { Gate = kind, Epochs = 4, K = 1, Balance = balance, Capacity = 100 }, new TrainingRun(new Random(3))));
            var calls = new double[6];
            var logits = new double[6];
            foreach (var example in Dev.Examples)
            {
                gate.Score(example.Features, logits);
                calls[Distribution.ArgMax([.. logits.Select((s, e) => example.Opinions[e] is null ? double.NegativeInfinity : s)])]++;
            }

            return calls.Max() / calls.Sum();
        }

        Assert.True(Spread(3) <= Spread(0), $"{Spread(3)} is not below {Spread(0)}");
    }

    /// <summary>
    /// Two copies of the best expert and a weaker one with independent mistakes: the best pair is not that of the two best experts.
    /// </summary>
    [Fact]
    public void Train_TwoExpertsAreCopies_PairsSelectsOneOfThemAndTheThird()
    {
        var copies = WithCopies(1000, 5);
        int[] Asked(string kind)
        {
            var gate = Gates.Open(GateTrainer.Train(
                copies, WithCopies(300, 6), new TrainingOptions { Gate = kind, Epochs = 10 }, new TrainingRun(new Random(1))));
            var logits = new double[3];
            gate.Score([1, 1, 1], logits);
            return [.. Enumerable.Range(0, 3).OrderByDescending(e => logits[e]).Take(2).Order()];
        }

        Assert.Contains(2, Asked("pairs"));
        Assert.Equal([0, 1], Asked("hard"));
    }

    /// <summary>
    /// Four labels: a and b cannot distinguish 0 from 1, c cannot distinguish 2 from 3. Features of a's modality identify the label, so a
    /// and b should be asked for 2 and 3, and c for 0 and 1.
    /// </summary>
    [Fact]
    public void Train_BestPairDependsOnTheLabel_PairsByLabelSelectsIt()
    {
        var complementary = Complementary(2000, 3);
        var gate = Gates.FromJson(
            GateTrainer.Train(complementary, Complementary(500, 4), new TrainingOptions { Gate = "pairs-by-label", Epochs = 20 },
                new TrainingRun(new Random(1))).ToJson());
        var logits = new double[3];
        var good = Complementary(400, 5).Examples.Count(example =>
        {
            gate.Score(example.Features, logits);
            var asksC = logits[2] > Math.Min(logits[0], logits[1]);
            return asksC == example.Label < 2;
        });
        Assert.True(good > 380, $"{good} of 400");
    }

    private static RecordedSet Complementary(int count, int seed)
    {
        var random = new Random(seed);

        // An expert draws one of the two labels that it cannot distinguish at random; c has a lower accuracy, so it is only selected if
        // needed.
        double[] Opinion(int label, int confused, double accuracy)
        {
            var call = label / 2 == confused ? 2 * confused + random.Next(2) : random.NextDouble() < accuracy ? label : (label + 1 + random.Next(3)) % 4;
            return [.. Enumerable.Range(0, 4).Select(k => Math.Log(k == call ? accuracy : (1 - accuracy) / 3))];
        }

        return new RecordedSet
        {
            Experts = [new("a", "a"), new("b", "b"), new("c", "c")],
            Features = ["a", "a.0", "a.1", "a.2", "a.3", "b", "c"],
            Blocks = [new ModalityBlock("a", 0, 5), new ModalityBlock("b", 5, 1), new ModalityBlock("c", 6, 1)],
            LabelCount = 4,
            Examples = [.. Enumerable.Range(0, count).Select(_ =>
            {
                var label = random.Next(4);
                float[] oneHot = [.. Enumerable.Range(0, 4).Select(k => k == label ? 1f : 0)];
                return new RecordedExample(
                    [1, .. oneHot, 1, 1], label, [Opinion(label, 0, 0.9), Opinion(label, 0, 0.9), Opinion(label, 1, 0.8)]);
            })],
        };
    }

    private static RecordedSet WithCopies(int count, int seed)
    {
        var random = new Random(seed);
        double[] Opinion(int label, double accuracy)
        {
            var call = random.NextDouble() < accuracy ? label : (label + 1 + random.Next(9)) % 10;
            return [.. Enumerable.Range(0, 10).Select(k => Math.Log(k == call ? accuracy : (1 - accuracy) / 9))];
        }

        return new RecordedSet
        {
            Experts = [new("a", "a"), new("b", "b"), new("c", "c")],
            Features = ["a", "b", "c"],
            Blocks = [new ModalityBlock("a", 0, 1), new ModalityBlock("b", 1, 1), new ModalityBlock("c", 2, 1)],
            LabelCount = 10,
            Examples = [.. Enumerable.Range(0, count).Select(_ =>
            {
                var label = random.Next(10);
                var copied = Opinion(label, 0.8);
                return new RecordedExample([1, 1, 1], label, [copied, copied, Opinion(label, 0.7)]);
            })],
        };
    }

    [Fact]
    public void Train_LaplaceWithHiddenUnits_Throws() => Assert.Throws<ArgumentException>(() =>
        GateTrainer.Train(Train, Dev, new TrainingOptions { Gate = "laplace", HiddenUnits = 4 }, new TrainingRun(new Random(1))));

    [Fact]
    public void Train_UnknownKind_ThrowsAndNamesTheKnown()
    {
        var error = Assert.Throws<ArgumentException>(
            () => GateTrainer.Train(Train, Dev, new TrainingOptions { Gate = "none" }, new TrainingRun(new Random(1))));
        Assert.Contains("hierarchical", error.Message, StringComparison.Ordinal);
    }
}

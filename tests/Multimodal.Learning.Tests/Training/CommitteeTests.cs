using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Training;

public sealed class CommitteeTests
{
    private static readonly RecordedSet[] Parts = [SyntheticExperts.Make(300, 1), SyntheticExperts.Make(300, 2), SyntheticExperts.Make(300,
        3)];
    private static readonly TrainingOptions Short = new() { Epochs = 3, HiddenUnits = 3, Averaging = 0.9 };

    public static TheoryData<string> KindsWithMean => [.. Gates.Names.Where(kind => kind != "laplace")];

    /// <summary>For gates whose network computes the logits, the logits are the mean of the members' logits.</summary>
    [Theory]
    [InlineData("soft")]
    [InlineData("switch")]
    [InlineData("top-k")]
    public void Of_SeveralGates_LogitsAreTheMean(string kind)
    {
        var scaling = GateTrainer.ScalingOf(Parts[0], Short);
        GateState[] members = [.. Enumerable.Range(1, 3).Select(
            seed => GateTrainer.Train(Parts[0], Parts[1], scaling, Short with { Gate = kind }, new TrainingRun(new Random(seed))))];
        var mean = Gates.FromJson(GateMean.Of(members).ToJson());
        IGate[] gates = [.. members.Select(Gates.Open)];
        var (one, logits) = (new double[6], new double[6]);
        foreach (var example in Parts[2].Examples.Take(50))
        {
            var expected = new double[6];
            foreach (var gate in gates)
            {
                gate.Score(example.Features, one);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<double>(one, 1.0 / gates.Length, expected, expected);
            }

            mean.Score(example.Features, logits);
            Assert.All(expected.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        }
    }

    /// <summary>For gates of pairs, the mean is over the predicted costs, not over the logits, which are minima.</summary>
    [Theory]
    [InlineData("pairs")]
    [InlineData("pairs-by-label")]
    public void Of_GatesOfPairs_PredictedCostsAreTheMean(string kind)
    {
        var scaling = GateTrainer.ScalingOf(Parts[0], Short);
        GateState[] members = [.. Enumerable.Range(1, 2).Select(
            seed => GateTrainer.Train(Parts[0], Parts[1], scaling, Short with { Gate = kind }, new TrainingRun(new Random(seed))))];
        var mean = GateMean.Of(members);
        double[][] Costs(GateState state)
        {
            IGateNetwork network = kind == "pairs" ? PairsNetwork.Of(state, state.Pairs![0].Hidden, 1) : PairsByLabelNetwork.Of(state);
            var parameters = kind == "pairs" ? PairsNetwork.From(state.Pairs!.Select(PairsNetwork.Table)) : PairsByLabelNetwork.From(state);
            return [.. Parts[2].Examples.Take(20).Select(example =>
            {
                var (input, outputs) = (new double[network.Features], new double[network.Outputs]);
                new FeatureScaler(scaling).Apply(example.Features, input);
                network.Forward(parameters, input, new double[network.Hidden], outputs);
                return outputs;
            })];
        }

        double[][][] each = [.. members.Select(Costs)];
        Assert.NotEqual(each[0][0], each[1][0]);
        foreach (var (n, outputs) in Costs(mean).Index())
        {
            Assert.All(
                outputs.Index(), output => Assert.Equal((each[0][n][output.Index] + each[1][n][output.Index]) / 2, output.Item, 1e-9));
        }
    }

    [Theory]
    [MemberData(nameof(KindsWithMean))]
    public void TrainGate_Kind_SameSeedSameBitsAndPrefersTheSpecialist(string kind)
    {
        TrainingOptions options = new() { Gate = kind, Epochs = 12 };
        var state = Committee.TrainGate(Parts, options, new TrainingRun(new Random(3)));
        Assert.Equal(state.ToJson(), Committee.TrainGate(Parts, options, new TrainingRun(new Random(3))).ToJson());
        var gate = Gates.FromJson(state.ToJson());
        var logits = new double[6];
        RecordedExample[] two = [.. SyntheticExperts.Make(500, 6).Examples.Where(e => e.Opinions.Count(o => o is not null) == 2)];
        var better = two.Count(example =>
        {
            var first = example.Opinions.Index().First(o => o.Item is not null).Index;
            gate.Score(example.Features, logits);
            return logits[first + 1] > logits[first] == example.Features.AsSpan(first / 2 * 36 + 1, 4).ToArray().Sum() > 20;
        });
        Assert.True(better > 0.85 * two.Length, $"{better} of {two.Length}");
    }

    [Fact]
    public void TrainCombiner_SameSeed_SameBitsAndFusesWell()
    {
        var gate = Gates.Open(Committee.TrainGate(Parts, Short, new TrainingRun(new Random(3))));
        var few = TrainingOptions.ForCombiner with { Epochs = 2, Averaging = 0.9 };
        var state = Committee.TrainCombiner(Parts, gate, few, new TrainingRun(new Random(5)));
        Assert.Equal(state.ToJson(), Committee.TrainCombiner(Parts, gate, few, new TrainingRun(new Random(5))).ToJson());
        Assert.NotEqual(state.ToJson(), Committee.TrainCombiner(Parts, gate, few, new TrainingRun(new Random(6))).ToJson());
        Assert.NotNull(state.GainWeights);
        Assert.Equal(6, state.Powers!.Count);
        Assert.Equal(6, state.Accuracies!.Count);
        _ = new LearnedRule(CombinerState.FromJson(state.ToJson()));
    }

    [Fact]
    public void TrainGate_EachMember_ReportsProgressWithItsNumber()
    {
        List<TrainingProgress> seen = [];
        Committee.TrainGate(Parts, Short, new TrainingRun(new Random(3)) { Progress = seen.Add });
        Assert.Equal(["gate 1/3", "gate 2/3", "gate 3/3"], seen.Select(progress => progress.Phase).Distinct().Order());
        Assert.All(seen.GroupBy(progress => progress.Phase), member => Assert.Equal([1, 2, 3], member.Select(progress => progress.Epoch)));
    }

    [Fact]
    public void TrainGate_InvalidPartsOrKind_ThrowsWithAReason()
    {
        Assert.Contains("at least two parts", Assert.Throws<ArgumentException>(
            () => Committee.TrainGate(Parts[..1], Short, new TrainingRun(new Random(1)))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "at least two parts", Assert.Throws<ArgumentException>(() => Committee.TrainGate(
                [Parts[0], Parts[1] with { Examples = [] }], Short, new TrainingRun(new Random(1)))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no mean", Assert.Throws<ArgumentException>(() => Committee.TrainGate(
                Parts, new TrainingOptions { Gate = "laplace" }, new TrainingRun(new Random(1)))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "more than 1024", Assert.Throws<ArgumentException>(() => Committee.TrainGate(
                Parts, Short with { HiddenUnits = 400 }, new TrainingRun(new Random(1)))).Message, StringComparison.Ordinal);
    }

    /// <summary>Twenty steps down a constant slope: the mean over the steps lags behind the last step.</summary>
    [Fact]
    public void Run_WithAveraging_KeepsTheMeanOverSteps()
    {
        double Last(double averaging)
        {
            double[] parameters = [0];
            Descent.Run(
                new Slope(), parameters, new TrainingOptions { Epochs = 1, BatchSize = 1, L2 = 0, LearningRate = 0.1, Averaging = averaging }, "slope", new TrainingRun(new Random(1)));
            return parameters[0];
        }

        var last = Last(0);
        Assert.Equal(-2, last, 1e-6);

        // The steps are at -0.1, -0.2 .. -2.0: with slow decay the plain mean, with fast decay nearly the last.
        Assert.Equal(-1.05, Last(0.999), 1e-6);
        Assert.InRange(Last(0.5), -1.95, -1.85);
    }

    private sealed class Slope : IObjective
    {
        public int Count => 20;

        public ReadOnlySpan<double> DecayMask => new double[1];

        public double AddExample(int example, ReadOnlySpan<double> parameters, Random random, Span<double> gradient)
        {
            gradient[0] += 1;
            return parameters[0];
        }

        public double DevLoss(ReadOnlySpan<double> parameters) => parameters[0];
    }
}

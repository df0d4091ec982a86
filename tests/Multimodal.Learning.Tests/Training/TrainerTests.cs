using Multimodal.Learning.Data;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Training;

public sealed class TrainerTests
{
    private static readonly RecordedSet Train = SyntheticExperts.Make(1500, 1);
    private static readonly RecordedSet Dev = SyntheticExperts.Make(500, 2);
    private static readonly TrainingOptions Short = new() { Epochs = 4 };

    [Fact]
    public void GateTrain_SameSeed_SameBits()
    {
        var first = GateTrainer.Train(Train, Dev, Short with { HiddenUnits = 4 }, new TrainingRun(new Random(3))).ToJson();
        Assert.Equal(first, GateTrainer.Train(Train, Dev, Short with { HiddenUnits = 4 }, new TrainingRun(new Random(3))).ToJson());
        Assert.NotEqual(first, GateTrainer.Train(Train, Dev, Short with { HiddenUnits = 4 }, new TrainingRun(new Random(4))).ToJson());
    }

    [Fact]
    public void CombinerTrain_SameSeed_SameBits()
    {
        var gate = new SoftmaxGate(GateTrainer.Train(Train, Dev, Short, new TrainingRun(new Random(3))));
        var two = TrainingOptions.ForCombiner with { Epochs = 2 };
        var few = Train with { Examples = [.. Train.Examples.Take(400)] };
        var first = CombinerTrainer.Train(few, Dev, gate, two, new TrainingRun(new Random(5))).ToJson();
        Assert.Equal(first, CombinerTrainer.Train(few, Dev, gate, two, new TrainingRun(new Random(5))).ToJson());
    }

    [Fact]
    public void GateTrain_FeaturesIdentifyTheSpecialist_GatePrefersIt()
    {
        var gate = new SoftmaxGate(GateTrainer.Train(Train, Dev, Short, new TrainingRun(new Random(3))));
        var right = 0;
        var asked = 0;
        var logits = new double[6];
        foreach (var example in SyntheticExperts.Make(500, 6).Examples.Where(e => e.Opinions.Count(o => o is not null) == 2))
        {
            var first = example.Opinions.Index().First(o => o.Item is not null).Index;
            gate.Score(example.Features, logits);
            var kindB = example.Features[first / 2 * 36 + 1] + example.Features[first / 2 * 36 + 2]
                + example.Features[first / 2 * 36 + 3] + example.Features[first / 2 * 36 + 4] > 20;
            right += logits[first + 1] > logits[first] == kindB ? 1 : 0;
            asked++;
        }

        Assert.True(right > 0.95 * asked, $"{right} of {asked}");
    }

    [Fact]
    public void GateTrain_EachEpoch_IsReported()
    {
        List<TrainingProgress> seen = [];
        GateTrainer.Train(Train, Dev, Short, new TrainingRun(new Random(3)) { Progress = seen.Add });
        Assert.Equal([1, 2, 3, 4], seen.Select(p => p.Epoch));
        Assert.All(seen, p => Assert.Equal("gate", p.Phase));
        Assert.True(seen[^1].DevLoss < seen[0].DevLoss);
    }

    [Fact]
    public void GateTrain_DevNeverImproves_StopsAfterPatience()
    {
        // The dev labels contradict the training set, so every step increases the dev loss.
        var contrary = Dev with { Examples = [.. Dev.Examples.Select(e => e with { Label = (e.Label + 1) % 10 })] };
        List<TrainingProgress> seen = [];
        GateTrainer.Train(
            Train, contrary, Short with { Epochs = 30, Patience = 3 }, new TrainingRun(new Random(3)) { Progress = seen.Add });
        Assert.InRange(seen.Count, 3, 29);
    }

    [Fact]
    public void Train_Inputs_AreNotModified()
    {
        string Snapshot() =>
            string.Join(";", Train.Examples.Select(e => string.Join(",", e.Features) + e.Opinions.Sum(o => o?.Sum() ?? 0)));
        var before = Snapshot();
        var gate = new SoftmaxGate(GateTrainer.Train(Train, Dev, Short with { Epochs = 1 }, new TrainingRun(new Random(3))));
        CombinerTrainer.Train(Train, Dev, gate, TrainingOptions.ForCombiner with { Epochs = 1 }, new TrainingRun(new Random(3)));
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void Train_Cancelled_Throws() => Assert.Throws<OperationCanceledException>(() =>
        GateTrainer.Train(Train, Dev, Short, new TrainingRun(new Random(3)) { CancellationToken = new CancellationToken(canceled: true) }));

    [Fact]
    public void CombinerTrain_GateOfOtherExperts_Throws() => Assert.Throws<ArgumentException>(() =>
        CombinerTrainer.Train(
            Train, Dev, new SoftmaxGate(RandomStates.Gate(1)), TrainingOptions.ForCombiner, new TrainingRun(new Random(1))));

    [Fact]
    public void Train_InvalidExample_ThrowsAndNamesIt()
    {
        var broken = Train with { Examples = [Train.Examples[0], Train.Examples[1] with { Label = 10 }] };
        var error = Assert.Throws<ArgumentException>(() => GateTrainer.Train(broken, Dev, Short, new TrainingRun(new Random(1))));
        Assert.Contains("Example 1 does not have", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 64, 0.01, 0.1)]
    [InlineData(1, 0, 0.01, 0.1)]
    [InlineData(1, 64, 0, 0.1)]
    [InlineData(1, 64, 0.01, 1)]
    public void Train_OptionOutOfRange_Throws(int epochs, int batch, double rate, double dropout) => Assert.Throws<ArgumentException>(() =>
        GateTrainer.Train(Train, Dev, new() { Epochs = epochs, BatchSize = batch, LearningRate = rate, ModalityDropout = dropout },
            new TrainingRun(new Random(1))));

    [Fact]
    public void Draw_ModalityDropout_HidesFeaturesAndOpinionsTogetherAndKeepsOneModality()
    {
        var scaling = FeatureScaling.Fit(Train.Features, Train.Blocks, Train.Examples.Select(e => (ReadOnlyMemory<float>)e.Features));
        var prepared = new PreparedSet(Train, scaling);
        var options = Short with { ModalityDropout = 0.9, FeatureDropout = 0 };
        var random = new Random(1);
        var input = new double[Train.Features.Count];
        var given = new bool[6];
        var hiddenCount = 0;
        for (var n = 0; n < prepared.Count; n++)
        {
            var hidden = prepared.Draw(n, options, random, input, given);
            Assert.Contains(true, given);
            for (var m = 0; m < 3; m++)
            {
                var stays = prepared.HasOpinion(n)[2 * m] && m != hidden;
                Assert.Equal(stays, given[2 * m]);
                Assert.Equal(stays, input.AsSpan(m * 36, 36).ContainsAnyExcept(0.0));
            }

            hiddenCount += hidden >= 0 ? 1 : 0;
        }

        Assert.InRange(hiddenCount, 400, 1200); // about 0.9 * 4/7 of 1500
    }

    [Fact]
    public void Adam_FirstStep_IsTheRateAgainstTheGradient()
    {
        double[] parameters = [1, 1, 1];
        new Adam(3).Step(parameters, [0.5, -20, 0], 0.1);
        Assert.Equal([0.9, 1.1, 1], parameters.Select(p => Math.Round(p, 6)));
    }
}

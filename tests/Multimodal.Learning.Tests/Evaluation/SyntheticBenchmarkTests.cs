using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Evaluation;

public sealed class SyntheticBenchmarkTests(ITestOutputHelper output)
{
    [Fact]
    public void Evaluate_SyntheticExperts_LearnedRuleIsMoreAccurateThanPoolsCalibratedAndCheap()
    {
        var sets = SyntheticExperts.Calibrated(
            SyntheticExperts.Make(4000, 1), SyntheticExperts.Make(1500, 2), SyntheticExperts.Make(4000, 3));
        var options = new TrainingOptions { Epochs = 8 };
        var gate = new SoftmaxGate(GateTrainer.Train(sets[0], sets[1], options, new TrainingRun(new Random(7))));
        var combiner = CombinerTrainer.Train(
            sets[0], sets[1], gate, TrainingOptions.ForCombiner with { Epochs = 6 }, new TrainingRun(new Random(8)));

        Dictionary<string, EvaluationRow> rows = [];
        foreach (var row in Evaluator.Evaluate(sets[2], new SelectionPolicy(gate), combiner))
        {
            rows[row.Name] = row;
            output.WriteLine(
                $"{row.Name,-45} accuracy {row.AccuracyOfAll:P2} NLL {row.Answered.Nll:F3} ECE {row.Answered.Ece:F3} " +
                $"run {row.ExpertsRun:F2} of {row.ExpertsAvailable:F2}");
        }

        var learned = rows["learned, waves"];
        Assert.True(learned.AccuracyOfAll >= rows["uniform linear pool"].AccuracyOfAll + 0.025, "uniform linear pool");
        Assert.True(learned.AccuracyOfAll >= rows["uniform log pool"].AccuracyOfAll + 0.05, "uniform log pool");
        Assert.True(learned.AccuracyOfAll >= rows["learned, all"].AccuracyOfAll - 0.005, "learned, all");
        Assert.True(learned.Answered.Nll < rows["gate log, waves"].Answered.Nll - 0.1, "NLL");
        Assert.InRange(learned.Answered.Ece, 0, 0.03);
        Assert.InRange(rows["learned, all"].Answered.Ece, 0, 0.03);
        Assert.True(learned.ExpertsRun <= learned.ExpertsAvailable / 2 + 1e-9, "experts run");
        Assert.True(rows["oracle"].AccuracyOfAll >= learned.AccuracyOfAll, "oracle");
        Assert.All(rows.Values, row => Assert.Equal(row.AccuracyOfAll, row.IsCorrect.Average(right => right ? 1.0 : 0), 1e-12));
        Assert.All(
            rows.Values.Where(row => row.Name.StartsWith("expert ", StringComparison.Ordinal)),
            row => Assert.DoesNotContain(row.IsCorrect.Zip(rows["oracle"].IsCorrect), example => example.First && !example.Second));
    }
}

using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Evaluation;

/// <summary>The studies of benchmarks and report, on synthetic experts of known quality.</summary>
public sealed class StudyTests
{
    private static readonly RecordedSet Test = SyntheticExperts.Make(1200, 3);
    private static readonly IGate Gate = Gates.Open(
        GateTrainer.Train(SyntheticExperts.Make(1500, 1), SyntheticExperts.Make(500, 2), new TrainingOptions { Epochs = 6 },
            new TrainingRun(new Random(1))));

    private static readonly IFusionRule Rule = FusionRules.Table["linear"](null);

    [Fact]
    public void Redundancy_TwoExperts_MatchesHandCount()
    {
        // + correct, - wrong, space no opinion: 4 common examples, 2 wrong for both, 2 wrong for the first and 3 for the second.
        var set = Hand("++--+", "+--- ");
        var redundancy = Redundancy.Of(set);
        Assert.Equal(4, redundancy.CommonExamples[0, 1]);
        Assert.Equal(0.75, redundancy.Agreement[0, 1]);
        Assert.Equal((4 * 2 - 2 * 3) / Math.Sqrt(2 * 2 * 3 * 1), redundancy.ErrorCorrelation[0, 1], 1e-14);
        Assert.Equal(redundancy.ErrorCorrelation[0, 1], redundancy.ErrorCorrelation[1, 0]);
    }

    [Fact]
    public void Redundancy_NoCommonExamples_IsNaN()
    {
        var redundancy = Redundancy.Of(Hand("+ ", " +"));
        Assert.Equal(double.NaN, redundancy.Agreement[0, 1]);
        Assert.Equal(double.NaN, redundancy.ErrorCorrelation[0, 1]);
    }

    [Fact]
    public void ExpertAblation_CopyOfAnotherExpert_IsNotSignificant()
    {
        // The seventh expert is a copy of the first, with the same logit.
        var twins = Test with
        {
            Experts = [.. Test.Experts, new RecordedExpert("text-twin", "text")],
            Examples = [.. Test.Examples.Select(e => e with { Opinions = [.. e.Opinions, e.Opinions[0]] })],
        };
        var ablations = ExpertAblation.Of(twins, new SelectionPolicy(new TwinGate(), "soft"), Rule);
        Assert.Equal(0, ablations[6].PointsLost, 6.0);
        Assert.False(ablations[6].IsSignificant);
        Assert.Contains(ablations, ablation => ablation.IsSignificant);
        Assert.Equal(1, ablations.Sum(ablation => ablation.CallShare), 1e-12);
        Assert.Equal(1, Redundancy.Of(twins).ErrorCorrelation[0, 6], 1e-12);
    }

    [Fact]
    public void Remove_HighProbability_KeepsOnePartWithItsFeatures()
    {
        var removed = PartCorruption.Remove(Test, 0.9, new Random(1));
        var before = Test.Examples.Sum(e => e.Opinions.Count(o => o is not null));
        var after = removed.Examples.Sum(e => e.Opinions.Count(o => o is not null));
        Assert.InRange(after, 2 * Test.Examples.Count, before - 1);
        foreach (var example in removed.Examples)
        {
            for (var m = 0; m < 3; m++)
            {
                Assert.Equal(example.Opinions[2 * m] is not null, example.Features[m * 36] == 1);
            }
        }

        Assert.All(PartCorruption.Remove(Test, 0, new Random(1)).Examples.Zip(Test.Examples),
            pair => Assert.Equal(pair.First.Features, pair.Second.Features));
    }

    [Fact]
    public void Exchange_AllParts_AccuracyFallsToChance()
    {
        var exchanged = PartCorruption.Exchange(Test, 1, new Random(1));
        Assert.Equal(Test.Examples.Select(e => e.Label), exchanged.Examples.Select(e => e.Label));
        Assert.InRange(Replay.Of(exchanged, new SelectionPolicy(Gate, "soft"), Rule).AccuracyOfAll, 0.05, 0.2);
        Assert.True(Replay.Of(Test, new SelectionPolicy(Gate, "soft"), Rule).AccuracyOfAll > 0.7);
    }

    [Fact]
    public void Skew_ShareOfNineTenths_IsReached()
    {
        var stream = LoadStudy.Skew(Test, Gate, new LoadSkew(2, 0.9, 2000), new Random(1));
        var replay = Replay.Of(stream, new SelectionPolicy(Gate, "hard"), Rule);
        Assert.InRange(replay.Calls[2] / 2000, 0.87, 0.93);
    }

    [Fact]
    public void LoadStudy_BiasUpdates_LowerTheBusiestShare()
    {
        var stream = LoadStudy.Skew(Test, Gate, new LoadSkew(2, 0.9, 600), new Random(1));
        var points = LoadStudy.Run(stream, new SelectionPolicy(Gate, "top-k") { K = 2 }, Rule, 0.25, 12);
        Assert.Equal(13, points.Count);
        Assert.All(points[0].Bias, bias => Assert.Equal(0, bias));
        Assert.True(points[^1].Busiest < 0.9 * points[0].Busiest);
        Assert.All(points, point => Assert.Equal(1, point.Shares.Sum(), 1e-12));
    }

    [Fact]
    public void DriftStudy_ExpertBecomesFaulty_LosesItsWeight()
    {
        var study = DriftStudy.Run(Test, null, "boa", faulty: 0);
        Assert.Equal(Test.Examples.Count, study.Correct.Count);
        Assert.True(study.Weights[^1][0] < 0.6 * study.Weights[599][0], $"{study.Weights[599][0]} to {study.Weights[^1][0]}");
        Assert.Equal(1, study.OracleWeights.Sum(), 1e-12);
        Assert.True(study.OracleWeights[0] < 0.1);
        double Share(IEnumerable<bool> correct) => correct.Skip(600).Average(isCorrect => isCorrect ? 1.0 : 0);
        Assert.True(Share(study.OracleCorrect) >= Share(study.Correct) - 0.02);
    }

    /// <summary>One character per example: + correct, - wrong, space no opinion.</summary>
    private static RecordedSet Hand(string first, string second)
    {
        static double[]? Opinion(char sign) => sign == ' ' ? null : sign == '+' ? [-0.1, -2.4] : [-2.4, -0.1];
        return new RecordedSet
        {
            Experts = [new RecordedExpert("first", "image"), new RecordedExpert("second", "image")],
            Features = ["image"],
            Blocks = [new ModalityBlock("image", 0, 1)],
            LabelCount = 2,
            Examples = [.. first.Zip(second, (a, b) => new RecordedExample([1], 0, [Opinion(a), Opinion(b)]))],
        };
    }

    private sealed class TwinGate : IGate
    {
        public string Version => "twin";

        public IReadOnlyList<string> Experts { get; } = [.. Test.Experts.Select(e => e.Name), "text-twin"];

        public IReadOnlyList<string> Features => Test.Features;

        public void Score(ReadOnlySpan<float> features, Span<double> logits)
        {
            Gate.Score(features, logits[..6]);
            logits[6] = logits[0];
        }
    }
}

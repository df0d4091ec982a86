using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Evaluation;

/// <summary>The learned rule with trust from feedback, on synthetic experts that become faulty in turn.</summary>
public sealed class TrustStudyTests(ITestOutputHelper output)
{
    private const int FaultFrom = 700;
    private const int FaultTo = 1400;
    private const int Count = 2400;
    private static readonly TrustSettings Deployed = new("fixed-share", "brier", Settings: new OnlineSettings { Rate = 0.5, Share = 0.01 });

    [Fact]
    public void Run_EachExpertFaultyForAWhile_AccuracyRecovers()
    {
        var (stream, gate, rule) = Make();
        double[] fullTrust = [.. Windows(stream, gate, rule, null, isKnown: false)];
        double[] learnedTrust = [.. Windows(stream, gate, rule, Deployed, isKnown: false)];
        double[] knownFault = [.. Windows(stream, gate, rule, null, isKnown: true)];
        foreach (var (name, row) in new[] { ("full trust", fullTrust), ("learned", learnedTrust), ("not asked", knownFault) })
        {
            output.WriteLine(
                $"{name,-10} before {row[0]:P1}, 0-50 {row[1]:P1}, 50-200 {row[2]:P1}, 200-700 {row[3]:P1}, after the fault 0-200 {row[4]:P1}, then {row[5]:P1}");
        }

        Assert.True(knownFault[3] > fullTrust[3] + 0.04, "a faulty expert costs too little for this test");
        Assert.Equal(fullTrust[0], learnedTrust[0]);
        Assert.True(learnedTrust[2] >= knownFault[2] - 0.03, "from the 50th feedback on");
        Assert.True(learnedTrust[3] >= knownFault[3] - 0.01, "from the 200th feedback on");
        Assert.True(learnedTrust[5] >= fullTrust[5] - 0.002, "from the 200th feedback after the fault on");
    }

    [Fact]
    public void Run_NoFault_CostsNothing()
    {
        var (stream, gate, rule) = Make();
        var learned = new TrustStudy(gate, rule, Deployed).Run(stream);
        var full = new TrustStudy(gate, rule, null).Run(stream);
        Assert.InRange(Share(learned.Correct), Share(full.Correct) - 0.002, 1);
        Assert.InRange(learned.ExpertsRun, 0, full.ExpertsRun + 0.01);
        var replayed = Replay.Of(stream, new SelectionPolicy(gate), rule);
        Assert.Equal(replayed.AccuracyOfAll, Share(full.Correct), 12);
        Assert.Equal(replayed.ExpertsRun, full.ExpertsRun, 12);
    }

    private static (RecordedSet Stream, IGate Gate, IFusionRule Rule) Make()
    {
        var sets = SyntheticExperts.Calibrated(
            SyntheticExperts.Make(2500, 1), SyntheticExperts.Make(800, 2), SyntheticExperts.Make(Count, 5));
        var gate = Gates.Open(GateTrainer.Train(sets[0], sets[1], new TrainingOptions { Epochs = 6 }, new TrainingRun(new Random(7))));
        var combiner = CombinerTrainer.Train(
            sets[0], sets[1], gate, TrainingOptions.ForCombiner with { Epochs = 4 }, new TrainingRun(new Random(8)));
        return (sets[2], gate, new LearnedRule(combiner));
    }

    private static IEnumerable<double> Windows(RecordedSet stream, IGate gate, IFusionRule rule, TrustSettings? settings, bool isKnown)
    {
        var study = new TrustStudy(gate, rule, settings);
        TrustRun[] runs = [.. stream.Experts.Select((_, e) => study.Run(stream, new ExpertFault(e, FaultFrom, FaultTo, isKnown)))];
        (int From, int To)[] windows = [(0, FaultFrom), (FaultFrom, FaultFrom + 50), (FaultFrom + 50, FaultFrom + 200), (FaultFrom + 200,
            FaultTo), (FaultTo, FaultTo + 200), (FaultTo + 200, Count)];
        return windows.Select(w => runs.Average(run => Share(run.Correct.Take(w.From..w.To))));
    }

    private static double Share(IEnumerable<bool> correct) => correct.Average(isCorrect => isCorrect ? 1.0 : 0);
}

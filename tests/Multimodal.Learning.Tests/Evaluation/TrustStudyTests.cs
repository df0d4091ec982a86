using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Learning.Tests.Data;
using Multimodal.Learning.Training;

namespace Multimodal.Learning.Tests.Evaluation;

/// <summary>The learned rule under trust, on experts whose quality is known, each breaking in turn.</summary>
public sealed class TrustStudyTests(ITestOutputHelper output)
{
    private const int Breaks = 700;
    private const int Heals = 1400;
    private const int Count = 2400;
    private static readonly TrustSettings Deployed = new("fixed-share", "brier", Settings: new OnlineSettings { Rate = 0.5, Share = 0.01 });

    [Fact]
    public void Run_EachExpertBreaksAndHeals_AnswersRecoverAndComeBack()
    {
        var (stream, gate, rule) = Make();
        double[] blind = [.. Windows(stream, gate, rule, null, known: false)];
        double[] trusting = [.. Windows(stream, gate, rule, Deployed, known: false)];
        double[] oracle = [.. Windows(stream, gate, rule, null, known: true)];
        foreach (var (name, row) in new[] { ("no trust", blind), ("trust", trusting), ("not asked", oracle) })
        {
            output.WriteLine($"{name,-10} before {row[0]:P1}, 0-50 {row[1]:P1}, 50-200 {row[2]:P1}, 200-700 {row[3]:P1}, whole again 0-200 {row[4]:P1}, then {row[5]:P1}");
        }

        Assert.True(oracle[3] > blind[3] + 0.04, "a broken expert costs nothing here, so nothing is shown");
        Assert.Equal(blind[0], trusting[0]);
        Assert.True(trusting[2] >= oracle[2] - 0.03, "from the 50th feedback on");
        Assert.True(trusting[3] >= oracle[3] - 0.01, "from the 200th feedback on");
        Assert.True(trusting[5] >= blind[5] - 0.002, "200 feedbacks after it is whole again");
    }

    [Fact]
    public void Run_AllHealthy_CostsNothing()
    {
        var (stream, gate, rule) = Make();
        var trusting = new TrustStudy(gate, rule, Deployed).Run(stream);
        var blind = new TrustStudy(gate, rule, null).Run(stream);
        Assert.InRange(Share(trusting.Correct), Share(blind.Correct) - 0.002, 1);
        Assert.InRange(trusting.ExpertsRun, 0, blind.ExpertsRun + 0.01);
        var replayed = Replay.Of(stream, new SelectionPolicy(gate), rule);
        Assert.Equal(replayed.AccuracyOfAll, Share(blind.Correct), 12);
        Assert.Equal(replayed.ExpertsRun, blind.ExpertsRun, 12);
    }

    private static (RecordedSet Stream, IGate Gate, IFusionRule Rule) Make()
    {
        var sets = SyntheticExperts.Calibrated(SyntheticExperts.Make(2500, 1), SyntheticExperts.Make(800, 2), SyntheticExperts.Make(Count, 5));
        var gate = Gates.Open(GateTrainer.Train(sets[0], sets[1], new TrainingOptions { Epochs = 6 }, new TrainingRun(new Random(7))));
        var combiner = CombinerTrainer.Train(sets[0], sets[1], gate, TrainingOptions.ForCombiner with { Epochs = 4 }, new TrainingRun(new Random(8)));
        return (sets[2], gate, new LearnedRule(combiner));
    }

    private static IEnumerable<double> Windows(RecordedSet stream, IGate gate, IFusionRule rule, TrustSettings? how, bool known)
    {
        var study = new TrustStudy(gate, rule, how);
        TrustRun[] runs = [.. stream.Experts.Select((_, e) => study.Run(stream, new ExpertFault(e, Breaks, Heals, known)))];
        (int From, int To)[] windows = [(0, Breaks), (Breaks, Breaks + 50), (Breaks + 50, Breaks + 200), (Breaks + 200, Heals), (Heals, Heals + 200), (Heals + 200, Count)];
        return windows.Select(w => runs.Average(run => Share(run.Correct.Take(w.From..w.To))));
    }

    private static double Share(IEnumerable<bool> right) => right.Average(hit => hit ? 1.0 : 0);
}

using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Training;

namespace Multimodal.Bench.LearningBench;

/// <summary>The gate and the combiner of the six-views benchmark.</summary>
/// <param name="Gate">Selects the experts.</param>
/// <param name="Combiner">Fuses their opinions.</param>
/// <param name="Draws">Corrupted examples that trained the combiner, one part per member of the committee.</param>
internal sealed record TrainedViews(IGate Gate, CombinerState Combiner, RecordedSet[] Draws)
{
    public const int Members = 5;

    private const string GateKind = "pairs-by-label";

    // A gate of pairs has this many for each pair.
    private const int HiddenUnits = 8;

    // Decay of each member's moving average over training steps (docs/decisions/0110).
    private const double Averaging = 0.998;

    private readonly LearnedRule _rule = new(Combiner);

    /// <summary>
    /// Trains both on examples of the training half. The settings were chosen on held-out training examples, not on the test half.
    /// </summary>
    public static TrainedViews Train(SixViews views, int[] examples, int seed, int copies, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        int[][] parts = [.. Enumerable.Range(0, Members).Select(m => examples.Where((_, i) => i % Members == m).ToArray())];
        RecordedSet[] Draw() => [.. parts.Select(part => views.Train(part, Corruption.DrawForTraining, copies, random))];
        var draws = Draw();
        var gate = TrainGate(Draw(), new TrainingOptions { Gate = GateKind, FeatureDropout = 0.2, L2 = 3e-4 }, seed, cancellationToken);
        var options = TrainingOptions.ForCombiner with
        {
            Strategy = Gates.StrategyOf(GateKind),
            LearningRate = 0.005,
            L2 = 0.001,
            Averaging = Averaging,
            Ignore = SixViews.DiscriminantFeatures,
        };
        return new TrainedViews(gate, Committee.TrainCombiner(draws, gate, options, new TrainingRun(new Random(seed)) { CancellationToken = cancellationToken }), draws);
    }

    /// <summary>Trains a committee of gates.</summary>
    public static IGate TrainGate(RecordedSet[] draws, TrainingOptions options, int seed, CancellationToken cancellationToken) => Gates.Open(
        Committee.TrainGate(
            draws, options with { HiddenUnits = HiddenUnits, Averaging = Averaging }, new TrainingRun(new Random(seed)) { CancellationToken = cancellationToken }));

    /// <summary>Answers every example from the opinions of all experts.</summary>
    public Replay AskAll(RecordedSet set) => Replay.Of(set, new SelectionPolicy(Gate, "soft"), _rule);

    /// <summary>Answers every example from the opinions of two experts.</summary>
    public Replay AskTwo(RecordedSet set) => Replay.Of(set, new SelectionPolicy(Gate, "top-k") { K = 2 }, _rule);
}

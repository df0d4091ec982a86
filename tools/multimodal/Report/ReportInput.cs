using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Tool.Report;

/// <summary>What a report is about.</summary>
internal sealed record ReportInput(EnsemblePackage Package, IGate Gate, CombinerState Combiner, RecordedSet Set, int Seed)
{
    public string Strategy => Package.Defaults.Strategy;

    public int? K => Package.Defaults.K;

    /// <summary>The rule that the ensemble answers by.</summary>
    public IFusionRule Rule { get; } = FusionRules.Table[Package.Defaults.Fusion](Combiner);

    public IReadOnlyList<string> Experts { get; } = [.. Set.Experts.Select(expert => expert.Name)];

    /// <summary>The answers as deployed.</summary>
    public Replay Answers { get; } = Replay.Of(
        Set, Gate, Package.Defaults.Strategy, Package.Defaults.K, FusionRules.Table[Package.Defaults.Fusion](Combiner), new Steering(Price: Package.Defaults.Price));
}

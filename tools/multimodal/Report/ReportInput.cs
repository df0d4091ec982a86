using Multimodal.Inference.Packages;
using Multimodal.Learning.Data;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Tool.Report;

/// <summary>The data of a report.</summary>
internal sealed record ReportInput(EnsemblePackage Package, IGate Gate, CombinerState Combiner, RecordedSet Set, int Seed)
{
    /// <summary>How the ensemble selects experts.</summary>
    public SelectionPolicy Policy { get; } = PolicyOf(Package, Gate);

    /// <summary>The fusion rule of the ensemble.</summary>
    public IFusionRule Rule { get; } = FusionRules.Table[Package.Defaults.Fusion](Combiner);

    public IReadOnlyList<string> Experts { get; } = [.. Set.Experts.Select(expert => expert.Name)];

    /// <summary>The answers as deployed.</summary>
    public Replay Answers { get; } = Replay.Of(Set, PolicyOf(Package, Gate), FusionRules.Table[Package.Defaults.Fusion](Combiner));

    private static SelectionPolicy PolicyOf(EnsemblePackage package, IGate gate) => new(gate, package.Defaults.Strategy)
    {
        K = package.Defaults.K,
        Price = package.Defaults.Price ?? ExpectedGain.DefaultPrice,
    };
}

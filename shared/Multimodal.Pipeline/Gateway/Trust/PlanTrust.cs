using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Trust as applied to one plan.</summary>
/// <param name="Snapshot">The learned trust.</param>
/// <param name="Explores">Whether experts are selected as if trust were 1.</param>
internal sealed record PlanTrust(CachedTrust Snapshot, bool Explores)
{
    /// <summary>Trust for selection, one entry per expert; null if the request explores.</summary>
    public double[]? ForSelection(IReadOnlyList<string> experts) => Explores ? null : [.. experts.Select(Snapshot.TrustOf)];

    /// <summary>Trust in an expert's opinion.</summary>
    public double TrustOf(string expert) => Snapshot.TrustOf(expert);

    /// <summary>The learner's weights as the plan records them.</summary>
    /// <param name="planned">The experts of the plan.</param>
    /// <param name="ensemble">Their ensemble.</param>
    public OnlineWeights Weights(IEnumerable<string> planned, Ensemble ensemble) => new()
    {
        Learner = Snapshot.Stored.State.Learner,
        Feedbacks = Snapshot.Stored.State.Feedbacks,
        Revision = Snapshot.Stored.Revision,
        Explores = Explores,
        Labels = ensemble.LabelsFingerprint,
        Weights = planned.ToDictionary(expert => expert, Snapshot.WeightOf, StringComparer.Ordinal),
    };
}

using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Trust as it acts in one plan.</summary>
/// <param name="Known">What was learned.</param>
/// <param name="Explores">Whether experts are asked as if all were believed.</param>
internal sealed record PlanTrust(Trusted Known, bool Explores)
{
    /// <summary>The trust that steers the selection, one entry per expert; null if the request explores.</summary>
    public double[]? ForSelection(IReadOnlyList<string> experts) => Explores ? null : [.. experts.Select(Known.TrustOf)];

    /// <summary>How far an expert's opinion is believed.</summary>
    public double Of(string expert) => Known.TrustOf(expert);

    /// <summary>What the plan says of it.</summary>
    /// <param name="planned">The experts that may be asked.</param>
    /// <param name="ensemble">Whose they are.</param>
    public OnlineWeights Weights(IEnumerable<string> planned, Ensemble ensemble) => new()
    {
        Learner = Known.Stored.State.Learner,
        Feedbacks = Known.Stored.State.Feedbacks,
        Revision = Known.Stored.Revision,
        Explores = Explores,
        Labels = ensemble.LabelsFingerprint,
        Weights = planned.ToDictionary(expert => expert, Known.WeightOf, StringComparer.Ordinal),
    };
}

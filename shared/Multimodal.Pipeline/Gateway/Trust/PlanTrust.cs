using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Trust as it acts in one plan.</summary>
/// <param name="Known">What was learned.</param>
/// <param name="Explores">Whether experts are asked as if all were believed.</param>
internal sealed record PlanTrust(Trusted Known, bool Explores)
{
    /// <summary>
    /// Adds ln trust to the gate's logits: after the softmax that multiplies the weights among the asked, whatever the strategy, and where
    /// everybody is believed it adds 0.
    /// </summary>
    public void Steer(IReadOnlyList<string> experts, Span<double> logits)
    {
        for (var e = 0; e < logits.Length && !Explores; e++)
        {
            logits[e] += Math.Log(Known.TrustOf(experts[e]));
        }
    }

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

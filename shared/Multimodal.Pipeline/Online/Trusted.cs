using System.Collections.Frozen;
using System.Security.Cryptography;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Online;

/// <summary>A stored state.</summary>
/// <param name="Revision">0 before anything was stored; each change has a higher one.</param>
/// <param name="State">What was learned.</param>
internal sealed record StoredTrust(long Revision, TrustState State);

/// <summary>What one ensemble has learned from feedback, ready to plan with. Immutable.</summary>
internal sealed class Trusted
{
    private readonly FrozenDictionary<string, (double Weight, double Trust)> _experts;
    private readonly bool _doubts;

    public Trusted(StoredTrust stored, EnsembleOnline online)
    {
        (Stored, Online) = (stored, online);
        _experts = stored.State.Experts.Keys.ToFrozenDictionary(expert => expert, Read, StringComparer.Ordinal);
        _doubts = _experts.Values.Any(expert => expert.Trust < 1);

        (double Weight, double Trust) Read(string expert)
        {
            var weight = ExpertTrust.Weight(stored.State, expert);
            return (weight, ExpertTrust.Of(weight, online.Strength));
        }
    }

    /// <summary>The state it comes from.</summary>
    public StoredTrust Stored { get; }

    /// <summary>The settings it was made ready with.</summary>
    public EnsembleOnline Online { get; }

    /// <summary>The learner's weight against nobody, in [0, 1].</summary>
    public double WeightOf(string expert) => _experts.TryGetValue(expert, out var known) ? known.Weight : 0.5;

    /// <summary>How far the expert is believed, in [0, 1].</summary>
    public double TrustOf(string expert) => _experts.TryGetValue(expert, out var known) ? known.Trust : 1;

    /// <summary>For the plan of one request. Whether it explores follows from the request's id, so that nothing has to be drawn.</summary>
    public PlanTrust For(Guid request) => new(this, _doubts && Place(request) < Online.Explore);

    /// <summary>A place in [0, 1) that is anywhere alike for ids that count as well as for ids that are drawn.</summary>
    private static double Place(Guid request)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(request.ToByteArray(), digest);
        return (BitConverter.ToUInt64(digest) >> 11) * (1.0 / (1UL << 53));
    }
}

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

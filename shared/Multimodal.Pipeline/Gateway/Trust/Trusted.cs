using Multimodal.Inference.Packages;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>What one ensemble has learned from feedback, ready to plan with. Immutable.</summary>
internal sealed class Trusted
{
    private readonly TrustSnapshot _snapshot;

    public Trusted(StoredTrust stored, EnsembleTrust online) =>
        (Stored, Online, _snapshot) = (stored, online, new TrustSnapshot(stored.State, online.Strength));

    /// <summary>The state it comes from.</summary>
    public StoredTrust Stored { get; }

    /// <summary>The settings it was made ready with.</summary>
    public EnsembleTrust Online { get; }

    /// <summary>The learner's weight against nobody, in [0, 1].</summary>
    public double WeightOf(string expert) => _snapshot.WeightOf(expert);

    /// <summary>How far the expert is believed, in [0, 1].</summary>
    public double TrustOf(string expert) => _snapshot.TrustOf(expert);

    /// <summary>For the plan of one request. Whether it explores follows from the request's id, so that nothing has to be drawn.</summary>
    public PlanTrust For(Guid request) => new(this, !_snapshot.IsFull && StableShare.Of(request, "explore") < Online.Explore);
}

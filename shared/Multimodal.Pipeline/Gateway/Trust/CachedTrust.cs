using Multimodal.Inference.Packages;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Trust of one ensemble, precomputed for planning. Immutable.</summary>
internal sealed class CachedTrust
{
    private readonly TrustSnapshot _snapshot;

    public CachedTrust(StoredTrust stored, EnsembleTrust settings) =>
        (Stored, Settings, _snapshot) = (stored, settings, new TrustSnapshot(stored.State, settings.Strength));

    /// <summary>The stored state.</summary>
    public StoredTrust Stored { get; }

    /// <summary>The settings that it was computed with.</summary>
    public EnsembleTrust Settings { get; }

    /// <summary>The learner's weight of the expert relative to an uninformed forecaster, in [0, 1].</summary>
    public double WeightOf(string expert) => _snapshot.WeightOf(expert);

    /// <summary>Trust in the expert, in [0, 1].</summary>
    public double TrustOf(string expert) => _snapshot.TrustOf(expert);

    /// <summary>
    /// Trust for one plan. The request's id decides whether the plan explores, so that every gateway makes the same choice.
    /// </summary>
    public PlanTrust For(Guid request) => new(this, !_snapshot.IsFull && StableShare.Draw(request, "explore") < Settings.Explore);
}

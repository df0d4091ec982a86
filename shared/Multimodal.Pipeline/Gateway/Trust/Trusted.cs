using System.Collections.Frozen;
using System.Security.Cryptography;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Online;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>What one ensemble has learned from feedback, ready to plan with. Immutable.</summary>
internal sealed class Trusted
{
    private readonly FrozenDictionary<string, (double Weight, double Trust)> _experts;
    private readonly bool _doubts;

    public Trusted(StoredTrust stored, EnsembleTrust online)
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
    public EnsembleTrust Online { get; }

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

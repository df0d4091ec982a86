using System.Collections.Frozen;
using System.Security.Cryptography;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Online;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Trust of one ensemble, precomputed for planning. Immutable.</summary>
internal sealed class Trusted
{
    private readonly FrozenDictionary<string, (double Weight, double Trust)> _experts;
    private readonly bool _hasDistrust;

    public Trusted(StoredTrust stored, EnsembleTrust online)
    {
        (Stored, Online) = (stored, online);
        _experts = stored.State.Experts.Keys.ToFrozenDictionary(expert => expert, Read, StringComparer.Ordinal);
        _hasDistrust = _experts.Values.Any(expert => expert.Trust < 1);

        (double Weight, double Trust) Read(string expert)
        {
            var weight = ExpertTrust.Weight(stored.State, expert);
            return (weight, ExpertTrust.Of(weight, online.Strength));
        }
    }

    /// <summary>The stored state.</summary>
    public StoredTrust Stored { get; }

    /// <summary>The settings that it was computed with.</summary>
    public EnsembleTrust Online { get; }

    /// <summary>The learner's weight of the expert against an expert without knowledge, in [0, 1].</summary>
    public double WeightOf(string expert) => _experts.TryGetValue(expert, out var found) ? found.Weight : 0.5;

    /// <summary>Trust in the expert, in [0, 1].</summary>
    public double TrustOf(string expert) => _experts.TryGetValue(expert, out var found) ? found.Trust : 1;

    /// <summary>
    /// Trust for the plan of one request. The request's id decides whether the plan explores, so that no random number is needed.
    /// </summary>
    public PlanTrust For(Guid request) => new(this, _hasDistrust && UniformOf(request) < Online.Explore);

    /// <summary>A number in [0, 1) from the hash of an id, uniform for sequential and random ids alike.</summary>
    private static double UniformOf(Guid request)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(request.ToByteArray(), digest);
        return (BitConverter.ToUInt64(digest) >> 11) * (1.0 / (1UL << 53));
    }
}

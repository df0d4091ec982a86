using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>An ensemble without its models: what a gateway needs to plan and a combiner to fuse. Immutable.</summary>
/// <param name="Package">The contents of its files, with checked defaults.</param>
/// <param name="Gate">The promoted gate, for exactly the package's experts that are not shadow experts.</param>
/// <param name="Rules">The fusion rules of the promoted version, by name.</param>
internal sealed record Ensemble(EnsemblePackage Package, IGate Gate, FrozenDictionary<string, IFusionRule> Rules)
{
    /// <summary>The versions besides the promoted one.</summary>
    public IReadOnlyList<GateVersion> Others { get; init; } = [];

    /// <summary>All versions. The promoted version comes first and has the share that the others leave.</summary>
    public IEnumerable<GateVersion> Versions => Others.Prepend(new GateVersion(Gate, Rules, Math.Max(0, 1 - Others.Sum(version => version.Share))));

    /// <summary>The fusion rules that every version has, by name.</summary>
    public IReadOnlyList<string> Fusions => [.. Rules.Keys.Where(name => Others.All(version => version.Rules.ContainsKey(name))).Order(StringComparer.Ordinal)];

    /// <summary>Finds a version by name; null if it does not exist.</summary>
    public GateVersion? FindVersion(string name) => Versions.FirstOrDefault(version => version.Name == name);

    /// <summary>
    /// Selects the version that plans a request, in proportion to the shares. The choice depends only on the id and the shares.
    /// </summary>
    public GateVersion VersionFor(Guid request)
    {
        GateVersion[] versions = [.. Versions];
        return versions is [var only] ? only : versions[StableShare.Choose(request, [.. versions.Select(version => (version.Name, version.Share))])];
    }

    /// <summary>The package's experts by name.</summary>
    public FrozenDictionary<string, ExpertPackage> Experts { get; } =
        Package.Experts.ToFrozenDictionary(expert => expert.Package.Name, expert => expert.Package, StringComparer.Ordinal);

    /// <summary>A hash of the labels in order; 32 hexadecimal digits.</summary>
    public string LabelsFingerprint { get; } =
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Package.Labels)).AsSpan(0, 16));

    /// <summary>The unique name.</summary>
    public string Name => Package.Name;
}

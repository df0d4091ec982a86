using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>An ensemble without its models: what a gateway needs to plan and a combiner to fuse. Immutable.</summary>
/// <param name="Package">What its files say; the defaults name strategies and rules that exist.</param>
/// <param name="Gate">The promoted gate, over exactly the package's experts that count.</param>
/// <param name="Rules">The fusion rules that can be used with it, by name.</param>
internal sealed record Ensemble(EnsemblePackage Package, IGate Gate, FrozenDictionary<string, IFusionRule> Rules)
{
    /// <summary>The versions beside the promoted one.</summary>
    public IReadOnlyList<GateVersion> Others { get; init; } = [];

    /// <summary>The promoted version, which has what the others leave, then the others.</summary>
    public IEnumerable<GateVersion> Versions => Others.Prepend(new GateVersion(Gate, Rules, Math.Max(0, 1 - Others.Sum(version => version.Share))));

    /// <summary>The fusion rules that every version has, by name.</summary>
    public IReadOnlyList<string> Fusions => [.. Rules.Keys.Where(name => Others.All(version => version.Rules.ContainsKey(name))).Order(StringComparer.Ordinal)];

    /// <summary>The version of that name, or null.</summary>
    public GateVersion? FindVersion(string name) => Versions.FirstOrDefault(version => version.Name == name);

    /// <summary>The version that decides a request: always the same one for an id while the shares stay, and by their proportion over many.</summary>
    public GateVersion VersionFor(Guid request)
    {
        GateVersion[] versions = [.. Versions];
        return versions is [var only] ? only : versions[StableShare.Choose(request, [.. versions.Select(version => (version.Name, version.Share))])];
    }

    /// <summary>The package's experts by name.</summary>
    public FrozenDictionary<string, ExpertPackage> Experts { get; } =
        Package.Experts.ToFrozenDictionary(expert => expert.Package.Name, expert => expert.Package, StringComparer.Ordinal);

    /// <summary>The same for the same labels in the same order, and for no others; 32 hexadecimal digits.</summary>
    public string LabelsFingerprint { get; } =
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Package.Labels)).AsSpan(0, 16));

    /// <summary>Unique name.</summary>
    public string Name => Package.Name;
}

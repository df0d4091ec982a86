using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Hosting;

/// <summary>What one process is for.</summary>
/// <param name="IsGateway">It takes requests.</param>
/// <param name="IsCombiner">It carries out plans.</param>
/// <param name="Modalities">It serves experts of these modalities.</param>
internal sealed record ServiceRoles(bool IsGateway, bool IsCombiner, IReadOnlyList<Modality> Modalities)
{
    /// <summary>Everything.</summary>
    public static ServiceRoles All { get; } = new(true, true, Enum.GetValues<Modality>());

    /// <summary>Whether experts of the modality belong here.</summary>
    public bool Serves(Modality modality) => Modalities.Contains(modality);
}

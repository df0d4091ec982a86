using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Core;

/// <summary>What one process is for.</summary>
/// <param name="IsGateway">It takes requests.</param>
/// <param name="IsCombiner">It carries out plans.</param>
/// <param name="Modalities">It serves experts of these modalities.</param>
internal sealed record ServiceRoles(bool IsGateway, bool IsCombiner, IReadOnlyList<Modality> Modalities)
{
    /// <summary>Everything.</summary>
    public static ServiceRoles All { get; } = new(true, true, Enum.GetValues<Modality>());

    /// <summary>The process's name in telemetry: <c>all-in-one</c>, <c>gateway</c>, <c>combiner</c>, <c>text-expert</c> and so on.</summary>
    public string ServiceName => (IsGateway, IsCombiner) switch
    {
        (true, true) => "all-in-one",
        (true, false) => "gateway",
        (false, true) => "combiner",
        _ => string.Join('+', Modalities.Select(modality => $"{JsonFormat.Kebab(modality)}-expert")),
    };

    /// <summary>Whether experts of the modality belong here.</summary>
    public bool Serves(Modality modality) => Modalities.Contains(modality);
}

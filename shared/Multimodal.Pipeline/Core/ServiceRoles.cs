using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Core;

/// <summary>The roles of one process.</summary>
/// <param name="IsGateway">Whether it accepts requests.</param>
/// <param name="IsCombiner">Whether it carries out plans.</param>
/// <param name="Modalities">The modalities whose experts it serves.</param>
internal sealed record ServiceRoles(bool IsGateway, bool IsCombiner, IReadOnlyList<Modality> Modalities)
{
    /// <summary>All roles in one process.</summary>
    public static ServiceRoles All { get; } = new(true, true, Enum.GetValues<Modality>());

    /// <summary>The service name in telemetry: <c>all-in-one</c>, <c>gateway</c>, <c>combiner</c>, <c>text-expert</c> and so on.</summary>
    public string ServiceName => (IsGateway, IsCombiner) switch
    {
        (true, true) => "all-in-one",
        (true, false) => "gateway",
        (false, true) => "combiner",
        _ => string.Join('+', Modalities.Select(modality => $"{JsonFormat.Kebab(modality)}-expert")),
    };

    /// <summary>Whether this process serves experts of the modality.</summary>
    public bool Serves(Modality modality) => Modalities.Contains(modality);
}

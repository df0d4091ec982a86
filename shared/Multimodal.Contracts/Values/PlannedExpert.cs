using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>An expert to ask.</summary>
/// <param name="Name">The expert's name, unique in the ensemble.</param>
/// <param name="Modality">The part it is given.</param>
/// <param name="Weight">The gate's weight, times trust when it does not explore, in [0, 1]; renormalised over the chosen experts.</param>
/// <param name="Wave">0 for the experts asked at once, higher for those asked only if the answer stays uncertain.</param>
public sealed record PlannedExpert(string Name, Modality Modality, double Weight, int Wave)
{
    /// <summary>How far its opinion is believed, in [0, 1], learned from feedback; null for an ensemble that does not learn from it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Trust { get; init; }
}

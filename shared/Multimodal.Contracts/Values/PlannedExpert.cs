using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>An expert to ask.</summary>
/// <param name="Name">The expert's name, unique in the ensemble.</param>
/// <param name="Modality">The modality of the part that the expert gets.</param>
/// <param name="Weight">
/// The gate's weight, in [0, 1], normalised over the selected experts. Multiplied by trust, except during exploration.
/// </param>
/// <param name="Wave">0 for the experts asked at once, higher for those asked only while confidence is low.</param>
public sealed record PlannedExpert(string Name, Modality Modality, double Weight, int Wave)
{
    /// <summary>Its trust, in [0, 1], learned from feedback; null for an ensemble that does not learn from feedback.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Trust { get; init; }
}

using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>The gate that planned a request, as reported to clients.</summary>
/// <param name="Version">Version of the gate.</param>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">The maximum number of experts that it could select.</param>
public sealed record GateReport(string Version, string Strategy, int K)
{
    /// <summary>The state of learning from feedback; absent if the ensemble does not learn from feedback.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OnlineReport? Online { get; init; }
}

using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Values;

/// <summary>The gate's decision, for a reader.</summary>
/// <param name="Version">Version of the gate.</param>
/// <param name="Strategy">Name of the selection strategy.</param>
/// <param name="K">The most experts it could choose.</param>
public sealed record GateReport(string Version, string Strategy, int K)
{
    /// <summary>The learning from feedback; left out where the ensemble does not learn from it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OnlineReport? Online { get; init; }
}

using System.Text.Json;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>A state to restore.</summary>
/// <param name="State">As <c>GET</c> gave it.</param>
internal sealed record WeightsBody(JsonElement State);

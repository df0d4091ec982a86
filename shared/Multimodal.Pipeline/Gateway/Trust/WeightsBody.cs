using System.Text.Json;

namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>A trust state to restore.</summary>
/// <param name="State">The state as <c>GET</c> returned it.</param>
internal sealed record WeightsBody(JsonElement State);

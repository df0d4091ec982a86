namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>A webhook as clients read it.</summary>
/// <param name="Url">The address that receives results.</param>
internal sealed record WebhookView(string Url);

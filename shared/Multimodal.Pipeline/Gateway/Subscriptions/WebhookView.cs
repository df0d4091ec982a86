namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>A webhook.</summary>
/// <param name="Url">Where results are posted.</param>
internal sealed record WebhookView(string Url);

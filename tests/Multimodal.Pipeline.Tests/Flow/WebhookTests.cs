namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Webhooks within one process.</summary>
public sealed class WebhookTests() : WebhookScenarios(TestTransport.InMemory);

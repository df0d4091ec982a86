namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Webhooks with a broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class WebhookTestsOnRabbitMq(BrokerFixture broker) : WebhookScenarios(broker.NewTransport());

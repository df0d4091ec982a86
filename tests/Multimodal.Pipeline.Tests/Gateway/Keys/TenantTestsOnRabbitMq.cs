using System.Text.Json;
using Multimodal.Pipeline.Tests.Flow;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Gateway.Keys;

/// <summary>Tenants with a broker, where each tenant has queues.</summary>
[Collection(BrokerFixture.Name)]
public sealed class TenantTestsOnRabbitMq(BrokerFixture broker) : TenantScenarios(broker.NewTransport())
{
    [Fact]
    public async Task Queue_OfTheSameNameInTwoTenants_GetsOnlyItsOwn()
    {
        await using var host = await StartAsync();
        using var shop = host.Client(ShopKey);
        using var lab = host.Client(LabKey);
        foreach (var http in new[] { shop, lab })
        {
            Assert.Equal(201, (await http.SubscribeAsync(new { name = "alarms", kind = "queue" })).Status);
        }

        var ofShop = await shop.PostAsync("zero", options: Alarms);
        var ofLab = await lab.PostAsync("zero", options: Alarms);

        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await client.ConsumeAsync("client.lab.alarms");
        var message = await client.ReadAsync();
        Assert.Equal(("lab.alarms.completed", ofLab.Id), (message.RoutingKey, message.Properties.MessageId));
        Assert.Equal(1U, await client.Channel.MessageCountAsync("client.shop.alarms"));
        Assert.NotEqual(ofShop.Id, ofLab.Id);
    }

    [Fact]
    public async Task Amqp_Request_BelongsToTheTenantOfTheSetting()
    {
        await using var host = await StartAsync(("Multimodal:Gateway:RequestTenant", "shop"));
        using var shop = host.Client(ShopKey);
        using var lab = host.Client(LabKey);
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        var replies = await client.Channel.QueueDeclareAsync();
        await client.ConsumeAsync(replies.QueueName);

        await PublishAsync(client, replies.QueueName, Guid.NewGuid().ToString());
        var reply = await client.ReadAsync();

        Assert.Equal(reply.Body, (await shop.ReadAsync($"v1/requests/{reply.Properties.MessageId}")).Body);
        Assert.Equal((404, "request-not-found"), await StatusAsync(lab, $"v1/requests/{reply.Properties.MessageId}"));
    }

    /// <summary>Over AMQP a client chooses the request id, which may collide with another tenant's.</summary>
    [Fact]
    public async Task Amqp_IdOfAnotherTenantsRequest_IsRefusedAndChangesNothing()
    {
        await using var host = await StartAsync();
        using var lab = host.Client(LabKey);
        var result = await lab.PostAsync("zero");
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        var replies = await client.Channel.QueueDeclareAsync();
        await client.ConsumeAsync(replies.QueueName);

        await PublishAsync(client, replies.QueueName, result.Id);
        var reply = await client.ReadAsync();

        Assert.Equal("idempotency-key-reused", JsonDocument.Parse(reply.Body).RootElement.GetProperty("code").GetString());
        Assert.Equal(result.Body, (await lab.ReadAsync($"v1/requests/{result.Id}")).Body);
    }

    private static async Task PublishAsync(PlainConsumer client, string replyTo, string messageId) => await client.Channel.BasicPublishAsync(
        "",
        "requests",
        mandatory: true,
        new BasicProperties { MessageId = messageId, ReplyTo = replyTo },
        """{"text": "zero"}"""u8.ToArray());
}

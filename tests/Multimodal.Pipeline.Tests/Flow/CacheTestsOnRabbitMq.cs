using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The cache with a broker, including queues of clients and requests by AMQP.</summary>
[Collection(BrokerFixture.Name)]
public sealed class CacheTestsOnRabbitMq(BrokerFixture broker) : CacheScenarios(broker.NewTransport())
{
    private const string Alarms = """{"subscription": "alarms"}""";

    [Fact]
    public async Task Queue_OfAHit_GetsIt()
    {
        await using var host = await StartAsync();
        await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue" });
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await client.ConsumeAsync("client.default.alarms");
        await host.Http.PostAsync("zero");

        var hit = await host.Http.PostAsync("zero", options: Alarms);
        var message = await client.ReadAsync();

        Assert.NotNull(From(hit));
        Assert.Equal(("default.alarms.completed", hit.Id, hit.Body), (message.RoutingKey, message.Properties.MessageId, message.Body));
    }

    /// <summary>As after a crash between the commit and the publication.</summary>
    [Fact]
    public async Task Queue_HitIsRepeatedWithItsKey_GetsItAgain()
    {
        await using var host = await StartAsync();
        await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue" });
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await client.ConsumeAsync("client.default.alarms");
        await host.Http.PostAsync("zero");

        var hit = await host.Http.PostAsync(new RequestForm("zero", Options: Alarms, Key: "k"));
        await host.Http.PostAsync(new RequestForm("zero", Options: Alarms, Key: "k"));
        var messages = new[] { await client.ReadAsync(), await client.ReadAsync() };

        Assert.All(messages, message => Assert.Equal((hit.Id, hit.Body), (message.Properties.MessageId, message.Body)));
    }

    [Fact]
    public async Task Amqp_Hit_IsAnsweredToTheReplyAddress()
    {
        await using var host = await StartAsync();
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await client.ConsumeAsync("amq.rabbitmq.reply-to", autoAck: true);
        var first = await host.Http.PostAsync("zero");
        var id = Guid.NewGuid().ToString();

        await PublishAsync(client, id);
        var hit = await client.ReadAsync();
        await PublishAsync(client, id);
        var repeat = await client.ReadAsync();

        Assert.Equal(("multimodal.answer", "c", id), (hit.Properties.Type, hit.Properties.CorrelationId, hit.Properties.MessageId));
        Assert.Contains($"\"from\":\"{first.Id}\"", hit.Body, StringComparison.Ordinal);
        Assert.Equal(hit.Body, (await host.Http.ReadAsync($"v1/requests/{id}")).Body);
        Assert.Equal(hit.Body, repeat.Body);
    }

    [Theory]
    [InlineData("Cache-Control", "no-cache")]
    [InlineData("cache-control", "no-store")]
    public async Task Amqp_HeaderCacheControl_IsHonoured(string header, string value)
    {
        await using var host = await StartAsync();
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await client.ConsumeAsync("amq.rabbitmq.reply-to", autoAck: true);
        await host.Http.PostAsync("zero");

        await PublishAsync(client, headers: new Dictionary<string, object?> { [header] = value });

        Assert.DoesNotContain("\"cached\"", (await client.ReadAsync()).Body, StringComparison.Ordinal);
    }

    private static async Task PublishAsync(PlainConsumer client, string? id = null, Dictionary<string, object?>? headers = null)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            CorrelationId = "c",
            ReplyTo = "amq.rabbitmq.reply-to",
            Headers = headers,
        };
        if (id is not null)
        {
            properties.MessageId = id;
        }

        await client.Channel.BasicPublishAsync("", "requests", mandatory: true, properties, """{"text": "zero"}"""u8.ToArray());
    }
}

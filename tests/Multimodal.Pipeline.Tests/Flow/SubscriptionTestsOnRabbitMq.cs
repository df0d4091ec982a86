using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using RabbitMQ.Client.Exceptions;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Subscriptions with a broker, including queues.</summary>
[Collection(BrokerFixture.Name)]
public sealed class SubscriptionTestsOnRabbitMq(BrokerFixture broker) : SubscriptionScenarios(broker.NewTransport())
{
    [Fact]
    public async Task Queue_PlainConsumer_ReadsResultsOfItsSubscriptionOnly()
    {
        await using var host = await StartAsync();
        var subscription = await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue" });
        await using var client = await PlainConsumer.ConnectAsync(Transport);

        var before = await host.Http.PostAsync("zero", options: """{"subscription": "alarms"}""");
        await client.ConsumeAsync(subscription.Json.GetProperty("queue").GetProperty("name").GetString()!);
        await host.Http.PostAsync("zero");
        await host.Http.PostAsync("zero", options: """{"subscription": "Alarms"}""");
        var after = await host.Http.PostAsync("one", options: """{"subscription": "alarms"}""");
        var (first, second) = (await client.ReadAsync(), await client.ReadAsync());

        Assert.Equal(("default.alarms.completed", before.Id, before.Body), (first.RoutingKey, first.Properties.MessageId, first.Body));
        Assert.Equal("application/json", first.Properties.ContentType);
        Assert.Equal((after.Id, after.Body), (second.Properties.MessageId, second.Body));
    }

    [Fact]
    public async Task Queue_Statuses_BringsOnlyThose()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Declines("a", Modality.Text, DeclineReason.Overloaded),
            ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1));
        var subscription = await host.Http.SubscribeAsync(new { name = "bad", kind = "queue", statuses = new[] { "failed", "partial" } });
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await client.ConsumeAsync(subscription.Json.GetProperty("queue").GetProperty("name").GetString()!);

        await host.Http.PostAsync(image: SampleMedia.Png(8), options: """{"subscription": "bad"}""");
        await host.Http.PostAsync("zero", options: """{"subscription": "bad"}""");

        Assert.Equal("default.bad.failed", (await client.ReadAsync()).RoutingKey);
        Assert.Equal(
            ["default.bad.partial", "default.bad.failed"],
            subscription.Json.GetProperty("queue").GetProperty("routingKeys").EnumerateArray().Select(key => key.GetString()));
    }

    [Fact]
    public async Task Queue_Posted_ReturnsTheQueueAndNoSecret()
    {
        await using var host = await StartAsync();

        var made = await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue", maxLength = 5, expiresSeconds = 60 });
        var again = await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue", maxLength = 5, expiresSeconds = 60 });
        var differs = await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue", maxLength = 6, expiresSeconds = 60 });

        Assert.Equal((201, 200), (made.Status, again.Status));
        Assert.Equal("/v1/subscriptions/alarms", made.Headers.Location!.ToString());
        Assert.Equal((409, "subscription-differs"), (differs.Status, differs.Code));
        Assert.Equal(
            """{"name":"client.default.alarms","exchange":"multimodal.results","routingKeys":["default.alarms.*"],"maxLength":5,"overflow":"drop-head"}""",
            made.Json.GetProperty("queue").GetRawText());
        foreach (var secret in new[] { "guest", "127.0.0.1", "password" })
        {
            Assert.DoesNotContain(secret, made.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Queue_Full_DropsTheOldest()
    {
        await using var host = await StartAsync();
        await host.Http.SubscribeAsync(new { name = "last", kind = "queue", maxLength = 2 });

        var replies = new List<Reply>();
        for (var i = 0; i < 4; i++)
        {
            replies.Add(await host.Http.PostAsync($"zero {i}", options: """{"subscription": "last"}"""));
        }

        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await client.ConsumeAsync("client.default.last");
        Assert.Equal(replies[2].Id, (await client.ReadAsync()).Properties.MessageId);
        Assert.Equal(replies[3].Id, (await client.ReadAsync()).Properties.MessageId);
    }

    [Fact]
    public async Task Delete_Queue_IsGoneFromTheBroker()
    {
        await using var host = await StartAsync();
        await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue" });

        var gone = await host.Http.EndAsync("alarms");

        Assert.Equal(204, gone.Status);
        Assert.Equal((404, "subscription-not-found"), await StatusAsync(host, "alarms"));
        Assert.Equal(404, (await host.Http.EndAsync("alarms")).Status);
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await Assert.ThrowsAsync<OperationInterruptedException>(() => client.Channel.QueueDeclarePassiveAsync("client.default.alarms"));
    }

    [Fact]
    public async Task Expiry_UnusedQueue_EndsAndAUsedOneStays()
    {
        await using var host = await StartAsync([Expert()], ("Multimodal:Subscriptions:SweepSeconds", "0.1"));
        await host.Http.SubscribeAsync(new { name = "unused", kind = "queue", expiresSeconds = 1 });
        var used = await host.Http.SubscribeAsync(new { name = "used", kind = "queue", expiresSeconds = 1 });
        await using var client = await PlainConsumer.ConnectAsync(Transport);
        await client.ConsumeAsync("client.default.used");

        while ((await host.Http.ReadAsync("v1/subscriptions/unused")).Status != 404 || await ExpiryAsync(host, "used") == Expiry(used))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Assert.True(await ExpiryAsync(host, "used") > Expiry(used));
    }

    private static async Task<DateTimeOffset> ExpiryAsync(PipelineHost host, string name) => Expiry(await host.Http.ReadAsync($"v1/subscriptions/{name}"));

    private static DateTimeOffset Expiry(Reply subscription) => subscription.Json.GetProperty("expiresAt").GetDateTimeOffset();
}

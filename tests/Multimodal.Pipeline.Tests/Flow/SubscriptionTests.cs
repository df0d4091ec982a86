namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Subscriptions without a broker.</summary>
public sealed class SubscriptionTests() : SubscriptionScenarios(TestTransport.InMemory)
{
    [Fact]
    public async Task Post_QueueWithoutBroker_IsRefusedWithAWayOut()
    {
        await using var host = await StartAsync();

        var reply = await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue" });

        Assert.Equal((422, "no-broker"), (reply.Status, reply.Code));
        Assert.Equal("[]", (await host.Http.ReadAsync("v1/subscriptions")).Body);
    }
}

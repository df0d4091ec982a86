using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The caches of several gateways over one store.</summary>
[Collection(SharedGroup.Name)]
public sealed class SharedCacheTests(BrokerFixture broker, DatabaseFixture database) : IDisposable
{
    private const int Requests = 20;
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();
    private readonly string _connection = database.NewDatabase();

    public void Dispose() => _folder.Dispose();

    /// <summary>The gateways compete for the answers, so the other one records about half of them.</summary>
    [Fact]
    public async Task Post_AnswerRecordedByEitherGateway_IsAHitAtTheGatewayThatAcceptedIt()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => one.Http.PostAsync($"zero {i}")));

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var (i, reply) in replies.Index())
        {
            var hit = await HitAsync(one, i, timeout.Token);

            Assert.Equal(reply.Json.GetProperty("scores").GetRawText(), hit.Json.GetProperty("scores").GetRawText());
            Assert.Equal(hit.Body, (await two.Http.ReadAsync($"v1/requests/{hit.Id}")).Body);
        }

        Assert.False((await two.Http.PostAsync("zero 0")).Json.TryGetProperty("cached", out _));
    }

    /// <summary>Posts until the notification of the other gateway has arrived.</summary>
    private static async Task<Reply> HitAsync(PipelineHost gateway, int number, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reply = await gateway.Http.PostAsync($"zero {number}");
            if (reply.Json.TryGetProperty("cached", out _))
            {
                return reply;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }
    }

    private async Task<PipelineHost> StartAsync() => await PipelineHost.StartAsync(
        _folder.Path,
        [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)],
        [
            .. await _transport.SettingsAsync(), ("Multimodal:Store:Kind", "postgresql"), ("Multimodal:Store:Postgresql", _connection),
            ("Multimodal:Cache:MaxBytes", "1000000"),
        ]);
}

using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A request that one gateway refused keeps its place at the other gateways.</summary>
[Collection(SharedGroup.Name)]
public sealed class SharedAdmissionTests(BrokerFixture broker, DatabaseFixture database) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();
    private readonly string _connection = database.NewDatabase();
    private readonly TaskCompletionSource _release = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Post_RefusedByOneGateway_IsAdmittedByTheOtherBeforeLaterOnes()
    {
        await using var one = await StartFullAsync();
        await using var two = await StartFullAsync();
        RequestForm first = new("first", Key: "first"), second = new("second", Key: "second");
        Assert.Equal(503, (await one.Http.PostAsync(first)).Status);
        await UntilAsync(() => two.Get<AdmissionControl>() is { Places: 1, Waiting: 0 });
        Assert.Equal(503, (await two.Http.PostAsync(second)).Status);
        await UntilAsync(() => one.Get<AdmissionControl>() is { Places: 2, Waiting: 1 });
        _release.SetResult();
        await UntilAsync(() => two.Get<AdmissionControl>().InFlight == 0);

        Assert.Equal(503, (await two.Http.PostAsync(new RequestForm("new", Key: "new"))).Status);
        Assert.Equal(200, (await two.Http.PostAsync(first)).Status);

        // The first gateway learns that the request was accepted.
        await UntilAsync(() => one.Get<AdmissionControl>() is { Places: 2, Waiting: 0 });
    }

    private async Task<PipelineHost> StartFullAsync()
    {
        var host = await PipelineHost.StartAsync(
            _folder.Path,
            [
                new ScriptedExpert("t", Modality.Text, async (media, cancel) =>
                {
                    await (media.Span.SequenceEqual("hold"u8) ? _release.Task.WaitAsync(cancel) : Task.CompletedTask);
                    return ScriptedExpert.Opinion(0.8, 0.1, 0.1);
                }),
            ],
            [
                .. await _transport.SettingsAsync(), ("Multimodal:Store:Kind", "postgresql"), ("Multimodal:Store:Postgresql", _connection),
                ("Multimodal:Gateway:MaxInFlight", "1"), ("Multimodal:Gateway:MinInFlight", "1"), ("Multimodal:Gateway:RetryAfterSeconds", "20"),
            ]);
        Assert.Equal(202, (await host.Http.PostAsync("hold", options: """{"deadlineMs": 60000}""", wait: null)).Status);
        return host;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, timeout.Token);
        }
    }
}

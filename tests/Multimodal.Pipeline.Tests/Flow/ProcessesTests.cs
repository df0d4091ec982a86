using System.Text;
using Microsoft.AspNetCore.Builder;
using Multimodal.Bench.Services;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Gateway, combiner and experts as separate hosts that start and stop.</summary>
[Collection(BrokerFixture.Name)]
public sealed class ProcessesTests(BrokerFixture broker) : IDisposable
{
    private const int Limit = 4096;
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();
    private readonly ScriptedEnsemble _ensemble = new(
    [
        ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1),
        ScriptedExpert.Answers("i", Modality.Image, 0.4, 0.5, 0.1),
    ]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Post_ExpertWithoutWorker_IsAnsweredByTheOthersAndAskedAgainWhenItIsBack()
    {
        await using var gateway = await StartAsync(builder => builder.AddMultimodalGateway());
        await using var combiner = await StartAsync(builder => builder.AddMultimodalCombiner());
        await using var text = await StartAsync(builder => builder.AddMultimodalExperts(Modality.Text));
        await UntilServedAsync(gateway, "t", true);

        var alone = await gateway.Http.PostAsync("zero", SampleMedia.Png(100));
        Assert.Equal(("completed", "0"), (alone.Text("status"), alone.Text("label")));
        Assert.Equal(("skipped", "no-worker"), (alone.StateOf("i"), alone.ReasonOf("i")));

        var needed = await gateway.Http.PostAsync(image: SampleMedia.Png(100));
        Assert.Equal((503, "no-worker"), (needed.Status, needed.Code));

        await using (await StartAsync(builder => builder.AddMultimodalExperts(Modality.Image)))
        {
            await UntilServedAsync(gateway, "i", true);
            var both = await gateway.Http.PostAsync("zero", SampleMedia.Png(100));
            Assert.Equal(("completed", "answered"), (both.Text("status"), both.StateOf("i")));
        }

        await UntilServedAsync(gateway, "i", false);
        Assert.Equal("no-worker", (await gateway.Http.PostAsync("zero", SampleMedia.Png(100))).ReasonOf("i"));
    }

    [Fact]
    public async Task Heartbeat_MoreThanAWorkerHolds_ReportsTheBacklogOnTheBroker()
    {
        var release = new TaskCompletionSource();
        var slow = new ScriptedEnsemble([ScriptedExpert.Waits("t", Modality.Text, release.Task, 0.8, 0.1, 0.1)]);
        await using var gateway = await StartAsync(builder => builder.AddMultimodalGateway(), slow);
        await using var combiner = await StartAsync(builder => builder.AddMultimodalCombiner(), slow);
        await using var text = await StartAsync(builder => builder.AddMultimodalExperts(Modality.Text), slow, ("Multimodal:Experts:Concurrency", "1"));
        await UntilServedAsync(gateway, "t", true);
        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => gateway.Http.PostAsync("zero", wait: null)));

        await UntilAsync(() => gateway.Get<ExpertDirectory>().Find("digits", "t") is [{ Waiting: 2 }]);
        release.SetResult();

        foreach (var reply in replies)
        {
            Assert.Equal("completed", (await gateway.Http.ReadAsync(reply.Text("href")!, wait: 30)).Text("status"));
        }
    }

    [Fact]
    public async Task Post_LowPriorityFillsItsQueues_NormalPassesIt()
    {
        var release = new TaskCompletionSource();
        var slowForSome = new ScriptedEnsemble(
        [
            new ScriptedExpert("t", Modality.Text, async (media, cancel) =>
            {
                await (media.Span.SequenceEqual("later"u8) ? release.Task.WaitAsync(cancel) : Task.CompletedTask);
                return ScriptedExpert.Opinion(0.8, 0.1, 0.1);
            }),
        ]);
        await using var host = await StartAsync(
            builder => builder.AddMultimodal(), slowForSome, ("Multimodal:Experts:Concurrency", "2"), ("Multimodal:Combiner:Concurrency", "4"), ("Multimodal:Transport:LowShare", "0.5"));
        await using var reader = await PlainConsumer.ConnectAsync(_transport);
        var low = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.Http.PostAsync("later", options: """{"priority": "low"}""", wait: null)));
        Assert.All(low, reply => Assert.Equal(202, reply.Status));

        // The expert processes one request and one is in its queue. The combiner holds these two, and the others wait in its queue.
        await UntilAsync(async () => await reader.Channel.MessageCountAsync(Topology.FuseQueue(Priority.Low)) == 3
            && await reader.Channel.MessageCountAsync(Topology.LiveQueue("digits", "t", Priority.Low)) == 1);
        Assert.Equal("completed", (await host.Http.PostAsync("now")).Text("status"));

        release.SetResult();
        foreach (var reply in low)
        {
            Assert.Equal("completed", (await host.Http.ReadAsync(reply.Text("href")!, wait: 30)).Text("status"));
        }
    }

    [Fact]
    public async Task Post_LowPriorityBeyondItsShare_IsRefusedWhileNormalIsTaken()
    {
        var release = new TaskCompletionSource();
        var slow = new ScriptedEnsemble([ScriptedExpert.Waits("t", Modality.Text, release.Task, 0.8, 0.1, 0.1)]);
        await using var host = await StartAsync(builder => builder.AddMultimodal(), slow, ("Multimodal:Gateway:MaxInFlight", "8"));
        for (var index = 0; index < 4; index++)
        {
            Assert.Equal(202, (await host.Http.PostAsync("zero", wait: null)).Status);
        }

        for (var index = 0; index < 2; index++)
        {
            Assert.Equal(202, (await host.Http.PostAsync("zero", options: """{"priority": "low"}""", wait: null)).Status);
        }

        var refused = await host.Http.PostAsync("zero", options: """{"priority": "low"}""", wait: null);
        Assert.Equal((503, "overloaded", true), (refused.Status, refused.Code, refused.Headers.Contains("Retry-After")));
        Assert.Equal(202, (await host.Http.PostAsync("zero", wait: null)).Status);
        release.SetResult();
    }

    [Fact]
    public async Task Post_ImageOfTenMegabytes_NoMessageIsOverFourKilobytes()
    {
        await using var gateway = await StartAsync(builder => builder.AddMultimodalGateway());
        await using var reader = await PlainConsumer.ConnectAsync(_transport);
        await using (await StartAsync(builder => builder.AddMultimodalExperts(Modality.Image)))
        {
            await UntilServedAsync(gateway, "i", true);
            var accepted = await gateway.Http.PostAsync("zero", LargeImage(), wait: null, options: """{"experts": ["i"]}""");
            Assert.Equal(202, accepted.Status);
        }

        // Without a combiner, the plan stays in its queue. Without the expert, so does the command. The test reads it and requeues it.
        await AssertSmallAsync(reader, Topology.FuseQueue(Priority.Normal));
        await using var combiner = await StartAsync(builder => builder.AddMultimodalCombiner());
        await AssertSmallAsync(reader, Topology.ExpertQueue("digits", "i", Priority.Normal));
    }

    [Fact]
    public async Task Post_BrokerOutOfMemory_IsRefusedWithAWayOutUntilItHasSome()
    {
        await using var host = await StartAsync(builder => builder.AddMultimodal());
        Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);

        await broker.Process.SetMemoryLimitAsync("1MB");
        try
        {
            // The broker notifies a connection that it is blocked only after the connection's next publish.
            Reply refused;
            do
            {
                refused = await host.Http.PostAsync("zero", wait: null);
            }
            while (refused.Status == 202);
            Assert.Equal((503, "broker-unavailable", true), (refused.Status, refused.Code, refused.Headers.Contains("Retry-After")));
        }
        finally
        {
            await broker.Process.SetMemoryLimitAsync("2GB");
        }

        Reply answered;
        do
        {
            answered = await host.Http.PostAsync("zero");
        }
        while (answered.Status == 503);
        Assert.Equal((200, "completed"), (answered.Status, answered.Text("status")));
    }

    [Fact]
    public async Task Start_BrokerComesLater_WaitsAndServes()
    {
        await using var late = new BrokerProcess(_folder.At("late"), TimeProvider.System);
        var start = PipelineHost.StartAsync(_folder.At("data"), _ensemble, builder => builder.AddMultimodal(), [.. late.Settings.Select(setting => (setting.Key, setting.Value))]);
        await late.StartAsync(default);

        await using var host = await start;
        Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
    }

    private Task<PipelineHost> StartAsync(Action<WebApplicationBuilder> add) => StartAsync(add, _ensemble);

    private async Task<PipelineHost> StartAsync(Action<WebApplicationBuilder> add, ScriptedEnsemble ensemble, params (string, string)[] settings) => await PipelineHost.StartAsync(
        _folder.Path,
        ensemble,
        add,
        [
            .. await _transport.SettingsAsync(),
            ("Multimodal:Experts:HeartbeatSeconds", "0.2"),
            ("Multimodal:Experts:SilenceSeconds", "2"),
            .. settings,
        ]);

    private static Task UntilServedAsync(PipelineHost gateway, string expert, bool isServed) =>
        UntilAsync(() => gateway.Get<ExpertDirectory>().IsServed("digits", expert) == isServed);

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }

    private static async Task AssertSmallAsync(PlainConsumer reader, string queue)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        RabbitMQ.Client.BasicGetResult? message;
        while ((message = await reader.Channel.BasicGetAsync(queue, autoAck: false, timeout.Token)) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }

        var headers = message.BasicProperties.Headers?.Sum(header => header.Key.Length + (header.Value is byte[] bytes ? bytes.Length : 8)) ?? 0;
        Assert.True(message.Body.Length + headers <= Limit, $"{queue}: {message.Body.Length} + {headers} bytes: {Encoding.UTF8.GetString(message.Body.Span)}");
        await reader.Channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, timeout.Token);
    }

    /// <summary>Incompressible noise.</summary>
    private static byte[] LargeImage()
    {
        var image = SampleMedia.Png(3200);
        Assert.InRange(image.Length, 10_000_000, 12_000_000);
        return image;
    }
}

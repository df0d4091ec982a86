using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Recovery;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>What survives a crash of a process, and what is cleaned up.</summary>
public abstract class CrashScenarios(TestTransport transport) : IDisposable
{
    private protected static readonly Task Never = new TaskCompletionSource().Task;
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Restart_UnansweredRequest_IsAnsweredOnceByTheNextProcess()
    {
        Reply receipt;
        await using (var host = await StartAsync(ScriptedExpert.Waits("i", Modality.Image, Never, 0.8, 0.1, 0.1)))
        {
            receipt = await host.Http.PostAsync(new RequestForm(Image: SampleMedia.Png(100), Key: "k"), wait: null);
        }

        var expert = ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1);
        await using var next = await StartAsync(expert);
        var result = await next.Http.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);
        var replay = await next.Http.PostAsync(new RequestForm(Image: SampleMedia.Png(100), Key: "k"));

        Assert.Equal(("completed", receipt.Id), (result.Text("status"), result.Id));
        Assert.Equal(result.Body, replay.Body);

        // A broker may still hold the commands to the expert and to the combiner.
        Assert.InRange(expert.Asked, 1, transport.IsShared ? 3 : 1);
        Assert.Equal(0, next.Get<AdmissionControl>().InFlight);
    }

    [Fact]
    public async Task Restart_OrphanedPayloads_AreRemoved()
    {
        var orphan = _folder.At("blobs", "default", Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(orphan);
        await File.WriteAllTextAsync(Path.Combine(orphan, "image.part"), "half");
        Directory.SetLastWriteTimeUtc(orphan, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await using var host = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1));

        Assert.False(Directory.Exists(orphan));
    }

    [Fact]
    public async Task Resend_RequestStillUnderWay_HasOneResult()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(ScriptedExpert.Waits("a", Modality.Text, release.Task, 0.8, 0.1, 0.1));
        var receipt = await host.Http.PostAsync("zero", wait: null);

        foreach (var pending in await host.Get<RequestStore>().UnansweredAsync(DateTimeOffset.MaxValue, default))
        {
            await host.Get<Resender>().ResendAsync(pending);
        }

        release.SetResult();
        var result = await host.Http.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);
        Assert.Equal("completed", result.Text("status"));
        Assert.Equal(0, host.Get<AdmissionControl>().InFlight);
    }

    [Fact]
    public async Task Resend_DeadlineOfAMillisecond_HasASecond()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(ScriptedExpert.Waits("a", Modality.Text, release.Task, 0.8, 0.1, 0.1));
        var receipt = await host.Http.PostAsync("zero", wait: null);
        var pending = Assert.Single(await host.Get<RequestStore>().UnansweredAsync(DateTimeOffset.MaxValue, default));
        var hasty = new StoredRequest
        {
            IdText = pending.IdText,
            Tenant = pending.Tenant,
            Ensemble = pending.Ensemble,
            Fingerprint = pending.Fingerprint,
            FuseJson = pending.FuseJson,
            TimeoutMs = 1,
            Deadline = pending.Deadline,
            Sends = pending.Sends,
        };
        var before = TimeProvider.System.GetUtcNow();

        await host.Get<Resender>().ResendAsync(hasty);

        var resent = Assert.Single(await host.Get<RequestStore>().UnansweredAsync(DateTimeOffset.MaxValue, default));
        Assert.InRange(resent.Deadline, before.AddSeconds(1).ToUnixTimeMilliseconds(), long.MaxValue);
        release.SetResult();
        await host.Http.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);
    }

    [Fact]
    public async Task Post_TooManyInFlight_IsRefusedAndLeavesNothing()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(
            [ScriptedExpert.Waits("a", Modality.Text, release.Task, 0.8, 0.1, 0.1)], ("Multimodal:Gateway:MaxInFlight", "2"));
        Reply[] accepted = [await host.Http.PostAsync("one", wait: null), await host.Http.PostAsync("two", wait: null)];

        var refused = await host.Http.PostAsync(new RequestForm("three", Key: "k"));
        var stored = await host.Get<RequestStore>().FindByKeyAsync("default", "k", default);
        var early = await host.Http.FeedbackAsync(accepted[0].Id, new { label = "0" });
        release.SetResult();
        foreach (var one in accepted)
        {
            Assert.Equal("completed", (await host.Http.ReadAsync($"v1/requests/{one.Id}", wait: 30)).Text("status"));
        }

        Assert.Equal((503, "overloaded", "1"), (refused.Status, refused.Code, refused.Headers.GetValues("Retry-After").Single()));
        Assert.Null(stored);
        Assert.Equal((409, "result-pending"), (early.Status, early.Code));
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (host.Get<AdmissionControl>().InFlight > 0)
        {
            // A stored result can be read shortly before its in-flight slot is released.
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(200, (await host.Http.PostAsync(new RequestForm("three", Key: "k"))).Status);
    }

    [Fact]
    public async Task Post_Refused_GivesItsPlaceBack()
    {
        await using var host = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1));

        await host.Http.PostAsync("  ");
        await host.Http.PostAsync(image: SampleMedia.Png(100));

        Assert.Equal(0, host.Get<AdmissionControl>().InFlight);
        Assert.False(Directory.Exists(_folder.At("blobs", "default")));
    }

    private protected Task<PipelineHost> StartAsync(params ScriptedExpert[] experts) => StartAsync(experts, []);

    private protected async Task<PipelineHost> StartAsync(IReadOnlyList<ScriptedExpert> experts, params (string Key, string Value)[] settings) =>
        await PipelineHost.StartAsync(_folder.Path, experts, [.. await transport.SettingsAsync(), .. settings]);
}

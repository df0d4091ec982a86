using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The order in which refused requests are admitted when a slot becomes free.</summary>
public abstract class AdmissionScenarios(TestTransport transport) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TaskCompletionSource _release = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Post_SlotBecomesFree_TheFirstRefusedIsAdmittedBeforeLaterOnes()
    {
        await using var host = await StartFullAsync();
        RequestForm first = new("first", Key: "first"), second = new("second", Key: "second"), newcomer = new("new", Key: "new");
        var refused = await host.Http.PostAsync(first);
        Assert.Equal((503, "overloaded", "20"), (refused.Status, refused.Code, refused.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(503, (await host.Http.PostAsync(second)).Status);
        await ReleaseAsync(host);

        Assert.Equal(503, (await host.Http.PostAsync(newcomer)).Status);
        Assert.Equal(503, (await host.Http.PostAsync(second)).Status);
        Assert.Equal(200, (await host.Http.PostAsync(first)).Status);
        await UntilIdleAsync(host);

        Assert.Equal(503, (await host.Http.PostAsync(newcomer)).Status);
        Assert.Equal(200, (await host.Http.PostAsync(second)).Status);
        await UntilIdleAsync(host);

        Assert.Equal(200, (await host.Http.PostAsync(newcomer)).Status);
        Assert.Equal(0, host.Get<AdmissionControl>().Places);
    }

    [Fact]
    public async Task Post_WithoutKey_IsRecognizedByItsLength()
    {
        await using var host = await StartFullAsync();
        Assert.Equal(503, (await host.Http.PostAsync("without a key")).Status);
        await ReleaseAsync(host);

        Assert.Equal(503, (await host.Http.PostAsync(new RequestForm("new", Key: "new"))).Status);
        Assert.Equal(200, (await host.Http.PostAsync("without a key")).Status);
    }

    [Fact]
    public async Task Post_RefusedRequestIsInvalid_ItsPlaceEnds()
    {
        await using var host = await StartFullAsync();
        Assert.Equal(503, (await host.Http.PostAsync(new RequestForm("  ", Key: "empty"))).Status);
        Assert.Equal(1, host.Get<AdmissionControl>().Places);
        await ReleaseAsync(host);

        var invalid = await host.Http.PostAsync(new RequestForm("zero", Options: """{"ensemble": "none"}""", Key: "empty"));

        Assert.Equal((400, 0), (invalid.Status, host.Get<AdmissionControl>().Places));
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
                .. await transport.SettingsAsync(),
                ("Multimodal:Gateway:MaxInFlight", "1"), ("Multimodal:Gateway:MinInFlight", "1"), ("Multimodal:Gateway:RetryAfterSeconds", "20"),
            ]);
        Assert.Equal(202, (await host.Http.PostAsync("hold", options: """{"deadlineMs": 60000}""", wait: null)).Status);
        return host;
    }

    private async Task ReleaseAsync(PipelineHost host)
    {
        _release.SetResult();
        await UntilIdleAsync(host);
    }

    private static async Task UntilIdleAsync(PipelineHost host)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (host.Get<AdmissionControl>().InFlight > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, timeout.Token);
        }
    }
}

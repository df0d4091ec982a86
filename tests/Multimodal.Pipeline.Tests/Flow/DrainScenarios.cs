using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The orderly shutdown of a process.</summary>
public abstract class DrainScenarios(TestTransport transport) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Stop_RequestInHand_IsAnsweredFirst()
    {
        var (busy, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var expert = new ScriptedExpert("a", Modality.Text, async (_, _) =>
        {
            busy.TrySetResult();
            await release.Task;
            return ScriptedExpert.Opinion(0.8, 0.1, 0.1);
        });
        await using var host = await StartAsync(expert, drainSeconds: 60);

        var waiting = host.Http.PostAsync("zero");
        await busy.Task;
        var stopping = host.StopAsync();
        Assert.False(host.Get<Core.Readiness>().IsReady);
        release.SetResult();
        var reply = await waiting;
        await stopping;

        Assert.Equal((200, "completed", "answered"), (reply.Status, reply.Text("status"), reply.StateOf("a")));
        Assert.Equal(1, expert.Asked);
    }

    [Fact]
    public async Task Stop_NoWaiters_WorkInProgressIsFinished()
    {
        var (busy, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var expert = new ScriptedExpert("a", Modality.Text, async (_, _) =>
        {
            busy.TrySetResult();
            await release.Task;
            return ScriptedExpert.Opinion(0.8, 0.1, 0.1);
        });
        Reply receipt;
        await using (var host = await StartAsync(expert, drainSeconds: 60))
        {
            receipt = await host.Http.PostAsync("zero", wait: null);
            await busy.Task;
            var stopping = host.StopAsync();
            release.SetResult();
            await stopping;
        }

        var next = ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1);
        await using var later = await StartAsync(next, drainSeconds: 1);
        var result = await later.Http.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);

        // Finished requests are not processed again.
        Assert.Equal(("completed", 0), (result.Text("status"), next.Asked));
    }

    [Fact]
    public async Task Stop_BeyondTheBound_ClientGetsAReceiptAndTheNextProcessAnswers()
    {
        var busy = new TaskCompletionSource();
        var expert = new ScriptedExpert("a", Modality.Text, async (_, cancel) =>
        {
            busy.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            return ScriptedExpert.Opinion(0.8, 0.1, 0.1);
        });
        Reply receipt;
        await using (var host = await StartAsync(expert, drainSeconds: 1))
        {
            var waiting = host.Http.PostAsync("zero");
            await busy.Task;
            await host.StopAsync();
            receipt = await waiting;
        }

        await using var next = await StartAsync(ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1), drainSeconds: 1);
        var result = await next.Http.ReadAsync($"v1/requests/{receipt.Id}", wait: 40);

        Assert.Equal((202, "completed"), (receipt.Status, result.Text("status")));
    }

    private async Task<PipelineHost> StartAsync(ScriptedExpert expert, int drainSeconds) => await PipelineHost.StartAsync(
        _folder.Path, [expert], [.. await transport.SettingsAsync(), ("Multimodal:Hosting:DrainSeconds", $"{drainSeconds}")]);
}

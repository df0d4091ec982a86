using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Crash and restart of a single process.</summary>
public sealed class CrashTests() : CrashScenarios(TestTransport.InMemory)
{
    [Fact]
    public async Task Restart_SentTooOften_IsGivenUpAsFailed()
    {
        Reply receipt;
        await using (var host = await StartAsync(ScriptedExpert.Waits("a", Modality.Text, Never, 0.8, 0.1, 0.1)))
        {
            receipt = await host.Http.PostAsync("zero", wait: null);
        }

        var expert = ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1);
        await using var next = await StartAsync([expert], ("Multimodal:Store:MaxSends", "1"));
        var result = await next.Http.ReadAsync($"v1/requests/{receipt.Id}", wait: 30);

        Assert.Equal(("failed", "late", 0), (result.Text("status"), result.StateOf("a"), expert.Asked));
    }
}

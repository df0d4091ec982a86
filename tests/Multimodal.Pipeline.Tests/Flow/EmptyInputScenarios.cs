using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Requests with parts that show nothing.</summary>
public abstract class EmptyInputScenarios(TestTransport transport) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Post_EveryExpertDeclinesAsEmpty_IsUndecidedWithoutALabel()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Declines("a", Modality.Text, DeclineReason.Empty), ScriptedExpert.Declines("b", Modality.Text, DeclineReason.Empty));

        var reply = await host.Http.PostAsync(" \n ");

        Assert.Equal((200, "undecided"), (reply.Status, reply.Text("status")));
        Assert.Null(reply.Text("label"));
        Assert.Equal(0, reply.Json.GetProperty("confidence").GetDouble());
        Assert.Equal(0, reply.Json.GetProperty("scores").GetArrayLength());
        Assert.Equal(("declined", "empty"), (reply.StateOf("a"), reply.ReasonOf("a")));
        Assert.Equal(("declined", "empty"), (reply.StateOf("b"), reply.ReasonOf("b")));
    }

    /// <summary>The second expert may have an opinion if it is asked again.</summary>
    [Fact]
    public async Task Post_OneDeclinesAsEmptyAndOneForAnotherReason_IsFailed()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Declines("a", Modality.Text, DeclineReason.Empty), ScriptedExpert.Declines("b", Modality.Text, DeclineReason.Overloaded));

        Assert.Equal("failed", (await host.Http.PostAsync("zero")).Text("status"));
    }

    [Fact]
    public async Task Post_BlankTextWithAnImage_IsAnsweredFromTheImage()
    {
        var text = ScriptedExpert.Answers("a", Modality.Text, 0.1, 0.8, 0.1);
        await using var host = await StartAsync(text, ScriptedExpert.Answers("b", Modality.Image, 0.8, 0.1, 0.1));

        var reply = await host.Http.PostAsync(" ", SampleMedia.Png(10), options: """{"strategy": "top-k", "k": 1}""");

        Assert.Equal(("completed", "0"), (reply.Text("status"), reply.Text("label")));
        Assert.Equal(("skipped", "empty", 0), (reply.StateOf("a"), reply.ReasonOf("a"), text.Asked));
    }

    [Fact]
    public async Task Post_BlankTextAndOnlyItsExpertAllowed_AsksTheExpert()
    {
        await using var host = await StartAsync(
            ScriptedExpert.Declines("a", Modality.Text, DeclineReason.Empty), ScriptedExpert.Answers("b", Modality.Image, 0.8, 0.1, 0.1));

        var reply = await host.Http.PostAsync(" ", SampleMedia.Png(10), options: """{"experts": ["a"]}""");

        Assert.Equal(("undecided", "declined"), (reply.Text("status"), reply.StateOf("a")));
    }

    private async Task<PipelineHost> StartAsync(params ScriptedExpert[] experts) =>
        await PipelineHost.StartAsync(_folder.Path, new ScriptedEnsemble(experts), [.. await transport.SettingsAsync()]);
}

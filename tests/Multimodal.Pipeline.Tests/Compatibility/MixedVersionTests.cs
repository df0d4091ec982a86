using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Processes of this version send values that the previous version cannot read only to processes of this version.</summary>
[Collection(BrokerFixture.Name)]
public sealed class MixedVersionTests(BrokerFixture broker) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "failed")]
    [InlineData(2, "undecided")]
    public async Task Combiner_EveryExpertDeclinesAsEmpty_AnswersInTheVersionOfTheGateway(int version, string status)
    {
        await using var tap = await DeclaredAsync();
        await tap.PublishAsync(WithVersion(Read("fuse"), version));
        await using var combiner = await StartAsync(builder => builder.AddMultimodalCombiner());

        var instance = (await tap.TakeAsync("expert.tiny.text-pieces")).Member("replyTo");
        foreach (var expert in new[] { "text-pieces", "text-letters", "image-light" })
        {
            await tap.PublishAsync("opinions", instance, Edited(Read("declined"), body => (body["expert"], body["reason"]) = (expert, "empty")));
        }

        var answer = await tap.TakeAsync("results");
        Assert.Equal((status, $"default.alarms.{status}"), (answer.Member("status"), answer.RoutingKey));
        Assert.Equal("empty", JsonNode.Parse(answer.Body)!["experts"]![0]!["reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(1, "bad-input")]
    [InlineData(2, "empty")]
    public async Task Worker_EmptyPart_DeclinesInTheVersionOfTheCombiner(int version, string reason)
    {
        await using var tap = await DeclaredAsync();
        var analyze = Edited(WithVersion(Read("analyze-text-letters"), version), body =>
        {
            var part = body["part"]!;
            (part["length"], part["inline"]) = (1, Convert.ToBase64String(" "u8));
            part["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(" "u8));
        });
        var replies = await tap.BindAsync("opinions", analyze.Member("replyTo"));
        await tap.PublishAsync(analyze);
        await using var worker = await StartAsync(builder => builder.AddMultimodalExperts(Modality.Text));

        Assert.Equal(reason, (await tap.TakeAsync(replies)).Member("reason"));
    }

    /// <summary>The gateway does not know the combiner's version, so the reason of version 1 comes first.</summary>
    [Fact]
    public async Task Gateway_OnePartIsEmpty_SendsAReasonThatVersion1Reads()
    {
        await using var tap = await DeclaredAsync();
        await using var gateway = await StartAsync(builder => builder.AddMultimodalGateway());
        await tap.PublishAsync(Read("heartbeat-text"));
        await tap.PublishAsync(Read("heartbeat-image"));
        await BrokerScenario.UntilServedAsync(gateway, 4);

        var posting = gateway.Http.PostAsync(" ", SampleMedia.Png(100));
        var fuse = await tap.PeekAsync("fuse");

        var plan = JsonNode.Parse(fuse.Body)!["plan"]!;
        var skipped = plan["skipped"]!.AsArray().Where(expert => expert!["modality"]!.GetValue<string>() == "text").ToArray();
        Assert.NotEmpty(skipped);
        Assert.All(skipped, expert => Assert.Equal(
            ("absent-modality", "empty"), (expert!["reason"]!.GetValue<string>(), expert["newReason"]!.GetValue<string>())));
        await using var combiner = await StartAsync(builder => builder.AddMultimodalCombiner());
        await using var worker = await StartAsync(builder => builder.AddMultimodalExperts(Modality.Image));
        var reply = await posting;
        Assert.Equal(("skipped", "empty"), (reply.StateOf("text-letters"), reply.ReasonOf("text-letters")));
    }

    private static WireMessage Read(string name) => WireMessage.Read("broker", $"{name}.json").Fresh(TimeProvider.System.GetUtcNow());

    /// <summary>Version 1 did not write its version.</summary>
    private static WireMessage WithVersion(WireMessage message, int version) =>
        version == 1 ? message : Edited(message, body => body["messageVersion"] = version);

    private static WireMessage Edited(WireMessage message, Action<JsonNode> edit)
    {
        var body = JsonNode.Parse(message.Body)!;
        edit(body);
        return message with { Body = body.ToJsonString() };
    }

    /// <summary>Creates a virtual host in the state that the previous build left.</summary>
    private async Task<Tap> DeclaredAsync()
    {
        var tap = await Tap.ConnectAsync(_transport);
        await BrokerDeclarations.DeclareAsync(tap.Channel, Recorded.Text("broker", "queues.json"));
        return tap;
    }

    private async Task<PipelineHost> StartAsync(Action<WebApplicationBuilder> role) =>
        await PipelineHost.StartAsync(_folder.Path, ensembles: null, role, [.. await _transport.SettingsAsync(), .. BrokerScenario.Settings]);
}

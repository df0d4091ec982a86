using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Gating;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Tool.DataSets;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Renaming a record does not change a byte on the wire.</summary>
public sealed class MessageTypesTests
{
    [Fact]
    public void Of_EveryMessage_IsTheTypeThatThePreviousBuildSent()
    {
        Assert.Equal(Type("fuse"), MessageTypes.NameOf<Fuse>());
        Assert.Equal(Type("analyze-text-pieces"), MessageTypes.NameOf<Analyze>());
        Assert.Equal(Type("answered"), MessageTypes.NameOf<ExpertAnswered>());
        Assert.Equal(Type("declined"), MessageTypes.NameOf<ExpertDeclined>());

        static string? Type(string file) => WireMessage.Read("broker", $"{file}.json").Properties.Type;
    }

    /// <summary>The AMQP type comes from the table. A record that is not in the table has no type, whatever its name.</summary>
    [Fact]
    public async Task Reply_RecordThatIsNotInTheTable_IsNotSentUnderItsName()
    {
        var options = new BrokerOptions();
        var topology = new BrokerTopology(options, new EnsembleCatalog());
        using var link = new BrokerLink(options, topology, TimeProvider.System, NullLogger<BrokerLink>.Instance);
        var work = new BrokerWork(link, TimeProvider.System, NullLogger<BrokerWork>.Instance);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => work.ReplyAsync(MessageSamples.Analyze with { ReadsReplies = false }, Read(), new CancellationToken(canceled: true)));

        Assert.Contains(nameof(MessageTypes), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_RecordOfAnotherName_IsTheSameBytes() =>
        Assert.Equal(Recorded.Text("wire", "expert-declined.json"), JsonSerializer.Serialize(Read(), JsonFormat.Options));

    [Fact]
    public void Files_HoldNoNameOfAType()
    {
        var types = new[] { typeof(Fuse), typeof(GateState), typeof(ExpertPackage), typeof(JsonFormat), typeof(RecordedRow) }
            .SelectMany(type => type.Assembly.GetTypes()).Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        var (wire, broker) = (Directory.GetFiles(Recorded.At("wire")), Directory.GetFiles(Recorded.At("broker")));
        string[] texts = [.. wire.Select(File.ReadAllText), .. broker.Select(WithoutType)];
        Assert.NotEmpty(texts);

        Assert.All(texts, text =>
        {
            using var json = JsonDocument.Parse(text);
            Assert.DoesNotContain(
                Names(json.RootElement), name => types.Contains(name) || name.Contains("Multimodal.", StringComparison.Ordinal));
        });
    }

    /// <summary>A message without its AMQP type, a constant that may be equal to a record's name.</summary>
    private static string WithoutType(string path)
    {
        var file = Path.GetFileName(path);
        if (file == "queues.json")
        {
            return Recorded.Text("broker", file);
        }

        var message = WireMessage.Read("broker", file);
        return (message with { Properties = new RabbitMQ.Client.BasicProperties(message.Properties) { Type = "" } }).ToComparable();
    }

    /// <summary>All member names and string values.</summary>
    private static IEnumerable<string> Names(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Names(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Names),
        JsonValueKind.String => [json.GetString()!],
        _ => [],
    };

    private static Renamed Read() =>
        JsonSerializer.Deserialize<Renamed>(Recorded.Text("wire", "expert-declined.json"), JsonFormat.Options)!;

    /// <summary><see cref="ExpertDeclined"/> under another name.</summary>
    private sealed record Renamed
    {
        public required Guid RequestId { get; init; }

        public required string Expert { get; init; }

        public required DeclineReason Reason { get; init; }

        public required string Detail { get; init; }
    }
}

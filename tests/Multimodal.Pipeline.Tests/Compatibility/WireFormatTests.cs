using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging.RabbitMq;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>
/// The JSON of messages and stored values, byte by byte. It contains the names of a record's members, but not the record's own name.
/// </summary>
public sealed class WireFormatTests
{
    private static readonly Dictionary<string, VersionedMessage> Messages = new()
    {
        ["fuse"] = MessageSamples.Fuse,
        ["analyze"] = MessageSamples.Analyze,
        ["expert-answered"] = MessageSamples.Answered,
        ["expert-declined"] = MessageSamples.Declined,
        ["expert-replies"] = MessageSamples.Replies,
        ["shadow-answered"] = MessageSamples.Shadow,
        ["heartbeat"] = MessageSamples.Heartbeat,
        ["places"] = MessageSamples.Places,
        ["clock"] = MessageSamples.Clock,
    };

    /// <summary>The same as version 1 sent them.</summary>
    private static readonly Dictionary<string, VersionedMessage> FirstMessages = new()
    {
        ["fuse"] = MessageSamples.Fuse with
        {
            MessageVersion = 1,
            Plan = MessageSamples.Plan with { Skipped = [new SkippedExpert("audio-dtmf", Modality.Audio, SkipReason.AbsentModality)] },
        },
        ["analyze"] = MessageSamples.Analyze with { MessageVersion = 1, ReadsReplies = false },
        ["expert-answered"] = MessageSamples.Answered with { MessageVersion = 1 },
        ["expert-declined"] = MessageSamples.Declined with { MessageVersion = 1 },
        ["shadow-answered"] = MessageSamples.Shadow with { MessageVersion = 1 },
        ["heartbeat"] = MessageSamples.Heartbeat with { MessageVersion = 1 },
    };

    private static readonly Dictionary<string, object> Values = new()
    {
        ["answer"] = MessageSamples.Answer,
        ["opinions"] = MessageSamples.Combined.Opinions,
        ["shadows"] = MessageSamples.Combined.Shadows.ToArray(),
    };

    private static readonly Dictionary<string, object> States = new()
    {
        ["gate"] = StateSamples.Gate,
        ["combiner"] = StateSamples.Combiner,
        ["online-state"] = StateSamples.Online,
        ["trust"] = StateSamples.Trust,
        ["online-prediction"] = StateSamples.Prediction,
    };

    private static readonly Dictionary<string, object> Lines = new()
    {
        ["recorded-header"] = StateSamples.Header,
        ["recorded-row"] = StateSamples.Row,
    };

    public static TheoryData<string> MessageNames => [.. Messages.Keys];

    public static TheoryData<string> FirstMessageNames => [.. FirstMessages.Keys];

    public static TheoryData<string> ValueNames => [.. Values.Keys];

    public static TheoryData<string> StateNames => [.. States.Keys];

    public static TheoryData<string> LineNames => [.. Lines.Keys];

    public static TheoryData<string> Learners => [.. OnlineLearners.Table.Names];

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Message_EveryMemberSet_IsTheSameBytes(string name)
    {
        AssertFull(Messages[name], name);

        AssertRoundTrip("wire-2", name, Messages[name]);
    }

    [Theory]
    [MemberData(nameof(FirstMessageNames))]
    public void Message_OfVersion1_IsReadWithItsVersion(string name)
    {
        var type = FirstMessages[name].GetType();
        var read = JsonSerializer.Deserialize(Recorded.Text("wire", $"{name}.json"), type, JsonFormat.Messages);

        Assert.Equal(JsonSerializer.Serialize(FirstMessages[name], type, JsonFormat.Messages), JsonSerializer.Serialize(read, type, JsonFormat.Messages));
    }

    [Theory]
    [MemberData(nameof(ValueNames))]
    public void Value_EveryMemberSet_IsTheSameBytes(string name)
    {
        AssertFull(Values[name], name);

        AssertRoundTrip(name == "answer" ? "wire-2" : "wire", name, Values[name]);
    }

    [Fact]
    public void Answer_FromExperts_IsTheSameBytesAsInVersion1() =>
        Assert.Equal(Recorded.Text("wire", "answer.json"), JsonSerializer.Serialize(MessageSamples.Answer with { Cached = null }, JsonFormat.Messages));

    [Theory]
    [MemberData(nameof(StateNames))]
    public void State_EveryMemberSet_IsTheSameBytes(string name)
    {
        AssertFull(States[name], name);

        Recorded.Same("wire", $"{name}.json", States[name] switch
        {
            GateState state => state.ToJson(),
            CombinerState state => state.ToJson(),
            OnlineState state => state.ToJson(),
            TrustState state => state.ToJson(),
            OnlinePrediction state => state.ToJson(),
            var other => throw new InvalidOperationException(other.ToString()),
        });
    }

    [Theory]
    [MemberData(nameof(LineNames))]
    public void RecordedLine_EveryMemberSet_IsTheSameBytes(string name)
    {
        AssertFull(Lines[name], name);

        Recorded.Same("wire", $"{name}.json", JsonSerializer.Serialize(Lines[name], JsonSerializerOptions.Web));
    }

    /// <summary>The numbers in a learner's state have names too.</summary>
    [Theory]
    [MemberData(nameof(Learners))]
    public void Learner_Taught_HasTheSameState(string learner) =>
        Recorded.Alike("wire", $"learner-{learner}.json", StateSamples.Taught(learner).ToJson());

    [Fact]
    public void Answer_EveryMemberSet_HasTheSamePropertiesAndIsRead()
    {
        AssertFull(MessageSamples.Combined, "combined");

        var (properties, body) = ResultMessage.Encode(MessageSamples.Combined);

        Recorded.Same("wire-2", "answer-message.json", new WireMessage(
            "multimodal.results", ResultMessage.RoutingKey(MessageSamples.Combined), properties, Encoding.UTF8.GetString(body)).ToJson());

        // As the client library returns them.
        var received = new BasicProperties
        {
            Headers = properties.Headers!.ToDictionary(
                header => header.Key, header => header.Value is string text ? Encoding.UTF8.GetBytes(text) : header.Value),
        };
        var (again, sameBody) = ResultMessage.Encode(ResultMessage.Decode(received, body)!);
        Assert.Equal((Headers(properties), Encoding.UTF8.GetString(body)), (Headers(again), Encoding.UTF8.GetString(sameBody)));
    }

    [Fact]
    public void Answer_OfVersion1_IsReadWithItsVersion()
    {
        var message = WireMessage.Read("wire", "answer-message.json");
        var headers = message.Properties.Headers!.ToDictionary(
            header => header.Key, header => header.Value is string text ? Encoding.UTF8.GetBytes(text) : header.Value);

        var read = ResultMessage.Decode(new BasicProperties { Headers = headers }, Encoding.UTF8.GetBytes(message.Body))!;

        Assert.Equal((1, "lab", AnswerStatus.Partial), (read.MessageVersion, read.Tenant, read.Answer.Status));
    }

    private static void AssertRoundTrip(string folder, string name, object sample)
    {
        var text = JsonSerializer.Serialize(sample, sample.GetType(), JsonFormat.Messages);

        Recorded.Same(folder, $"{name}.json", text);
        var read = JsonSerializer.Deserialize(text, sample.GetType(), JsonFormat.Messages);
        Assert.Equal(text, JsonSerializer.Serialize(read, sample.GetType(), JsonFormat.Messages));
    }

    private static string Headers(BasicProperties properties) => JsonSerializer.Serialize(properties.Headers);

    /// <summary>Otherwise the tests would not notice that a member omitted when null was renamed.</summary>
    private static void AssertFull(object? value, string path)
    {
        Assert.True(value is not null, $"{path} has no value in the sample.");
        if (value is IEnumerable list and not string)
        {
            var entries = list.Cast<object>().ToArray();
            Assert.True(entries.Length > 0, $"{path} is empty in the sample.");
            AssertFull(entries[0], $"{path}[0]");
        }
        else if (value.GetType().Assembly.GetName().Name!.StartsWith("multimodal", StringComparison.OrdinalIgnoreCase) && value is not Enum)
        {
            foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                AssertFull(property.GetValue(value), $"{path}.{property.Name}");
            }
        }
    }
}

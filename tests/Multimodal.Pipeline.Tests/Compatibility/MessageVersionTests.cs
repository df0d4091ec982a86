using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Contracts.Versions;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>The rules that let two adjacent versions exchange messages, for every message and every enum in one.</summary>
public sealed class MessageVersionTests
{
    /// <summary>Enums whose unknown values make a message unreadable, with the reason.</summary>
    private static readonly Dictionary<Type, string> WithoutFallback = new()
    {
        [typeof(Modality)] = "An expert of another modality cannot judge the part.",
    };

    private static readonly VersionedMessage[] Samples =
    [
        MessageSamples.Fuse, MessageSamples.Analyze, MessageSamples.Answered, MessageSamples.Declined, MessageSamples.Replies, MessageSamples.Shadow,
        MessageSamples.Heartbeat, MessageSamples.Places, MessageSamples.Clock, MessageSamples.Combined,
    ];

    public static TheoryData<string> SampleNames => [.. Samples.Select(sample => sample.GetType().Name)];

    /// <summary>A record that is no member of another one is a message.</summary>
    [Fact]
    public void Messages_All_CarryTheVersion()
    {
        var records = typeof(Fuse).Assembly.GetTypes()
            .Where(type => type.IsClass && type.Namespace is "Multimodal.Contracts.Commands" or "Multimodal.Contracts.Events")
            .Where(type => !type.Name.Contains('<', StringComparison.Ordinal))
            .ToArray();

        // Replies are members of ExpertReplies, and messages of their own.
        var members = records.SelectMany(Reached).Except([typeof(ExpertAnswered), typeof(ExpertDeclined)]).ToHashSet();
        var messages = records.Except(members).ToArray();

        Assert.All(messages, message => Assert.True(message.IsSubclassOf(typeof(VersionedMessage)), $"{message} does not derive from VersionedMessage."));
        Assert.Equal(messages.Select(message => message.Name).Order(), Samples.Select(sample => sample.GetType().Name).Order());
    }

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void Message_New_HasTheCurrentVersionAndWithoutItInJsonTheFirst(string name)
    {
        var sample = Sample(name);
        var json = Json(sample);

        Assert.Equal(MessageVersions.Current, json["messageVersion"]!.GetValue<int>());
        json.Remove("messageVersion");
        Assert.Equal(1, Read(sample, json).MessageVersion);
        json["messageVersion"] = 7;
        Assert.Equal(7, Read(sample, json).MessageVersion);
    }

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void Message_UnknownMembersAtEveryLevel_IsReadWithoutThem(string name)
    {
        var sample = Sample(name);
        var json = Json(sample);
        foreach (var node in Objects(json).ToArray())
        {
            node["addedLater"] = new JsonObject { ["any"] = new JsonArray(1, "two", null) };
        }

        // In maps, a new key is a new entry.
        foreach (var map in Objects(json).Where(node => node.Parent is JsonObject && node.GetPropertyName() is "weights" or "opinions"))
        {
            map.Remove("addedLater");
        }

        Assert.Equal(Json(sample).ToJsonString(), Json(Read(sample, json)).ToJsonString());
    }

    [Fact]
    public void EnumsInMessages_All_HaveAFallbackOrAReasonForNone() => Assert.All(Enums(), type =>
        Assert.True(
            Fallback(type) is not null ^ WithoutFallback.ContainsKey(type),
            $"Mark the value of {type.Name} as which an unknown name is read with [Fallback], or add the type to {nameof(WithoutFallback)}."));

    [Fact]
    public void EnumsInMessages_UnknownNameOrNumber_IsReadAsTheFallback() => Assert.All(Enums().Except(WithoutFallback.Keys), type =>
    {
        Assert.Equal(Fallback(type), JsonSerializer.Deserialize("\"added-later\"", type, JsonFormat.Messages));
        Assert.Equal(Fallback(type), JsonSerializer.Deserialize("1000", type, JsonFormat.Messages));
        Assert.Equal(Fallback(type), JsonSerializer.Deserialize("\"added-later\"", typeof(Nullable<>).MakeGenericType(type), JsonFormat.Messages));
    });

    [Fact]
    public void EnumsInMessages_EveryValue_HasTheSameJsonAsForClients() => Assert.All(Enums(), type => Assert.All(Enum.GetValues(type).Cast<object>(), value =>
    {
        var json = JsonSerializer.Serialize(value, type, JsonFormat.Messages);

        Assert.Equal(JsonSerializer.Serialize(value, type, JsonFormat.Options), json);
        Assert.Equal(value, JsonSerializer.Deserialize(json, type, JsonFormat.Messages));
    }));

    /// <summary>Input of clients is checked, so a misspelt name is an error there.</summary>
    [Fact]
    public void UnknownName_FromAClient_IsAnError() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Priority>("\"urgent\"", JsonFormat.Options));

    [Fact]
    public void UnknownModality_InAMessage_IsAnError() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Modality>("\"video\"", JsonFormat.Messages));

    /// <summary>A new value needs the version that introduces it, and a substitute that earlier versions can read.</summary>
    [Fact]
    public void EnumValues_NotOfVersion1_HaveASubstituteThatVersion1Reads()
    {
        using var first = JsonDocument.Parse(Recorded.Text("names", "values-1.json"));
        var names = first.RootElement.EnumerateObject().ToDictionary(
            list => list.Name.Replace(" ", "", StringComparison.Ordinal), list => list.Value.EnumerateArray().Select(value => value.GetString()).ToArray());
        var check = typeof(MessageVersionTests).GetMethod(nameof(AssertReadByVersion1), BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.All(Enums(), type => check.MakeGenericMethod(type).Invoke(null, [names[type.Name.ToLowerInvariant()]]));
    }

    /// <summary>The reader's version is not known when a plan is sent.</summary>
    [Fact]
    public void SkippedExpert_AnyReason_IsReadByEveryVersion()
    {
        using var first = JsonDocument.Parse(Recorded.Text("names", "values-1.json"));
        var names = first.RootElement.GetProperty("skip reason").EnumerateArray().Select(value => value.GetString()).ToArray();
        Assert.All(Enum.GetValues<SkipReason>(), reason =>
        {
            var json = JsonSerializer.SerializeToNode(SkippedExpert.For("a", Modality.Text, reason), JsonFormat.Messages)!.AsObject();

            Assert.Contains(json["reason"]!.GetValue<string>(), names);
            Assert.Equal(reason, json.Deserialize<SkippedExpert>(JsonFormat.Messages)!.ExactReason);
        });
    }

    [Fact]
    public void SkippedExpert_ReasonOfANewerVersion_IsItsSubstitute()
    {
        var read = JsonSerializer.Deserialize<SkippedExpert>(
            """{"name": "a", "modality": "text", "reason": "no-worker", "newReason": "added-later"}""", JsonFormat.Messages)!;

        Assert.Equal(SkipReason.NoWorker, read.ExactReason);
    }

    private static void AssertReadByVersion1<T>(string?[] names)
        where T : struct, Enum => Assert.All(Enum.GetValues<T>(), value =>
        {
            var isOfVersion1 = names.Contains(MessageEnum.NameOf(value));
            Assert.True(MessageEnum.IsRead(value, 1) == isOfVersion1, $"{typeof(T).Name}.{value}: mark values added after version 1, and only those, with [Since].");
            Assert.Contains(MessageEnum.NameOf(MessageEnum.For(value, 1)), names);
            Assert.Equal(value, MessageEnum.For(value, MessageVersions.Current));
        });

    private static VersionedMessage Sample(string name) => Samples.Single(sample => sample.GetType().Name == name);

    private static JsonObject Json(VersionedMessage message) => JsonSerializer.SerializeToNode(message, message.GetType(), JsonFormat.Messages)!.AsObject();

    private static VersionedMessage Read(VersionedMessage sample, JsonNode json) => (VersionedMessage)json.Deserialize(sample.GetType(), JsonFormat.Messages)!;

    private static object? Fallback(Type type) =>
        typeof(MessageEnum).GetMethod(nameof(MessageEnum.Fallback))!.MakeGenericMethod(type).Invoke(null, []);

    /// <summary>The enums that any message contains.</summary>
    private static Type[] Enums()
    {
        var enums = Samples.SelectMany(sample => Reached(sample.GetType())).Where(type => type.IsEnum).Distinct().ToArray();
        Assert.Contains(typeof(AnswerStatus), enums);
        return enums;
    }

    /// <summary>The types of a record's members, and of their members.</summary>
    private static HashSet<Type> Reached(Type type)
    {
        var found = new HashSet<Type>();
        Reach(type, found);
        found.Remove(type);
        return found;
    }

    private static void Reach(Type type, HashSet<Type> found)
    {
        foreach (var part in type.IsGenericType ? type.GetGenericArguments() : [type])
        {
            if (part.Assembly == typeof(Fuse).Assembly && found.Add(part))
            {
                foreach (var property in part.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    Reach(property.PropertyType, found);
                }
            }
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => Objects(member.Value)).Append(one),
        JsonArray many => many.SelectMany(Objects),
        _ => [],
    };
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>A message on the broker, and its recorded file.</summary>
internal sealed partial record WireMessage(string Exchange, string RoutingKey, IReadOnlyBasicProperties Properties, string Body)
{
    /// <summary>The expiration in milliseconds for messages that had one. The recorded value depends on the time of recording.</summary>
    private const string Lifetime = "600000";

    /// <summary>Headers of the broker and of the client library that number deliveries and publications.</summary>
    private static readonly string[] Numbers = ["x-delivery-count", "x-dotnet-pub-seq-no"];

    /// <summary>Converts a message received by the client library.</summary>
    public static WireMessage Of(BasicGetResult got)
    {
        var properties = new BasicProperties(got.BasicProperties);
        properties.Headers = properties.Headers?.Where(header => !Numbers.Contains(header.Key)).ToDictionary();
        return new WireMessage(got.Exchange, got.RoutingKey, properties, Encoding.UTF8.GetString(got.Body.Span));
    }

    /// <summary>Reads a file.</summary>
    public static WireMessage Read(string folder, string file)
    {
        var json = JsonNode.Parse(Recorded.Text(folder, file))!.AsObject();
        string? Text(string name) => json[name]?.GetValue<string>();
        var properties = new BasicProperties { Persistent = json["persistent"]!.GetValue<bool>() };
        Set(Text("type"), value => properties.Type = value);
        Set(Text("contentType"), value => properties.ContentType = value);
        Set(Text("messageId"), value => properties.MessageId = value);
        Set(Text("correlationId"), value => properties.CorrelationId = value);
        Set(Text("replyTo"), value => properties.ReplyTo = value);
        Set(json["expires"]!.GetValue<bool>() ? Lifetime : null, value => properties.Expiration = value);
        properties.Headers = json["headers"]!.AsObject().ToDictionary(header => header.Key, header => Value(header.Value));
        return new WireMessage(Text("exchange")!, Text("routingKey")!, properties, Text("body")!);
    }

    /// <summary>A member of the body.</summary>
    public string Member(string name) => JsonDocument.Parse(Body).RootElement.GetProperty(name).GetString()!;

    /// <summary>Writes a file: the body as one string, so that no byte of it is lost.</summary>
    public string ToJson() => Describe(RoutingKey, Body, value => value) + "\n";

    /// <summary>The form for comparison: JSON in body and headers is parsed, and names of processes are removed.</summary>
    public string ToComparable() => Describe(BrokerDeclarations.Named(RoutingKey), Parsed(Body), Parsed);

    /// <summary>Returns the same message with a body that was accepted now and has its deadline in five minutes.</summary>
    public WireMessage Fresh(DateTimeOffset now) => this with
    {
        Body = Accepted().Replace(Deadline().Replace(Body, $"\"deadline\":\"{now.AddMinutes(5):O}\""), $"\"acceptedAt\":\"{now:O}\""),
    };

    [GeneratedRegex("\"acceptedAt\":\"[^\"]+\"")]
    private static partial Regex Accepted();

    [GeneratedRegex("\"deadline\":\"[^\"]+\"")]
    private static partial Regex Deadline();

    private string Describe(string routingKey, JsonNode? body, Func<string, JsonNode?> text)
    {
        var headers = new JsonObject();
        foreach (var (name, value) in Properties.Headers ?? new Dictionary<string, object?>())
        {
            headers[name] = value switch
            {
                byte[] bytes => text(Encoding.UTF8.GetString(bytes)),
                string said => text(said),
                bool flag => flag,
                null => null,
                _ => JsonValue.Create(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
            };
        }

        return new JsonObject
        {
            ["exchange"] = Exchange,
            ["routingKey"] = routingKey,
            ["persistent"] = Properties.Persistent,
            ["type"] = Properties.Type,
            ["contentType"] = Properties.ContentType,
            ["messageId"] = Properties.MessageId,
            ["correlationId"] = Properties.CorrelationId,
            ["replyTo"] = Properties.ReplyTo,
            ["expires"] = Properties.IsExpirationPresent(),
            ["headers"] = headers,
            ["body"] = body,
        }.ToJsonString(Recorded.Readable);
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static object? Value(JsonNode? header) => header!.GetValueKind() switch
    {
        JsonValueKind.String => header.GetValue<string>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => header.GetValue<long>(),
    };

    private static void Set(string? value, Action<string> set)
    {
        if (value is not null)
        {
            set(value);
        }
    }
}

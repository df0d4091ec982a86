using System.Text.Json;

namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>
/// Creates messages for the request queues. The bytes are a line with the properties as JSON (<see cref="AmqpProperties"/>), then the body.
/// </summary>
/// <param name="json">Creates bodies.</param>
internal sealed class AmqpBody(JsonBody json)
{
    private static readonly string?[] MessageIds = [null, null, "", "x", "a b", "\u00e9", "00000000-0000-0000-0000-000000000000"];

    private static readonly string?[] ContentTypes = [null, "application/json", "application/json; charset=utf-8", "text/plain", "", ";;;", "APPLICATION/JSON"];

    private static readonly string?[] Addresses =
        [null, "", "requests", "fuse", "results", "expert.digits.text-words", "client.default.x", "dead-letters", "no-such-queue", "amq.rabbitmq.reply-to.x", "\u00e9"];

    /// <summary>Creates a message.</summary>
    public byte[] Create(Random random)
    {
        var properties = new AmqpProperties
        {
            Queue = random.Next(6) == 0 ? "requests.low" : "requests",
            MessageId = random.Next(3) > 0 ? new string('m', random.Next(1, random.Next(20) == 0 ? 240 : 40)) + random.Next() : MessageIds[random.Next(MessageIds.Length)],
            ContentType = random.Next(3) > 0 ? "application/json" : ContentTypes[random.Next(ContentTypes.Length)],
            ContentEncoding = random.Next(8) == 0 ? "gzip" : null,
            ReplyTo = random.Next(5) > 0 ? AmqpProperties.OwnQueue : Addresses[random.Next(Addresses.Length)],
            Priority = random.Next(4) == 0 ? (byte)random.Next(256) : null,
            Expiration = random.Next(40) == 0 ? "0" : null,
            HeaderBytes = random.Next(6) == 0 ? random.Next(30_000) : 0,
            Depth = random.Next(6) == 0 ? random.Next(1, 30) : 0,
        };
        var options = random.Next(3) == 0 ? OptionsText.Create(random) : null;
        return [.. JsonSerializer.SerializeToUtf8Bytes(properties), (byte)'\n', .. json.Create(random, options)];
    }
}

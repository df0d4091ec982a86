using System.Text.Json;
using System.Text.RegularExpressions;
using Multimodal.Pipeline.Tests.MassTransitClient;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Exchanges, queues and bindings of a virtual host, as the broker describes them.</summary>
internal static partial class BrokerDeclarations
{
    /// <summary>The names that builds after the recorded one added.</summary>
    private static readonly string[] Added = ["multimodal.clock", "clock.", "live."];

    /// <summary>A name without the id of a process.</summary>
    public static string Named(string name) => Process().Replace(name, "<process>");

    /// <summary>Reads the declarations.</summary>
    public static async Task<string> DescribeAsync(ManagementApi api)
    {
        var exchanges = (await api.ListAsync("exchanges")).Where(exchange => IsOurs(Text(exchange, "name")));
        var queues = (await api.ListAsync("queues")).Where(queue => IsOurs(Text(queue, "name")));
        var bindings = (await api.ListAsync("bindings"))
            .Where(binding => IsOurs(Text(binding, "source")) && IsOurs(Text(binding, "destination")));
        return JsonSerializer.Serialize(
            new
            {
                exchanges = exchanges
                    .Select(exchange => new
                    {
                        name = Text(exchange, "name"),
                        type = Text(exchange, "type"),
                        durable = exchange.GetProperty("durable"),
                    })
                    .OrderBy(exchange => exchange.name, StringComparer.Ordinal),
                queues = queues
                    .Select(queue => new
                    {
                        name = Named(Text(queue, "name")),
                        type = Text(queue, "type"),
                        durable = queue.GetProperty("durable"),
                        exclusive = queue.GetProperty("exclusive"),
                        autoDelete = queue.GetProperty("auto_delete"),
                        arguments = queue.GetProperty("arguments"),
                    })
                    .OrderBy(queue => queue.name, StringComparer.Ordinal),
                bindings = bindings
                    .Select(binding => new
                    {
                        exchange = Text(binding, "source"),
                        queue = Named(Text(binding, "destination")),
                        key = Named(Text(binding, "routing_key")),
                    })
                    .OrderBy(binding => $"{binding.exchange} {binding.queue} {binding.key}", StringComparer.Ordinal),
            },
            Recorded.Readable) + "\n";
    }

    /// <summary>Declares what was recorded, without the queues of single processes, which are deleted with their process.</summary>
    public static async Task DeclareAsync(IChannel channel, string described)
    {
        using var recorded = JsonDocument.Parse(described);
        foreach (var exchange in recorded.RootElement.GetProperty("exchanges").EnumerateArray())
        {
            await channel.ExchangeDeclareAsync(Text(exchange, "name"), Text(exchange, "type"), Flag(exchange, "durable"));
        }

        foreach (var queue in recorded.RootElement.GetProperty("queues").EnumerateArray().Where(queue => IsShared(Text(queue, "name"))))
        {
            var arguments = queue.GetProperty("arguments").EnumerateObject()
                .ToDictionary(argument => argument.Name, argument => Value(argument.Value));
            await channel.QueueDeclareAsync(Text(queue, "name"), Flag(queue, "durable"), exclusive: false, autoDelete: false, arguments);
        }

        var bindings = recorded.RootElement.GetProperty("bindings").EnumerateArray();
        foreach (var binding in bindings.Where(binding => IsShared(Text(binding, "queue"))))
        {
            await channel.QueueBindAsync(Text(binding, "queue"), Text(binding, "exchange"), Text(binding, "key"));
        }
    }

    private static bool IsOurs(string name) =>
        name.Length > 0 && !name.StartsWith("amq.", StringComparison.Ordinal) && !Array.Exists(Added, start => name.StartsWith(start, StringComparison.Ordinal));

    private static bool IsShared(string queue) => queue == Named(queue) && !queue.Contains('<', StringComparison.Ordinal);

    private static object? Value(JsonElement argument) =>
        argument.ValueKind == JsonValueKind.Number ? argument.GetInt64() : argument.GetString();

    private static bool Flag(JsonElement entry, string name) => entry.GetProperty(name).GetBoolean();

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Process();
}

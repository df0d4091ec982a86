using System.Text;
using RabbitMQ.Client;

namespace Multimodal.Bench.Upgrade;

/// <summary>The messages that the broker removed from a queue, because a process rejected them or their time passed.</summary>
internal static class DeadLetters
{
    /// <summary>The reason of messages that a process could not read.</summary>
    public const string Rejected = "rejected";

    /// <summary>Counts and removes the dead letters, by the queue and the reason of their first removal.</summary>
    public static async Task<IReadOnlyDictionary<(string Queue, string Reason), int>> TakeAsync(ConnectionFactory broker, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(string, string), int>();
        await using var connection = await broker.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        while (await channel.BasicGetAsync("dead-letters", autoAck: true, cancellationToken) is { } letter)
        {
            var key = (Header(letter, "x-first-death-queue"), Header(letter, "x-first-death-reason"));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    private static string Header(BasicGetResult letter, string name) =>
        letter.BasicProperties.Headers?.TryGetValue(name, out var value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : "unknown";
}

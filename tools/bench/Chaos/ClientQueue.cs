using System.Collections.Concurrent;
using System.Text.Json;
using RabbitMQ.Client;

namespace Multimodal.Bench.Chaos;

/// <summary>A client's durable queue bound to <c>multimodal.results</c>, read with plain RabbitMQ.Client.</summary>
internal sealed class ClientQueue(ConnectionFactory broker) : IAsyncDisposable
{
    private const string Name = "chaos-client";
    private readonly ConcurrentDictionary<Guid, int> _received = new();
    private int _unmatched;
    private IConnection? _connection;

    /// <summary>Messages that cannot be matched to a request: without an id, or with an id that differs from the body's.</summary>
    public int Unmatched => Volatile.Read(ref _unmatched);

    /// <summary>Redelivered messages; their id identifies them as repeats.</summary>
    public int Repeats => _received.Values.Sum(count => count - 1);

    /// <summary>Number of requests without a message.</summary>
    public int Missing(IEnumerable<Guid> ids) => ids.Count(id => !_received.ContainsKey(id));

    /// <summary>Declares the queue. It receives everything published from then on.</summary>
    public async Task DeclareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await broker.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(Name, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(Name, "multimodal.results", "default.#", cancellationToken: cancellationToken);
    }

    /// <summary>Reads all queued messages.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        _connection = await broker.CreateConnectionAsync(cancellationToken);
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        while (await channel.BasicGetAsync(Name, autoAck: true, cancellationToken) is { } message)
        {
            Record(message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private void Record(BasicGetResult message)
    {
        using var answer = JsonDocument.Parse(message.Body);
        if (!Guid.TryParse(message.BasicProperties.MessageId, out var id) || answer.RootElement.GetProperty("id").GetGuid() != id)
        {
            Interlocked.Increment(ref _unmatched);
            return;
        }

        _received.AddOrUpdate(id, 1, (_, count) => count + 1);
    }
}

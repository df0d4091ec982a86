using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Multimodal.Bench.Soak;

/// <summary>A client on the broker: it sends requests by AMQP, and reads replies and the queue of a subscription.</summary>
internal sealed class SoakQueue : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private int _received;

    private SoakQueue(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>Replies and results so far.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Connects, and consumes the queue of a subscription.</summary>
    public static async Task<SoakQueue> ConnectAsync(int port, string queue, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = port }.CreateConnectionAsync(cancellationToken);
        var client = new SoakQueue(connection, await connection.CreateChannelAsync(cancellationToken: cancellationToken));
        foreach (var name in new[] { "amq.rabbitmq.reply-to", queue })
        {
            var consumer = new AsyncEventingBasicConsumer(client._channel);
            consumer.ReceivedAsync += (_, _) =>
            {
                Interlocked.Increment(ref client._received);
                return Task.CompletedTask;
            };
            await client._channel.BasicConsumeAsync(name, autoAck: true, consumer, cancellationToken);
        }

        return client;
    }

    /// <summary>Sends a request whose reply comes back to this client.</summary>
    public async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { ContentType = "application/json", MessageId = Guid.NewGuid().ToString("D"), ReplyTo = "amq.rabbitmq.reply-to" };
        await _channel.BasicPublishAsync(
            "", "requests", mandatory: false, properties, JsonSerializer.SerializeToUtf8Bytes(new { text }), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

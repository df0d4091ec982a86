using System.Text;
using Multimodal.Pipeline.Tests.Flow;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>A client that inspects the queues of the service, and consumes and sends messages in place of another process.</summary>
internal sealed class Tap : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly IConnection _connection;

    private Tap(IConnection connection, IChannel channel) => (_connection, Channel) = (connection, channel);

    public IChannel Channel { get; }

    /// <summary>Connects to the broker that the hosts use.</summary>
    public static async Task<Tap> ConnectAsync(TestTransport transport)
    {
        var connection = await (await PlainConsumer.FactoryAsync(transport)).CreateConnectionAsync();
        return new Tap(connection, await connection.CreateChannelAsync());
    }

    /// <summary>Binds a new queue to an exchange of the service.</summary>
    public async Task<string> BindAsync(string exchange, string key)
    {
        var queue = (await Channel.QueueDeclareAsync()).QueueName;
        await Channel.QueueBindAsync(queue, exchange, key);
        return queue;
    }

    /// <summary>Consumes the next message of a queue.</summary>
    public async Task<WireMessage> TakeAsync(string queue) => WireMessage.Of(await GetAsync(queue, autoAck: true));

    /// <summary>Reads the next messages of a queue and leaves them there.</summary>
    public async Task<IReadOnlyList<WireMessage>> PeekAsync(string queue, int count)
    {
        var got = new List<BasicGetResult>();
        var messages = new List<WireMessage>();
        while (got.Count < count)
        {
            got.Add(await GetAsync(queue, autoAck: false));
            messages.Add(WireMessage.Of(got[^1]));
        }

        await Channel.BasicNackAsync(got[^1].DeliveryTag, multiple: true, requeue: true);
        return messages;
    }

    /// <summary>Reads the next message of a queue and leaves it there.</summary>
    public async Task<WireMessage> PeekAsync(string queue) => (await PeekAsync(queue, 1))[0];

    /// <summary>Sends a recorded message.</summary>
    public Task PublishAsync(WireMessage message) => PublishAsync(message.Exchange, message.RoutingKey, message);

    /// <summary>Sends a message to another address.</summary>
    public async Task PublishAsync(string exchange, string routingKey, WireMessage message) => await Channel.BasicPublishAsync(
        exchange, routingKey, mandatory: true, new BasicProperties(message.Properties), Encoding.UTF8.GetBytes(message.Body));

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task<BasicGetResult> GetAsync(string queue, bool autoAck)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Timeout)
        {
            if (await Channel.BasicGetAsync(queue, autoAck) is { } got)
            {
                return got;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new TimeoutException($"No message came to {queue} within {Timeout}.");
    }
}

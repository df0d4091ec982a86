using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A client that uses only AMQP: RabbitMQ.Client, the name of a queue, and credentials.</summary>
internal sealed class PlainConsumer : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly System.Threading.Channels.Channel<Message> _received = System.Threading.Channels.Channel.CreateUnbounded<Message>();
    private readonly IConnection _connection;

    private PlainConsumer(IConnection connection, IChannel channel) => (_connection, Channel) = (connection, channel);

    public IChannel Channel { get; }

    /// <summary>Connects to the broker of the hosts.</summary>
    public static async Task<PlainConsumer> ConnectAsync(TestTransport transport)
    {
        var connection = await (await FactoryAsync(transport)).CreateConnectionAsync();
        return new PlainConsumer(connection, await connection.CreateChannelAsync());
    }

    /// <summary>The address with credentials.</summary>
    public static async Task<ConnectionFactory> FactoryAsync(TestTransport transport)
    {
        var settings = (await transport.SettingsAsync()).ToDictionary(setting => setting.Key, setting => setting.Value);
        return new ConnectionFactory
        {
            HostName = settings["Multimodal:Transport:Broker:Host"],
            Port = int.Parse(settings["Multimodal:Transport:Broker:Port"], CultureInfo.InvariantCulture),
            VirtualHost = settings["Multimodal:Transport:Broker:VirtualHost"],
        };
    }

    /// <summary>Starts to consume a queue.</summary>
    public async Task ConsumeAsync(string queue, bool autoAck = false)
    {
        var consumer = new AsyncEventingBasicConsumer(Channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            // The client reuses the body's memory when this returns.
            await _received.Writer.WriteAsync(
                new Message(delivery.RoutingKey, new BasicProperties(delivery.BasicProperties), Encoding.UTF8.GetString(delivery.Body.Span)));
            if (!autoAck)
            {
                await Channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            }
        };
        await Channel.BasicConsumeAsync(queue, autoAck, consumer);
    }

    /// <summary>Waits for the next message.</summary>
    public Task<Message> ReadAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(Timeout, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>A received message.</summary>
    internal sealed record Message(string RoutingKey, BasicProperties Properties, string Body);
}

using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Multimodal.Bench.PathBench;

/// <summary>
/// The queues of the bare program, with the kinds and the order of confirm and acknowledgement that the service had before decision 0126. A request with n
/// experts takes 2 + 2n messages: <c>bare.fuse</c>, <c>bare.expert.i</c> and <c>bare.results</c> are durable, <c>bare.opinions</c> is not.
/// </summary>
/// <param name="port">Local port of the broker.</param>
/// <param name="experts">Number of experts.</param>
/// <param name="type">Type of the durable queues: quorum or classic.</param>
internal sealed class BareQueues(int port, int experts, string type) : IAsyncDisposable
{
    public const string Fuse = "bare.fuse";
    public const string Opinions = "bare.opinions";
    public const string Results = "bare.results";

    // About the size of the service's messages; the bodies are not parsed.
    public static readonly byte[] FuseBody = new byte[1500];
    public static readonly byte[] AnalyzeBody = new byte[500];
    public static readonly byte[] OpinionBody = new byte[400];
    public static readonly byte[] ResultBody = new byte[1500];

    private static readonly CreateChannelOptions Confirming = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
    private IConnection? _connection;
    private IChannel? _publisher;

    public int Experts => experts;

    /// <summary>The queue of an expert.</summary>
    public static string Expert(int number) => string.Create(CultureInfo.InvariantCulture, $"bare.expert.{number}");

    /// <summary>Connects and declares the queues.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = port }.CreateConnectionAsync(cancellationToken);
        _publisher = await _connection.CreateChannelAsync(Confirming, cancellationToken);
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = type };
        if (type == "quorum")
        {
            arguments["x-delivery-limit"] = 10;
        }

        foreach (var queue in Enumerable.Range(0, experts).Select(Expert).Append(Fuse).Append(Results))
        {
            await _publisher.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        }

        await _publisher.QueueDeclareAsync(Opinions, durable: false, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
    }

    /// <summary>Publishes a persistent message; completes when the broker confirms it.</summary>
    public async Task PublishAsync(string queue, string request, byte[] body) => await _publisher!.BasicPublishAsync(
        "", queue, mandatory: false, new BasicProperties { MessageId = request, DeliveryMode = DeliveryModes.Persistent, Expiration = "10000" }, body);

    /// <summary>
    /// Consumes a queue; acknowledges a message when its handler completes. The handler's channel has no publisher confirms.
    /// </summary>
    public async Task ConsumeAsync(string queue, ushort prefetch, Func<IChannel, string, Task> handle, CancellationToken cancellationToken)
    {
        var channel = await _connection!.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicQosAsync(0, prefetch, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            _ = HandleAsync(delivery.BasicProperties.MessageId!, delivery.DeliveryTag);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);

        async Task HandleAsync(string request, ulong tag)
        {
            await handle(channel, request);
            await channel.BasicAckAsync(tag, multiple: false, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }
}

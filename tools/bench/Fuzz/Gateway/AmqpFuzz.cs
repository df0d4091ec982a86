using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Multimodal.Bench.Fuzz.Findings;
using Multimodal.Bench.Fuzz.Requests;
using Multimodal.Bench.Fuzz.Targets;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>Publishes inputs to the request queues of a broker and reads the replies.</summary>
internal sealed class AmqpFuzz : IAsyncDisposable
{
    // Fewer than the gateway takes at once, so that no message waits behind others.
    private const int Outstanding = 12;
    private const string OwnHeader = "fuzz-has-reply";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly FuzzTally _tally;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _waiting = new();
    private string _queue = "";

    private AmqpFuzz(IConnection connection, IChannel channel, FuzzTally tally, TimeProvider time) =>
        (_connection, _channel, _tally, _time) = (connection, channel, tally, time);

    /// <summary>Connects and declares the queue of replies.</summary>
    public static async Task<AmqpFuzz> ConnectAsync(int port, FuzzTally tally, TimeProvider time, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { HostName = "127.0.0.1", Port = port };
        var connection = await factory.CreateConnectionAsync(cancellationToken);
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var fuzz = new AmqpFuzz(connection, channel, tally, time);
        var declared = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        fuzz._queue = declared.QueueName;
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            if (message.BasicProperties.CorrelationId is { } id && fuzz._waiting.TryRemove(id, out var waiting))
            {
                waiting.TrySetResult(message.Body.ToArray());
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(fuzz._queue, autoAck: true, consumer, cancellationToken);
        return fuzz;
    }

    /// <summary>Publishes inputs.</summary>
    public Task RunAsync(IEnumerable<FuzzInput> inputs, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        inputs,
        new ParallelOptions { MaxDegreeOfParallelism = Outstanding, CancellationToken = cancellationToken },
        async (input, cancel) => await SendAsync(input, cancel));

    /// <summary>Publishes one input and waits for its reply, if it must have one.</summary>
    /// <returns>How it ended.</returns>
    public async Task<string> SendAsync(FuzzInput input, CancellationToken cancellationToken)
    {
        var end = input.Bytes.AsSpan().IndexOf((byte)'\n');
        var properties = JsonSerializer.Deserialize<AmqpProperties>(input.Bytes.AsSpan(0, end))!;
        var id = string.Create(CultureInfo.InvariantCulture, $"{input.Target}-{input.Number}-{Guid.NewGuid():n}");
        var reply = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (properties.HasReply)
        {
            _waiting[id] = reply;
        }

        var start = _time.GetTimestamp();
        await _channel.BasicPublishAsync(
            "", properties.Queue, mandatory: false, Convert(properties, id), input.Bytes.AsMemory(end + 1), cancellationToken);
        if (!properties.HasReply)
        {
            _tally.Add(input, "sent without a reply address", TimeSpan.Zero, isFinding: false);
            return "sent";
        }

        var outcome = "no reply";
        var isFinding = true;
        try
        {
            (outcome, isFinding) = Outcome(await reply.Task.WaitAsync(Limit, _time, cancellationToken));
        }
        catch (TimeoutException)
        {
            _waiting.TryRemove(id, out _);
        }

        _tally.Add(input, outcome, _time.GetElapsedTime(start), isFinding);
        return outcome;
    }

    /// <summary>Reads the dead letters. One whose sender could get a reply is a finding, because the gateway failed to process it.</summary>
    public async Task CheckDeadLettersAsync(CancellationToken cancellationToken)
    {
        var unanswered = 0;
        while (await _channel.BasicGetAsync("dead-letters", autoAck: true, cancellationToken) is { } letter)
        {
            unanswered += letter.BasicProperties.Headers?.ContainsKey(OwnHeader) == true ? 1 : 0;
        }

        if (unanswered > 0)
        {
            _tally.Find(FormattableString.Invariant($"amqp: {unanswered} messages with a reply address became dead letters"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static (string Outcome, bool IsFinding) Outcome(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        var status = json.RootElement.GetProperty("status").ToString();
        return json.RootElement.TryGetProperty("code", out var code)
            ? ($"{status} {code}", status.StartsWith('5') && status != "503")
            : (status, false);
    }

    private BasicProperties Convert(AmqpProperties properties, string id)
    {
        var headers = new Dictionary<string, object?>();
        if (properties.HasReply)
        {
            headers[OwnHeader] = true;
        }

        if (properties.HeaderBytes > 0)
        {
            headers["long"] = new byte[properties.HeaderBytes];
        }

        object? nested = 1;
        for (var depth = 0; depth < properties.Depth; depth++)
        {
            nested = new Dictionary<string, object?> { ["a"] = nested };
        }

        headers["nested"] = nested;
        var message = new BasicProperties { CorrelationId = id, MessageId = properties.MessageId, Expiration = properties.Expiration, Headers = headers };
        (message.ContentType, message.ContentEncoding) = (properties.ContentType, properties.ContentEncoding);
        message.ReplyTo = properties.ReplyTo == AmqpProperties.OwnQueue ? _queue : properties.ReplyTo;
        if (properties.Priority is { } priority)
        {
            message.Priority = priority;
        }

        return message;
    }
}

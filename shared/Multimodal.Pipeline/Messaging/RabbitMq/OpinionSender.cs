using System.Text.Json;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Core;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>
/// Sends the replies of experts. Replies to one combiner that are ready before the next write share a message, such as those of one batch of the model.
/// Thread-safe.
/// </summary>
internal sealed class OpinionSender(BrokerLink link)
{
    private readonly Lock _lock = new();
    private List<Waiting> _waiting = [];
    private bool _isSending;

    /// <summary>Sends a reply. The task completes when it is written.</summary>
    /// <param name="instance">The combiner instance.</param>
    /// <param name="reply">An <see cref="ExpertAnswered"/> or an <see cref="ExpertDeclined"/>.</param>
    /// <param name="cancellationToken">Stops waiting for the broker.</param>
    /// <exception cref="Exception">The broker is unreachable; see <see cref="BrokerConnection.IsConnectionFailure"/>.</exception>
    public Task SendAsync(string instance, object reply, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(instance, reply);
        bool isFirst;
        lock (_lock)
        {
            _waiting.Add(waiting);
            isFirst = !_isSending;
            _isSending = true;
        }

        if (isFirst)
        {
            _ = SendAllAsync();
        }

        return waiting.Sent.Task.WaitAsync(cancellationToken);
    }

    private async Task SendAllAsync()
    {
        // Under load, further replies become ready before this continues.
        await Task.Yield();
        while (Take() is { Count: > 0 } taken)
        {
            foreach (var replies in taken.GroupBy(waiting => waiting.Instance))
            {
                await SendAsync(replies.Key, [.. replies]);
            }
        }
    }

    private List<Waiting> Take()
    {
        lock (_lock)
        {
            var taken = _waiting;
            _isSending = taken.Count > 0;
            _waiting = [];
            return taken;
        }
    }

    private async Task SendAsync(string instance, Waiting[] replies)
    {
        try
        {
            var (properties, body) = Encode([.. replies.Select(waiting => waiting.Reply)]);
            await link.PublishTransientAsync(new BrokerMessage(Topology.OpinionsExchange, instance, properties, body), CancellationToken.None);
            foreach (var reply in replies)
            {
                reply.Sent.TrySetResult();
            }
        }
        catch (Exception exception)
        {
            foreach (var reply in replies)
            {
                reply.Sent.TrySetException(exception);
            }
        }
    }

    private static (BasicProperties Properties, byte[] Body) Encode(object[] replies) => replies switch
    {
        [ExpertAnswered answered] => Encode(answered),
        [ExpertDeclined declined] => Encode(declined),
        _ => Encode(new ExpertReplies { Answered = [.. replies.OfType<ExpertAnswered>()], Declined = [.. replies.OfType<ExpertDeclined>()] }),
    };

    private static (BasicProperties Properties, byte[] Body) Encode<T>(T message) => (
        new BasicProperties { Type = MessageTypes.NameOf<T>(), ContentType = "application/json" },
        JsonSerializer.SerializeToUtf8Bytes(message, JsonFormat.Messages));

    private sealed record Waiting(string Instance, object Reply)
    {
        public TaskCompletionSource Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

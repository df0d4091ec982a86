namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>The properties of a message for the request queues.</summary>
internal sealed record AmqpProperties
{
    /// <summary>The value of <see cref="ReplyTo"/> that stands for the queue of the run.</summary>
    public const string OwnQueue = "(own)";

    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The message id.</summary>
    public string? MessageId { get; init; }

    /// <summary>The content type.</summary>
    public string? ContentType { get; init; }

    /// <summary>The content encoding.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>The reply address.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The priority.</summary>
    public byte? Priority { get; init; }

    /// <summary>Milliseconds after which the broker drops the message.</summary>
    public string? Expiration { get; init; }

    /// <summary>Bytes of a long header.</summary>
    public int HeaderBytes { get; init; }

    /// <summary>Depth of a nested header.</summary>
    public int Depth { get; init; }

    /// <summary>Whether the gateway must reply.</summary>
    public bool HasReply => ReplyTo == OwnQueue && Expiration is null;
}

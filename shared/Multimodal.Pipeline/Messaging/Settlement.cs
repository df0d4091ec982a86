namespace Multimodal.Pipeline.Messaging;

/// <summary>How a consumer settles a message.</summary>
internal enum Settlement
{
    /// <summary>Acknowledge it.</summary>
    Ack,

    /// <summary>Reject it: it cannot be handled and becomes a dead letter.</summary>
    DeadLetter,

    /// <summary>Put it back into the queue for another attempt, up to the queue's delivery limit.</summary>
    Requeue,

    /// <summary>Do not settle it: this process is shutting down or lost the message, and the broker redelivers it.</summary>
    None,
}

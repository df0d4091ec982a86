namespace Multimodal.Contracts.Values;

/// <summary>The reply address of a request that came over AMQP. The answer goes there in addition to the subscription.</summary>
/// <param name="Queue">The queue, reached through the default exchange.</param>
/// <param name="CorrelationId">The client's correlation id, repeated in the reply; null if it sent none.</param>
public sealed record ReplyAddress(string Queue, string? CorrelationId);

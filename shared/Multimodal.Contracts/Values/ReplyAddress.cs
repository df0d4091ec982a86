namespace Multimodal.Contracts.Values;

/// <summary>Where a client that asked by AMQP wants its answer, besides the subscription.</summary>
/// <param name="Queue">The queue, reached through the default exchange.</param>
/// <param name="CorrelationId">What the client wants to find in the answer; null when it gave none.</param>
public sealed record ReplyAddress(string Queue, string? CorrelationId);

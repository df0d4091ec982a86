namespace Multimodal.Pipeline.Messaging.InMemory;

/// <summary>A message in a queue in memory. It is passed by reference, so the sender must not change it after sending.</summary>
/// <param name="Content">The message's content.</param>
/// <param name="Request">The request it belongs to.</param>
/// <param name="Deadline">When the message is dropped; null for never.</param>
/// <param name="TraceContext">The sender's W3C trace context; null if the sender does not trace.</param>
internal readonly record struct LocalMessage(object Content, Guid Request, DateTimeOffset? Deadline, string? TraceContext);

namespace Multimodal.Pipeline.Messaging;

/// <summary>A received message.</summary>
/// <param name="Message">The message.</param>
/// <param name="TraceContext">The sender's W3C trace context; null if the sender does not trace.</param>
/// <param name="CancellationToken">
/// Cancelled when this consumer loses the message, because its connection or process ends; the broker redelivers it to another.
/// </param>
internal sealed record Incoming<T>(T Message, string? TraceContext, CancellationToken CancellationToken);

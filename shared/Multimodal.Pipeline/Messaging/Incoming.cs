namespace Multimodal.Pipeline.Messaging;

/// <summary>A message as it came.</summary>
/// <param name="Message">What was sent.</param>
/// <param name="TraceContext">The sender's W3C trace context; null when nobody traced.</param>
/// <param name="CancellationToken">Ends when the message is lost to this process, with its connection or its stop: somebody else gets it.</param>
internal sealed record Incoming<T>(T Message, string? TraceContext, CancellationToken CancellationToken);

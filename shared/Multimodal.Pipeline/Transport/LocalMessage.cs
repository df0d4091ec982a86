namespace Multimodal.Pipeline.Transport;

/// <summary>A message in a queue of this process. It is handed over as it is, so nobody may change it any more.</summary>
/// <param name="Content">What was sent.</param>
/// <param name="Request">The request it belongs to.</param>
/// <param name="Deadline">When it is dropped; null for never.</param>
/// <param name="TraceContext">The sender's W3C trace context; null if nobody traces.</param>
internal readonly record struct LocalMessage<T>(T Content, Guid Request, DateTimeOffset? Deadline, string? TraceContext);

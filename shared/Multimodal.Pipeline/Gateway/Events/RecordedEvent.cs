namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>One result in the order of its subscription.</summary>
/// <param name="Number">1 for the first that was read.</param>
/// <param name="Result">The result as clients read it.</param>
internal sealed record RecordedEvent(long Number, string Result);

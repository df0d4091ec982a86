namespace Multimodal.Pipeline.Gateway.Events;

/// <summary>A numbered result of a subscription.</summary>
/// <param name="Number">Counts from 1 in the order of the subscription.</param>
/// <param name="Result">The result as clients read it.</param>
internal sealed record RecordedEvent(long Number, string Result);

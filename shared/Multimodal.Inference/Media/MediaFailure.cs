namespace Multimodal.Inference.Media;

/// <summary>The reason why a part of a request is refused.</summary>
/// <param name="Code">The kind of failure.</param>
/// <param name="Detail">What is wrong and what the client can do, with the limit if one applies. It never contains payload.</param>
public sealed record MediaFailure(MediaFailureCode Code, string Detail);

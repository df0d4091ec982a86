namespace Multimodal.Inference.Media;

/// <summary>A refusal of media as a value: what is wrong and what the sender can do about it.</summary>
/// <param name="Code">The kind of failure.</param>
/// <param name="Detail">One sentence for a person, with the limit where there is one; never payload.</param>
public sealed record MediaFailure(MediaFailureCode Code, string Detail);

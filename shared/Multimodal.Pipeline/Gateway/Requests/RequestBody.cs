using Multimodal.Contracts.Requests;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>The JSON form of a request.</summary>
/// <param name="Text">The text.</param>
/// <param name="Image">The image file in base64.</param>
/// <param name="Audio">The sound file in base64.</param>
/// <param name="Options">What the client decides.</param>
internal sealed record RequestBody(string? Text, byte[]? Image, byte[]? Audio, MultimodalRequestOptions? Options);

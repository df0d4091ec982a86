using Multimodal.Contracts.Requests;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>A request as JSON.</summary>
/// <param name="Text">The text.</param>
/// <param name="Image">The image file in base64.</param>
/// <param name="Audio">The sound file in base64.</param>
/// <param name="Options">The options.</param>
internal sealed record RequestBody(string? Text, byte[]? Image, byte[]? Audio, MultimodalRequestOptions? Options);

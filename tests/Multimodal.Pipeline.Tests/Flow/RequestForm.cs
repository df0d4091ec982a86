namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The fields of a multipart request.</summary>
/// <param name="Text">The text.</param>
/// <param name="Image">The bytes of the image file.</param>
/// <param name="Audio">The bytes of the audio file.</param>
/// <param name="Options">The options, JSON.</param>
/// <param name="Key">The value of the Idempotency-Key header.</param>
internal sealed record RequestForm(
    string? Text = null, byte[]? Image = null, byte[]? Audio = null, string? Options = null, string? Key = null);

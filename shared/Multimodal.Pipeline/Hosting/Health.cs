namespace Multimodal.Pipeline.Hosting;

/// <summary>The response of a health probe.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record Health(string Status);

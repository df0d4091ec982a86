namespace Multimodal.Pipeline.Hosting;

/// <summary>A probe's answer.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record Health(string Status);

namespace Multimodal.Bench.Fuzz.Findings;

/// <summary>A violated target.</summary>
/// <param name="What">What happened.</param>
/// <param name="File">The input; null if no single input causes it.</param>
internal sealed record FuzzFinding(string What, string? File);

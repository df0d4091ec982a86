namespace Multimodal.Tool.Commands;

/// <summary>One bundled case: what is posted and what must come back.</summary>
internal sealed record DemoCase(string Name, string? Text, string? Image, string? Audio, DemoExpectation Expect)
{
    public string Describe() => string.Join(" + ", new[] { Text is null ? null : $"text \"{Text}\"", Image, Audio }.OfType<string>());
}

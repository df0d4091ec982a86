namespace Multimodal.Structure.Sources;

/// <summary>One breach of a rule.</summary>
internal sealed record Violation(Rule Rule, Place Place, string Text)
{
    public override string ToString() => $"{Place}: {Text}";
}

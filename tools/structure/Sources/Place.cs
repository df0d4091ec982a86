using Microsoft.CodeAnalysis;

namespace Multimodal.Structure.Sources;

/// <summary>A line of a file.</summary>
internal readonly record struct Place(string File, int Line)
{
    public static Place Of(SyntaxNode node) => Of(node.SyntaxTree, node.SpanStart);

    public static Place Of(SyntaxToken token) => Of(token.SyntaxTree!, token.SpanStart);

    public override string ToString() => $"{File}:{Line}";

    private static Place Of(SyntaxTree file, int position) => new(file.FilePath, file.GetText().Lines.GetLinePosition(position).Line + 1);
}

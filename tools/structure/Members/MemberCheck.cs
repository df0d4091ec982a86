using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Members;

/// <summary>Checks how many parameters constructors and methods take, and how long methods are.</summary>
internal sealed class MemberCheck(SourceProject project)
{
    public const int MaxConstructorParameters = 7;
    public const int MaxMethodParameters = 5;
    public const int MaxMethodLines = 60;

    public IEnumerable<Violation> Violations() => project.Files
        .SelectMany(file => file.GetRoot().DescendantNodesAndSelf())
        .SelectMany(node => (IEnumerable<Violation?>)[Parameters(node), Lines(node)])
        .OfType<Violation>();

    private Violation? Parameters(SyntaxNode node) => node switch
    {
        // Positional parameters of records are data, not dependencies.
        TypeDeclarationSyntax { ParameterList: { } list } type and not RecordDeclarationSyntax => Constructor(type.Identifier, list),
        ConstructorDeclarationSyntax constructor => Constructor(constructor.Identifier, constructor.ParameterList),
        MethodDeclarationSyntax method when Method(method.Identifier, method.ParameterList) is { } violation =>
            ImposedSignature.Of(method, project.ModelOf(method.SyntaxTree)) ? null : violation,
        LocalFunctionStatementSyntax function => Method(function.Identifier, function.ParameterList),
        _ => null,
    };

    private static Violation? Constructor(SyntaxToken name, ParameterListSyntax list) => list.Parameters.Count <= MaxConstructorParameters
        ? null
        : new Violation(Rule.ConstructorParameters, Place.Of(name), $"constructor of {name.Text}: {list.Parameters.Count} parameters");

    // The receiver of an extension method is not passed as an argument.
    private static Violation? Method(SyntaxToken name, ParameterListSyntax list)
    {
        var parameters = list.Parameters.Count(parameter => !parameter.Modifiers.Any(SyntaxKind.ThisKeyword));
        return parameters <= MaxMethodParameters
            ? null
            : new Violation(Rule.MethodParameters, Place.Of(name), $"method {name.Text}: {parameters} parameters");
    }

    // A local function counts with the method around it.
    private static Violation? Lines(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => Lines(method, method, $"method {method.Identifier.Text}"),
        ConstructorDeclarationSyntax constructor => Lines(constructor, constructor, $"constructor of {constructor.Identifier.Text}"),
        BaseMethodDeclarationSyntax or AccessorDeclarationSyntax => Lines(node, node, "operator or accessor"),
        PropertyDeclarationSyntax { ExpressionBody: not null } property => Lines(property, property, $"property {property.Identifier.Text}"),
        CompilationUnitSyntax file when file.Members.OfType<GlobalStatementSyntax>().ToArray() is [var first, .., var last] =>
            Lines(first, last, "top-level statements"),
        _ => null,
    };

    private static Violation? Lines(SyntaxNode first, SyntaxNode last, string name)
    {
        var text = first.SyntaxTree.GetText().Lines;
        var lines = text.GetLinePosition(last.Span.End).Line - text.GetLinePosition(first.SpanStart).Line + 1;
        return lines <= MaxMethodLines ? null : new Violation(Rule.MethodLines, Place.Of(first), $"{name}: {lines} lines");
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Members;

/// <summary>Checks that each file declares one type. Nested types are not counted.</summary>
internal sealed class FileCheck(SourceProject project)
{
    public IEnumerable<Violation> Violations() => project.Files.SelectMany(InFile);

    private static IEnumerable<Violation> InFile(SyntaxTree file)
    {
        var types = file.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(Name)
            .OfType<SyntaxToken>()
            .ToArray();
        return types.Length <= 1
            ? []
            : [new Violation(Rule.TypesPerFile, Place.Of(types[1]), $"the file declares {types.Length} types: {string.Join(", ", types.Select(type => type.Text))}")];
    }

    private static SyntaxToken? Name(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier,
        DelegateDeclarationSyntax type => type.Identifier,
        _ => null,
    };
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Folders;

/// <summary>
/// Finds what the folders of a project use of each other. A file uses a folder when it names a type declared there or uses one of its members:
/// static members, extension methods, operators, indexers, conversions and deconstruction included. Documentation comments and
/// <c>var</c> do not count.
/// </summary>
internal sealed class FolderUses(SourceProject project)
{
    public IEnumerable<FolderUse> Find() => project.Files.SelectMany(InFile);

    private IEnumerable<FolderUse> InFile(SyntaxTree file)
    {
        var model = project.ModelOf(file);
        var from = project.FolderOf(file)!;
        foreach (var node in file.GetRoot().DescendantNodes())
        {
            foreach (var type in Symbols(model, node).Select(TypeOf).OfType<INamedTypeSymbol>())
            {
                var folders = FoldersOf(type);
                if (!folders.Contains(from))
                {
                    foreach (var to in folders)
                    {
                        yield return new FolderUse(from, to, Place.Of(node), type.Name);
                    }
                }
            }
        }
    }

    private static IEnumerable<ISymbol> Symbols(SemanticModel model, SyntaxNode node) => node switch
    {
        IdentifierNameSyntax { IsVar: true } => [],
        AssignmentExpressionSyntax { Left: TupleExpressionSyntax or DeclarationExpressionSyntax } assignment =>
            Deconstructions(model.GetDeconstructionInfo(assignment)),
        ForEachVariableStatementSyntax loop => Deconstructions(model.GetDeconstructionInfo(loop)),
        ExpressionSyntax expression => [.. Bound(model.GetSymbolInfo(expression)), .. Conversions(model, expression)],
        ConstructorInitializerSyntax or AttributeSyntax => Bound(model.GetSymbolInfo(node)),
        _ => [],
    };

    // Overloads that do not resolve, for want of generated code, still name what is used.
    private static ImmutableArray<ISymbol> Bound(SymbolInfo info) => info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;

    private static IEnumerable<ISymbol> Conversions(SemanticModel model, ExpressionSyntax expression) =>
        model.GetConversion(expression).MethodSymbol is { } conversion ? [conversion] : [];

    private static IEnumerable<ISymbol> Deconstructions(DeconstructionInfo info) =>
        [.. info.Method is { } method ? [method] : Array.Empty<ISymbol>(), .. info.Nested.SelectMany(Deconstructions)];

    private static INamedTypeSymbol? TypeOf(ISymbol symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        return (type is { IsExtension: true } ? type.ContainingType : type)?.OriginalDefinition;
    }

    private IReadOnlyCollection<string> FoldersOf(INamedTypeSymbol type) =>
    [
        .. type.DeclaringSyntaxReferences
            .Where(declaration => project.Compilation.ContainsSyntaxTree(declaration.SyntaxTree))
            .Select(declaration => project.FolderOf(declaration.SyntaxTree))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal),
    ];
}

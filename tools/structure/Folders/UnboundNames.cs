using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Folders;

/// <summary>
/// Finds names that do not bind although the project declares a type or member of that name: each could hide a use of a folder.
/// </summary>
internal sealed class UnboundNames(SourceProject project)
{
    private readonly SimpleNameSyntax[] _names = [.. project.Files.SelectMany(file => InFile(file, project.ModelOf(file)))];

    /// <summary>The number of names that do not bind, whether or not the project declares them.</summary>
    public int Count => _names.Length;

    public IEnumerable<Violation> Violations()
    {
        var declared = project.Files.SelectMany(file => file.GetRoot().DescendantNodes()).Select(Declared).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return _names
            .Where(name => declared.Contains(name.Identifier.ValueText))
            .Select(name => new Violation(Rule.UnboundName, Place.Of(name), $"{name.Identifier.ValueText} does not bind and may hide a use of a folder"));
    }

    private static IEnumerable<SimpleNameSyntax> InFile(SyntaxTree file, SemanticModel model) =>
        file.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(name => IsUse(name) && !IsBound(model, name));

    private static bool IsBound(SemanticModel model, SimpleNameSyntax name)
    {
        var info = model.GetSymbolInfo(name);
        return info.Symbol is not null || info.CandidateSymbols.Length > 0 || model.GetAliasInfo(name) is not null;
    }

    // Names of new members, and words that only look like names (`unmanaged` and `notnull` in constraints).
    private static bool IsUse(SimpleNameSyntax name) =>
        name.Identifier.ValueText is not ("var" or "_" or "nameof" or "dynamic" or "unmanaged" or "notnull")
        && name.Parent is not (NameEqualsSyntax or NameColonSyntax);

    private static string? Declared(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        EventDeclarationSyntax member => member.Identifier.ValueText,
        EnumMemberDeclarationSyntax member => member.Identifier.ValueText,
        VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } field => field.Identifier.ValueText,
        ParameterSyntax { Parent.Parent: RecordDeclarationSyntax } property => property.Identifier.ValueText,
        _ => null,
    };
}

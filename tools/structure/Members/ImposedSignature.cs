using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Multimodal.Structure.Members;

/// <summary>
/// Methods whose parameters something else decides: logging templates, native functions, test data, and members of types from
/// outside the checkout that a method overrides or implements.
/// </summary>
internal static class ImposedSignature
{
    private static readonly string[] Attributes = ["LoggerMessage", "LibraryImport", "DllImport", "Theory"];

    public static bool Of(MethodDeclarationSyntax method, SemanticModel model) =>
        method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => Attributes.Contains(Name(attribute.Name)))
        || (model.GetDeclaredSymbol(method) is { } symbol && (OverridesForeign(symbol) || ImplementsForeign(symbol)));

    private static string Name(NameSyntax name) => name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.Text : name.ToString();

    private static bool OverridesForeign(IMethodSymbol method)
    {
        var original = method;
        while (original.OverriddenMethod is { } overridden)
        {
            original = overridden;
        }

        return IsForeign(original);
    }

    private static bool ImplementsForeign(IMethodSymbol method) => method.ContainingType.AllInterfaces
        .Where(IsForeign)
        .SelectMany(type => type.GetMembers().OfType<IMethodSymbol>())
        .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    // Projects reference each other as sources, so only foreign symbols come from metadata.
    private static bool IsForeign(ISymbol symbol) => !symbol.Locations.Any(location => location.IsInSource);
}

using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Multimodal.Structure.Sources;

/// <summary>One project of the checkout, compiled. Paths of files are relative to the checkout, with forward slashes.</summary>
internal sealed class SourceProject(string name, string folder, CSharpCompilation compilation)
{
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();

    public string Name { get; } = name;

    /// <summary>The top folder: shared, services, tools, tests or examples.</summary>
    public string Area { get; } = folder.Split('/')[0];

    public CSharpCompilation Compilation { get; } = compilation;

    /// <summary>The files in the project's folder; the compilation also contains what MSBuild generates.</summary>
    public IReadOnlyList<SyntaxTree> Files { get; } =
        [.. compilation.SyntaxTrees.Where(file => file.FilePath.StartsWith($"{folder}/", StringComparison.Ordinal))];

    public SemanticModel ModelOf(SyntaxTree file) => _models.GetOrAdd(file, tree => Compilation.GetSemanticModel(tree));

    /// <summary>A file's folder relative to the project, "." for the project's own; null outside the project.</summary>
    public string? FolderOf(SyntaxTree file)
    {
        if (!file.FilePath.StartsWith($"{folder}/", StringComparison.Ordinal))
        {
            return null;
        }

        var inside = file.FilePath[(folder.Length + 1)..];
        var slash = inside.LastIndexOf('/');
        return slash < 0 ? "." : inside[..slash];
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Checkouts;

/// <summary>
/// Compiles projects from source, each after those it references. Nothing has to be built: packages come from what <c>dotnet restore</c> wrote.
/// Source generators do not run. The ones in use implement partial methods, whose declarations bind without them.
/// </summary>
internal sealed class ProjectCompiler(string root, IEnumerable<ProjectFile> projects)
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.None);

    private readonly Dictionary<string, ProjectFile> _projects = projects.ToDictionary(project => project.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, SourceProject> _compiled = new(StringComparer.Ordinal);
    private readonly AssemblyReferences _assemblies = new(root);

    public SourceProject Compile(ProjectFile project)
    {
        if (!_compiled.TryGetValue(project.Name, out var compiled))
        {
            var references = ReferencedBy(project).Select(referenced => Compile(referenced).Compilation.ToMetadataReference());
            var compilation = CSharpCompilation.Create(
                project.AssemblyName,
                [Generated(project), .. Files(project)],
                [.. references, .. _assemblies.Of(project.Name)],
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
            _compiled[project.Name] = compiled = new SourceProject(project.Name, project.Folder, compilation);
        }

        return compiled;
    }

    // Project references are transitive.
    private HashSet<ProjectFile> ReferencedBy(ProjectFile project)
    {
        var all = new HashSet<ProjectFile>();
        var open = new Stack<string>(project.References);
        while (open.TryPop(out var name))
        {
            if (_projects.TryGetValue(name, out var referenced) && all.Add(referenced))
            {
                foreach (var next in referenced.References)
                {
                    open.Push(next);
                }
            }
        }

        return all;
    }

    private IEnumerable<SyntaxTree> Files(ProjectFile project)
    {
        var folder = Path.Combine(root, project.Folder);
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(root, path)), Parsing, path));
    }

    private static SyntaxTree Generated(ProjectFile project)
    {
        var usings = project.Usings.Select(name => $"global using global::{name};");
        var friends = project.Friends.Select(name => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{name}\")]");
        return CSharpSyntaxTree.ParseText(string.Join('\n', [.. usings, .. friends]), Parsing, $"obj/{project.Name}.cs");
    }
}

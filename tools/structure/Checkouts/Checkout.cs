using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Checkouts;

/// <summary>A working tree of this repository.</summary>
internal sealed class Checkout
{
    private static readonly string[] Areas = ["shared", "services", "tools", "tests", "examples"];

    private readonly IReadOnlyList<ProjectFile> _projects;

    public Checkout(string root)
    {
        Root = Path.GetFullPath(root);
        _projects =
        [
            .. Areas.Select(area => Path.Combine(Root, area))
                .Where(Directory.Exists)
                .SelectMany(area => Directory.GetFiles(area, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                .Select(path => ProjectFile.Read(Root, path)),
        ];
    }

    public string Root { get; }

    /// <summary>The page that holds the table of folders.</summary>
    public string ArchitecturePage => Path.Combine(Root, "docs", "architecture.md");

    /// <summary>The folder with Multimodal.sln: <paramref name="start"/> or one above it.</summary>
    public static Checkout Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Multimodal.sln")))
            {
                return new Checkout(folder.FullName);
            }
        }

        throw new InvalidDataException($"'{start}' is not inside a checkout: no folder above it contains Multimodal.sln.");
    }

    /// <summary>Compiles all projects, or one and what it references.</summary>
    /// <param name="name">The project's name; null for all.</param>
    /// <returns>The projects asked for, in the order of their areas.</returns>
    public IReadOnlyList<SourceProject> Compile(string? name = null)
    {
        var wanted = _projects.Where(project => name is null || project.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (wanted.Length == 0)
        {
            throw new InvalidDataException($"There is no project '{name}'. Projects: {string.Join(", ", _projects.Select(project => project.Name))}.");
        }

        var compiler = new ProjectCompiler(Root, _projects);
        return [.. wanted.Select(compiler.Compile)];
    }
}

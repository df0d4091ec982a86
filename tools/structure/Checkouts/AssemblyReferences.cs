using System.Reflection;
using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace Multimodal.Structure.Checkouts;

/// <summary>The assemblies a project compiles against: the framework's and those of its packages.</summary>
internal sealed class AssemblyReferences(string root)
{
    private readonly Dictionary<string, (Version Version, MetadataReference Reference)> _opened = new(StringComparer.Ordinal);

    /// <summary>The paths of the framework's assemblies, ASP.NET Core included.</summary>
    public static IReadOnlyList<string> Framework { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFullPath(path).StartsWith(AppContext.BaseDirectory, StringComparison.OrdinalIgnoreCase)),
    ];

    /// <summary>One reference per assembly name, the highest version, as MSBuild resolves conflicts.</summary>
    public IEnumerable<MetadataReference> Of(string project) => Framework.Concat(Packages(project))
        .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
        .Select(same => same.Select(Open).MaxBy(assembly => assembly.Version).Reference);

    private List<string> Packages(string project)
    {
        var assets = Path.Combine(root, "artifacts", "obj", project, "project.assets.json");
        if (!File.Exists(assets))
        {
            throw new InvalidDataException($"'{assets}' does not exist. Run `dotnet restore Multimodal.sln` first.");
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
        var folders = json.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToArray();
        var paths = new List<string>();
        foreach (var package in json.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            if (package.Value.GetProperty("type").GetString() == "package" && package.Value.TryGetProperty("compile", out var compile))
            {
                var folder = json.RootElement.GetProperty("libraries").GetProperty(package.Name).GetProperty("path").GetString()!;
                paths.AddRange(compile.EnumerateObject()
                    .Where(file => file.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                    .Select(file => folders.Select(cache => Path.Combine(cache, folder, file.Name)).First(File.Exists)));
            }
        }

        return paths;
    }

    private (Version Version, MetadataReference Reference) Open(string path)
    {
        if (!_opened.TryGetValue(path, out var assembly))
        {
            _opened[path] = assembly = (AssemblyName.GetAssemblyName(path).Version ?? new Version(), MetadataReference.CreateFromFile(path));
        }

        return assembly;
    }
}

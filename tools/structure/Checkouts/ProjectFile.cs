using System.Xml.Linq;

namespace Multimodal.Structure.Checkouts;

/// <summary>What a project file says that matters for binding names.</summary>
/// <param name="Name">The file's name without its extension.</param>
/// <param name="Folder">Relative to the checkout, with forward slashes.</param>
/// <param name="AssemblyName">The name that InternalsVisibleTo refers to.</param>
/// <param name="References">The names of the projects it references.</param>
/// <param name="Usings">The global usings, those of the SDK included.</param>
/// <param name="Friends">The assemblies that see its internal types.</param>
internal sealed record ProjectFile(
    string Name,
    string Folder,
    string AssemblyName,
    IReadOnlyList<string> References,
    IReadOnlyList<string> Usings,
    IReadOnlyList<string> Friends)
{
    // ImplicitUsings of Microsoft.NET.Sdk and Microsoft.NET.Sdk.Web.
    private static readonly string[] SdkUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    private static readonly string[] WebUsings =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    public static ProjectFile Read(string root, string path)
    {
        var xml = XDocument.Load(path).Root!;
        var name = Path.GetFileNameWithoutExtension(path);
        var web = xml.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web";
        return new ProjectFile(
            name,
            Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Replace('\\', '/'),
            xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? name,
            [
                .. xml.Descendants("ProjectReference")
                    .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
                    .Select(reference => Path.GetFileNameWithoutExtension(Include(reference).Replace('\\', '/'))),
            ],
            [.. SdkUsings, .. web ? WebUsings : [], .. xml.Descendants("Using").Select(Include)],
            [.. xml.Descendants("InternalsVisibleTo").Select(Include)]);
    }

    private static string Include(XElement item) => item.Attribute("Include")!.Value;
}

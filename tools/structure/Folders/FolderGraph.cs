using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Folders;

/// <summary>The folders of a project and which of them use which.</summary>
internal sealed class FolderGraph
{
    private FolderGraph(IReadOnlyList<string> folders, IReadOnlyList<FolderEdge> edges)
    {
        Folders = folders;
        Edges = edges;
    }

    /// <summary>The folders that contain files, in alphabetical order.</summary>
    public IReadOnlyList<string> Folders { get; }

    public IReadOnlyList<FolderEdge> Edges { get; }

    public static FolderGraph Of(SourceProject project) => new(
        [.. project.Files.Select(file => project.FolderOf(file)!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        [
            .. new FolderUses(project).Find()
                .GroupBy(use => (use.From, use.To))
                .Select(uses => new FolderEdge(uses.Key.From, uses.Key.To, [.. uses.DistinctBy(use => use.Place.File)]))
                .OrderBy(edge => edge.From, StringComparer.Ordinal)
                .ThenBy(edge => edge.To, StringComparer.Ordinal),
        ]);

    /// <summary>Groups of folders, each of which reaches every other of its group.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles()
    {
        var reach = Folders.ToDictionary(folder => folder, Reach, StringComparer.Ordinal);
        return
        [
            .. Folders.Where(folder => reach[folder].Contains(folder))
                .GroupBy(folder => Folders.First(other => reach[folder].Contains(other) && reach[other].Contains(folder)), StringComparer.Ordinal)
                .Select(cycle => cycle.ToArray()),
        ];
    }

    private HashSet<string> Reach(string start)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([start]);
        while (open.TryPop(out var folder))
        {
            foreach (var edge in Edges.Where(edge => edge.From == folder && reached.Add(edge.To)))
            {
                open.Push(edge.To);
            }
        }

        return reached;
    }
}

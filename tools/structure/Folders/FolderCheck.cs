using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Folders;

/// <summary>Compares the folders of a project with the table, and finds cycles.</summary>
internal sealed class FolderCheck(SourceProject project, FolderGraph graph, FolderTable table)
{
    private const int ShownUses = 3;

    private readonly IReadOnlyList<FolderRow> _rows = table.RowsOf(project.Name);

    public IEnumerable<Violation> Violations()
    {
        var cycles = graph.Cycles().Select(Cycle);
        return table.Covers(project, graph) ? [.. cycles, .. Folders(), .. _rows.SelectMany(Row), .. graph.Edges.SelectMany(Edge)] : cycles;
    }

    private Violation Cycle(IReadOnlyList<string> folders)
    {
        var edges = graph.Edges.Where(edge => folders.Contains(edge.From) && folders.Contains(edge.To)).OrderBy(edge => edge.Uses.Count).ToArray();
        return new Violation(
            Rule.FolderCycle, edges[0].Uses[0].Place, $"folders in a cycle: {string.Join(", ", folders)}{string.Concat(edges.Select(Describe))}");
    }

    private static string Describe(FolderEdge edge)
    {
        var places = string.Join(", ", edge.Uses.Take(ShownUses).Select(use => $"{use.Place} ({use.Type})"));
        var more = edge.Uses.Count > ShownUses ? $" and {edge.Uses.Count - ShownUses} more files" : "";
        return $"\n    {edge.From} -> {edge.To}: {places}{more}";
    }

    private IEnumerable<Violation> Folders() => graph.Folders.Except(_rows.Select(row => row.Folder))
        .Select(folder => Entry(table.Line, $"folder {folder} of {project.Name} has no row"));

    private IEnumerable<Violation> Row(FolderRow row)
    {
        if (!graph.Folders.Contains(row.Folder))
        {
            yield return Entry(row.Line, $"{project.Name} has no folder {row.Folder}");
            yield break;
        }

        if (_rows.First(other => other.Folder == row.Folder) != row)
        {
            yield return Entry(row.Line, $"folder {row.Folder} has a second row");
        }

        if (row.Holds.Length == 0)
        {
            yield return Entry(row.Line, $"the row of {row.Folder} does not say what the folder holds");
        }

        var used = graph.Edges.Where(edge => edge.From == row.Folder).Select(edge => edge.To);
        foreach (var folder in row.MayUse.Where(folder => folder != FolderRow.All).Except(used))
        {
            yield return Entry(row.Line, $"{row.Folder} may use {folder} but does not");
        }
    }

    private IEnumerable<Violation> Edge(FolderEdge edge)
    {
        var composition = _rows.Any(row => row.Folder == edge.To && row.MayUseAll);
        var allowed = _rows.Any(row => row.Folder == edge.From && (row.MayUseAll || row.MayUse.Contains(edge.To)));
        return allowed && !composition
            ? []
            : edge.Uses.Select(use => new Violation(Rule.FolderEdge, use.Place, $"{edge.From} must not use {edge.To} ({use.Type})"));
    }

    private static Violation Entry(int line, string text) => new(Rule.FolderTable, new Place(FolderTable.Page, line), text);
}

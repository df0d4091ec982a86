using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Folders;

/// <summary>The table of folders in docs/architecture.md, between two markers: what each folder holds and which others it may use.</summary>
internal sealed class FolderTable
{
    public const string Page = "docs/architecture.md";

    private const string Start = "<!-- folders -->";
    private const string End = "<!-- /folders -->";
    private static readonly string[] Head = ["| project | folder | what it holds | may use |", "|---|---|---|---|"];

    private readonly string[] _before;
    private readonly string[] _after;
    private readonly IReadOnlyList<FolderRow> _rows;

    private FolderTable(string[] before, IReadOnlyList<FolderRow> rows, string[] after)
    {
        _before = before;
        _rows = rows;
        _after = after;
    }

    /// <summary>The line of the start marker.</summary>
    public int Line => _before.Length;

    public static FolderTable Parse(string page)
    {
        var lines = page.Split('\n');
        var start = Array.IndexOf(lines, Start);
        var end = Array.IndexOf(lines, End);
        if (start < 0 || end < start)
        {
            throw new InvalidDataException($"{Page} needs the lines {Start} and {End} around its table of folders.");
        }

        var rows = lines.Index().Take(end).Skip(start + 1).Where(line => line.Item.StartsWith('|')).Skip(Head.Length);
        return new FolderTable(lines[..(start + 1)], [.. rows.Select(line => FolderRow.Parse(line.Item, line.Index + 1))], lines[end..]);
    }

    public IReadOnlyList<FolderRow> RowsOf(string project) => [.. _rows.Where(row => row.Project == project)];

    /// <summary>Whether the table must describe a project: a library with several folders, or one that has a row.</summary>
    public bool Covers(SourceProject project, FolderGraph graph) =>
        (project.Area == "shared" && graph.Folders.Count > 1) || RowsOf(project.Name).Count > 0;

    /// <summary>The page with a table of the folders and uses that exist. Descriptions stay, and so does <see cref="FolderRow.All"/>.</summary>
    public FolderTable Rewrite(IEnumerable<(SourceProject Project, FolderGraph Graph)> projects)
    {
        var rows = projects
            .Where(entry => Covers(entry.Project, entry.Graph))
            .SelectMany(entry => entry.Graph.Folders.Select(folder => Row(RowsOf(entry.Project.Name), entry.Project.Name, folder, entry.Graph)));
        return new FolderTable(_before, [.. rows], _after);
    }

    /// <summary>The lines of the table.</summary>
    public IEnumerable<string> Lines() => [.. Head, .. _rows.Select(row => row.ToString())];

    /// <summary>The whole page.</summary>
    public override string ToString() => string.Join('\n', [.. _before, .. Lines(), .. _after]);

    private static FolderRow Row(IReadOnlyList<FolderRow> known, string project, string folder, FolderGraph graph)
    {
        var row = known.FirstOrDefault(row => row.Folder == folder) ?? new FolderRow(project, folder, "", [], 0);
        var compositions = known.Where(row => row.MayUseAll).Select(row => row.Folder);
        var used = graph.Edges.Where(edge => edge.From == folder).Select(edge => edge.To).Except(compositions);
        return row.MayUseAll ? row : row with { MayUse = [.. used] };
    }
}

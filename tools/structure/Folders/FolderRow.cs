namespace Multimodal.Structure.Folders;

/// <summary>One row of the table of folders.</summary>
/// <param name="Project">The project's name.</param>
/// <param name="Folder">The folder, relative to the project.</param>
/// <param name="Holds">What the folder holds, in words.</param>
/// <param name="MayUse">The folders it may use, or <see cref="All"/>.</param>
/// <param name="Line">The row's line on the page.</param>
internal sealed record FolderRow(string Project, string Folder, string Holds, IReadOnlyList<string> MayUse, int Line)
{
    /// <summary>The entry of a folder that may use every other. No folder may use it.</summary>
    public const string All = "all";

    private const string Nothing = "nothing";

    public bool MayUseAll => MayUse.Contains(All);

    public static FolderRow Parse(string text, int line)
    {
        var cells = text.Trim()[1..^1].Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length != 4)
        {
            throw new InvalidDataException($"{FolderTable.Page}:{line}: the row has {cells.Length} cells; it needs project, folder, what it holds, may use.");
        }

        var mayUse = cells[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Plain);
        return new FolderRow(Plain(cells[0]), Plain(cells[1]), cells[2], [.. mayUse.Where(name => name != Nothing)], line);
    }

    public override string ToString()
    {
        var mayUse = MayUse.Count == 0 ? Nothing : string.Join(", ", MayUse.Select(name => name == All ? name : $"`{name}`"));
        return $"| {Project} | `{Folder}` | {Holds} | {mayUse} |";
    }

    private static string Plain(string cell) => cell.Trim('`');
}

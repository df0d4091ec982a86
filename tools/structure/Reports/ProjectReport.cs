using Microsoft.CodeAnalysis;
using Multimodal.Structure.Folders;
using Multimodal.Structure.Members;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Reports;

/// <summary>The figures of a project and what it breaks.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="Folders">The number of folders with files.</param>
/// <param name="Lines">The lines of each file, ascending.</param>
/// <param name="Unbound">The number of names that do not bind.</param>
/// <param name="Violations">The project's violations.</param>
internal sealed record ProjectReport(
    string Name,
    int Folders,
    IReadOnlyList<int> Lines,
    int Unbound,
    IReadOnlyList<Violation> Violations)
{
    public static ProjectReport Of(SourceProject project, FolderGraph graph, FolderTable table)
    {
        var unbound = new UnboundNames(project);
        var violations = new FolderCheck(project, graph, table).Violations()
            .Concat(new MemberCheck(project).Violations())
            .Concat(new FileCheck(project).Violations())
            .Concat(unbound.Violations());
        return new ProjectReport(
            project.Name, graph.Folders.Count, [.. project.Files.Select(LineCount).Order()], unbound.Count, [.. violations]);
    }

    /// <summary>The number of lines that the given share of the files does not exceed.</summary>
    public int Quantile(double share) => Lines[(int)Math.Ceiling(share * Lines.Count) - 1];

    public int Count(params ReadOnlySpan<Rule> rules)
    {
        var count = 0;
        foreach (var rule in rules)
        {
            count += Violations.Count(violation => violation.Rule == rule);
        }

        return count;
    }

    private static int LineCount(SyntaxTree file)
    {
        var lines = file.GetText().Lines;
        return lines[^1].Span.IsEmpty ? lines.Count - 1 : lines.Count;
    }
}

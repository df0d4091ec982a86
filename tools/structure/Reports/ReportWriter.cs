using System.Globalization;
using Multimodal.Structure.Members;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Reports;

/// <summary>Prints the figures of all projects as a table, then each violation with its place.</summary>
internal static class ReportWriter
{
    private static readonly (string Title, Func<ProjectReport, int> Value)[] Columns =
    [
        ("folders", report => report.Folders),
        ("files", report => report.Lines.Count),
        ("lines: median", report => report.Quantile(0.5)),
        ("90 %", report => report.Quantile(0.9)),
        ("max", report => report.Quantile(1)),
        ("folder cycles", report => report.Count(Rule.FolderCycle)),
        ("folder table", report => report.Count(Rule.FolderEdge, Rule.FolderTable)),
        ($"constructors > {MemberCheck.MaxConstructorParameters}", report => report.Count(Rule.ConstructorParameters)),
        ($"methods > {MemberCheck.MaxMethodParameters}", report => report.Count(Rule.MethodParameters)),
        ($"methods > {MemberCheck.MaxMethodLines} lines", report => report.Count(Rule.MethodLines)),
        ("files with several types", report => report.Count(Rule.TypesPerFile)),
        ("unbound", report => report.Unbound),
    ];

    public static void Write(TextWriter output, IReadOnlyList<ProjectReport> reports)
    {
        var width = reports.Max(report => report.Name.Length);
        output.WriteLine(string.Join("  ", Columns.Select(column => column.Title).Prepend("project".PadRight(width))));
        foreach (var report in reports)
        {
            var cells = Columns.Select(column => column.Value(report).ToString(CultureInfo.InvariantCulture).PadLeft(column.Title.Length));
            output.WriteLine(string.Join("  ", cells.Prepend(report.Name.PadRight(width))));
        }

        foreach (var report in reports.Where(report => report.Violations.Count > 0))
        {
            output.WriteLine();
            output.WriteLine($"{report.Name}: {report.Violations.Count} violations");
            foreach (var violation in report.Violations.OrderBy(violation => violation.Rule).ThenBy(violation => violation.Place.File, StringComparer.Ordinal))
            {
                output.WriteLine(violation);
            }
        }

        output.WriteLine();
        output.WriteLine($"{reports.Sum(report => report.Violations.Count)} violations");
    }
}

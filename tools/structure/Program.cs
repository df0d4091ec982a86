using System.CommandLine;
using Multimodal.Structure.Checkouts;
using Multimodal.Structure.Folders;
using Multimodal.Structure.Reports;

var root = new Option<DirectoryInfo>("--root")
{
    Description = "The checkout, or a folder in it.",
    DefaultValueFactory = _ => new DirectoryInfo(Directory.GetCurrentDirectory()),
};
var project = new Option<string?>("--project") { Description = "Analyze only this project." };
var table = new Option<bool>("--table") { Description = "Print the table of folders as the sources are." };
var write = new Option<bool>("--write") { Description = "Rewrite the table of folders in docs/architecture.md to what the sources are; descriptions stay." };
var command = new RootCommand(
    """
    Checks the structure of this repository's C# sources. Exits 1 if there is a violation.

    Folders: no cycles, and only the uses that docs/architecture.md allows. A file uses a folder when it names a type declared there or uses
    one of its members; documentation comments and 'var' do not count.
    Constructors: at most 7 parameters. The positional parameters of records are exempt, because they are data.
    Methods: at most 60 lines and 5 parameters. Exempt from the 5: [LoggerMessage], [LibraryImport], [DllImport], [Theory], the
    receiver of an extension method, and overrides and implementations of members from outside this repository.
    Files: one top-level type each.
    """)
{
    root, project, table, write,
};
command.SetAction(parse =>
{
    var checkout = Checkout.Find(parse.GetRequiredValue(root).FullName);
    var folders = FolderTable.Parse(File.ReadAllText(checkout.ArchitecturePage));
    var projects = checkout.Compile(parse.GetValue(write) ? null : parse.GetValue(project)).Select(compiled => (Project: compiled, Graph: FolderGraph.Of(compiled))).ToArray();
    if (parse.GetValue(write))
    {
        File.WriteAllText(checkout.ArchitecturePage, folders.Rewrite(projects).ToString());
        return 0;
    }

    if (parse.GetValue(table))
    {
        Console.WriteLine(string.Join('\n', folders.Rewrite(projects).Lines()));
        return 0;
    }

    var reports = projects.Select(entry => ProjectReport.Of(entry.Project, entry.Graph, folders)).ToArray();
    ReportWriter.Write(Console.Out, reports);
    return reports.All(report => report.Violations.Count == 0) ? 0 : 1;
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is InvalidDataException or IOException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
